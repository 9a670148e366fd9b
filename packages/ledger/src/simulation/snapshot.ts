/**
 * The accounts of one asset at a height, without names: what a simulation is made on.
 * Source: docs/spec/simulation.md, "Snapshot".
 */
import { toHex } from '../bytes.ts'
import { encode } from '../codec.ts'
import { demurrage } from '../commons/demurrage.ts'
import { type Hash, hashParts } from '../hash.ts'
import { assetId, type Hex32 } from '../ids.ts'
import { ASSET_KINDS, POLICIES_PER_ASSET_MAX } from '../records.ts'
import { amount, array, day, integer, type Of, object, oneOf, optional, timeMs } from '../shape.ts'

/** Days of a year here, as in figures: the one before the snapshot, and each one after it. */
export const SIMULATED_YEAR_DAYS = 365

/** Most accounts of a snapshot. */
export const SIMULATED_ACCOUNTS_MAX = 1_000_000

const count = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

/** One account above zero: what its record and that of its wallet know of its sleep. Days in UTC, from 1970. */
const simulatedAccount = object({
  kind: oneOf(['person', 'place', 'card', 'fund']),
  balance: amount,
  held: amount,
  activeDay: optional(day),
  sinceDay: optional(day),
  meltedDay: optional(day),
  keptUntilDay: optional(day),
  /** The first day that begins at or after the mean time since which its money is there. */
  ageDay: optional(day),
  /** Days of own gestures in the year that ends with the day of the snapshot; rising, each once. */
  gestures: array(day, { min: 0, max: SIMULATED_YEAR_DAYS }),
})
export type SimulatedAccount = Of<typeof simulatedAccount>

/** A version of a policy, as far as it is about melting. */
export const simulatedTerms = object({
  version: integer({ min: 1, max: 1_000_000 }),
  fromMs: timeMs,
  demurrage: optional(demurrage),
})

export const simulationSnapshot = object({
  asset: assetId,
  kind: oneOf(ASSET_KINDS),
  /** The sealed block after which it stood so. */
  height: count,
  /** The day of that block. */
  day,
  /** Versions of the policy, as far as they are about melting. */
  policies: array(simulatedTerms, { min: 1, max: POLICIES_PER_ASSET_MAX }),
  /** In the order of their canonical JSON: it does not tell whose they are. */
  accounts: array(simulatedAccount, { min: 0, max: SIMULATED_ACCOUNTS_MAX }),
  /** What people paid to places in the year that ends with the day: payments, their sum, wallets that paid. */
  paid: object({ payments: count, amount, wallets: count }),
})
export type SimulationSnapshot = Of<typeof simulationSnapshot>

/** Accounts in the one order that everybody writes. */
export function inSnapshotOrder(accounts: readonly SimulatedAccount[]): SimulatedAccount[] {
  const texts = accounts.map((account) => ({ account, text: encode(account) }))
  texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return texts.map(({ account }) => account)
}

/** SHA-256 of the canonical JSON of a snapshot. */
export function snapshotHash(hash: Hash, snapshot: SimulationSnapshot): Hex32 {
  return toHex(hashParts(hash, encode(snapshot))) as Hex32
}
