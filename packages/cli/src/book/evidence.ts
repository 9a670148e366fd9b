import { needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'
import { parseAmount } from '../text/amount.ts'
import { readPositive } from './price.ts'

/** What proves a payment in euros. */
export const evidenceValues = {
  gross: needed('amount', 'what was paid, in euros'),
  fee: text('amount', 'what the provider kept of it, 0 when absent'),
  account: needed('account', 'where the rest is: bank/main, provider/stripe, transit/cash'),
  reference: needed(
    'text',
    'the reference of the payment; the book keeps its SHA-256, and takes each once',
  ),
}

/** What a request says of a payment. */
export interface EvidenceChoice {
  readonly account: string
  readonly reference: string
  readonly gross: number
  readonly fee: number
  readonly net: number
}

/** Throws Misuse. */
export function readEvidence(values: {
  readonly gross: string
  readonly fee: string | undefined
  readonly account: string
  readonly reference: string
}): EvidenceChoice {
  const { account, reference } = values
  const gross = readPositive(values.gross)
  const fee = Number(parseAmount(values.fee ?? '0'))
  if (fee > gross) throw new Misuse('The fee is more than what was paid. Nothing was sent.')
  return { account, reference, gross, fee, net: gross - fee }
}
