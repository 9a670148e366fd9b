/** What a refund leaves in the wallet, and why. */
import {
  type AssetId,
  cardWalletId,
  entryOf,
  heldChange,
  isRefundedAt,
  type Line,
  Malformed,
  params,
  parsePayload,
  type Refund,
  type WalletId,
} from '@fedow/ledger'
import type { StoredTx } from '../store/book-reader.ts'
import { type Means, walletOfCard } from './means.ts'

/** `held`: reserved by a hold. `not_refundable`: this place gives nothing back for it. `not_asked`: left out. */
export interface Kept {
  readonly asset: AssetId
  readonly balance: bigint
  readonly why: 'held' | 'not_refundable' | 'not_asked'
}

/**
 * What a refund left in the wallet of its card, as it was right after the tx: the same answer whenever it is asked.
 */
export function keptAfter(means: Means, refundTx: StoredTx): readonly Kept[] {
  const payload = parsePayload(refundTx.json)
  if (payload === undefined || payload instanceof Malformed) return []
  const refund = payload.actions.find((action) => action.kind === 'refund')
  const wallet = refund && walletAt(means, refundTx, refund)
  if (refund === undefined || wallet === undefined) return []
  const { state } = means.book
  return (state.get('wallet', wallet)?.assets ?? []).flatMap((id) => {
    const asset = state.get('asset', id)
    const { balance, held } = accountAfter(means, refundTx.seq, { wallet, asset: id })
    if (asset === undefined || balance <= 0n) return []
    const isRefunded = isRefundedAt(asset, refund.place, refundTx.outcome.timeUs / 1_000)
    const why = !isRefunded ? 'not_refundable' : held > 0n ? 'held' : 'not_asked'
    return [{ asset: id, balance, why }]
  })
}

/** The wallet that the card paid from then; a void of the same tx has given it a new one since. */
function walletAt(
  means: Means,
  { outcome, json }: StoredTx,
  { card }: Refund,
): WalletId | undefined {
  const line = outcome.status === 'applied' ? outcome.lines[0] : undefined
  if (line !== undefined) return line.from
  const record = means.book.state.get('card', card)
  if (record === undefined || !json.includes('"kind":"card-void"')) return walletOfCard(means, card)
  return cardWalletId(means.hash, card, record.counter - 1)
}

interface AccountName {
  readonly wallet: WalletId
  readonly asset: AssetId
}

/** An account as a tx left it: what came after is undone, line by line. */
function accountAfter(
  means: Means,
  seq: number,
  { wallet, asset }: AccountName,
): { readonly balance: bigint; readonly held: bigint } {
  const { book } = means
  const now = book.state.get('account', `${wallet}/${asset}`)
  let balance = now?.balance ?? 0n
  let held: bigint = now?.held ?? 0n
  let line = book.line(now?.last ?? 0)
  while (line !== undefined && (book.tx(line.tx)?.seq ?? 0) > seq) {
    balance -= changeOf(means, line, wallet)
    if (line.from === wallet) held -= heldChange(line)
    line = book.line(line.from === wallet ? line.previousFrom : line.previousTo)
  }
  return { balance, held }
}

/** What a line changed in the balance of a wallet. */
export function changeOf({ book, hash }: Means, line: Line, wallet: WalletId): bigint {
  const kind = book.state.get('asset', line.asset)?.kind ?? 'EUR'
  const { keeper } = params(book.state)
  return entryOf(line, { hash, kind, keeper })
    .filter((posting) => posting.wallet === wallet)
    .reduce((sum, posting) => sum + posting.change, 0n)
}
