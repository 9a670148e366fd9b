/**
 * What a second person says of the euros behind FED, and what follows for issuing. Source: docs/spec/reserve.md,
 * "Attestation".
 */
import { AMOUNT_MAX, sum } from '../amount.ts'
import { isOver } from '../authority.ts'
import { type Context, params } from '../context.ts'
import type { Hash } from '../hash.ts'
import type { Kid } from '../ids.ts'
import { DAY_MS } from '../limits.ts'
import { issued } from '../post.ts'
import { type AccountStatement, ONLY } from '../records.ts'
import { type Capability, demand, type Rejection, refuse } from '../rejection.ts'
import type { StateReader } from '../state/reader.ts'
import type { Evidence } from './evidence.ts'
import { euros, reserveWalletId } from './reserve.ts'

/** How long a statement holds, and how long a new account may go without one. */
export const STATEMENT_VALID_MS = 7 * DAY_MS

/** An account of the reserve, but for due-from-keeper. */
export interface ReserveAccount {
  readonly name: string
  /** When it was first used. */
  readonly sinceMs: number
  /** What the book has there, in cents. */
  readonly balance: bigint
  readonly statement: AccountStatement | undefined
  /** The last statement of it, or its first use, holds until then. */
  readonly untilMs: number
}

/** The accounts of the reserve, in the order of their first use. */
export function reserveAccounts(state: StateReader, hash: Hash): readonly ReserveAccount[] {
  const { accounts = [] } = state.get('reserve', ONLY) ?? {}
  return accounts.map(({ name, sinceMs }) => {
    const statement = state.get('statement', name)
    const balance = euros(state, reserveWalletId(hash, name))
    const untilMs = (statement?.atMs ?? sinceMs) + STATEMENT_VALID_MS
    return { name, sinceMs, balance, statement, untilMs }
  })
}

/** Keys of the network that may attest: without any, nobody but the keeper says where the euros are. */
export function attesters(state: StateReader, timeMs: number): readonly Kid[] {
  return networkKeys(state, 'attest', timeMs)
}

/** Keys of the network that may issue: a second one approves what is much. */
export function keepers(state: StateReader, timeMs: number): readonly Kid[] {
  return networkKeys(state, 'issue', timeMs)
}

function networkKeys(state: StateReader, can: Capability, timeMs: number): readonly Kid[] {
  return params(state).keys.filter((kid) =>
    state
      .get('key', kid)
      ?.roles.some(
        (role) => role.on === 'network' && role.can.includes(can) && !isOver(role, timeMs),
      ),
  )
}

function hasAttester(state: StateReader, timeMs: number): boolean {
  return attesters(state, timeMs).length > 0
}

/** By how much the last statements together differ from the book as it was when each was posted. Negative: less is there. */
export function reserveGap(accounts: readonly ReserveAccount[]): bigint {
  return accounts.reduce((gap, { statement }) => gap + gapOf(statement), 0n)
}

function gapOf(statement: AccountStatement | undefined): bigint {
  return statement === undefined ? 0n : statement.balance - statement.book
}

/** True when a statement of this account holds. */
export function isAttested({ statement, untilMs }: ReserveAccount, timeMs: number): boolean {
  return statement !== undefined && timeMs < untilMs
}

/**
 * Why nothing may be issued at this time, whatever the payment; `undefined` when something may.
 *
 * Answers with: statement_too_old, reserve_gap; neither while nobody attests.
 */
export function issuingStop(state: StateReader, hash: Hash, timeMs: number): Rejection | undefined {
  if (!hasAttester(state, timeMs)) return undefined
  const accounts = reserveAccounts(state, hash)
  const old = accounts.find(({ balance, untilMs }) => balance > 0n && timeMs >= untilMs)
  if (old !== undefined) {
    const { name: account, untilMs } = old
    return { code: 'statement_too_old', account, sinceMs: untilMs - STATEMENT_VALID_MS }
  }
  const gap = reserveGap(accounts)
  const { dueCap } = params(state)
  if (gap >= -dueCap && gap <= dueCap) return undefined
  return { code: 'reserve_gap', missing: toRange(-gap) }
}

/** An amount of either sign, as an outcome can write it. */
function toRange(value: bigint): bigint {
  if (value > AMOUNT_MAX) return AMOUNT_MAX
  return value < -AMOUNT_MAX ? -AMOUNT_MAX : value
}

/**
 * The cap binds what the keeper alone vouches for: all FED while nobody attests, else the euros on accounts without a
 * statement that holds.
 *
 * Rejects with, in this order: statement_too_old, reserve_gap, reserve_cap.
 */
export function demandAttested(ctx: Context, { account, gross, net }: Evidence): void {
  const { state, hash, timeMs } = ctx
  const stop = issuingStop(state, hash, timeMs)
  if (stop !== undefined) refuse(stop)
  const { fed, fedCap } = params(state)
  const demandRoom = (wanted: bigint, used: bigint): void => {
    const left = fedCap > used ? fedCap - used : 0n
    demand(wanted <= left, () => ({ code: 'reserve_cap', left }))
  }
  if (!hasAttester(state, timeMs)) {
    demandRoom(gross, issued(state, hash, fed))
    return
  }
  const accounts = reserveAccounts(state, hash)
  const attested = accounts.filter((one) => isAttested(one, timeMs))
  if (attested.some(({ name }) => name === account)) return
  const others = accounts.filter((one) => !attested.includes(one))
  demandRoom(net, sum(others.map(({ balance }) => balance)))
}

/**
 * Until when statements of a second person hold for every account with euros, in milliseconds; `undefined` when some
 * account has none that holds, or they differ too much from the book, or there are no euros.
 */
export function attestedUntil(state: StateReader, hash: Hash, timeMs: number): number | undefined {
  if (!hasAttester(state, timeMs) || issuingStop(state, hash, timeMs) !== undefined) {
    return undefined
  }
  const used = reserveAccounts(state, hash).filter(({ balance }) => balance > 0n)
  if (!used.every((account) => isAttested(account, timeMs))) return undefined
  const [first] = used.map(({ untilMs }) => untilMs).sort((a, b) => a - b)
  return first
}
