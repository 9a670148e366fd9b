/** Payments of the fake from their beginning to their end, through the real library. */
import { describe, expect, it } from 'vitest'
import {
  chosenPrice,
  clientOf,
  failure,
  happened,
  openSession,
  paid,
} from './fake-stripe/client.ts'
import { DAY_MS, HOUR_MS } from './fake-stripe/clock.ts'
import { startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { feeOn, USUAL_FEES } from './fake-stripe/fees.ts'
import { idOf } from './fake-stripe/world.ts'

describe('a checkout session', () => {
  it('is open until the payer has chosen an amount and paid it', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const session = await openSession(stripe, {
      ...{ client_reference_id: 'wallet-1', customer_email: 'ana@example.org' },
      ...{ payment_method_types: ['card'], metadata: { signed_data: 'abc' } },
      payment_intent_data: { metadata: { refill: '1' }, transfer_group: 'refill-1' },
    })
    expect(session).toMatchObject({
      ...{ status: 'open', payment_status: 'unpaid', amount_total: 0, payment_intent: null },
      ...{
        mode: 'payment',
        customer_email: 'ana@example.org',
        url: `${fake.origin}/pay/${session.id}`,
      },
      metadata: { signed_data: 'abc' },
    })
    const before = happened(fake)
    const { returnUrl } = fake.payCheckout(session, { outcome: 'paid', amount: 2000 })
    expect(returnUrl).toBe(`https://bar.example.org/back/${session.id}`)
    expect(happened(fake).slice(before.length)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'charge.updated',
      'checkout.session.completed',
    ])
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge.balance_transaction', 'line_items'],
    })
    expect(done).toMatchObject({
      ...{ status: 'complete', payment_status: 'paid', amount_total: 2000, url: null },
      customer_details: { email: 'ana@example.org' },
      line_items: { data: [{ amount_total: 2000, description: 'Primary Asset' }] },
      payment_intent: {
        ...{ status: 'succeeded', amount_received: 2000, metadata: { refill: '1' } },
        latest_charge: {
          ...{ amount: 2000, status: 'succeeded', paid: true, transfer_group: 'refill-1' },
          balance_transaction: { amount: 2000, fee: 55, net: 1945, type: 'charge' },
        },
      },
    })
    expect(fake.balance()).toEqual({ available: 0n, pending: 1945n, total: 1945n })
    expect(() => fake.payCheckout(session, { outcome: 'paid', amount: 2000 })).toThrow('complete')
  })

  it('stays open after a card was declined, and can be paid by the next', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const session = await openSession(stripe)
    const before = happened(fake)
    expect(fake.payCheckout(session, { outcome: 'declined', amount: 2000 }).returnUrl).toBeNull()
    expect(happened(fake).slice(before.length)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ])
    const open = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(open).toMatchObject({
      ...{ status: 'open', payment_status: 'unpaid' },
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { code: 'card_declined', type: 'card_error' },
      },
    })
    expect(fake.balance().total).toBe(0n)
    fake.payCheckout(session, { outcome: 'paid', amount: 3000 })
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(done).toMatchObject({
      ...{ payment_status: 'paid', amount_total: 3000 },
      payment_intent: { id: idOf(open.payment_intent), amount_received: 3000 },
    })
    const charges = await stripe.charges.list({ payment_intent: idOf(done.payment_intent) ?? '' })
    expect(charges.data.map(({ status, amount }) => [status, amount])).toEqual([
      ['succeeded', 3000],
      ['failed', 2000],
    ])
  })

  it.each(['succeeded', 'failed'] as const)('that waits for a bank ends as %s', async (outcome) => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const session = await openSession(stripe)
    fake.payCheckout(session, { outcome: 'pending', amount: 2000 })
    const waiting = await stripe.checkout.sessions.retrieve(session.id)
    expect(waiting).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    expect(happened(fake)).toContain('checkout.session.completed')
    expect(fake.balance().total).toBe(0n)

    fake.settlePending(session, outcome)
    const ended = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent'],
    })
    expect(happened(fake)).toContain(`checkout.session.async_payment_${outcome}`)
    const isPaid = outcome === 'succeeded'
    expect(ended).toMatchObject({
      payment_status: isPaid ? 'paid' : 'unpaid',
      payment_intent: { status: isPaid ? 'succeeded' : 'requires_payment_method' },
    })
    expect(fake.balance().total).toBe(isPaid ? 1965n : 0n)
    expect(() => fake.settlePending(session)).toThrow(outcome)
  })

  it('of a fixed amount takes that one only', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const product_data = { name: 'Membership' }
    const session = await stripe.checkout.sessions.create({
      ...{ mode: 'payment', customer_creation: 'always', invoice_creation: { enabled: true } },
      ...{ success_url: 'https://bar.example.org/', payment_method_types: ['card'] },
      line_items: [
        { price_data: { currency: 'eur', unit_amount: 1500, product_data }, quantity: 2 },
      ],
    })
    expect(session.amount_total).toBe(3000)
    expect(() => fake.payCheckout(session, { outcome: 'paid', amount: 1 })).toThrow('choose')
    expect(() => fake.payCheckout(session, { outcome: 'pending' })).toThrow('sepa_debit')
    fake.payCheckout(session, { outcome: 'paid', email: 'bo@example.org' })
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer'] })
    expect(done).toMatchObject({
      ...{ payment_status: 'paid', amount_total: 3000 },
      customer: { object: 'customer', email: 'bo@example.org' },
      invoice: expect.stringMatching(/^in_/),
    })
  })

  it('refuses an amount that its price does not take', async () => {
    await using fake = await startFakeStripe()
    const session = await openSession(clientOf(fake))
    for (const amount of [99, 50_001]) {
      expect(() => fake.payCheckout(session, { outcome: 'paid', amount })).toThrow('100 to 50000')
    }
  })

  it('expires by request, by the payer who leaves, and by the clock', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const price = await chosenPrice(stripe)
    const create = (expires_at?: number) =>
      stripe.checkout.sessions.create({
        ...{ mode: 'payment', success_url: 'https://bar.example.org/' },
        line_items: [{ price: price.id, quantity: 1 }],
        ...(expires_at === undefined ? {} : { expires_at }),
      })
    const [asked, left, paidInTime] = [await create(), await create(), await create()]
    const late = await create(fake.world.clock.now() + 3600)
    expect((await stripe.checkout.sessions.expire(asked.id)).status).toBe('expired')
    fake.payCheckout(left, { outcome: 'expired' })
    fake.payCheckout(paidInTime, { outcome: 'paid', amount: 500 })
    await fake.advance(HOUR_MS)
    expect((await stripe.checkout.sessions.retrieve(late.id)).status).toBe('expired')
    await fake.advance(DAY_MS)
    const expired = happened(fake).filter((type) => type === 'checkout.session.expired')
    expect(expired).toHaveLength(3)
    expect((await stripe.checkout.sessions.retrieve(paidInTime.id)).status).toBe('complete')
    expect(await failure(stripe.checkout.sessions.expire(paidInTime.id))).toMatchObject({
      statusCode: 400,
    })
    expect(await failure(create(fake.world.clock.now() + 60))).toMatchObject({
      param: 'expires_at',
    })
  })

  it('is found by its payment intent, and lists its items', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { session, intent } = await paid(fake, stripe, 2000)
    await openSession(stripe)
    const found = await stripe.checkout.sessions.list({ payment_intent: intent })
    expect(found.data.map(({ id }) => id)).toEqual([session.id])
    const items = await stripe.checkout.sessions.listLineItems(session.id)
    expect(items.data).toMatchObject([{ amount_total: 2000, quantity: 1 }])
    expect(await failure(stripe.paymentIntents.cancel(intent))).toMatchObject({ statusCode: 400 })
  })
})

