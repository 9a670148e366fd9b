/** Euros that were paid through v1 go back after the move, to the bank card that paid. */
import type { WalletId } from '@fedow/ledger'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WishId } from '../src/store/payout-store.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { type ImportedV1, startImported } from './imported-v1.ts'
import { newId } from './test-network.ts'

const CHECKOUT = '3167d73b-f9bd-4e62-b7f0-80184fc43c93'
const WALLET = '55c50047-8ac6-45bf-bf6c-7006a90483e1' as WalletId
const AMOUNT = 4_200

let stripe: FakeStripe
let old: ImportedV1
let intent = ''

beforeAll(async () => {
  stripe = await startFakeStripe()
  const product = { name: 'FED' }
  const price = { currency: 'eur', unit_amount: AMOUNT, product_data: product }
  const session = await new Stripe(stripe.key, stripe.settings).checkout.sessions.create({
    ...{ mode: 'payment', success_url: 'https://lespass.example.org/' },
    line_items: [{ price_data: price, quantity: 1 }],
  })
  stripe.payCheckout(session, { outcome: 'paid' })
  intent = String(stripe.world.sessions.get(session.id).payment_intent)
  old = await startImported({
    file: 'story',
    sql: `UPDATE fedow_core_checkoutstripe SET checkout_session_id_stripe = '${session.id}'
          WHERE uuid = '${CHECKOUT.replaceAll('-', '')}'`,
    payments: { stripe: { key: stripe.key, webhookSecret: 'whsec_of_v1', api: stripe.origin } },
  })
})

afterAll(async () => {
  await old[Symbol.asyncDispose]()
  await stripe[Symbol.asyncDispose]()
})

it('draws on the payment of v1, and no more than is left of it', async () => {
  const { payouts } = old.server.payments
  const { genesis } = old.means.book
  const fed = () => old.world.balance(WALLET, genesis.fed.id)
  const before = fed()
  expect(before).toBe(BigInt(AMOUNT))
  const wish = { wallet: WALLET, card: undefined }
  const part = await payouts.begin({ id: newId<WishId>(), ...wish, amount: 1_200n })
  expect(part).toMatchObject({ payouts: [{ payment: intent, amount: 1_200n, state: 'paid' }] })
  expect(old.means.store.checkouts.find(CHECKOUT)?.status).toBe('F')
  const rest = await payouts.begin({ id: newId<WishId>(), ...wish, amount: undefined })
  expect(rest).toMatchObject({ payouts: [{ amount: 3_000n, state: 'paid' }] })
  expect(fed()).toBe(0n)
  expect(stripe.totals().refunded).toBe(before)
  const none = await payouts.begin({ id: newId<WishId>(), ...wish, amount: undefined })
  expect(none).toMatchObject({ payouts: [], wish: { problem: 'nothing_left' } })
})
