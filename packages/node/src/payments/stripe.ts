/** Stripe: Checkout sessions for refills, payments of terminals, and the events that tell of both. */
import { createHash } from 'node:crypto'
import Stripe from 'stripe'
import {
  EventSignatureError,
  type OpenedRefill,
  type Provider,
  ProviderError,
  type ProviderEvent,
  type ProviderPayment,
  type ProviderPayout,
  type ProviderState,
  type ProviderTransfer,
  type RefillOrder,
  type TransferOrder,
} from './provider.ts'
import type { EventList, EventPage, EventQuery } from './provider-events.ts'
import type { AccountLineList, AccountLinePage, ReversedTransfer } from './provider-lines.ts'
import type {
  ProviderDispute,
  ProviderRefund,
  Refundable,
  RefundOrder,
} from './provider-refunds.ts'
import type { MadeIntent, Presented, Reader, TerminalOrder } from './provider-terminal.ts'
import { keptEvents, toEvent } from './stripe-events.ts'
import { accountLines, readReversals } from './stripe-lines.ts'
import { makeRefund, readDisputes, readRefund, readRefundable } from './stripe-refunds.ts'
import { cancelIntent, listReaders, makeIntent, pushIntent, readReader } from './stripe-terminal.ts'
import { makeTransfer, readBankPayout, readTransfer } from './stripe-transfers.ts'

export interface StripeSettings {
  readonly key: string
  /** Undefined: no event can be believed, so none is taken. */
  readonly webhookSecret: string | undefined
  /** Another base address, for tests. */
  readonly api: string | undefined
}

/** What is kept of the price that stands for a refill of any amount. */
export interface Prices {
  price(account: string): string | undefined
  setPrice(account: string, price: string): void
  forgetPrice(account: string): void
}

export interface StripeMeans {
  readonly settings: StripeSettings
  readonly prices: Prices
  /** Wall clock, in milliseconds. */
  readonly now: () => number
}

/** Shorter than the shortest patience of whoever waits behind us. */
const TIMEOUT_MS = 3_500
/** An event that is older was recorded by somebody and sent again. */
const EVENT_AGE_MAX_S = 300
/** Charge and balance line of an intent come with it: what was kept is known at once. */
const LINE = 'latest_charge.balance_transaction'

export class StripeProvider implements Provider, EventList, AccountLineList {
  readonly name = 'stripe'
  readonly #means: StripeMeans
  readonly #stripe: Stripe
  readonly #account: string

  constructor(means: StripeMeans) {
    const { key, api } = means.settings
    this.#means = means
    // Each request is asked again by the payment that it is for, with the same key: not by the library.
    const usual = { timeout: TIMEOUT_MS, maxNetworkRetries: 0, telemetry: false }
    this.#stripe = new Stripe(key, { ...usual, ...toHost(api) })
    this.#account = createHash('sha256').update(key).digest('hex').slice(0, 32)
  }