describe('a charge', () => {
  it('names its fee a moment after it succeeds, and tells so', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    fake.holdBalanceLines()
    const { charge } = await paid(fake, stripe, 2000)
    expect((await stripe.charges.retrieve(charge)).balance_transaction).toBeNull()
    expect(fake.balance().total).toBe(1945n)
    fake.releaseBalanceLines()
    expect(happened(fake).at(-1)).toBe('charge.updated')
    const shown = await stripe.charges.retrieve(charge, { expand: ['balance_transaction'] })
    expect(shown.balance_transaction).toMatchObject({ fee: 55, source: charge })
  })

  it('brings money that can be spent two days later', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    await paid(fake, stripe, 2000)
    await fake.advance(2 * DAY_MS)
    const balance = await stripe.balance.retrieve()
    expect(balance.available).toMatchObject([{ amount: 1945, currency: 'eur' }])
    expect(balance.pending).toMatchObject([{ amount: 0, currency: 'eur' }])
    const lines = await stripe.balanceTransactions.list({ type: 'charge' })
    expect(lines.data).toMatchObject([{ status: 'available', net: 1945 }])
  })

  it.each([
    [50, 26],
    [1, 25],
    [34, 26],
    [2000, 55],
    [12_345, 210],
  ])('of %i cents costs %i: a rate, half a cent up, and a fixed part', (amount, fee) => {
    expect(feeOn(amount, USUAL_FEES.card)).toBe(fee)
  })

  it('in another currency stays in that currency', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    await stripe.paymentIntents.create({
      ...{ amount: 1000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
    })
    expect(fake.balance('usd').total).toBe(960n)
    expect(fake.balance('eur').total).toBe(0n)
  })
})

