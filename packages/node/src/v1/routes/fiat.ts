/** Which moneys pay for a QR payment, and how much of each. */
import {
  ACTIONS_MAX,
  type Amount,
  type AssetId,
  acceptedAssets,
  available,
  type PlaceId,
  policyAt,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'

export interface Part {
  readonly asset: AssetId
  readonly amount: Amount
}

/** The most parts that one sale has in the book. */
export const PARTS_MAX = 16

export interface Payer {
  readonly place: PlaceId
  readonly wallet: WalletId
  readonly timeMs: number
}

/** What a person can spend at a place in local euros, the oldest asset first, then in federated ones. */
export function fiatOf(book: BookReader, { place: id, wallet, timeMs }: Payer): readonly Part[] {
  const { state } = book
  const record = state.get('place', id)
  if (record === undefined) return []
  const accepted = new Set(acceptedAssets(state, { id, record }))
  const found = (state.get('wallet', wallet)?.assets ?? []).flatMap((asset) => {
    const of = state.get('asset', asset)
    const amount = available(state.get('account', `${wallet}/${asset}`)) as Amount
    const isFiat = of?.kind === 'TLF' || of?.kind === 'FED'
    if (!isFiat || amount <= 0n || !accepted.has(asset)) return []
    const { spendAt } = policyAt(of, timeMs)
    if ('only' in spendAt && !spendAt.only.includes(id)) return []
    // Assets of one block are of one time, and their first lines are not.
    const firstLine = book.linesOfAsset(asset, { before: 2, limit: 1 })[0]?.number ?? 0
    return [{ asset, amount, isFed: of.kind === 'FED', createdUs: of.createdUs, firstLine }]
  })
  return found.toSorted(
    (a, b) =>
      Number(a.isFed) - Number(b.isFed) || a.createdUs - b.createdUs || a.firstLine - b.firstLine,
  )
}

/** How an amount is paid, each money up to what there is of it; undefined when all of it is not enough. */
export function toParts(moneys: readonly Part[], amount: bigint): readonly Part[] | undefined {
  const parts: Part[] = []
  let left = amount
  for (const { asset, amount: most } of moneys) {
    if (left === 0n) break
    const paid = (most < left ? most : left) as Amount
    parts.push({ asset, amount: paid })
    left -= paid
  }
  return left === 0n && parts.length <= PARTS_MAX * ACTIONS_MAX ? parts : undefined
}
