/**
 * Payments through a provider, from the wish to pay to the federated euros. Whoever has news of a payment, or wants
 * some, comes here: the provider's events, the payer who returns, and this node itself once a minute. All of them end
 * in `advance`, one at a time for each payment.
 */
import {
  type Action,
  type CardId,
  deriveId,
  type Kid,
  type NodeId,
  type PlaceId,
  parseId,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import type { Signer } from '../gateway/sign.ts'
import { Rounds } from '../rounds.ts'
import type { PayerStore } from '../store/payer-store.ts'
import type {
  NewPayment,
  Payment,
  PaymentCounts,
  PaymentId,
  PaymentStore,
} from '../store/payment-store.ts'
import { type CreditMeans, issueActionOf } from './credit.ts'
import { demandCredit } from './demand-credit.ts'
import { FOUND_AGAIN, type PaymentPoint, type StepMeans } from './marks.ts'
import { LATE_MS } from './pace.ts'
import {
  EventSignatureError,
  type Provider,
  ProviderError,
  type ProviderEvent,
  type ProviderPayment,
} from './provider.ts'
import { SharedRuns } from './shared-runs.ts'
import { advance } from './steps.ts'
import { within } from './within.ts'

/**
 * Why no refill can be opened. `no_key`: nobody gave a key of a provider, and the node is not a try-out. `real_money`:
 * the same, and the book holds real payments, which the sandbox must not mix with. `no_keeper`: this node does not
 * issue. `key_refused`: the provider does not take our key.
 */
export type OffReason = 'no_key' | 'real_money' | 'no_keeper' | 'key_refused'

export interface PaymentMeans extends CreditMeans {
  readonly store: PaymentStore
  readonly payers: PayerStore
  readonly provider: Provider | OffReason
  /** Reads an event of the provider. Throws EventSignatureError. */
  readonly readEvent?: ((raw: string, signature: string) => ProviderEvent) | undefined
  /** The key that issues, when this node has it. */
  readonly keeper: Kid | undefined
  /** This node, and the key by which it signs for the places that let it. */
  readonly node: NodeId
  readonly signer: Pick<Signer, 'kid' | 'sign'>
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  readonly warn: (what: string, facts: object) => void
  readonly onPoint?: ((point: PaymentPoint) => void) | undefined
  /** Who acts on events about refunds and disputes. */
  readonly alsoHear?: ((event: ProviderEvent) => Promise<void>) | undefined
}

/** A refill that somebody wants to pay for. */
export interface RefillWish
  extends Pick<NewPayment, 'id' | 'wallet' | 'card' | 'place' | 'amount' | 'returnUrl'> {
  readonly email: string | undefined
  readonly note?: string | undefined
}

/** `other`: the id is of another wish. `unreachable`: nothing came back in time; the same wish again goes on. */
export type Opened =
  | { readonly status: 'opened'; readonly payment: Payment; readonly url: string }
  | { readonly status: 'off'; readonly why: OffReason }
  | { readonly status: 'other' }
  | { readonly status: 'unreachable' }
  | { readonly status: 'refused' }
  | { readonly status: 'over'; readonly payment: Payment }

export interface PaymentsStatus extends PaymentCounts {
  readonly provider: 'stripe' | 'sandbox' | undefined
  readonly off: OffReason | undefined
}

/** Longest that anybody waits for a provider in a request. */
export const PATIENCE_MS = 4_000
const SOONEST_MS = 1_000
const PASS_MAX = 200
/** Payments that are looked at together: a silent provider must not hold up the others for long. */
const AT_ONCE = 8

export class Payments implements AsyncDisposable {
  readonly #means: PaymentMeans
  readonly #runs = new SharedRuns<Payment>()
  readonly #rounds = new Rounds()
  readonly #told = new Set<PaymentId>()
  #isKeyRefused = false

  constructor(means: PaymentMeans) {
    this.#means = means
  }

  /** Why refills cannot be opened now; undefined when they can. */
  get off(): OffReason | undefined {
    const { provider, keeper } = this.#means
    if (typeof provider === 'string') return provider
    if (keeper === undefined) return 'no_keeper'
    return this.#isKeyRefused ? 'key_refused' : undefined
  }

  /**
   * Opens the page on which a refill is paid. The same wish with the same id answers the same page.
   *
   * Throws Refusal when the book would refuse the credit as things stand: nobody shall pay for nothing.
   */
  async open(wish: RefillWish): Promise<Opened> {
    const { store, provider } = this.#means
    const there = store.find(wish.id)
    if (there !== undefined && !isSameWish(there, wish)) return { status: 'other' }
    const means = this.stepMeans()
    if (means === undefined || typeof provider === 'string') {
      return { status: 'off', why: this.off ?? 'no_key' }
    }
    if (there === undefined) {
      demandCredit(means, { ...wish, kind: 'refill' })
      const { email, ...asked } = wish
      if (email !== undefined) means.payers.add(wish.id, email)
      const made = { ...asked, provider: provider.name, kind: 'refill' } as const
      const others = { note: wish.note, reference: undefined, createdMs: means.now() }
      store.add({ ...made, ...others })
      means.onPoint('intended')
    }
    const isBegun = there === undefined || there.state === 'intended'
    const payment = isBegun ? await within(this.#advance(wish.id), PATIENCE_MS) : there
    return this.#toOpened(payment)
  }

  #toOpened(payment: Payment | undefined): Opened {
    if (payment?.problem === 'provider_misconfigured') return { status: 'off', why: 'key_refused' }
    if (payment === undefined || payment.state === 'intended') return { status: 'unreachable' }
    if (payment.problem === 'provider_refused') return { status: 'refused' }
    const { url } = payment
    return url === undefined ? { status: 'over', payment } : { status: 'opened', payment, url }
  }

  find(id: PaymentId): Payment | undefined {
    return this.#means.store.find(id)
  }

  /** Asks the provider anew and credits what is paid. Answers what is known when that takes too long. */
  async settle(id: PaymentId, patienceMs = PATIENCE_MS): Promise<Payment | undefined> {
    const payment = this.find(id)
    if (payment === undefined || isOver(payment)) return payment
    return (await within(this.#advance(id), patienceMs)) ?? this.find(id)
  }

  /** An event whose signature fits; undefined when it does not, or when the provider tells none. */
  readEvent(raw: string, signature: string): ProviderEvent | undefined {
    try {
      return this.#means.readEvent?.(raw, signature)
    } catch (cause) {
      if (cause instanceof EventSignatureError) return undefined
      throw cause
    }
  }

  /**
   * Acts on an event, which is only a hint where to look. Answers the payment that it is about; undefined when it is
   * about none of ours. A provider that is silent now is asked again later: the event need not come again.
   */
  async hear(event: ProviderEvent): Promise<Payment | undefined> {
    const payment = await this.#hearPayment(event)
    await this.#means.alsoHear?.(event)
    return payment
  }

  async #hearPayment(event: ProviderEvent): Promise<Payment | undefined> {
    const payment = this.#named(event) ?? this.#foundAgain(await this.#withNotes(event))
    if (payment === undefined) return undefined
    const isDispute = event.type === 'charge.dispute.created'
    const after = isOver(payment) ? payment : await this.#advance(payment.id)
    // The page was made and the node died before it knew: the event is about what comes next.
    const last = payment.state === 'intended' ? await this.#advance(payment.id) : after
    if (!isDispute) return last
    this.#means.warn('The payer of a refill claims the money back', { payment: last.id })
    return this.#means.store.save({ ...last, problem: 'disputed' })
  }

  /** A payment that somebody has made at a terminal, for a card or for nobody known. */
  async atTerminal(
    paid: Pick<NewPayment, 'wallet' | 'card' | 'place' | 'note'> & { readonly reference: string },
  ): Promise<Payment> {
    const { hash, now } = this.#means
    const made = this.#add({
      ...{ ...paid, id: deriveId<PaymentId>(hash, 'payment', toUtf8(paid.reference)) },
      ...{ kind: 'terminal', amount: undefined, returnUrl: '', createdMs: now() },
    })
    if (made.wallet === undefined && paid.wallet !== undefined) {
      this.#means.store.save({ ...made, wallet: paid.wallet, card: paid.card })
    }
    return isOver(made) ? made : this.#advance(made.id)
  }

  /** A page of which another program knows, such as v1 before this node: it is looked after from now on. */
  adopt(known: Omit<NewPayment, 'provider'> & { readonly reference: string }): Payment {
    return this.#add(known)
  }

  /** What the provider says of something that need not be ours; a fault when it says nothing. */
  async look(reference: string): Promise<ProviderPayment | ProviderError['fault']> {
    const { provider } = this.#means
    if (typeof provider === 'string') return 'misconfigured'
    try {
      return await provider.read(reference)
    } catch (cause) {
      if (cause instanceof ProviderError) return cause.fault
      throw cause
    }
  }

  byReference(reference: string): Payment | undefined {
    const { provider, store } = this.#means
    if (typeof provider === 'string') return undefined
    const { name } = provider
    return store.byReference(name, reference) ?? store.byPaymentReference(name, reference)
  }

  /** What the book is asked for to credit a payment that is paid; undefined when it is not, or its fee is not known. */
  issueOf(payment: Payment): Action | undefined {
    const { state, paymentReference, gross, fees } = payment
    if (state !== 'paid' || paymentReference === undefined || gross === undefined) return undefined
    if (fees === undefined) return undefined
    return issueActionOf(this.#means, { ...payment, paymentReference, gross, fees })
  }

  page(of: Parameters<PaymentStore['page']>[0]): ReturnType<PaymentStore['page']> {
    return this.#means.store.page(of)
  }

  status(): PaymentsStatus {
    const { provider, store } = this.#means
    const name = typeof provider === 'string' ? undefined : provider.name
    return { ...store.counts(), provider: name, off: this.off }
  }

  /** Goes on with what the last run left, and looks after all payments until this is closed. */
  begin(): void {
    const { payers, store } = this.#means
    // What a kill in between, or a lost file, left behind.
    for (const id of payers.list()) if (store.find(id)?.state !== 'intended') payers.forget(id)
    this.#rounds.begin({
      round: () => this.reconcile(),
      restMs: () => this.#restMs(),
      onFailed: (cause) => this.#means.warn('Payments could not be looked after', { cause }),
    })
  }

  /** Looks at every payment that is due, once. */
  async reconcile(): Promise<void> {
    const { store, now } = this.#means
    if (this.stepMeans() === undefined) return
    const due = store.due(now(), PASS_MAX)
    for (let at = 0; at < due.length && !this.#rounds.isStopped; at += AT_ONCE) {
      const some = due.slice(at, at + AT_ONCE)
      const after = await Promise.all(some.map(({ id }) => this.#advance(id)))
      for (const payment of after) this.#tellLate(payment)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
    await this.#runs.idle()
  }

  /** Until the next payment is due. */
  #restMs(): number | undefined {
    const { store, now } = this.#means
    const nextMs = store.nextMs()
    const isOff = this.stepMeans() === undefined
    return isOff || nextMs === undefined ? undefined : Math.max(nextMs - now(), SOONEST_MS)
  }

  /** Once for each payment that has waited for too long. */
  #tellLate({ id, state, paidMs = 0, problem, gross }: Payment): void {
    const isLate = state === 'paid' && this.#means.now() - paidMs > LATE_MS
    if (!isLate || this.#told.has(id)) return
    this.#told.add(id)
    const cents = Number(gross ?? 0n)
    this.#means.warn('A payment is paid and not credited', { payment: id, problem, cents })
  }

  #advance(id: PaymentId): Promise<Payment> {
    return this.#runs.after(id, async () => {
      const payment = this.find(id)
      const means = this.stepMeans()
      if (payment === undefined) throw new Error(`no payment ${id}`)
      if (means === undefined || isOver(payment)) return payment
      const after = await advance(means, payment)
      this.#isKeyRefused = after.problem === 'provider_misconfigured'
      if (after.nextMs !== undefined) this.#rounds.wake()
      return after
    })
  }

  /** What the steps work with; undefined when nothing can be paid. */
  stepMeans(): StepMeans | undefined {
    const { provider, keeper, onPoint = () => {} } = this.#means
    if (typeof provider === 'string' || keeper === undefined) return undefined
    return { ...this.#means, provider, keeper, onPoint }
  }

  #add(payment: Omit<NewPayment, 'provider'>): Payment {
    const { provider, store } = this.#means
    if (typeof provider === 'string') throw new ProviderError('misconfigured', 'no provider')
    return store.add({ ...payment, provider: provider.name }).payment
  }

  #named({ references, metadata }: ProviderEvent): Payment | undefined {
    for (const reference of references) {
      const found = this.byReference(reference)
      if (found !== undefined) return found
    }
    const payment = this.#noted(metadata)
    if (payment === undefined || isSecondPage(payment, references)) return undefined
    return payment
  }

  /** The payment that we have noted at the provider. */
  #noted(metadata: ProviderEvent['metadata']): Payment | undefined {
    const { fedow_chain: chain, fedow_payment: text = '' } = metadata
    const id = parseId<PaymentId>(text)
    return id === undefined || chain !== this.#means.book.chain ? undefined : this.find(id)
  }

  /** An event of a reader says which payment it took, and the payment whose that is. */
  async #withNotes(event: ProviderEvent): Promise<ProviderEvent> {
    const [reference] = event.references
    const isOfReader = event.type === 'terminal.reader.action_succeeded'
    if (!isOfReader || reference === undefined) return event
    const seen = await this.look(reference)
    return typeof seen === 'string' ? event : { ...event, metadata: seen.metadata }
  }

  /** Payments that the file has lost, or a second page of one: what we have noted at the provider says whose. */
  #foundAgain({ references, metadata }: ProviderEvent): Payment | undefined {
    const { book, hash, now } = this.#means
    const [reference] = references
    const { fedow_chain: chain, fedow_wallet: wallet = '', fedow_card: card = '' } = metadata
    const id = parseId<PaymentId>(metadata['fedow_payment'] ?? '')
    if (reference === undefined || id === undefined || chain !== book.chain) return undefined
    const isTaken = this.find(id) !== undefined
    return this.#add({
      id: isTaken ? deriveId<PaymentId>(hash, 'payment', toUtf8(reference)) : id,
      ...{ wallet: parseId<WalletId>(wallet), card: parseId<CardId>(card) },
      ...{ ...atTerminalBy(metadata), returnUrl: '' },
      ...{ note: FOUND_AGAIN, reference, createdMs: now() },
    })
  }
}

