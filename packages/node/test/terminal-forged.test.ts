/** Intents at Stripe that somebody else has made or changed, and those that payments.db has lost. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { getCard, listPayments } from '@fedow/api'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hearKept } from '../src/v1/routes/stripe-webhook.ts'
import { clientOf } from './fake-stripe/client.ts'
import { SECRET } from './payments-world.ts'
import { startTerminal, type TerminalWorld } from './terminal-world.ts'
import { newId } from './test-network.ts'

let bar: TerminalWorld
let stripe: TerminalWorld['world']['stripe']

beforeAll(async () => {
  bar = await startTerminal({ isDebug: true })
  stripe = bar.world.stripe
})

afterEach(() => {
  stripe.webhooks.usual = 'told'
})

afterAll(() => bar[Symbol.asyncDispose]())

const fedOn = (card: string) => bar.world.fedOn(card)

async function cardOf(tag: string) {
  return bar.world.bar.manager.call(getCard, { params: { card: tag } })
}

/** Somebody pays at a reader what this node has not asked for. */
async function payAt(metadata: Readonly<Record<string, string>>, amount = 1_200) {
  const client = clientOf(stripe)
  const { id } = await client.paymentIntents.create({
    ...{ amount, currency: 'eur', capture_method: 'automatic', metadata },
    allowed_payment_method_types: ['card_present'],
  })
  const reader = stripe.addReader()
  await client.terminal.readers.processPaymentIntent(reader.id, { payment_intent: id })
  stripe.tapReader(reader)
  await stripe.webhooks.settled()
  return id
}

function lastIntent() {
  const intent = bar.intents().at(-1)
  if (intent === undefined) throw new Error('an intent was made')
  return intent
}

/** The row is gone, as from a backup that is older. */
function lose(payment: string): void {
  using db = new DatabaseSync(join(bar.world.server.network.folder, 'payments.db'))
  const id = Buffer.from(payment.replaceAll('-', ''), 'hex')
  expect(db.prepare('DELETE FROM payment WHERE id = ?').run(id).changes).toBe(1)
}

describe('an intent that this node has not signed', () => {
  it('credits nobody, whatever it says of itself', async () => {
    const tag = bar.aCard()
    const { card, wallet } = await cardOf(tag)
    const before = await fedOn(tag)
    const { fed } = await bar.world.totals()
    const chain = bar.world.server.book.reader.chain
    const notes = { fedow_chain: chain, fedow_wallet: wallet, fedow_card: card }
    const signed = await signedBefore(tag)
    await payAt({ ...notes, fedow_payment: newId() })
    await payAt({ ...notes, fedow_payment: newId(), fedow_signature: 'A'.repeat(86) })
    await payAt({ ...signed, fedow_payment: newId() })
    await payAt({ ...signed, fedow_payment: newId(), fedow_cents: '1200' })
    expect(await fedOn(tag)).toBe(before)
    expect((await bar.world.totals()).fed).toBe(fed)
    const { payments } = await bar.world.server.operator.call(listPayments, {})
    const found = payments.filter(({ problem }) => problem?.code === 'not_ours')
    expect(found).toHaveLength(4)
  })

  it('that is a copy of one of ours is not credited beside it', async () => {
    const tag = bar.aCard()
    const before = await fedOn(tag)
    const signed = await signedBefore(tag)
    await payAt(signed, 700)
    expect(await fedOn(tag)).toBe(before)
  })
})

/** What is noted of a payment that was given up. */
async function signedBefore(tag: string): Promise<Readonly<Record<string, string>>> {
  const { payment } = await bar.ask(tag, 700)
  const { metadata } = lastIntent()
  await bar.cancel(payment)
  return metadata
}

