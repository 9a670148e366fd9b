/** Everything in any order: the fake's own money must agree to the cent, or no test may trust it. */
import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { chosenPrice, clientOf } from './fake-stripe/client.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { GESTURES, type Gesture, type Play } from './fake-stripe/gestures.ts'
import { idOf } from './fake-stripe/world.ts'

const KINDS = Object.keys(GESTURES) as Gesture['kind'][]

const anyGesture: fc.Arbitrary<Gesture> = fc.record({
  kind: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 1, arbitrary: fc.constantFrom<Gesture['kind']>('pay', 'refund', 'wait') },
  ),
  which: fc.nat({ max: 999 }),
  amount: fc.integer({ min: 100, max: 5000 }),
})

/** A refusal of the API means that nothing has moved; anything else is a defect. */
async function carryOut(play: Play, { kind, ...facts }: Gesture): Promise<void> {
  const before = play.fake.totals()
  try {
    await GESTURES[kind](play, facts)
  } catch (cause) {
    if (!(cause instanceof Stripe.errors.StripeError) || cause.statusCode === 500) throw cause
    expect(play.fake.totals()).toEqual(before)
  }
}

/** What the objects of the API say, each by itself, against the balance. */
function expectAgreement(fake: FakeStripe, venue: string): void {
  const { charges, refunds, transfers, payouts, disputes, payoutAccounts } = fake.world
  const totals = fake.totals()
  const own = payouts.where(({ id }) => !payoutAccounts.has(id))
  const isStanding = ({ status }: { readonly status: string }) =>
    status !== 'failed' && status !== 'canceled'
  const takes = ['needs_response', 'under_review', 'lost']
  expect(sum(charges.where(({ status }) => status === 'succeeded'))).toBe(totals.charged)
  expect(
    sum(refunds.where((one) => one.status !== 'failed' && one.balance_transaction !== null)),
  ).toBe(totals.refunded - totals.refundsFailed)
  expect(sum(disputes.where(({ status }) => takes.includes(status)))).toBe(
    totals.disputed - totals.disputesReversed,
  )
  const sent = transfers.all().map((one) => ({ amount: one.amount - one.amount_reversed }))
  expect(sum(sent)).toBe(totals.transferred - totals.transfersReversed)
  expect(sum(own.filter(isStanding))).toBe(totals.paidOut - totals.payoutsReturned)
  const ofVenue = payouts.where(({ id }) => payoutAccounts.get(id) === venue).filter(isStanding)
  expect(fake.balance('eur', venue).total).toBe(sum(sent) - sum(ofVenue))
}

function sum(all: readonly { readonly amount: number }[]): bigint {
  return all.reduce((total, { amount }) => total + BigInt(amount), 0n)
}

/** Whoever follows the events knows how each refund, dispute and payout has ended. */
function expectEventsTellAll({ world }: FakeStripe): void {
  const last = new Map<string, string>()
  for (const { data } of world.events.all()) {
    const { id, status } = data.object as { id?: string; status?: string }
    if (id !== undefined && status !== undefined) last.set(id, status)
  }
  const all = [world.refunds.all(), world.disputes.all(), world.payouts.all(), world.charges.all()]
  for (const { id, status } of all.flat()) expect([id, last.get(id)]).toEqual([id, status])
  for (const { id, status } of world.sessions.all()) {
    if (status !== 'open') expect([id, last.get(id)]).toEqual([id, status])
  }
}

describe('a storm of gestures', () => {
  it('leaves balance, objects and events in agreement to the cent', async () => {
    let moved = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyGesture, { minLength: 40, maxLength: 120 }),
        async (gestures) => {
          await using fake = await startFakeStripe({ seed: 'storm' })
          const stripe = clientOf(fake)
          const { id: venue } = await stripe.accounts.create({ type: 'express' })
          fake.onboard(venue)
          const price = idOf(await chosenPrice(stripe)) ?? ''
          for (const gesture of gestures) await carryOut({ fake, stripe, price, venue }, gesture)
          fake.assertSound()
          expectAgreement(fake, venue)
          expectEventsTellAll(fake)
          moved += fake.world.books.lines.all().length
        },
      ),
      { numRuns: 25 },
    )
    expect(moved).toBeGreaterThan(100)
  })
})
