/**
 * A day of payments for tests: people refill and pay at terminals, or do not, while the network between Stripe and the
 * node does its worst and the node is started again in between. What is planned follows from the seed.
 *
 * @module
 */

import Stripe from 'stripe'
import type { PaymentId } from '../src/store/payment-store.ts'
import type { WishId } from '../src/store/payout-store.ts'
import { hearKept } from '../src/v1/routes/stripe-webhook.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import type { How } from './fake-stripe/faults.ts'
import { idOf } from './fake-stripe/world.ts'
import { FATES, PATHS, type Plan, pick, planFor } from './payments-day-plan.ts'
import { seededRandom } from './power-cut/recording.ts'
import { newId, TestNetwork } from './test-network.ts'
import { pythonText } from './v1-clients.ts'
import { rsaKey, startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

const SECRET = 'whsec_of_a_day'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const AT_ONCE = 40
const CARDS = 24
const RESTARTS = 5
/** Each of these costs seconds of the wall clock. */
const SILENCES: readonly How[] = ['timeout', 'timeout-after', 'timeout', 'timeout-after']

/** What the guide tells an operator to listen to. */
const TOLD = [
  ...['checkout.session.completed', 'checkout.session.async_payment_succeeded', 'charge.updated'],
  ...['checkout.session.async_payment_failed', 'checkout.session.expired'],
  ...['terminal.reader.action_succeeded', 'charge.dispute.created', 'charge.dispute.closed'],
  ...['charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated'],
  ...['refund.updated', 'refund.failed'],
]

export class Day implements AsyncDisposable {
  readonly stripe: FakeStripe
  readonly warnings: string[] = []
  /** Cents that were paid for each card, as the payers know it. */
  readonly paid: bigint[] = Array.from({ length: CARDS }, () => 0n)
  cards: readonly TestCard[] = []
  world!: V1World
  readonly #random: () => number
  readonly #network = new TestNetwork()
  readonly #client: Stripe
  #place!: TestPlace
  #endpoint = ''
  #movedMs = 0
  /** Pages whose bank has not answered. */
  readonly #waiting: string[] = []
  readonly #paidLater = new Set<string>()

  private constructor(stripe: FakeStripe, seed: number) {
    this.stripe = stripe
    this.#random = seededRandom(seed)
    this.#client = new Stripe(stripe.key, {
      ...stripe.settings,
      maxNetworkRetries: 0,
      timeout: 1_000,
    })
  }

  /** Opens a node with cards. The fees of Stripe are small, as the keeper may owe little. */
  static async begin(seed: number): Promise<Day> {
    const fees = { card: { rateBps: 150, fixed: 10 }, dispute: 100, refund: 3 }
    const day = new Day(await startFakeStripe({ seed: String(seed), fees }), seed)
    await day.#start()
    day.#place = await day.world.openPlace()
    day.world.till(day.#place)
    day.cards = await day.world.cards(day.#place, CARDS)
    const url = `${day.world.origin}/webhook_stripe/`
    day.#endpoint = day.stripe.webhooks.listen({ url, secret: SECRET, events: TOLD }).id
    await day.look()
    return day
  }

  /** Cents that went back to the payers of each card at their wish, as their banks know it. */
  get back(): readonly bigint[] {
    const { payments } = this.world.server.payments
    const done = this.stripe.world.refunds.where(({ status, metadata }) => {
      return status === 'succeeded' && metadata?.['fedow_payout'] !== undefined
    })
    return this.cards.map((card) => {
      const wallet = this.world.walletOf(card)
      const own = done.filter(({ payment_intent: intent }) => {
        return payments.byReference(idOf(intent) ?? '')?.wallet === wallet
      })
      return own.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
    })
  }

  get folder(): string {
    return this.#network.folder
  }

  async run(payments: number): Promise<void> {
    const plans = Array.from({ length: payments }, (_, at) => planFor(this.#random, at % CARDS))
    for (const [at, how] of SILENCES.entries()) {
      this.stripe.faults.next({ path: PATHS[at % 2] ?? '*', how })
    }
    const every = Math.max(1, Math.floor(payments / AT_ONCE / (RESTARTS + 1)))
    for (let at = 0; at < payments; at += AT_ONCE) {
      const some = plans.slice(at, at + AT_ONCE)
      await Promise.all(some.map((plan) => this.#one(plan)))
      await this.#between()
      if ((at / AT_ONCE) % every === every - 1) await this.#restart()
    }
  }

  /** Lets everything come in and the jobs run until nothing changes any more. */
  async end(): Promise<void> {
    const { stripe } = this
    stripe.faults.clear()
    stripe.releaseBalanceLines()
    this.#settle(1)
    for (const { id } of stripe.world.disputes.where(isOpen)) stripe.closeDispute(id, 'lost')
    await stripe.webhooks.release({ order: 'reversed', isTogether: true })
    await stripe.webhooks.settled()
    // What is open expires.
    await this.#move(DAY_MS + MINUTE_MS)
    const endMs = this.#nowMs
    // Nothing may wait, and there may be payments that no event has told of: they are found once all events are heard.
    for (let pass = 0; pass < 60 && (this.waiting > 0 || !this.#hasHeardUntil(endMs)); pass += 1) {
      await this.#move(31 * MINUTE_MS)
      await this.look()
      this.#settle(1)
    }
  }

  /** Payments and payouts that are not over. */
  get waiting(): number {
    const { payments, payouts, lines } = this.world.server.payments
    const { waiting, owed } = payments.status()
    return waiting + owed + payouts.counts().underWay + lines.waiting()
  }

  /** What a node does by itself every minute. */
  async look(): Promise<void> {
    const { missed, payments, payouts, disputes, lines } = this.world.server.payments
    await missed.look((event) => hearKept(this.world.means, event))
    await payments.reconcile()
    await payouts.reconcile()
    await disputes.reconcile()
    await lines.reconcile()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stripe.webhooks.settled()
    await this.world[Symbol.asyncDispose]()
    await this.stripe[Symbol.asyncDispose]()
    this.#network[Symbol.dispose]()
  }

  async #start(): Promise<void> {
    this.world = await startV1({
      network: this.#network,
      payments: {
        stripe: { key: this.stripe.key, webhookSecret: SECRET, api: this.stripe.origin },
        now: () => this.#nowMs,
        warn: (what) => this.warnings.push(what),
      },
    })
  }

  /** People go on paying while nobody listens. */
  async #restart(): Promise<void> {
    await this.stripe.webhooks.settled()
    await this.world[Symbol.asyncDispose]()
    for (let one = 0; one < 2; one += 1) {
      const { card, amount } = planFor(this.#random, Math.floor(this.#random() * CARDS))
      await this.#atTill({
        ...planFor(this.#random, card),
        kind: 'till',
        card,
        amount,
        fault: undefined,
      })
    }
    await this.stripe.webhooks.settled()
    await this.#start()
    const url = `${this.world.origin}/webhook_stripe/`
    await this.#client.webhookEndpoints.update(this.#endpoint, { url })
    await this.look()
  }

  get #nowMs(): number {
    return Date.now() + this.#movedMs
  }

  #hasHeardUntil(ms: number): boolean {
    return (this.world.server.payments.missed.heardUntilMs ?? 0) >= ms
  }

  async #move(ms: number): Promise<void> {
    this.#movedMs += ms
    await this.stripe.advance(ms)
  }

  #break({ fault }: Plan): void {
    if (fault === undefined) return
    const { met, release } = this.stripe.faults.next(fault)
    void met.then(() => setImmediate(release))
  }

  async #one(plan: Plan): Promise<void> {
    this.#break(plan)
    if (plan.kind.startsWith('till')) return this.#atTill(plan)
    if (plan.kind.startsWith('page')) return this.#onLostPage(plan)
    const payment = await this.#refill(plan)
    if (plan.isReturning) await this.world.server.payments.payments.settle(payment)
  }

  #count({ card, amount }: Pick<Plan, 'card' | 'amount'>): void {
    this.paid[card] = (this.paid[card] ?? 0n) + BigInt(amount)
  }

  async #refill(plan: Plan): Promise<PaymentId> {
    const { stripe } = this
    const { kind, amount, fate } = plan
    const id = newId<PaymentId>()
    const isTwice = kind === 'twice'
    if (isTwice) stripe.faults.next({ path: '/v1/checkout/sessions', how: '500-after' })
    await this.#open(id, plan)
    const pages = stripe.world.sessions.where((one) => one.client_reference_id === id)
    const page = pages.at(-1)
    if (page === undefined || kind === 'never') return id
    stripe.webhooks.next({ type: 'checkout.session.completed', fate })
    if (kind === 'zero') {
      const free = { ...page, amount_total: 0, status: 'complete', payment_status: 'paid' }
      await stripe.webhooks.send('checkout.session.completed', free)
      return id
    }
    if (kind === 'expired') stripe.payCheckout(page, { outcome: 'expired' })
    if (kind.startsWith('declined')) stripe.payCheckout(page, { outcome: 'declined' })
    if (kind === 'declined' || kind === 'expired') return id
    for (const one of isTwice ? pages : [page]) {
      stripe.payCheckout(one, { outcome: 'paid' })
      this.#count({ card: plan.card, amount })
    }
    return id
  }

  /** As a program does it: the same wish again until it is answered. */
  async #open(id: PaymentId, { card: at, amount }: Plan): Promise<void> {
    const { payments } = this.world.server.payments
    const { card, wallet } = this.#bearer(at)
    const others = { place: undefined, email: undefined, returnUrl: 'https://bar.example/' }
    for (let tries = 0; tries < 20; tries += 1) {
      const opened = await payments.open({ id, card, wallet, amount: BigInt(amount), ...others })
      if (opened.status === 'opened') return
      if (opened.status !== 'unreachable') throw new Error(`not opened: ${opened.status}`)
    }
    throw new Error('Stripe stays silent')
  }

  #bearer(at: number) {
    const card = this.cards[at]
    if (card === undefined) throw new Error(`there is no card ${at}`)
    return { card: card.card, wallet: this.world.walletOf(card), tag: card.tag }
  }

  /** A page whose payment stands at Stripe alone. */
  async #onLostPage(plan: Plan): Promise<void> {
    const { stripe, world } = this
    const { card, wallet } = this.#bearer(plan.card)
    const noted = { fedow_chain: world.means.book.chain, fedow_payment: newId<PaymentId>() }
    const metadata = { ...noted, fedow_wallet: wallet, fedow_card: card, signed_data: 'x' }
    const currency = plan.kind === 'page-dollars' ? 'usd' : 'eur'
    const price = { currency, unit_amount: plan.amount, product_data: { name: 'Refill' } }
    const isDebit = plan.kind === 'page-pending' || plan.kind === 'page-unpaid'
    const page = await untilAnswered(() =>
      this.#client.checkout.sessions.create({
        ...{ mode: 'payment', line_items: [{ price_data: price, quantity: 1 }], metadata },
        ...{ success_url: 'https://bar.example/', payment_intent_data: { metadata } },
        ...({ payment_method_types: [isDebit ? 'sepa_debit' : 'card'] } as object),
      }),
    )
    stripe.webhooks.next({ type: 'checkout.session.completed', fate: plan.fate })
    stripe.payCheckout(page.id, { outcome: isDebit ? 'pending' : 'paid' })
    if (isDebit) this.#waiting.push(page.id)
    if (plan.kind === 'page-pending') this.#paidLater.add(page.id)
    if (currency === 'eur' && plan.kind !== 'page-unpaid') this.#count(plan)
  }

  async #atTill(plan: Plan): Promise<void> {
    const { stripe } = this
    const facts = { fedow_place_uuid: this.#place.place, tag_id: this.cards[plan.card]?.tag ?? '' }
    const metadata = { data: pythonText(facts), signature: rsaKey(0).signBody(facts) }
    const currency = plan.kind === 'till-dollars' ? 'usd' : 'eur'
    const intent = await untilAnswered(() =>
      this.#client.paymentIntents.create({
        ...{ amount: plan.amount, currency, capture_method: 'automatic', metadata },
        ...({ payment_method_types: ['card_present'] } as object),
      }),
    )
    const reader = stripe.addReader()
    const order = { payment_intent: intent.id }
    await this.#client.terminal.readers.processPaymentIntent(reader.id, order)
    stripe.webhooks.next({ type: 'terminal.reader.action_succeeded', fate: plan.fate })
    const isDeclined = plan.kind === 'till-declined'
    const outcome = plan.kind === 'till-nobody' ? 'timeout' : isDeclined ? 'declined' : 'paid'
    stripe.tapReader(reader, outcome)
    if (outcome === 'paid' && currency === 'eur') this.#count(plan)
  }

  async #between(): Promise<void> {
    const { stripe } = this
    const random = this.#random
    if (random() < 0.2) stripe.holdBalanceLines()
    else stripe.releaseBalanceLines()
    if (random() < 0.3) {
      await stripe.webhooks.release({ order: 'shuffled', copies: 2, seed: random() * 1e9 })
    }
    this.#settle(0.5)
    for (let one = 0; one < 3; one += 1) await this.#giveBack()
    this.#complain()
    await this.#refundElsewhere()
    await this.#move(Math.floor(random() * 20) * MINUTE_MS)
    await this.look()
  }

  /** Somebody wants euros back; now and then the bank takes its time, or does not take them. */
  async #giveBack(): Promise<void> {
    const random = this.#random
    const { card, wallet } = this.#bearer(Math.floor(random() * CARDS))
    const amount = BigInt(1 + Math.floor(random() * 500))
    if (random() < 0.4) this.stripe.nextRefund(random() < 0.5 ? 'pending' : 'failed')
    const how = pick(FATES, random())
    this.stripe.webhooks.next({ type: 'refund.*', fate: how })
    const wish = { id: newId<WishId>(), card, wallet, amount }
    const begun = await this.world.server.payments.payouts.begin(wish)
    if (begun.status !== 'begun') throw new Error(`not begun: ${begun.status}`)
  }

  /** A payer claims money back at the bank, which decides one of the older claims. */
  #complain(): void {
    const { stripe } = this
    const { charges, disputes } = stripe.world
    const [open] = disputes.where(isOpen)
    if (open !== undefined) stripe.closeDispute(open, this.#random() < 0.5 ? 'won' : 'lost')
    const free = charges.where(
      ({ status, currency, disputed, amount_refunded: back, payment_intent: of }) => {
        const isFree = status === 'succeeded' && currency === 'eur' && !disputed && back === 0
        return isFree && this.#isCredited(idOf(of) ?? '')
      },
    )
    if (free.length === 0 || this.#random() < 0.5) return
    stripe.openDispute(pick(free, this.#random()))
  }

  /** Somebody gives a payer a little back on the pages of Stripe. */
  async #refundElsewhere(): Promise<void> {
    const random = this.#random
    const { charges } = this.stripe.world
    const free = charges.where(({ status, currency, disputed, amount, amount_refunded: back }) => {
      const isPaid = status === 'succeeded' && currency === 'eur' && !disputed
      return isPaid && amount - back > 100
    })
    if (free.length === 0 || random() < 0.6) return
    const { payment_intent: intent } = pick(free, random())
    if (!this.#isCredited(idOf(intent) ?? '')) return
    const order = { payment_intent: idOf(intent) ?? '', amount: 1 + Math.floor(random() * 100) }
    await untilAnswered(() => this.#client.refunds.create(order))
  }

  #isCredited(intent: string): boolean {
    return this.world.server.payments.payments.byReference(intent)?.state === 'credited'
  }

  /** The banks answer for some of the payments and refunds that wait for one. */
  #settle(share: number): void {
    const { refunds } = this.stripe.world
    for (const refund of refunds.where(({ pending_reason: why }) => why === 'processing')) {
      const outcome = this.#random() < 0.3 ? 'failed' : 'succeeded'
      if (this.#random() < share) this.stripe.settlePending(refund, outcome)
    }
    for (const refund of refunds.where(({ status }) => status === 'succeeded')) {
      if (this.#random() < 0.05 * (1 - share)) this.stripe.failRefund(refund)
    }
    for (const page of this.#waiting.splice(0)) {
      const outcome = this.#paidLater.has(page) ? 'succeeded' : 'failed'
      if (this.#random() < share) this.stripe.settlePending(page, outcome)
      else this.#waiting.push(page)
    }
  }
}

function isOpen({ status }: Stripe.Dispute): boolean {
  return status.endsWith('needs_response')
}

/** For what clients other than the node ask of Stripe: they try again too. */
async function untilAnswered<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (cause) {
      if (tries === 20) throw cause
    }
  }
}
