/**
 * The fake beside `stripe-mock`, the stand-in that Stripe publishes: what we send is accepted there,
 * and what our fake answers has the members and types of what is answered there.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf } from './fake-stripe/client.ts'
import { sendEveryRequest } from './fake-stripe/every-request.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { ROUTES } from './fake-stripe/routes.ts'
import type { Recorded } from './fake-stripe/server.ts'
import { shapeDifferences } from './fake-stripe/shapes.ts'
import { MockUnavailable, type StripeMock, startStripeMock } from './fake-stripe/stripe-mock.ts'

/** Members that the stand-in does not show; the types of the library have them. */
const NOT_SHOWN = [
  // Newer than the stand-in.
  'charge.payment_method_details.card.electronic_commerce_indicator',
  'checkout.session.allowed_payment_method_types',
  'dispute.evidence_details.submission_method',
  'dispute.intended_submission_method',
  'payment_intent.payment_record',
  'product.tax_details',
  // Not in its examples, because they are there for some objects only.
  'balance.refund_and_dispute_prefunding',
  'charge.outcome.risk_level',
  'charge.outcome.risk_score',
  'charge.payment_method_details.card_present',
  'charge.source',
  'payment_intent.amount_details.tip',
  'payment_intent.last_payment_error.charge',
  'payment_intent.last_payment_error.code',
  'payment_intent.last_payment_error.message',
  'payment_intent.source',
  'product.type',
  'refund.destination_details.card.reference_status',
  'refund.destination_details.card.reference_type',
  'terminal.reader.action.process_payment_intent',
  'webhook_endpoint.secret',
].map((member) => `${member} lacks`)

let fake: FakeStripe
let mock: StripeMock | MockUnavailable

beforeAll(async () => {
  fake = await startFakeStripe({ seed: 'shapes' })
  await sendEveryRequest(fake, clientOf(fake))
  mock = await startStripeMock().catch((cause: unknown) => {
    if (cause instanceof MockUnavailable) return cause
    throw cause
  })
}, 600_000)

afterAll(async () => {
  if (!(mock instanceof MockUnavailable)) await mock[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`
}

describe('every kind of request', () => {
  it('is sent by the scenario', () => {
    const sent = new Set(fake.requests.map(({ method, route }) => `${method} ${route}`))
    expect(ROUTES.map(nameOf).filter((name) => !sent.has(name))).toEqual([])
    expect(fake.requests.filter(({ status }) => status !== 200)).toEqual([])
  })

  it('is accepted there, and answered here in the same shape', async ({ skip }) => {
    if (mock instanceof MockUnavailable) return skip(mock.message)
    const refused: object[] = []
    const differences = new Set<string>()
    for (const request of fake.requests) {
      const { status, body } = await send(mock.origin, request)
      if (status !== 200) refused.push({ request, body })
      else for (const one of shapeDifferences(request.answer, body)) differences.add(one)
    }
    expect(refused).toEqual([])
    expect([...differences].toSorted()).toEqual(NOT_SHOWN.toSorted())
  })
})

async function send(origin: string, { method, path, form }: Recorded) {
  const isPost = method === 'POST'
  const answer = await fetch(`${origin}${path}${isPost || form === '' ? '' : `?${form}`}`, {
    method,
    headers: {
      authorization: `Bearer ${fake.key}`,
      ...(isPost ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(isPost ? { body: form } : {}),
  })
  const body: unknown = await answer.json()
  return { status: answer.status, body }
}
