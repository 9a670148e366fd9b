import Stripe from 'stripe'
import { Books } from './books.ts'
import { DAY_MS, FakeClock } from './clock.ts'
import { type Fees, USUAL_FEES } from './fees.ts'
import { Ids } from './ids.ts'
import type { ReaderFault } from './objects/reader.ts'
import { Shelf } from './shelf.ts'

/** The version in which objects are written: that of the library. */
export const API_VERSION: string = Stripe.API_VERSION

export type Price = Omit<Stripe.Price, 'unit_amount_decimal'> & {
  readonly unit_amount_decimal: string | null
}

export interface WorldOptions {
  readonly seed: string
  readonly origin: () => string
  readonly wall?: () => number
  readonly fees?: Partial<Fees>
  /** Days from a payment to the day when its money can be spent. */
  readonly settleAfterDays?: number
}

/** The call that changes something, for the `request` of its events. */
export interface Cause {
  readonly id: string
  readonly idempotency_key: string | null
}

export type EventSink = (event: Stripe.Event, account: string) => void

/** Every object of the fake, and what all of them need. */
export class World {
  readonly clock: FakeClock
  readonly ids: Ids
  readonly fees: Fees
  readonly books: Books
  readonly products = new Shelf<Stripe.Product>('product')
  readonly prices = new Shelf<Price>('price')
  readonly customers = new Shelf<Stripe.Customer>('customer')
  readonly sessions = new Shelf<Stripe.Checkout.Session>('checkout.session')
  readonly lineItems = new Map<string, readonly Stripe.LineItem[]>()
  readonly intents = new Shelf<Stripe.PaymentIntent>('payment_intent')
  readonly charges = new Shelf<Stripe.Charge>('charge')
  readonly refunds = new Shelf<Stripe.Refund>('refund')
  readonly transfers = new Shelf<Stripe.Transfer>('transfer')
  readonly reversals = new Shelf<Stripe.TransferReversal>('transfer_reversal')
  readonly accounts = new Shelf<Stripe.Account>('account')
  readonly payouts = new Shelf<Stripe.Payout>('payout')
  readonly disputes = new Shelf<Stripe.Dispute>('dispute')
  readonly readers = new Shelf<Stripe.Terminal.Reader>('terminal.reader')
  /** Readers at which a card is being read. */
  readonly reading = new Set<string>()
  /** What goes wrong with the next order to a reader. */
  readonly readerFaults = new Map<string, ReaderFault>()
  readonly locations = new Shelf<Stripe.Terminal.Location>('terminal.location')
  readonly events = new Shelf<Stripe.Event>('event')
  readonly endpoints = new Shelf<Stripe.WebhookEndpoint>('webhook_endpoint')
  /** The line that each paid charge has brought. */
  readonly lineOfCharge = new Map<string, Stripe.BalanceTransaction>()
  /** Charges that do not name their line yet, and whether that lasts. */
  readonly lateLines: Stripe.Charge[] = []
  areLinesHeld = false
  /** The account of the API key. */
  readonly platform: string
  /** Accounts of payouts that are not the platform's. */
  readonly payoutAccounts = new Map<string, string>()
  /** Which automatic payout took a balance line. */
  readonly payoutOfLine = new Map<string, string>()
  cause: Cause | null = null
  sink: EventSink = () => undefined
  readonly #origin: () => string
  readonly #settleAfterDays: number

  constructor({ seed, origin, wall, fees, settleAfterDays = 2 }: WorldOptions) {
    this.clock = new FakeClock(wall)
    this.ids = new Ids(seed)
    this.fees = { ...USUAL_FEES, ...fees }
    this.books = new Books(this.clock, this.ids)
    this.platform = this.ids.next('acct', 16)
    this.#origin = origin
    this.#settleAfterDays = settleAfterDays
  }

  get origin(): string {
    return this.#origin()
  }

  /** The second from which money received now can be spent. */
  availableOn(): number {
    return this.clock.now() + (this.#settleAfterDays * DAY_MS) / 1000
  }

  /** Writes down what happened; whoever listens delivers it. `account`: the connected one it is of. */
  emit(type: string, object: object, { account = '', previous }: EmitOptions = {}): Stripe.Event {
    const event = {
      id: this.ids.next('evt'),
      object: 'event',
      ...(account === '' ? {} : { account }),
      api_version: API_VERSION,
      created: this.clock.now(),
      data: {
        object: structuredClone(object),
        ...(previous === undefined ? {} : { previous_attributes: previous }),
      },
      livemode: false,
      pending_webhooks: 0,
      request: this.cause ?? { id: null, idempotency_key: null },
      type,
    } as unknown as Stripe.Event
    this.events.add(event)
    this.sink(event, account)
    return event
  }

  /** The object of any kind that has this id. */
  find(id: string): object | undefined {
    const shelves = [
      ...[this.charges, this.intents, this.refunds, this.customers, this.transfers],
      ...[this.reversals, this.payouts, this.disputes, this.products, this.prices],
      ...[this.books.lines, this.sessions, this.readers, this.locations, this.accounts],
    ]
    for (const shelf of shelves) {
      const found = shelf.find(id)
      if (found) return found
    }
    return undefined
  }
}

export interface EmitOptions {
  readonly account?: string
  readonly previous?: object
}

/** The id of something that Stripe shows by its id or whole. */
export function idOf(shown: string | { readonly id: string } | null | undefined): string | null {
  if (shown === null || shown === undefined) return null
  return typeof shown === 'string' ? shown : shown.id
}