describe('a payment intent', () => {
  it('is paid by a card, declined, or waits for a bank', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const created = { amount: 1000, currency: 'eur' }
    const { id } = await stripe.paymentIntents.create(created)
    const refused = await failure(
      stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }),
    )
    expect(refused).toMatchObject({
      ...{ type: 'StripeCardError', statusCode: 402, code: 'card_declined' },
      ...{ decline_code: 'generic_decline', payment_intent: { id } },
    })
    const confirmed = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 1000 })
    expect(await failure(stripe.paymentIntents.confirm(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    const waiting = await stripe.paymentIntents.create({
      ...{ ...created, confirm: true, payment_method: 'pm_sepaDebit' },
    })
    expect(waiting.status).toBe('processing')
    fake.settlePending(waiting)
    expect(await stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({ status: 'succeeded' })
  })

  it('is cancelled while it is not paid', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const { id } = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' })
    const reason = { cancellation_reason: 'abandoned' } as const
    expect(await stripe.paymentIntents.cancel(id, reason)).toMatchObject({
      ...{ status: 'canceled', cancellation_reason: 'abandoned' },
    })
    expect(await failure(stripe.paymentIntents.cancel(id))).toMatchObject({ statusCode: 400 })
    expect(happened(fake)).toEqual(['payment_intent.created', 'payment_intent.canceled'])
  })
})

