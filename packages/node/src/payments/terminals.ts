/** Payments at a terminal as a till asks for them: the card, the card once more, or no card any more. */
import { isAuthorised, type PlaceId, placeSubject, refuse, type TxId } from '@fedow/ledger'
import type { NewPayment, Payment, PaymentId } from '../store/payment-store.ts'
import { demandCredit } from './demand-credit.ts'
import type { StepMeans } from './marks.ts'
import { type OffReason, PATIENCE_MS, type PaymentMeans, type Payments } from './payments.ts'
import { ProviderError, type ReaderHindrance } from './provider.ts'
import type { Reader } from './provider-terminal.ts'
import { NOT_TOLD } from './terminal-steps.ts'
import { within } from './within.ts'

/** What a till wants somebody to pay at a reader. */
export interface TerminalWish extends Pick<NewPayment, 'id' | 'wallet' | 'card'> {
  readonly place: PlaceId
  readonly reader: string
  /** Cents. */
  readonly amount: bigint
}

/**
 * `reader`: it cannot ask for the card, and nobody can pay. `unreachable`: whether it asks is not known; the same wish
 * again goes on. `other`: the id is of another wish.
 */
export type Asked =
  | { readonly status: 'asked'; readonly payment: Payment }
  | { readonly status: 'reader'; readonly why: ReaderHindrance }
  | { readonly status: 'off'; readonly why: OffReason }
  | { readonly status: 'other' }
  | { readonly status: 'unreachable' }
  | { readonly status: 'refused' }
  | { readonly status: 'over'; readonly payment: Payment }

/** Problems of a payment that is open, and for which no reader asks any more. */
const LET_GO: readonly string[] = [
  ...['reader_declined', 'reader_cancelled', 'reader_timed_out', 'reader_failed', 'reader_left'],
]

export class Terminals {
  readonly #means: PaymentMeans
  readonly #payments: Payments

  constructor(means: PaymentMeans, payments: Payments) {
    this.#means = means
    this.#payments = payments
  }

  /** Those that a place may use, or all. */
  async readers(place: PlaceId | undefined): Promise<readonly Reader[] | 'silent' | OffReason> {
    const { provider } = this.#means
    if (typeof provider === 'string') return provider
    const found = await this.#asked(provider.readers())
    if (found === 'unknown' || found === 'silent') return 'silent'
    return place === undefined ? found : found.filter((reader) => isFor(reader, place))
  }

  /**
   * Lets a reader ask for a bank card. The same wish with the same id goes on where it is, and asks once.
   *
   * Throws Refusal when the book would refuse the credit as things stand, and when this node may not sign for the place.
   */
  async open(wish: TerminalWish): Promise<Asked> {
    const means = this.#payments.stepMeans()
    if (means === undefined) return { status: 'off', why: this.#payments.off ?? 'no_key' }
    const before = this.#goOn(wish)
    if (before !== undefined) return before
    demandSigning(means, wish.place)
    demandCredit(means, { ...wish, kind: 'terminal' })
    const hindrance = await this.#hindrance(means, wish)
    if (hindrance === 'silent') return { status: 'unreachable' }
    // Others may have asked while the reader was looked at.
    const meanwhile = this.#goOn(wish)
    if (meanwhile !== undefined) return meanwhile
    if (hindrance !== undefined) return { status: 'reader', why: hindrance }
    if (this.#isTaken(means, wish.reader)) return { status: 'reader', why: 'busy' }
    const others = { returnUrl: '', note: undefined, reference: undefined }
    const made = { ...wish, ...others, provider: means.provider.name, kind: 'terminal' } as const
    means.store.add({ ...made, createdMs: means.now() })
    means.onPoint('intended')
    return toAsked(await this.#payments.settle(wish.id))
  }

  /** The payer was refused, or came too late: the reader asks once more. Answers how the payment stands then. */
  async again(id: PaymentId): Promise<Payment | undefined> {
    const { store, now } = this.#means
    store.askAgain(id, now())
    return this.#payments.settle(id)
  }

  /** Gives a payment up, unless it was paid before. Answers how it stands then. */
  async cancel(id: PaymentId): Promise<Payment | undefined> {
    const { store, now } = this.#means
    store.cancel(id, now())
    return this.#payments.settle(id)
  }

  #goOn(wish: TerminalWish): Promise<Asked> | undefined {
    const { store, now } = this.#means
    const there = store.find(wish.id)
    if (there === undefined) return undefined
    if (!isSameWish(there, wish)) return Promise.resolve({ status: 'other' })
    store.ask(wish.id, now())
    return this.#payments.settle(wish.id).then(toAsked)
  }

  /** Why a reader cannot ask now, as its provider sees it. */
  async #hindrance(
    { provider }: StepMeans,
    { reader: id, place }: TerminalWish,
  ): Promise<ReaderHindrance | 'silent' | undefined> {
    const reader = await this.#asked(provider.readReader(id))
    if (reader === 'silent' || reader === 'unknown') return reader
    if (!isFor(reader, place)) return 'unknown'
    if (!reader.isOnline) return 'offline'
    return reader.action?.state === 'waiting' ? 'busy' : undefined
  }

  /** Whether a payment of ours is on its way to a reader: its provider may not know yet. */
  #isTaken({ store, provider }: StepMeans, reader: string): boolean {
    const open = store.openAt(provider.name, reader)
    return open.some(({ problem = '' }) => !LET_GO.includes(problem))
  }

  async #asked<T>(work: Promise<T>): Promise<T | 'silent' | 'unknown'> {
    try {
      return (await within(work, PATIENCE_MS)) ?? 'silent'
    } catch (cause) {
      if (!(cause instanceof ProviderError)) throw cause
      return cause.fault === 'unknown' ? 'unknown' : 'silent'
    }
  }
}

function toAsked(payment: Payment | undefined): Asked {
  if (payment === undefined) return { status: 'unreachable' }
  const { state, problem = '' } = payment
  if (problem === 'provider_misconfigured') return { status: 'off', why: 'key_refused' }
  if (problem === 'provider_refused' && state === 'failed') return { status: 'refused' }
  const isUntold = state === 'failed' || state === 'intended'
  if (isUntold && NOT_TOLD.includes(problem)) {
    return { status: 'reader', why: problem.slice('reader_'.length) as ReaderHindrance }
  }
  if (state === 'intended') return { status: 'unreachable' }
  return state === 'failed' || state === 'expired'
    ? { status: 'over', payment }
    : { status: 'asked', payment }
}

function isSameWish(there: Payment, wish: TerminalWish): boolean {
  const { wallet, card, place, amount, atReader } = there
  const isSameBearer = card === wish.card && (card !== undefined || wallet === wish.wallet)
  const isSamePlace = place === wish.place && atReader?.reader === wish.reader
  return isSameBearer && isSamePlace && amount === wish.amount
}

function isFor({ place }: Reader, wanted: PlaceId): boolean {
  return place === undefined || place === wanted
}

/** A payment is signed for its place: by a node that the place lets sell for it. */
function demandSigning({ book, hash, signer, now }: StepMeans, place: PlaceId): void {
  const { state } = book
  if (state.get('place', place) === undefined) refuse({ code: 'place_not_found', place })
  const { height, timeMs: lastMs } = book.tip()
  const timeMs = Math.max(now(), lastMs)
  const context = { state, hash, height, timeMs, signer: signer.kid, tx: '' as TxId }
  const right = { can: 'sell', on: placeSubject(place) } as const
  if (!isAuthorised(context, right)) refuse({ code: 'not_authorised', ...right })
}
