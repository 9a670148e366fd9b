/** What the provider has sent to our bank: booked from its account of the reserve to the bank's, once. */
import { type Action, type Amount, deriveId, type TxId, toUtf8 } from '@fedow/ledger'
import { type Provider, ProviderError, type ProviderEvent } from './provider.ts'
import { refusalOf, toReference } from './venue-deposit.ts'
import type { VenueMeans } from './venue-transfers.ts'

/** Where a provider pays to, when the keeper has not said which account of the reserve its bank account is. */
const BANK_USUAL = 'bank/main'

/** True when an event is about money for our bank. */
export function isBankPayout({ type }: ProviderEvent): boolean {
  return type === 'payout.paid' || type === 'payout.failed'
}

/**
 * Books a payout of the provider, or that it came back. Answers the tx; undefined when there is nothing to book.
 *
 * Throws ProviderError when the provider does not answer: it has to tell the event again.
 */
export async function bookPayout(
  means: VenueMeans & { readonly provider: Provider },
  reference: string,
): Promise<TxId | undefined> {
  const payout = await means.provider.readBankPayout(reference)
  const { state, amount, currency } = payout
  if (currency !== 'eur' || amount <= 0n || state === 'open') return undefined
  const wallet = means.book.genesis.wallet
  const bank = means.store.account(wallet)?.reserve ?? BANK_USUAL
  const provider = `provider/${means.provider.name}`
  if (state === 'paid') return move(means, { from: provider, to: bank, amount, reference })
  // Only what was booked as paid can have come back.
  const isBooked = means.book.state.get('evidence', toReference(means.hash, reference))
  if (isBooked === undefined) return undefined
  return move(means, { from: bank, to: provider, amount, reference: `${reference} failed` })
}

interface Move {
  readonly from: string
  readonly to: string
  readonly amount: bigint
  readonly reference: string
}

async function move(
  means: VenueMeans,
  { from, to, amount, reference: text }: Move,
): Promise<TxId | undefined> {
  const { hash, book, keeper, gateway, warn } = means
  const reference = toReference(hash, text)
  const before = book.state.get('evidence', reference)
  if (before !== undefined) return before.tx
  if (keeper === undefined) return undefined
  const cents = amount as Amount
  const action: Action = { kind: 'reserve-move', from, to, amount: cents, reference, why: 'payout' }
  const refused = refusalOf({ ...means, keeper }, [action])
  if (refused !== undefined) {
    const facts = { payout: text, cents: Number(amount), code: refused.code }
    warn('The book refuses a payout of the provider: see fedow reserve show and move', facts)
    return undefined
  }
  const id = deriveId<TxId>(hash, 'provider-payout', toUtf8(text))
  const submission = await gateway.submitOwn([action], id, 'keeper')
  if (submission.status === 'decided') return book.state.get('evidence', reference)?.tx
  throw new ProviderError('busy', 'the book could not decide now')
}
