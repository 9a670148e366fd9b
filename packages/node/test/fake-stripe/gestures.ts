/** What payers, banks, venues and the platform do, in any order: for storms. */
import type Stripe from 'stripe'
import { HOUR_MS } from './clock.ts'
import type { FakeStripe } from './fake-stripe.ts'
import { idOf } from './world.ts'

/** What all gestures work with. */
export interface Play {
  readonly fake: FakeStripe
  readonly stripe: Stripe
  readonly price: string
  /** The account of a venue. */
  readonly venue: string
}

/** `which` chooses among objects and ways, `amount` is in cents. */
export interface Gesture {
  readonly kind: keyof typeof GESTURES
  readonly which: number
  readonly amount: number
}

type Act = (play: Play, facts: Omit<Gesture, 'kind'>) => unknown

/** Each does what makes sense, or nothing; what the API refuses is for the caller to expect. */
export const GESTURES = {
  pay: (play, { amount, which }) => pay(play, amount, which % 4 === 0 ? 'pending' : 'paid'),
  decline: ({ stripe }, { amount }) =>
    stripe.paymentIntents.create({
      ...{ amount, currency: 'eur', confirm: true, payment_method: 'pm_card_chargeDeclined' },
    }),
  settle: ({ fake }, { which }) => {
    const { intents, sessions } = fake.world
    const waiting = sessions.where(({ payment_intent: intent }) => {
      return intents.find(idOf(intent) ?? '')?.status === 'processing'
    })
    const session = pick(waiting, which)
    if (session) fake.settlePending(session, outcomeOf(which))
  },
  refund: ({ fake, stripe }, { which, amount }) => {
    if (which % 4 === 0) fake.nextRefund(which % 8 === 0 ? 'pending' : 'failed')
    const charge = pick(fake.world.charges.all(), which)?.id ?? 'ch_none'
    return stripe.refunds.create({ charge, ...(which % 2 === 0 ? {} : { amount }) })
  },
  settleRefund: ({ fake }, { which }) => {
    const { refunds } = fake.world
    const refund = pick(
      refunds.where(({ pending_reason: why }) => why === 'processing'),
      which,
    )
    if (refund) fake.settlePending(refund, outcomeOf(which))
  },
  failRefund: ({ fake }, { which }) => {
    const refund = pick(
      fake.world.refunds.where(({ status }) => status === 'succeeded'),
      which,
    )
    if (refund) fake.failRefund(refund)
  },
  dispute: ({ fake }, { which }) => {
    const { charges, disputes } = fake.world
    const disputed = new Set(disputes.all().map(({ charge }) => idOf(charge)))
    const free = charges.where(({ id, status, refunded }) => {
      return status === 'succeeded' && !refunded && !disputed.has(id)
    })
    const charge = pick(free, which)
    if (charge) fake.openDispute(charge, { isInquiry: which % 3 === 0 })
  },
  closeDispute: ({ fake }, { which }) => {
    const open = fake.world.disputes.where(({ status }) => status.endsWith('needs_response'))
    const dispute = pick(open, which)
    if (dispute) fake.closeDispute(dispute, which % 2 === 0 ? 'won' : 'lost')
  },
  transfer: ({ stripe, venue }, { amount }) =>
    stripe.transfers.create({ amount, currency: 'eur', destination: venue }),
  reverse: ({ fake, stripe }, { which, amount }) =>
    stripe.transfers.createReversal(pick(fake.world.transfers.all(), which)?.id ?? 'tr_none', {
      ...(which % 2 === 0 ? {} : { amount }),
    }),
  payOut: ({ fake, venue }, { which }) => fake.payOut(which % 3 === 0 ? venue : undefined),
  settlePayout: ({ fake }, { which }) => {
    const payout = pick(
      fake.world.payouts.where(({ status }) => status === 'pending'),
      which,
    )
    if (payout) fake.settlePayout(payout, which % 2 === 0 ? 'failed' : 'paid')
  },
  topUp: ({ fake }, { amount }) => fake.topUp(amount),
  wait: ({ fake }, { which }) => fake.advance((which % 30) * HOUR_MS),
} as const satisfies Record<string, Act>

async function pay(
  { fake, stripe, price }: Play,
  amount: number,
  outcome: 'paid' | 'pending',
): Promise<void> {
  const session = await stripe.checkout.sessions.create({
    ...{ mode: 'payment', line_items: [{ price, quantity: 1 }] },
    success_url: 'https://bar.example.org/',
  })
  fake.payCheckout(session, { outcome, amount })
}

function outcomeOf(which: number): 'succeeded' | 'failed' {
  return which % 3 === 0 ? 'failed' : 'succeeded'
}

/** One of them, or nothing when there is none. */
function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)]
}
