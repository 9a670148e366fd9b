/** Euros that have reached a venue, and the federated euros that they were paid for: deposited once. */
import {
  type Action,
  type Amount,
  available,
  deriveId,
  type Evidence,
  type Hash,
  type Hex32,
  type Kid,
  type PayoutId,
  type PlaceId,
  Refusal,
  type Rejection,
  rulesAt,
  type TxId,
  toHex,
  toUtf8,
} from '@fedow/ledger'
import { Denied } from '../gateway/denial.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { BookReader } from '../store/book-reader.ts'

export interface DepositMeans {
  readonly book: BookReader
  readonly gateway: Pick<Gateway, 'submitOwn'>
  readonly hash: Hash
  readonly keeper: Kid
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

/** A payment to a venue that has been made. */
export interface PaidVenue {
  readonly place: PlaceId
  /** Cents. */
  readonly amount: bigint
  /** The account of the reserve that paid. */
  readonly account: string
  /** Its hash is the evidence. */
  readonly reference: string
  /** How often the book has refused it. */
  readonly rejections: number
  /** What may hold it in the book. */
  readonly payout?: PayoutId | undefined
}

/** `refused`: no tx was made. `rejected`: the book has kept one that it refused. `later`: it could not decide. */
export type VenueDeposit =
  | { readonly status: 'deposited'; readonly tx: TxId }
  | { readonly status: 'refused' | 'rejected'; readonly code: Rejection['code'] }
  | { readonly status: 'later' }

/** The tx that has burnt the evidence of a payment to a venue. */
export function depositOf(
  { book, hash }: Pick<DepositMeans, 'book' | 'hash'>,
  reference: string,
): TxId | undefined {
  return book.state.get('evidence', toReference(hash, reference))?.tx
}

/** As the operator's own `fedow deposit` hashes it, so that the two never deposit for the same payment. */
export function toReference(hash: Hash, text: string): Hex32 {
  return toHex(hash(toUtf8(text))) as Hex32
}

/** What a payment of so much deposits. */
export function depositAction(
  { book, hash }: Pick<DepositMeans, 'book' | 'hash'>,
  { place, account, reference }: Pick<PaidVenue, 'place' | 'account' | 'reference'>,
  cents: bigint,
): Action {
  const amount = cents as Amount
  const evidence = evidenceFor(hash, { account, reference }, cents)
  return { kind: 'deposit', place, asset: book.genesis.fed.id, amount, evidence }
}

/** What shows that so much was paid, without any fee. */
export function evidenceFor(
  hash: Hash,
  { account, reference }: Pick<PaidVenue, 'account' | 'reference'>,
  cents: bigint,
): Evidence {
  const amount = cents as Amount
  const sums = { gross: amount, fee: 0n as Amount, net: amount }
  return { account, reference: toReference(hash, reference), ...sums }
}

/**
 * Deposits what was paid: what is held for it, whole. Where nothing is held, the euros have left all the same, so what
 * the venue has spent since is owed by the keeper: the reserve is told the truth.
 */
export async function depositPaid(means: DepositMeans, paid: PaidVenue): Promise<VenueDeposit> {
  const { hash, gateway } = means
  const { reference, rejections } = paid
  const before = depositOf(means, reference)
  if (before !== undefined) return { status: 'deposited', tx: before }
  const actions = actionsFor(means, paid)
  const refused = refusalOf(means, actions)
  if (refused !== undefined) return { status: 'refused', code: refused.code }
  const id = deriveId<TxId>(hash, 'venue-deposit', toUtf8(reference), rejections)
  try {
    const submission = await gateway.submitOwn(actions, id, 'keeper')
    if (submission.status !== 'decided') return { status: 'later' }
    const { outcome } = submission
    if (outcome.status === 'applied') return { status: 'deposited', tx: id }
    return { status: 'rejected', code: outcome.rejection.code }
  } catch (cause) {
    // The book has this id with other amounts: refused as the venue stood then, before a crash.
    const isOther = cause instanceof Denied && cause.denial.code === 'idempotency_key_reused'
    if (!isOther) throw cause
    return { status: 'rejected', code: 'insufficient_balance' }
  }
}

function actionsFor(means: DepositMeans, paid: PaidVenue): readonly Action[] {
  const { book, hash } = means
  const { place, amount, account, reference, payout } = paid
  if (payout !== undefined && book.state.get('payout', payout) !== undefined) {
    const evidence = evidenceFor(hash, { account, reference }, amount)
    return [{ kind: 'payout-pay', payout, evidence }]
  }
  const wallet = book.state.get('place', place)?.wallet
  const balance = available(book.state.get('account', `${wallet ?? ''}/${book.genesis.fed.id}`))
  const there = balance < amount ? balance : amount
  const missing = amount - there
  const owed = {
    ...({ kind: 'reserve-move', from: account, to: 'due-from-keeper', why: 'dispute' } as const),
    amount: missing as Amount,
  }
  if (missing === 0n) return [depositAction(means, paid, amount)]
  if (there <= 0n) return [{ ...owed, reference: toReference(hash, reference) }]
  return [
    depositAction(means, paid, there),
    { ...owed, reference: toReference(hash, moreThanHad(reference)) },
  ]
}

/** The text whose hash stands for what a venue was paid beyond what it had. */
export function moreThanHad(reference: string): string {
  return `${reference}: more than the venue had`
}

/** What the book would say of the first action: a tx that it refuses is not made, since it keeps refusals for ever. */
export function refusalOf(
  { book, hash, keeper, now }: Omit<DepositMeans, 'gateway'>,
  [action]: readonly Action[],
): Rejection | undefined {
  if (action === undefined) return undefined
  const { height, timeMs: bookMs } = book.tip()
  const timeMs = Math.max(now(), bookMs)
  const tx = deriveId<TxId>(hash, 'what-if')
  try {
    const ctx = { state: book.state, hash, height, timeMs, signer: keeper, tx }
    rulesAt(height).decide(ctx, action)
    return undefined
  } catch (cause) {
    if (cause instanceof Refusal) return cause.rejection
    throw cause
  }
}