describe('an intent of ours', () => {
  it('is not credited when somebody has changed for whom it is; the operator sees the money', async () => {
    const [mine, theirs] = [bar.aCard(), bar.aCard()]
    const [before, beforeTheirs] = [await fedOn(mine), await fedOn(theirs)]
    const { payment } = await bar.ask(mine, 500)
    const { card, wallet } = await cardOf(theirs)
    const { id, metadata } = lastIntent()
    const changed = { ...metadata, fedow_card: card, fedow_wallet: wallet }
    await clientOf(stripe).paymentIntents.update(id, { metadata: { fedow_signature: '' } })
    stripe.tapReader(bar.reader)
    await stripe.webhooks.settled()
    expect(await bar.look(payment)).toMatchObject({
      ...{ state: 'paid', problem: { code: 'not_signed' } },
    })
    expect([await fedOn(mine), await fedOn(theirs)]).toEqual([before, beforeTheirs])
    const { status } = await bar.world.server.operator.call(listPayments, {})
    expect(status).toMatchObject({ owed: 1, owedAmount: 500 })
    // What is signed, and not what is written beside it, says for whom it is.
    await clientOf(stripe).paymentIntents.update(id, { metadata: changed })
    await bar.look(payment)
    expect([await fedOn(mine), await fedOn(theirs)]).toEqual([before + 500, beforeTheirs])
  })

  it('is not credited when somebody has changed how much it is', async () => {
    const tag = bar.aCard()
    const before = await fedOn(tag)
    const { payment } = await bar.ask(tag, 500)
    await clientOf(stripe).paymentIntents.update(lastIntent().id, { amount: 400 })
    stripe.tapReader(bar.reader)
    await stripe.webhooks.settled()
    expect(await bar.look(payment)).toMatchObject({
      ...{ state: 'paid', amount: 400, problem: { code: 'other_amount' } },
    })
    expect(await fedOn(tag)).toBe(before)
  })
})

describe('a payment at a terminal that payments.db has lost', () => {
  it.each(['payment_intent.succeeded', 'terminal.reader.action_succeeded'])(
    'is credited once to its card when %s tells of it',
    async (type) => {
      const tag = bar.aCard()
      const before = await fedOn(tag)
      const { payment } = await bar.ask(tag, 650)
      lose(payment)
      stripe.webhooks.usual = 'lost'
      stripe.tapReader(bar.reader)
      stripe.webhooks.usual = 'told'
      const object = type.startsWith('terminal')
        ? stripe.world.readers.get(bar.reader.id)
        : lastIntent()
      for (let time = 0; time < 2; time += 1) await stripe.webhooks.send(type, object)
      expect(bar.kept(payment)).toMatchObject({ state: 'credited', kind: 'terminal' })
      expect(await fedOn(tag)).toBe(before + 650)
    },
  )

  it('is found among the events that Stripe has kept', async () => {
    const { server } = bar.world
    const heard = (event: Parameters<typeof hearKept>[1]) => hearKept(server.v1.means, event)
    await server.payments.missed.look(heard)
    const tag = bar.aCard()
    const before = await fedOn(tag)
    const { payment } = await bar.ask(tag, 450)
    lose(payment)
    stripe.webhooks.usual = 'lost'
    stripe.tapReader(bar.reader)
    await bar.world.move(60_000)
    await server.payments.missed.look(heard)
    expect(await fedOn(tag)).toBe(before + 450)
  })
})

it('is credited by events at the address of v1 too', async () => {
  const tag = bar.aCard()
  const before = await fedOn(tag)
  stripe.webhooks.usual = 'lost'
  const { payment } = await bar.ask(tag, 550)
  stripe.tapReader(bar.reader)
  const event = {
    ...{ id: 'evt_v1', object: 'event', type: 'terminal.reader.action_succeeded' },
    data: { object: stripe.world.readers.get(bar.reader.id) },
  }
  const body = JSON.stringify(event)
  const sign = () => stripe.webhooks.sign(body, { secret: SECRET })
  const tell = (signature: string) =>
    fetch(`${bar.world.server.origin}/webhook_stripe/`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
  expect((await tell('t=1,v1=00')).status).toBe(403)
  expect(bar.kept(payment).state).toBe('opened')
  expect([(await tell(sign())).status, (await tell(sign())).status]).toEqual([204, 204])
  expect(bar.kept(payment).state).toBe('credited')
  expect(await fedOn(tag)).toBe(before + 550)
})
