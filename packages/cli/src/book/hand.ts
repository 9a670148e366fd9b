import type { HandProvider } from '@fedow/ledger'
import { text } from '../command.ts'
import { Misuse } from '../failure.ts'

/** How somebody was paid by hand. */
export const handValues = {
  cash: text('reference', 'paid in cash: the number of the receipt; each is taken once'),
  transfer: text('reference', 'paid by a bank transfer: its reference; each is taken once'),
}

/** Who paid how, by which reference. */
export interface HandChoice {
  readonly provider: HandProvider
  readonly reference: string
}

/** Undefined when neither is named. Throws Misuse. */
export function readHand({
  cash,
  transfer,
}: {
  readonly cash: string | undefined
  readonly transfer: string | undefined
}): HandChoice | undefined {
  if (cash !== undefined && transfer !== undefined) {
    throw new Misuse('--cash and --transfer exclude each other. Nothing was sent.')
  }
  const provider = cash === undefined ? 'transfer' : 'cash'
  const reference = cash ?? transfer
  if (reference === undefined) return undefined
  if (reference.trim() === '')
    throw new Misuse(`--${provider} needs a reference. Nothing was sent.`)
  return { provider, reference }
}
