/** Payments at a terminal of Stripe that a till asks for, and what goes wrong between till, node, Stripe and reader. */
import { listReaders, postTerminalPayment } from '@fedow/api'
import type { TxId } from '@fedow/ledger'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientOf } from './fake-stripe/client.ts'
import type { How } from './fake-stripe/faults.ts'
import { problemOf } from './http-world.ts'
import { startTerminal, type TerminalWorld } from './terminal-world.ts'
import { newId } from './test-network.ts'

const MINUTE_MS = 60_000

let bar: TerminalWorld
let stripe: TerminalWorld['world']['stripe']

beforeAll(async () => {
  bar = await startTerminal()
  stripe = bar.world.stripe
})

afterEach(async () => {
  stripe.faults.clear()
  stripe.webhooks.usual = 'told'
  stripe.setReaderOnline(bar.reader, true)
  await bar.expectSound()
})

afterAll(() => bar[Symbol.asyncDispose]())

const fedOn = (card: string) => bar.world.fedOn(card)
const intentOf = (payment: string) =>
  bar.intents().filter(({ metadata }) => metadata['fedow_payment'] === payment)

describe('a payment at a terminal', () => {
  it('is credited when the event comes, with its fee, and says at Stripe whose it is', async () => {
    const card = bar.aCard()
    const before = await fedOn(card)
    const { payment, state } = await bar.ask(card, 2_000)
    expect(state).toBe('opened')
    const [intent, ...more] = intentOf(payment)
    expect(more).toEqual([])
    expect(intent).toMatchObject({
      ...{ amount: 2_000, currency: 'eur', payment_method_types: ['card_present'] },
      metadata: { fedow_place: bar.world.bar.place, fedow_cents: '2000' },
    })
    stripe.tapReader(bar.reader)
    await stripe.webhooks.settled()
    expect(bar.kept(payment).state).toBe('credited')
    expect(await fedOn(card)).toBe(before + 2_000)
  })

  it('is credited once for one event told 20 times while 20 tills look', async () => {
    const card = bar.aCard()
    const before = await fedOn(card)
    const { payment } = await bar.ask(card, 1_000)
    const { webhooks } = stripe
    for (const type of ['terminal.reader.action_succeeded', 'payment_intent.succeeded']) {
      webhooks.next({ type, fate: 'held' })
    }
    stripe.tapReader(bar.reader)
    const looks = Array.from({ length: 20 }, () => bar.look(payment))
    const told = webhooks.release({ copies: 20, isTogether: true })
    const [shown, attempts] = await Promise.all([Promise.all(looks), told])
    expect(new Set(shown.map(({ state }) => state))).toEqual(new Set(['credited']))
    expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await fedOn(card)).toBe(before + 1_000)
  })

  it('is credited by the node itself when no event ever comes', async () => {
    const card = bar.aCard()
    const before = await fedOn(card)
    stripe.webhooks.usual = 'lost'
    const { payment } = await bar.ask(card, 800)
    stripe.tapReader(bar.reader)
    await bar.reconcile(20_000)
    expect(bar.kept(payment).state).toBe('credited')
    expect(await fedOn(card)).toBe(before + 800)
  })

  it.each([
    ['declined', 'reader_declined'],
    ['cancelled', 'reader_cancelled'],
    ['timeout', 'reader_timed_out'],
  ] as const)('can be asked for again after %s', async (outcome, code) => {
    const card = bar.aCard()
    const before = await fedOn(card)
    const { payment } = await bar.ask(card, 600)
    stripe.tapReader(bar.reader, outcome)
    expect(await bar.look(payment)).toMatchObject({ state: 'opened', problem: { code } })
    const asked = await Promise.all(Array.from({ length: 20 }, () => bar.again(payment)))
    expect(new Set(asked.map(({ atReader }) => atReader?.asks))).toEqual(new Set([2]))
    stripe.tapReader(bar.reader)
    expect(await bar.look(payment)).toMatchObject({ state: 'credited' })
    expect(intentOf(payment)).toHaveLength(1)
    expect(await fedOn(card)).toBe(before + 600)
  })

  it('asks once for a double tap from 20 connections', async () => {
    const [card, key] = [bar.aCard(), newId<TxId>()]
    const before = await fedOn(card)
    const pushes = () =>
      stripe.requests.filter(({ path }) => path.endsWith('process_payment_intent'))
    const sent = pushes().length
    await Promise.all(Array.from({ length: 20 }, () => bar.ask(card, 500, key)))
    expect(intentOf(key)).toHaveLength(1)
    expect(pushes()).toHaveLength(sent + 1)
    stripe.tapReader(bar.reader)
    await stripe.webhooks.settled()
    expect(await fedOn(card)).toBe(before + 500)
  })

  it('is given up after five minutes, at Stripe too', async () => {
    const { payment } = await bar.ask(bar.aCard())
    await bar.reconcile(4 * MINUTE_MS)
    expect(bar.kept(payment).state).toBe('opened')
    await bar.reconcile(2 * MINUTE_MS)
    expect(bar.kept(payment)).toMatchObject({ state: 'failed', problem: 'not_presented' })
    expect(intentOf(payment)[0]?.status).toBe('canceled')
    expect(() => stripe.tapReader(bar.reader)).toThrow('waits for no payment')
  })
})