  openRefill(order: RefillOrder, idempotencyKey: string): Promise<OpenedRefill> {
    return asked(async () => {
      const { payment, email, returnUrl, metadata } = order
      const session = await this.#stripe.checkout.sessions
        .create(
          {
            mode: 'payment',
            allowed_payment_method_types: ['card'],
            line_items: [{ ...(await this.#line(order)), quantity: 1 }],
            ...(email !== undefined && { customer_email: email }),
            client_reference_id: payment,
            success_url: returnUrl,
            cancel_url: returnUrl,
            metadata: { ...metadata },
            payment_intent_data: { metadata: { ...metadata } },
          },
          { idempotencyKey },
        )
        .catch((cause: unknown) => this.#forgetPrice(order, cause))
      const { id, url } = session
      if (url === null) throw new ProviderError('refused', `the session ${id} has no page`)
      return { reference: id, url }
    })
  }

  read(reference: string): Promise<ProviderPayment> {
    return asked(async () => {
      if (reference.startsWith('pi_')) {
        const intent = await this.#stripe.paymentIntents.retrieve(reference, { expand: [LINE] })
        return { ...ofIntent(intent), reference, state: stateOfIntent(intent) }
      }
      const session = await this.#stripe.checkout.sessions.retrieve(reference, {
        expand: [`payment_intent.${LINE}`],
      })
      return ofSession(session)
    })
  }

  transfer(order: TransferOrder, idempotencyKey: string): Promise<ProviderTransfer> {
    return asked(() => makeTransfer(this.#stripe, order, idempotencyKey))
  }

  readTransfer(reference: string): Promise<ProviderTransfer> {
    return asked(() => readTransfer(this.#stripe, reference))
  }

  readBankPayout(reference: string): Promise<ProviderPayout> {
    return asked(() => readBankPayout(this.#stripe, reference))
  }

  refund(order: RefundOrder, idempotencyKey: string): Promise<ProviderRefund> {
    return asked(() => makeRefund(this.#stripe, order, idempotencyKey))
  }

  readRefund(reference: string): Promise<ProviderRefund> {
    return asked(() => readRefund(this.#stripe, reference))
  }

  readRefundable(payment: string): Promise<Refundable> {
    return asked(() => readRefundable(this.#stripe, payment))
  }

  readDisputes(payment: string): Promise<readonly ProviderDispute[]> {
    return asked(() => readDisputes(this.#stripe, payment))
  }

  readers(): Promise<readonly Reader[]> {
    return asked(() => listReaders(this.#stripe))
  }

  readReader(reader: string): Promise<Reader> {
    return asked(() => readReader(this.#stripe, reader))
  }

  makeIntent(order: TerminalOrder, idempotencyKey: string): Promise<MadeIntent> {
    return asked(() => makeIntent(this.#stripe, order, idempotencyKey))
  }

  push(to: Presented, idempotencyKey: string): Promise<void> {
    return asked(() => pushIntent(this.#stripe, to, idempotencyKey))
  }

  cancelIntent(at: Presented): Promise<void> {
    return asked(() => cancelIntent(this.#stripe, at))
  }

  /** Reads an event of the platform's own account. Throws EventSignatureError. */
  readEvent(raw: string, signature: string): ProviderEvent {
    const { settings, now } = this.#means
    const { webhookSecret = '' } = settings
    if (webhookSecret === '') throw new EventSignatureError('no secret to check events with')
    let event: Stripe.Event
    try {
      event = this.#stripe.webhooks.constructEvent(
        ...([raw, signature, webhookSecret, EVENT_AGE_MAX_S, undefined, now()] as const),
      )
    } catch (cause) {
      throw new EventSignatureError('the signature does not fit', { cause })
    }
    return toEvent(event)
  }

  keptEvents(query: EventQuery): Promise<EventPage> {
    return asked(() => keptEvents(this.#stripe, query))
  }

  accountLines(query: EventQuery): Promise<AccountLinePage> {
    return asked(() => accountLines(this.#stripe, query))
  }

  readReversals(transfer: string): Promise<ReversedTransfer> {
    return asked(() => readReversals(this.#stripe, transfer))
  }

  /** Somebody has archived the price at Stripe: the next try makes another. */
  #forgetPrice({ amount }: RefillOrder, cause: unknown): never {
    const isAboutPrice =
      cause instanceof Stripe.errors.StripeInvalidRequestError &&
      cause.param?.startsWith('line_items') === true
    if (amount !== undefined || !isAboutPrice) throw cause
    this.#means.prices.forgetPrice(this.#account)
    throw new ProviderError('failing', cause.message, cause)
  }

  async #line({ amount, label }: RefillOrder) {
    if (amount === undefined) return { price: await this.#anyAmount(label) }
    const product = { name: label }
    const price = { currency: 'eur', unit_amount: Number(amount), product_data: product }
    return { price_data: { ...price, tax_behavior: 'inclusive' as const } }
  }

  /** The price of which the payer chooses the amount: Checkout takes no such price inline. */
  async #anyAmount(label: string): Promise<string> {
    const { prices } = this.#means
    const known = prices.price(this.#account)
    if (known !== undefined) return known
    const { id } = await this.#stripe.prices.create({
      currency: 'eur',
      custom_unit_amount: { enabled: true },
      product_data: { name: label },
      tax_behavior: 'inclusive',
    })
    prices.setPrice(this.#account, id)
    return id
  }
}

function toHost(api: string | undefined) {
  if (api === undefined) return {}
  const { hostname, port, protocol } = new URL(api)
  const scheme = protocol === 'http:' ? ('http' as const) : ('https' as const)
  return { host: hostname, port: port || (scheme === 'http' ? '80' : '443'), protocol: scheme }
}

/** Says what went wrong in our words. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof Stripe.errors.StripeError)) throw cause
    throw new ProviderError(faultOf(cause), cause.message, cause)
  }
}

function faultOf(cause: InstanceType<typeof Stripe.errors.StripeError>): ProviderError['fault'] {
  const { statusCode = 0, code } = cause
  if (statusCode === 401 || statusCode === 403) return 'misconfigured'
  if (code === 'resource_missing') return 'unknown'
  // The first request with this key runs still, or too many run at all.
  if (statusCode === 409 || statusCode === 429) return 'busy'
  if (statusCode >= 500) return 'failing'
  return statusCode >= 400 ? 'refused' : 'unreachable'
}

function ofSession(session: Stripe.Checkout.Session): ProviderPayment {
  const { id, amount_total: total, currency, metadata, payment_intent: shown } = session
  const intent = typeof shown === 'object' ? shown : null
  return {
    ...(intent === null ? { ...NOTHING, currency: currency ?? '' } : ofIntent(intent)),
    reference: id,
    state: stateOfSession(session, intent),
    gross: BigInt(total ?? 0),
    metadata: metadata ?? {},
  }
}

const NOTHING = {
  ...{ paymentReference: undefined, fees: undefined, isClaimed: false, isAtTerminal: false },
} as const

function stateOfSession(
  { status, payment_status: paid }: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent | null,
): ProviderState {
  if (status === 'expired') return 'expired'
  if (status !== 'complete') return 'open'
  if (paid === 'paid') return 'paid'
  return intent?.status === 'processing' ? 'pending' : 'failed'
}

function stateOfIntent({ status }: Stripe.PaymentIntent): ProviderState {
  if (status === 'succeeded') return 'paid'
  if (status === 'canceled') return 'failed'
  return status === 'processing' ? 'pending' : 'open'
}

function ofIntent(intent: Stripe.PaymentIntent): Omit<ProviderPayment, 'reference' | 'state'> {
  const { id, amount_received: received, currency, metadata, latest_charge: shown } = intent
  const charge = typeof shown === 'object' ? shown : null
  const line = charge?.balance_transaction
  const isTold = typeof line === 'object' && line !== null
  return {
    paymentReference: id,
    gross: BigInt(received),
    // What was kept is told in the currency of our account, which is the euro or nothing of ours.
    currency: isTold && line.currency !== currency ? line.currency : currency,
    fees: isTold ? { fee: BigInt(line.fee), net: BigInt(line.net) } : undefined,
    isClaimed: charge !== null && (charge.disputed || charge.amount_refunded > 0),
    isAtTerminal: intent.payment_method_types.includes('card_present'),
    metadata,
  }
}
