/** The melt of one period: from a wallet that sleeps to the pool of its place of origin. Source: docs/spec/demurrage.md. */
import { type Amount, ZERO } from '../amount.ts'
import { assert } from '../assert.ts'
import { type Change, type Effects, params, type SystemContext } from '../context.ts'
import type { Hash } from '../hash.ts'
import { type AssetId, deriveId, type PlaceId, type WalletId } from '../ids.ts'
import { DAY_MS } from '../limits.ts'
import type { Melted } from '../records.ts'
import type { StateReader } from '../state/reader.ts'
import { quotient } from './calendar.ts'
import { type Melt, meltsUntil, nextMelt, type Sleeper } from './melting.ts'

/** Days after which what melted is shared out, when the network says nothing else. */
export const EPOCH_DAYS_USUAL = 30

/** Nothing has melted yet. */
export const NOTHING_MELTED: Melted = {
  melted: ZERO,
  places: ZERO,
  commons: ZERO,
  maintenance: ZERO,
  burnt: ZERO,
}

/** The two ids of the key of an account. */
export function fromAccountId(id: string): { readonly wallet: WalletId; readonly asset: AssetId } {
  return { wallet: id.slice(0, 36) as WalletId, asset: id.slice(37) as AssetId }
}

/** An account as melting sees it; `undefined` when it does not exist. */
export function sleeperOf(state: StateReader, id: string): Sleeper | undefined {
  const ids = fromAccountId(id)
  const account = state.get('account', id)
  const asset = state.get('asset', ids.asset)
  const wallet = state.get('wallet', ids.wallet)
  if (account === undefined || asset === undefined || wallet === undefined) return undefined
  return { account, wallet, policies: asset.policies }
}

/** The first day on which something of an account melts, if nobody makes a gesture. */
export function meltDayOf(state: StateReader, id: string): number | undefined {
  const sleeper = sleeperOf(state, id)
  return sleeper && nextMelt(sleeper)?.dueDay
}

/** All that is due on an account at the beginning of a day, in order. */
export function dueMelts(state: StateReader, id: string, untilDay: number): readonly Melt[] {
  const sleeper = sleeperOf(state, id)
  return sleeper === undefined ? [] : [...meltsUntil(sleeper, untilDay)]
}

/** One MLT line; its epoch and its asset remember the amount. */
export function melt(ctx: SystemContext, id: string, { amount, dueDay }: Melt): Effects {
  const { state } = ctx
  const { wallet, asset } = fromAccountId(id)
  const origin = state.get('wallet', wallet)?.origin
  const pool = findPool(ctx, origin)
  const epochDays = params(state).epochDays ?? EPOCH_DAYS_USUAL
  // What is due at the first moment of an epoch slept in the one before.
  const endDay = (quotient(dueDay - 1, epochDays) + 1) * epochDays
  const bucket = `${asset}/${origin ?? NO_PLACE}/${endDay}`
  const before = state.get('pool', bucket)?.amount ?? 0n
  const total = state.get('melted', asset) ?? NOTHING_MELTED
  const record = { amount: (before + amount) as Amount, dueMs: endDay * DAY_MS }
  return {
    changes: [
      ...pool.changes,
      { kind: 'pool', id: bucket, record },
      {
        kind: 'melted',
        id: asset,
        record: { ...total, melted: (total.melted + amount) as Amount },
      },
    ],
    lines: [{ action: 'MLT', asset, from: wallet, to: pool.wallet, amount, meltedDay: dueDay }],
  }
}

/** The origin of wallets that came from no place. */
export const NO_PLACE = 'commons'

/** What the id of a pool's record says: its asset, its origin, and when its epoch is over. */
export function fromPoolId(id: string): {
  readonly asset: AssetId
  readonly origin: string
  readonly dueMs: number
} {
  const [asset = '', origin = '', endDay = ''] = id.split('/')
  assert(endDay !== '', 'a pool has an origin and an end')
  return { asset: asset as AssetId, origin, dueMs: Number(endDay) * DAY_MS }
}

/**
 * The wallet in which what melts waits for its share-out, by the place of origin; made on first need. Somebody may have
 * opened a wallet under its id: then it has the next one.
 */
export function findPool(
  { state, hash }: { readonly state: StateReader; readonly hash: Hash },
  origin: PlaceId | undefined,
): { readonly wallet: WalletId; readonly changes: readonly Change[] } {
  for (let number = 0; ; number += 1) {
    const wallet = deriveId<WalletId>(hash, 'pool', origin ?? NO_PLACE, number)
    const kind = state.get('wallet', wallet)?.kind
    if (kind === 'pool') return { wallet, changes: [] }
    if (kind !== undefined) continue
    const record = { kind: 'pool', ...(origin && { place: origin }), assets: [] } as const
    return { wallet, changes: [{ kind: 'wallet', id: wallet, record }] }
  }
}
