/** A bar with a terminal of the fake of Stripe, and a till that asks for cards there. */
import { type AnswerOf, askAgain, cancelPayment, getPayment, postTerminalPayment } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import type Stripe from 'stripe'
import { expect } from 'vitest'
import type { Payment } from '../src/store/payment-store.ts'
import { type PaymentsWorld, startPayments, type WorldWishes } from './payments-world.ts'

type View = AnswerOf<typeof getPayment>
type PaymentId = View['payment']

export interface TerminalWorld extends AsyncDisposable {
  readonly world: PaymentsWorld
  readonly reader: Stripe.Terminal.Reader
  /** A card that the last call has not answered. */
  aCard(): string
  body(card: string, amount?: number): Readonly<Record<'card' | 'reader', string>> & WishBody
  ask(card: string, amount?: number, key?: TxId): Promise<View>
  again(payment: PaymentId): Promise<View>
  cancel(payment: PaymentId): Promise<View>
  look(payment: PaymentId): Promise<View>
  /** As it is kept, without asking anybody. */
  kept(payment: PaymentId): Payment
  intents(): readonly Stripe.PaymentIntent[]
  reconcile(afterMs: number): Promise<void>
  /** The book, the reserve and Stripe say the same. */
  expectSound(): Promise<void>
}

interface WishBody {
  readonly place: PaymentsWorld['bar']['place']
  readonly amount: number
}

export async function startTerminal(wishes: WorldWishes = {}): Promise<TerminalWorld> {
  const world = await startPayments(wishes)
  const { stripe, bar, server } = world
  const reader = stripe.addReader('Bar')
  let next = 0
  const body: TerminalWorld['body'] = (card, amount = 1_500) => {
    return { place: bar.place, reader: reader.id, card, amount }
  }
  return {
    ...{ world, reader, body },
    aCard() {
      next += 1
      return bar.tags[next % bar.tags.length] ?? ''
    },
    ask: (card, amount, key) =>
      bar.manager.call(postTerminalPayment, { body: body(card, amount), ...(key && { key }) }),
    again: (payment) => bar.manager.call(askAgain, { params: { payment } }),
    cancel: (payment) => bar.manager.call(cancelPayment, { params: { payment } }),
    look: (payment) => server.anyone.call(getPayment, { params: { payment } }),
    kept(payment) {
      const there = server.payments.payments.find(payment)
      if (there === undefined) throw new Error(`no payment ${payment}`)
      return there
    },
    intents: () => stripe.world.intents.all(),
    async reconcile(afterMs) {
      await world.move(afterMs)
      await server.payments.payments.reconcile()
    },
    async expectSound() {
      const { fed, provider, due } = await world.totals()
      expect(fed).toBe(provider + due)
      const { available, pending } = stripe.balance()
      expect(provider).toBe(available + pending)
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}
