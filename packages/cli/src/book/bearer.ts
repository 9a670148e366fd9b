import { parseId, type WalletId } from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'

/** How a command names who holds the money. */
export const bearerValues = {
  card: text('card', 'a card: its tag, printed number, QR code or id'),
  wallet: text('wallet', 'instead of a card: the id of a person’s wallet'),
}

export type BearerChoice = { readonly card: string } | { readonly wallet: WalletId }

/** Exactly one of the two. Throws Misuse. */
export function readBearer(values: {
  readonly card: string | undefined
  readonly wallet: string | undefined
}): BearerChoice {
  const { card, wallet } = values
  if ((card === undefined) === (wallet === undefined)) {
    throw new Misuse('Name either a card (--card) or a wallet (--wallet). Nothing was sent.')
  }
  return card === undefined ? { wallet: readWallet(wallet ?? '') } : { card }
}

/** The id of a wallet. Throws Misuse. */
export function readWallet(text: string): WalletId {
  const id = parseId<WalletId>(text.toLowerCase())
  if (id !== undefined) return id
  throw new Misuse(
    `"${text}" is not the id of a wallet. "fedow card show" tells the wallet of a card. Nothing was sent.`,
  )
}
