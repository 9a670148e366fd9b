import type { WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'

/** Lespass tells the platform's own wallet by this name. */
export const PRIMARY_WALLET = 'Primary Wallet'

/** `get_name` of a wallet: never blank. */
export function walletName({ state }: Pick<BookReader, 'state'>, id: WalletId): string {
  const record = state.get('wallet', id)
  if (record?.kind === 'keeper') return PRIMARY_WALLET
  const place = record?.place && state.get('place', record.place)
  return place?.name ?? record?.name ?? id.slice(0, 8)
}
