/**
 * A Stripe of our own for tests: its objects in memory, its HTTP on a real socket, its events signed.
 *
 * It keeps what the real one promises and does what the real one may do: answers that never arrive,
 * events that come twice, late, in another order or not at all, refunds that fail days later, and
 * charges that name their fee a moment after they succeed. Tests play the payer, the bank and the
 * weather through this object; whatever the node does, it does over HTTP.
 *
 * Left out: subscriptions, taxes, capture by hand, exchange of currencies (each keeps its own
 * balance), authentication of payers, and older versions of the API. What it does not know it
 * refuses by name, parameters too.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { PLATFORM, type Sum } from './books.ts'
import { inconsistencies } from './consistency.ts'
import type { Fees } from './fees.ts'
import * as accounts from './objects/account.ts'
import { expireDueSessions } from './objects/checkout.ts'
import { type Paid, type Payment, payCheckout, settleSession } from './objects/checkout-payment.ts'
import * as disputes from './objects/dispute.ts'
import { settleIntent, showLines } from './objects/paying.ts'
import { payOutAll, settlePayout } from './objects/payout.ts'
import {
  addReader,
  insertCard,
  type ReaderFault,
  type ReaderOutcome,
  tapReader,
} from './objects/reader.ts'
import { failRefund, payWaitingRefunds, plannedRefunds, settleRefund } from './objects/refund.ts'
import { type Recorded, StripeServer } from './server.ts'
import { type Totals, totalsOf } from './totals.ts'
import { Webhooks } from './webhooks.ts'
import { idOf, World } from './world.ts'

export interface FakeOptions {
  /** Of the ids; another one each time unless said. */
  readonly seed?: string
  readonly port?: number
  /** The wall clock below the fake's. */
  readonly now?: () => number
  readonly fees?: Partial<Fees>
  /** Days until money received can be spent; 2 unless said. */
  readonly settleAfterDays?: number
}

/** Something by its id or whole. */
type Shown = string | { readonly id: string }

export class FakeStripe implements AsyncDisposable {
  /** Such as http://127.0.0.1:40123. */
  readonly origin: string
  /** The secret key that it accepts. */
  readonly key: string
  /** Every object; tests may look at all, and change nothing but through the methods below. */
  readonly world: World
  readonly webhooks: Webhooks
  readonly #server: StripeServer

  constructor(parts: { world: World; server: StripeServer; origin: string; key: string }) {
    this.world = parts.world
    this.origin = parts.origin
    this.key = parts.key
    this.#server = parts.server
    this.webhooks = new Webhooks(parts.world)
  }

  /** What goes wrong on the way. */
  get faults(): StripeServer['faults'] {
    return this.#server.faults
  }

  /** Every request, in its order, and how it was answered. */
  get requests(): readonly Recorded[] {
    return this.#server.requests
  }

  /** Settings with which the `stripe` library speaks to the fake. */
  get settings(): { host: string; port: string; protocol: 'http'; telemetry: false } {
    const { hostname, port } = new URL(this.origin)
    return { host: hostname, port, protocol: 'http', telemetry: false }
  }

  /** From now on the key is wrong, as after it was rolled in the dashboard. */
  revokeKey(): void {
    this.#server.keys.delete(this.key)
  }

  /** Moves the clock: sessions expire, money becomes available, failed deliveries are tried again. */
  async advance(ms: number): Promise<void> {
    this.world.clock.move(ms)
    this.world.books.refresh()
    expireDueSessions(this.world)
    payWaitingRefunds(this.world)
    this.webhooks.retryDue()
    await this.webhooks.settled()
  }

  /** What the payer does on the page of a session. */
  payCheckout(session: Shown, payment: Payment): Paid {
    return payCheckout(this.world, this.world.sessions.get(idOf(session) ?? ''), payment)
  }

  /** The bank answers: for a session or an intent that waits, or for a refund that is under way. */
  settlePending(shown: Shown, outcome: 'succeeded' | 'failed' = 'succeeded'): void {
    const id = idOf(shown) ?? ''
    const [session, refund] = [this.world.sessions.find(id), this.world.refunds.find(id)]
    if (session) settleSession(this.world, session, outcome)
    else if (!refund) settleIntent(this.world, this.world.intents.get(id), outcome)
    else if (outcome === 'succeeded') settleRefund(this.world, refund)
    else failRefund(this.world, refund)
  }

  /** Puts a card reader into a venue. */
  addReader(label?: string, metadata?: Readonly<Record<string, string>>): Stripe.Terminal.Reader {
    return addReader(this.world, { label, metadata })
  }