describe('a till that gives up', () => {
  it('takes the question from the reader, and the payment from Stripe', async () => {
    const { payment } = await bar.ask(bar.aCard())
    const views = await Promise.all(Array.from({ length: 5 }, () => bar.cancel(payment)))
    expect(new Set(views.map(({ state }) => state))).toEqual(new Set(['failed']))
    expect(views[0]?.problem?.code).toBe('cancelled')
    expect(intentOf(payment)[0]?.status).toBe('canceled')
    expect(stripe.world.readers.get(bar.reader.id).action).toBeNull()
  })

  it('is told that the card was quicker', async () => {
    const card = bar.aCard()
    const before = await fedOn(card)
    stripe.webhooks.usual = 'lost'
    const { payment } = await bar.ask(card, 900)
    stripe.tapReader(bar.reader)
    expect(await bar.cancel(payment)).toMatchObject({ state: 'credited', amount: 900 })
    expect(await fedOn(card)).toBe(before + 900)
  })

  it.each(['paid', 'declined'] as const)(
    'waits while a card is being read: %s',
    async (outcome) => {
      const card = bar.aCard()
      const before = await fedOn(card)
      const { payment } = await bar.ask(card, 700)
      stripe.insertCard(bar.reader)
      const asked = await bar.cancel(payment)
      expect(asked).toMatchObject({ state: 'opened', problem: { code: 'reader_reading' } })
      expect(asked.atReader).toHaveProperty('cancelled')
      stripe.tapReader(bar.reader, outcome)
      await stripe.webhooks.settled()
      const isPaid = outcome === 'paid'
      expect((await bar.look(payment)).state).toBe(isPaid ? 'credited' : 'failed')
      expect(await fedOn(card)).toBe(before + (isPaid ? 700 : 0))
      expect((await bar.again(payment)).atReader?.asks).toBe(1)
    },
  )

  it('gives up at Stripe what an unreachable reader still shows', async () => {
    const { payment } = await bar.ask(bar.aCard())
    stripe.setReaderOnline(bar.reader, false)
    expect(await bar.cancel(payment)).toMatchObject({ state: 'failed' })
    stripe.setReaderOnline(bar.reader, true)
    stripe.tapReader(bar.reader)
    await stripe.webhooks.settled()
    expect(bar.kept(payment).state).toBe('failed')
  })

  it('leaves the question of another till alone', async () => {
    const { payment } = await bar.ask(bar.aCard())
    stripe.tapReader(bar.reader, 'declined')
    await bar.look(payment)
    const second = await bar.ask(bar.aCard(), 300)
    expect(await bar.cancel(payment)).toMatchObject({ state: 'failed' })
    stripe.tapReader(bar.reader)
    expect((await bar.look(second.payment)).state).toBe('credited')
  })

  it.each(['reset-before', 'reset-after', '429', '500', '500-after', 'timeout-after'] as const)(
    'is not told that it failed before that is certain, after %s',
    { timeout: 20_000 },
    async (how) => {
      const { payment } = await bar.ask(bar.aCard())
      const [intent] = intentOf(payment)
      stripe.faults.next({ method: 'POST', path: `/v1/payment_intents/${intent?.id}/cancel`, how })
      await bar.cancel(payment)
      expect((await bar.look(payment)).state).toBe('failed')
      expect(intentOf(payment)[0]?.status).toBe('canceled')
    },
  )
})