describe('a terminal', () => {
  const NEW = {
    ...{ amount: 1500, currency: 'eur', capture_method: 'automatic' as const },
    payment_method_types: ['card_present'],
  }

  it('takes a payment that was pushed to it', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const reader = fake.addReader('Bar')
    const intent = await stripe.paymentIntents.create({
      ...NEW,
      metadata: { data: '{"tag_id": "AABBCCDD"}', signature: 'abc' },
    })
    const busy = await stripe.terminal.readers.processPaymentIntent(reader.id, {
      payment_intent: intent.id,
    })
    expect(busy.action).toMatchObject({ status: 'in_progress', type: 'process_payment_intent' })
    fake.insertCard(reader)
    const second = stripe.terminal.readers.processPaymentIntent(reader.id, {
      payment_intent: intent.id,
    })
    expect(await failure(second)).toMatchObject({ code: 'terminal_reader_busy' })
    const late = stripe.terminal.readers.cancelAction(reader.id)
    expect(await failure(late)).toMatchObject({ code: 'terminal_reader_busy' })

    fake.tapReader(reader)
    const { data } = await stripe.events.list({ type: 'terminal.reader.action_succeeded' })
    expect(data[0]?.data.object).toMatchObject({
      ...{ id: reader.id, object: 'terminal.reader' },
      action: {
        status: 'succeeded',
        process_payment_intent: { payment_intent: intent.id },
      },
    })
    const done = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ['latest_charge.balance_transaction'],
    })
    expect(done).toMatchObject({
      ...{ status: 'succeeded', amount_received: 1500 },
      metadata: { data: '{"tag_id": "AABBCCDD"}', signature: 'abc' },
      latest_charge: {
        payment_method_details: { type: 'card_present', card_present: { reader: reader.id } },
        balance_transaction: { fee: 31 },
      },
    })
  })

  it.each(['declined', 'cancelled', 'timeout'] as const)(
    'tells that a payment failed: %s',
    async (outcome) => {
      await using fake = await startFakeStripe()
      const stripe = clientOf(fake)
      const reader = fake.addReader()
      const { id } = await stripe.paymentIntents.create(NEW)
      await stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent: id })
      fake.tapReader(reader, outcome)
      const shown = await stripe.terminal.readers.retrieve(reader.id)
      expect(shown).toMatchObject({ action: { status: 'failed' } })
      expect(happened(fake).at(-1)).toBe('terminal.reader.action_failed')
      expect(fake.balance().total).toBe(0n)
      await stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent: id })
      fake.tapReader(reader)
      expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded')
    },
  )

  it('goes over to a newer payment before a card is there', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const reader = fake.addReader()
    const [first, second] = [
      await stripe.paymentIntents.create(NEW),
      await stripe.paymentIntents.create(NEW),
    ]
    for (const { id } of [first, second]) {
      await stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent: id })
    }
    fake.tapReader(reader)
    expect((await stripe.paymentIntents.retrieve(second.id)).status).toBe('succeeded')
    expect((await stripe.paymentIntents.retrieve(first.id)).status).toBe('requires_payment_method')
  })

  it('may have got what it does not confirm', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const reader = fake.addReader()
    const { id } = await stripe.paymentIntents.create(NEW)
    for (const [fault, action] of [
      ['timeout', null],
      ['timeout-after', { status: 'in_progress' }],
    ] as const) {
      fake.nextPush(reader, fault)
      const pushed = stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent: id })
      expect(await failure(pushed)).toMatchObject({ code: 'terminal_reader_timeout' })
      expect(await stripe.terminal.readers.retrieve(reader.id)).toMatchObject({ action })
    }
  })

  it('lets go of a payment, refuses when it is off, and takes cards only where asked', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const reader = fake.addReader()
    const { id } = await stripe.paymentIntents.create(NEW)
    const push = (payment_intent: string) =>
      stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent })
    await push(id)
    expect(await stripe.terminal.readers.cancelAction(reader.id)).toMatchObject({ action: null })
    expect(() => fake.tapReader(reader)).toThrow('waits for no payment')
    fake.setReaderOnline(reader, false)
    expect(await failure(push(id))).toMatchObject({ code: 'terminal_reader_offline' })
    fake.setReaderOnline(reader, true)
    const online = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' })
    expect(await failure(push(online.id))).toMatchObject({ code: 'intent_invalid_state' })
    await stripe.paymentIntents.cancel(id)
    expect(await failure(push(id))).toMatchObject({ code: 'intent_invalid_state' })
  })

  it('can be tapped by the test helper of Stripe too', async () => {
    await using fake = await startFakeStripe()
    const stripe = clientOf(fake)
    const location = await stripe.terminal.locations.create({
      display_name: 'Bar du Port',
      address: { country: 'FR', city: 'Brest', line1: 'Quai 1', postal_code: '29200' },
    })
    const { id: reader } = await stripe.terminal.readers.create({
      ...{ registration_code: 'simulated-wpe', label: 'Bar', location: location.id },
    })
    const { id } = await stripe.paymentIntents.create(NEW)
    await stripe.terminal.readers.processPaymentIntent(reader, { payment_intent: id })
    const done = await stripe.testHelpers.terminal.readers.presentPaymentMethod(reader)
    expect(done.action).toMatchObject({ status: 'succeeded' })
  })
})