  /** A card touches a reader that waits; `tapReader` says how that ends. */
  insertCard(reader: Shown): void {
    insertCard(this.world, this.world.readers.get(idOf(reader) ?? ''))
  }

  /** What goes wrong with the next payment that is pushed to a reader. */
  nextPush(reader: Shown, fault: ReaderFault): void {
    this.world.readerFaults.set(idOf(reader) ?? '', fault)
  }

  /** A card at a reader that waits for one, or nobody. */
  tapReader(reader: Shown, outcome: ReaderOutcome = 'paid'): void {
    tapReader(this.world, this.world.readers.get(idOf(reader) ?? ''), outcome)
  }

  setReaderOnline(reader: Shown, isOnline: boolean): void {
    this.world.readers.get(idOf(reader) ?? '').status = isOnline ? 'online' : 'offline'
  }

  /** Charges do not name their balance line, so their fee, until the second call. */
  holdBalanceLines(): void {
    this.world.areLinesHeld = true
  }

  releaseBalanceLines(): void {
    this.world.areLinesHeld = false
    showLines(this.world)
  }

  /** How the next refund goes; called again, the one after it. */
  nextRefund(outcome: 'pending' | 'failed'): void {
    plannedRefunds.set(this.world, [...(plannedRefunds.get(this.world) ?? []), outcome])
  }

  /** The payer's bank sends the money of a refund back. */
  failRefund(refund: Shown): void {
    failRefund(this.world, this.world.refunds.get(idOf(refund) ?? ''))
  }

  /** The payer of a charge, or of an intent, complains to the bank. */
  openDispute(paid: Shown, facts?: disputes.DisputeFacts): Stripe.Dispute {
    const id = idOf(paid) ?? ''
    const charge = idOf(this.world.intents.find(id)?.latest_charge) ?? id
    return disputes.openDispute(this.world, this.world.charges.get(charge), facts)
  }

  closeDispute(dispute: Shown, outcome: 'won' | 'lost' | 'escalated'): void {
    disputes.closeDispute(this.world, this.world.disputes.get(idOf(dispute) ?? ''), outcome)
  }

  /** Pays all that is available to the bank, as Stripe does every day or week. */
  payOut(account?: string): Stripe.Payout | undefined {
    return payOutAll(this.world, account)
  }

  settlePayout(payout: Shown, outcome: 'paid' | 'failed' = 'paid'): void {
    settlePayout(this.world, this.world.payouts.get(idOf(payout) ?? ''), outcome)
  }

  /** Money from the platform's bank, available at once. */
  topUp(amount: number, currency = 'eur'): void {
    const source = this.world.ids.next('tu')
    this.world.books.post({ type: 'topup', amount, currency, source })
    payWaitingRefunds(this.world)
  }

  onboard(account: Shown): Stripe.Account {
    return accounts.onboard(this.world, this.world.accounts.get(idOf(account) ?? ''))
  }

  restrict(account: Shown): Stripe.Account {
    return accounts.restrict(this.world, this.world.accounts.get(idOf(account) ?? ''))
  }

  deauthorise(account: Shown): void {
    accounts.deauthorise(this.world, this.world.accounts.get(idOf(account) ?? ''))
  }

  /** The balance in cents, of the platform or of a connected account. */
  balance(currency = 'eur', account = PLATFORM): Sum {
    return this.world.books.sum(account, currency)
  }

  /** All that has moved on the platform's account. */
  totals(currency = 'eur'): Totals {
    return totalsOf(this.world.books, currency)
  }

  /** Throws when the fake's own objects disagree, or when it has met a defect of its own. */
  assertSound(): void {
    const odd = inconsistencies(this.world)
    if (odd.length > 0) throw new Error(`The fake of Stripe is inconsistent: ${odd.join('; ')}`)
    const [bug] = this.#server.bugs
    if (bug !== undefined) throw bug
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
    await this.webhooks[Symbol.asyncDispose]()
    this.assertSound()
  }
}

/** Starts a fake on a port of the loopback interface. */
export async function startFakeStripe(options: FakeOptions = {}): Promise<FakeStripe> {
  const { seed = randomUUID(), port = 0, now, fees, settleAfterDays } = options
  let origin = ''
  const world = new World({
    ...{ seed, origin: () => origin },
    ...(now ? { wall: now } : {}),
    ...(fees ? { fees } : {}),
    ...(settleAfterDays === undefined ? {} : { settleAfterDays }),
  })
  const server = new StripeServer(world)
  const key = `sk_test_${world.ids.text(32)}`
  server.keys.add(key)
  origin = await server.listen(port)
  return new FakeStripe({ world, server, origin, key })
}
