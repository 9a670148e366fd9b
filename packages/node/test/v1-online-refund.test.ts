/** Federated euros back to the payer's bank card, as Lespass asks for it (WIRE.md 5.5.11). */
import { randomUUID } from 'node:crypto'
import { postIssue } from '@fedow/api'
import type { WalletId } from '@fedow/ledger'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { payment } from './http-world.ts'
import { startV1, type V1World } from './v1-world.ts'

const OPEN = '/wallet/get_federated_token_refill_checkout/'
const REFUND = '/wallet/refund_fed_by_signature/'

let stripe: FakeStripe
let world: V1World

beforeAll(async () => {
  stripe = await startFakeStripe()
  const settings = { key: stripe.key, webhookSecret: 'whsec_of_v1', api: stripe.origin }
  world = await startV1({ payments: { stripe: settings } })
})

afterEach(() => stripe.faults.clear())

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await stripe[Symbol.asyncDispose]()
})

function fedOf(wallet: WalletId): bigint {
  return world.balance(wallet, world.means.book.genesis.fed.id)
}

/** Somebody who has paid so much; more than once, when there are several amounts. */
async function member(...amounts: readonly number[]) {
  const place = await world.openPlace()
  const [lespass, person] = [world.lespass(place), await world.person()]
  for (const amount of amounts) {
    const body = { lespass_signed_data: randomUUID() }
    const { json: url } = await lespass.post(OPEN, body, person)
    const session = stripe.world.sessions.get(url.split('/').at(-1))
    stripe.payCheckout(session, { outcome: 'paid', amount })
    const back = `/wallet/${session.client_reference_id}/retrieve_from_refill_checkout/`
    expect((await lespass.get(back, person)).status).toBe(200)
  }
  return { place, lespass, person }
}

it('answers 404 without federated euros, 202 with the wallet, the same again, and 200 when nothing is left', async () => {
  const { lespass, person } = await member()
  const none = await lespass.get(REFUND, person)
  expect([none.status, none.json]).toEqual([404, 'Token STRIPE_FED_FIAT non trouvé'])
  const paid = await member(1_000, 700)
  const request = paid.lespass.signedGet(REFUND, paid.person)
  const done = await paid.lespass.send(request)
  expect([done.status, done.json.uuid]).toEqual([202, paid.person.wallet])
  expect(fedOf(paid.person.wallet)).toBe(0n)
  const again = await paid.lespass.send(request)
  expect([again.status, again.text]).toEqual([202, done.text])
  const empty = await paid.lespass.get(REFUND, paid.person)
  expect([empty.status, empty.json]).toEqual([200, 'Rien à rembourser'])
})

it('pays once for 20 taps', async () => {
  const { lespass, person } = await member(1_500)
  const before = stripe.world.refunds.all().length
  const taps = Array.from({ length: 20 }, () => lespass.get(REFUND, person))
  const statuses = (await Promise.all(taps)).map(({ status }) => status)
  expect(new Set(statuses).difference(new Set([200, 202]))).toEqual(new Set())
  expect(statuses).toContain(202)
  expect(stripe.world.refunds.all()).toHaveLength(before + 1)
  expect(fedOf(person.wallet)).toBe(0n)
})

it('answers 402 when no payment is behind the money, or none is left', async () => {
  const { lespass, person } = await member(900)
  const body = { wallet: person.wallet, evidence: payment(600) }
  await world.server.operator.call(postIssue, { body })
  expect((await lespass.get(REFUND, person)).status).toBe(202)
  expect(fedOf(person.wallet)).toBe(600n)
  const rest = await lespass.get(REFUND, person)
  expect([rest.status, rest.json]).toEqual([402, 'Pas de paiement Stripe pour ce wallet'])
})

it('counts a refund that is pending as done, and says 406 for one that fails', async () => {
  const pending = await member(800)
  stripe.nextRefund('pending')
  expect((await pending.lespass.get(REFUND, pending.person)).status).toBe(202)
  expect(fedOf(pending.person.wallet)).toBe(0n)
  const failed = await member(800)
  stripe.nextRefund('failed')
  const answer = await failed.lespass.get(REFUND, failed.person)
  expect([answer.status, answer.json]).toEqual([406, 'Remboursement échoué : failed'])
  expect(fedOf(failed.person.wallet)).toBe(800n)
})

it('answers 202 within the patience of the till while Stripe is slow, and goes on by itself', {
  timeout: 20_000,
}, async () => {
  const { lespass, person } = await member(800)
  const fault = stripe.faults.next({ method: 'POST', path: '/v1/refunds', how: 'slow-after' })
  const answer = await lespass.get(REFUND, person)
  expect(answer.status).toBe(202)
  fault.release()
  const { payouts } = world.means.payments
  const [payout] = payouts.page({ wallet: person.wallet, limit: 1 }).payouts
  expect((await payouts.look(payout?.id as never))?.state).toBe('paid')
  expect(fedOf(person.wallet)).toBe(0n)
})