describe('a reader', () => {
  const refused = async (body: object) => {
    const all = { ...bar.body(bar.aCard()), ...body }
    return problemOf(bar.world.bar.manager, postTerminalPayment, { body: all })
  }

  it('that is off, unknown, or asks for another payment, makes no intent', async () => {
    const intents = bar.intents().length
    stripe.setReaderOnline(bar.reader, false)
    expect((await refused({})).with).toMatchObject({ why: 'offline' })
    stripe.setReaderOnline(bar.reader, true)
    expect((await refused({ reader: 'tmr_none' })).with).toMatchObject({ why: 'unknown' })
    expect(bar.intents()).toHaveLength(intents)
    const other = await clientOf(stripe).paymentIntents.create({
      ...{ amount: 900, currency: 'eur', allowed_payment_method_types: ['card_present'] },
    })
    const order = { payment_intent: other.id }
    await clientOf(stripe).terminal.readers.processPaymentIntent(bar.reader.id, order)
    const busy = await refused({})
    expect(busy).toMatchObject({ status: 409, code: 'reader_unavailable', with: { why: 'busy' } })
    expect(busy.detail).toContain('no money moved')
    expect(bar.intents()).toHaveLength(intents + 1)
    stripe.tapReader(bar.reader, 'timeout')
  })

  it('that fails when it is told leaves nothing that could be paid', async () => {
    const key = newId<TxId>()
    stripe.nextPush(bar.reader, 'hardware')
    const wish = { key, body: bar.body(bar.aCard()) }
    for (let time = 0; time < 2; time += 1) {
      const problem = await problemOf(bar.world.bar.manager, postTerminalPayment, wish)
      expect(problem).toMatchObject({ code: 'reader_unavailable', with: { why: 'faulty' } })
    }
    expect(intentOf(key).map(({ status }) => status)).toEqual(['canceled'])
  })

  it.each(['timeout', 'timeout-after'] as const)(
    'that does not confirm is asked once more by the same request, and once only: %s',
    async (fault) => {
      const [card, key] = [bar.aCard(), newId<TxId>()]
      const before = await fedOn(card)
      stripe.nextPush(bar.reader, fault)
      const wish = { key, body: bar.body(card, 400) }
      const problem = await problemOf(bar.world.bar.manager, postTerminalPayment, wish)
      expect(problem).toMatchObject({ status: 503, code: 'terminal_silent', outcome: 'unknown' })
      expect((await bar.ask(card, 400, key)).state).toBe('opened')
      stripe.tapReader(bar.reader)
      await stripe.webhooks.settled()
      expect(intentOf(key)).toHaveLength(1)
      expect(await fedOn(card)).toBe(before + 400)
    },
  )

  it('that has taken the card while it did not confirm is credited', async () => {
    const [card, key] = [bar.aCard(), newId<TxId>()]
    const before = await fedOn(card)
    stripe.nextPush(bar.reader, 'timeout-after')
    const wish = { key, body: bar.body(card, 400) }
    await problemOf(bar.world.bar.manager, postTerminalPayment, wish)
    stripe.tapReader(bar.reader)
    expect((await bar.ask(card, 400, key)).state).toBe('credited')
    expect(await fedOn(card)).toBe(before + 400)
  })

  it('of a place is for its tills alone', async () => {
    const { manager, place } = bar.world.bar
    const own = stripe.addReader('Own', { fedow_place: place })
    const other = stripe.addReader('Other', { fedow_place: newId() })
    const { readers } = await manager.call(listReaders, {})
    const ids = readers.map(({ reader }) => reader)
    expect(ids).toContain(own.id)
    expect(ids).not.toContain(other.id)
    expect((await refused({ reader: other.id })).with).toMatchObject({ why: 'unknown' })
    const all = await bar.world.server.operator.call(listReaders, {})
    expect(all.readers.map(({ reader }) => reader)).toContain(other.id)
  })

  it('is not told by a node that was interrupted, once the till has gone', async () => {
    const [card, key] = [bar.aCard(), newId<TxId>()]
    stripe.nextPush(bar.reader, 'timeout')
    const wish = { key, body: bar.body(card) }
    await problemOf(bar.world.bar.manager, postTerminalPayment, wish)
    await bar.reconcile(2 * MINUTE_MS)
    expect(bar.kept(key as never)).toMatchObject({ state: 'intended', problem: 'reader_not_asked' })
    expect(stripe.world.readers.get(bar.reader.id).action?.status).not.toBe('in_progress')
    // It has come back.
    expect((await bar.ask(card, 1_500, key)).state).toBe('opened')
    await bar.cancel(key as never)
  })
})

describe('what goes wrong between the node and Stripe', () => {
  const FAULTS: readonly How[] = ['reset-before', 'reset-after', '429', '500', '500-after']
  const STEPS = [
    ['GET', '/v1/terminal/readers/*'],
    ['POST', '/v1/payment_intents'],
    ['POST', '/v1/terminal/readers/*'],
    ['GET', '/v1/payment_intents/*'],
  ] as const

  it.each(STEPS.flatMap(([method, path]) => FAULTS.map((how) => [how, method, path] as const)))(
    'asks for one payment in the end after %s at %s %s',
    { timeout: 20_000 },
    async (how, method, path) => {
      const [card, key] = [bar.aCard(), newId<TxId>()]
      const before = await fedOn(card)
      stripe.faults.next({ method, path, how })
      let asked = await bar.ask(card, 350, key).catch(() => undefined)
      asked ??= await bar.ask(card, 350, key)
      expect(asked.state).toBe('opened')
      stripe.tapReader(bar.reader)
      await stripe.webhooks.settled()
      expect((await bar.look(asked.payment)).state).toBe('credited')
      expect(await fedOn(card)).toBe(before + 350)
      const open = intentOf(key).filter(({ status }) => status === 'succeeded')
      expect(open).toHaveLength(1)
    },
  )
})
