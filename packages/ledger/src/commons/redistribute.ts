/** The share-out of what melted in one epoch. Source: docs/spec/demurrage.md, "Share-out". */
import type { Amount } from '../amount.ts'
import { assert } from '../assert.ts'
import { type Effects, params, type SystemContext } from '../context.ts'
import { type AssetId, issuanceWalletId, type PlaceId, type WalletId } from '../ids.ts'
import type { LineDraft } from '../line.ts'
import { ACCOUNTS_PER_WALLET_MAX, type Asset, type Melted, type Pool } from '../records.ts'
import { type MeltShares, PPM } from './demurrage.ts'
import { findPool, fromPoolId, NO_PLACE, NOTHING_MELTED } from './melt.ts'

/** Who gets a part of what melts: members of the record that counts it. */
export type MeltShare = Exclude<keyof Melted, 'melted'>

/**
 * Splits an amount by parts per million with the method of the largest remainder.
 *
 * Rounding: each share down, then one unit more to those that lost most, the first of the list among equals; the shares
 * add up to the amount.
 */
export function split(amount: bigint, partsPpm: readonly number[]): readonly bigint[] {
  const shares = partsPpm.map((ppm, index) => {
    const product = amount * BigInt(ppm)
    return { index, whole: product / PPM, rest: product % PPM }
  })
  let left = amount - shares.reduce((sum, { whole }) => sum + whole, 0n)
  const result = shares.map(({ whole }) => whole)
  for (const { index } of shares.toSorted((a, b) => Number(b.rest - a.rest) || a.index - b.index)) {
    if (left === 0n) break
    result[index] = (result[index] ?? 0n) + 1n
    left -= 1n
  }
  return result
}

/** One RDS line a share. A share without a receiver, as that of a suspended place, falls to the commons. */
export function redistribute(ctx: SystemContext, id: string): Effects {
  const { state } = ctx
  const { asset: assetId, origin } = fromPoolId(id)
  const pool = state.get('pool', id)
  const asset = state.get('asset', assetId)
  assert(pool !== undefined && asset !== undefined, 'what is shared out has melted')
  const place = origin === NO_PLACE ? undefined : (origin as PlaceId)
  const from = findPool(ctx, place).wallet
  const gifts = plannedShares(asset, pool).map(({ share, amount }) => ({
    amount,
    ...receiverOf(ctx, { share, place, asset: assetId }),
  }))
  const total = { ...(state.get('melted', assetId) ?? NOTHING_MELTED) }
  for (const { share, amount } of gifts) total[share] = (total[share] + amount) as Amount
  return {
    changes: [
      { kind: 'pool', id, record: undefined },
      { kind: 'melted', id: assetId, record: total },
    ],
    lines: gifts.map(({ to, amount }): LineDraft => {
      return { action: 'RDS', asset: assetId, from, to, amount: amount as Amount }
    }),
  }
}

/** One share of a pool, by the policy. Units: minor units, more than zero. */
export interface PlannedShare {
  readonly share: MeltShare
  /** Parts per million of the pool. */
  readonly ppm: number
  readonly amount: bigint
}

/** The shares of a pool in the order of their lines, by the last version that began by its end and makes money melt. */
export function plannedShares(
  asset: Pick<Asset, 'policies'>,
  { amount, dueMs }: Pool,
): readonly PlannedShare[] {
  const { node, commons, maintenance, burnt } = sharesAt(asset, dueMs)
  const parts = [
    { share: 'places', ppm: node },
    { share: 'commons', ppm: commons },
    { share: 'maintenance', ppm: maintenance },
    { share: 'burnt', ppm: burnt },
  ] as const
  const amounts = split(
    amount,
    parts.map(({ ppm }) => ppm),
  )
  return parts
    .map((part, index) => ({ ...part, amount: amounts[index] ?? 0n }))
    .filter(({ amount }) => amount > 0n)
}

/** The shares of the last version that began by then and makes money melt. */
function sharesAt({ policies }: Pick<Asset, 'policies'>, timeMs: number): MeltShares {
  const melting = policies.findLast((one) => one.demurrage !== undefined && one.fromMs <= timeMs)
  assert(melting?.demurrage !== undefined, 'what has melted had a policy')
  return melting.demurrage.shares
}

interface Wanted {
  readonly share: MeltShare
  readonly place: PlaceId | undefined
  readonly asset: AssetId
}

interface Receiver {
  readonly share: MeltShare
  readonly to: WalletId
}

function receiverOf(ctx: SystemContext, { share, place, asset }: Wanted): Receiver {
  const { commons, maintenance, keeper, fed } = params(ctx.state)
  const wanted: readonly (readonly [MeltShare, WalletId | undefined])[] = [
    ['places', share === 'places' ? placeWallet(ctx, place) : undefined],
    ['maintenance', share === 'maintenance' ? maintenance : undefined],
    ['commons', share === 'burnt' ? undefined : commons],
  ]
  for (const [name, wallet] of wanted) {
    if (wallet !== undefined && hasRoom(ctx, wallet, asset)) return { share: name, to: wallet }
  }
  // A network without funds: federated euros stay with their keeper, whatever else melts leaves circulation.
  if (asset === fed) return { share: 'commons', to: keeper }
  return { share: 'burnt', to: issuanceWalletId(ctx.hash, asset) }
}

function placeWallet({ state }: SystemContext, id: PlaceId | undefined): WalletId | undefined {
  const place = id && state.get('place', id)
  return place?.suspended === false ? place.wallet : undefined
}

function hasRoom({ state }: SystemContext, id: WalletId, asset: AssetId): boolean {
  const assets = state.get('wallet', id)?.assets ?? []
  return assets.includes(asset) || assets.length < ACCOUNTS_PER_WALLET_MAX
}
