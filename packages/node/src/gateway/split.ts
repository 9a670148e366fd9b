/** How a price alone becomes amounts of several assets. */
import {
  type Action,
  type Amount,
  type AssetId,
  type AssetKind,
  acceptedAssets,
  available,
  type PlaceId,
  policyAt,
  type StateReader,
  sum,
  type WalletId,
} from '@fedow/ledger'

export interface Price {
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly amount: Amount
  readonly timeMs: number
}

export interface Part {
  readonly asset: AssetId
  readonly amount: Amount
}

/** Gift money first, then local money, then federated euros. Hours and points pay only when they are asked for. */
const ORDER: readonly (AssetKind | 'EUR')[] = ['TNF', 'TLF', 'FED']

/** The most parts that a sale has. */
const PARTS_MAX = 16

/**
 * Splits a price over what the payer can spend at a place, the oldest account of a kind first.
 *
 * The sum is always the price: what nothing covers is asked of the last asset, so that the book's own refusal names
 * what is missing.
 */
export function splitPrice(state: StateReader, price: Price): readonly Part[] {
  const parts: Part[] = []
  let left: bigint = price.amount
  for (const { asset, balance } of spendable(state, price)) {
    if (left === 0n || parts.length === PARTS_MAX) break
    const amount = (balance < left ? balance : left) as Amount
    parts.push({ asset, amount })
    left -= amount
  }
  if (left === 0n) return parts
  const fed = state.get('params', 'network')?.fed
  const last = parts.at(-1)
  if (last === undefined) return fed === undefined ? [] : [{ asset: fed, amount: left as Amount }]
  return [...parts.slice(0, -1), { ...last, amount: (last.amount + left) as Amount }]
}

interface Spendable {
  readonly asset: AssetId
  readonly balance: bigint
}

function spendable(state: StateReader, { place: id, wallet, timeMs }: Price): readonly Spendable[] {
  const record = state.get('place', id)
  if (record === undefined) return []
  const accepted = new Set(acceptedAssets(state, { id, record }))
  const found = (state.get('wallet', wallet)?.assets ?? []).flatMap((asset) => {
    const of = state.get('asset', asset)
    const balance = available(state.get('account', `${wallet}/${asset}`))
    const rank = of === undefined ? -1 : ORDER.indexOf(of.kind)
    if (of === undefined || rank < 0 || balance <= 0n || !accepted.has(asset)) return []
    const { spendAt } = policyAt(of, timeMs)
    return 'accepted' in spendAt || spendAt.only.includes(id) ? [{ asset, balance, rank }] : []
  })
  return found.toSorted((a, b) => a.rank - b.rank)
}

/**
 * True when logged actions are one sale that has everything of this one but the split: a price alone is the same
 * request whatever the payer's accounts held when it was split.
 */
export function isSameSale(
  logged: readonly Action[],
  sale: Extract<Action, { kind: 'sale' | 'qr-sale' }>,
): boolean {
  const [one, ...more] = logged
  if (one?.kind !== sale.kind || more.length > 0 || one.to !== sale.to) return false
  if (total(one.parts) !== total(sale.parts)) return false
  if (one.kind === 'qr-sale' || sale.kind === 'qr-sale') {
    return one.kind === 'qr-sale' && sale.kind === 'qr-sale' && one.from === sale.from
  }
  return one.card === sale.card && one.primary === sale.primary && one.till === sale.till
}

export function total(parts: readonly { readonly amount: bigint }[]): bigint {
  return sum(parts.map((part) => part.amount))
}
