/** What requests about mutual credit ask the book for. */
import type { AssetId, TxId, WalletId } from '@fedow/ledger'
import { type Caller, demandOnPlace, issuerNamed } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import { type Means, toAction } from './means.ts'

/** The place that looks after a mutual credit grants a limit. */
export function creditIntent(
  { book }: Means,
  caller: Caller,
  request: {
    readonly id: TxId
    readonly asset: AssetId
    readonly wallet: WalletId
    readonly limit: number
  },
): Intent {
  const { id, asset, wallet, limit } = request
  demandOnPlace(caller, issuerNamed(book.state, asset, 'credit-limit'), 'assets')
  return intentOf(id, [toAction('credit-limit', { asset, wallet, limit })])
}
