/** How a payment becomes federated euros: once, whoever asks and however often. */
import {
  type Action,
  type Amount,
  type BearerId,
  deriveId,
  type Hash,
  type Hex32,
  ownWalletOf,
  type TxId,
  toHex,
  toUtf8,
  type WalletId,
  walletOf,
} from '@fedow/ledger'
import { Denied } from '../gateway/denial.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { BookReader } from '../store/book-reader.ts'
import type { Payment } from '../store/payment-store.ts'
import { waitOf } from './waiting.ts'

export interface CreditMeans {
  readonly book: BookReader
  readonly gateway: Pick<Gateway, 'submitOwn'>
  readonly hash: Hash
}

/** `later`: the book could not decide now. `nobody`: the card was given back since, so nobody is left to credit. */
export type Credited =
  | { readonly status: 'credited'; readonly tx: TxId }
  | { readonly status: 'rejected'; readonly code: string }
  | { readonly status: 'later' }
  | { readonly status: 'nobody' }

/** A payment whose amounts are known. */
export type CreditablePayment = Payment & {
  readonly paymentReference: string
  readonly gross: bigint
  readonly fees: NonNullable<Payment['fees']>
}

/** The tx that has burnt the evidence of a payment: the only proof that it is credited. */
export function creditOf({ book, hash }: CreditMeans, paymentReference: string): TxId | undefined {
  return book.state.get('evidence', evidenceReference(hash, paymentReference))?.tx
}

/** As the operator's own `fedow issue` hashes it, so that the two never credit the same payment. */
function evidenceReference(hash: Hash, paymentReference: string): Hex32 {
  return toHex(hash(toUtf8(paymentReference))) as Hex32
}

/**
 * Issues what was paid. The id of the tx follows from the payment and from how often the book has refused it, so that
 * a repeat after a crash is the same tx; were it another, the burnt evidence would refuse it.
 */
export async function credit(means: CreditMeans, payment: CreditablePayment): Promise<Credited> {
  const { hash, gateway } = means
  const { provider, paymentReference, rejections } = payment
  const before = creditOf(means, paymentReference)
  if (before !== undefined) return { status: 'credited', tx: before }
  const action = issueActionOf(means, payment)
  if (action === undefined) return { status: 'nobody' }
  const id = deriveId<TxId>(hash, 'payment', provider, toUtf8(paymentReference), rejections)
  try {
    const submission = await gateway.submitOwn([action], id, 'keeper')
    if (submission.status !== 'decided') return { status: 'later' }
    const { outcome } = submission
    if (outcome.status === 'applied') return { status: 'credited', tx: id }
    return { status: 'rejected', code: waitOf(means.book, outcome.rejection, payment.gross) }
  } catch (cause) {
    // The book has this id with another bearer: refused before the card was linked, or lost.
    const isOther = cause instanceof Denied && cause.denial.code === 'idempotency_key_reused'
    if (!isOther) throw cause
    return { status: 'rejected', code: 'card_lost' }
  }
}

/** What credits a payment as things stand now; undefined when nobody is left to credit. */
export function issueActionOf(
  { book, hash }: Pick<CreditMeans, 'book' | 'hash'>,
  payment: CreditablePayment,
): Action | undefined {
  const { provider, paymentReference, gross, fees } = payment
  const to = bearerOf({ book, hash }, payment)
  if (to === undefined) return undefined
  const evidence = {
    account: `provider/${provider}`,
    reference: evidenceReference(hash, paymentReference),
    gross: gross as Amount,
    fee: fees.fee as Amount,
    net: fees.net as Amount,
  }
  return { kind: 'issue', to, evidence }
}

/**
 * Whom a payment credits now: the wallet that it began with, wherever that has gone. A card that was voided since is
 * somebody else's.
 */
function bearerOf(
  { book, hash }: Pick<CreditMeans, 'book' | 'hash'>,
  { card, wallet, kind }: Pick<Payment, 'card' | 'wallet' | 'kind'>,
): BearerId | undefined {
  if (wallet === undefined) return undefined
  const { state } = book
  const record = card === undefined ? undefined : state.get('card', card)
  if (card !== undefined && record !== undefined && walletOf(hash, card, record) === wallet) {
    const isShown = record.person === undefined || kind === 'terminal'
    if (isShown && record.status === 'live') return { card }
  }
  if (state.get('wallet', wallet)?.kind === 'person') return { wallet }
  const isLinked = card !== undefined && record !== undefined
  if (isLinked && record.person !== undefined && ownWalletOf(hash, card, record) === wallet) {
    return { wallet: record.person }
  }
  const heir = heirOf(book, wallet)
  if (heir !== undefined) return { wallet: heir }
  // Whatever is wrong with it, the book says in its own words.
  return card === undefined ? { wallet } : undefined
}

/** Most lines after a fusion that are looked through; a wallet without a card has few. */
const LINES_MAX = 50

/** Who took over what was on the wallet of a card. */
function heirOf(book: BookReader, wallet: WalletId): WalletId | undefined {
  const { lines } = book.linesOfWallet(wallet, { limit: LINES_MAX })
  const fusion = lines.find((line) => line.action === 'FUS' && line.from === wallet)
  return fusion?.to
}