function isOver({ state }: Payment): boolean {
  return state === 'credited' || state === 'failed' || state === 'expired'
}

/** Stripe answered for a page that it had made already, so another was made: both can be paid. */
function isSecondPage({ reference }: Payment, references: readonly string[]): boolean {
  const page = references.find((one) => one.startsWith('cs_'))
  return page !== undefined && reference?.startsWith('cs_') === true && page !== reference
}

function isSameWish(there: Payment, wish: RefillWish): boolean {
  const { wallet, card, amount, returnUrl, kind } = there
  const isSameBearer = card === wish.card && (card !== undefined || wallet === wish.wallet)
  return kind === 'refill' && isSameBearer && amount === wish.amount && returnUrl === wish.returnUrl
}

/** What is signed of a payment at a terminal; the signature is checked by the first look. */
function atTerminalBy({ fedow_signature: seal, fedow_place: place = '', ...rest }: Notes) {
  if (seal === undefined) return { kind: 'refill', place: undefined, amount: undefined } as const
  const { fedow_cents: cents = '' } = rest
  const amount = /^\d{1,15}$/.test(cents) ? BigInt(cents) : undefined
  return { kind: 'terminal', place: parseId<PlaceId>(place), amount } as const
}

type Notes = ProviderEvent['metadata']
