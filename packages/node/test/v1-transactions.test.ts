import { type Action, type Amount, type HoldId, type Line, params } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredTx } from '../src/store/book-reader.ts'
import { printWire } from '../src/v1/codec/json.ts'
import { newId } from './test-network.ts'
import { lastOf, linesOf, read, type TestCard, type TestPlace, V1Book } from './v1-book.ts'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/

let world: V1Book
let bar: TestPlace
let cards: readonly TestCard[]

beforeEach(async () => {
  world = new V1Book()
  bar = await world.openPlace('Café du Port')
  cards = await world.printCards(bar, 4)
})

afterEach(() => world[Symbol.asyncDispose]())

function card(index: number): TestCard {
  const found = cards[index]
  if (found === undefined) throw new Error('there are four cards')
  return found
}

function money(amount: bigint): Amount {
  return amount as Amount
}

describe('transactions', () => {
  it('shows a sale with every member, in order', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const refill = await world.refill(asset, card(0), 1_000n)
    const till = [card(1).card]
    await world.send([{ kind: 'card-primary', place: bar.place, cards: till, primary: true }])
    const parts = [{ asset, amount: money(300n) }]
    const sale = { kind: 'sale', card: card(0).card, to: bar.place, parts } as const
    const line = lastOf(await world.send([{ ...sale, primary: card(1).card }]))
    const shown = read(world.objects.transaction(line, { place: bar.place, at: line.number }))
    expect(Object.keys(shown)).toEqual([
      ...['uuid', 'action', 'get_action_display', 'hash', 'datetime'],
      ...['subscription_first_datetime', 'subscription_start_datetime', 'subscription_type'],
      ...['last_check', 'sender', 'receiver', 'asset', 'amount', 'comment', 'metadata', 'card'],
      ...['primary_card', 'previous_transaction', 'verify_hash'],
    ])
    expect(shown).toMatchObject({
      uuid: line.id,
      action: 'SAL',
      get_action_display: "Vente d'article",
      hash: line.hash,
      subscription_type: 'NO',
      last_check: shown.datetime,
      sender: world.firstWalletOf(card(0)),
      receiver: bar.wallet,
      asset,
      amount: 300,
      comment: null,
      metadata: null,
      card: {
        uuid: card(0).card,
        wallet: { tokens: [{ value: 700, last_transaction: { uuid: line.id } }] },
      },
      primary_card: card(1).card,
      previous_transaction: lastOf(refill).id,
      verify_hash: true,
    })
    expect(shown.datetime).toMatch(TIME)
    expect(shown.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('shows a simple one with the names of both sides, and without the card', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const line = lastOf(await world.refill(asset, card(0), 1_000n))
    const shown = read(world.objects.transactionSimple(line))
    const keys = Object.keys(shown)
    expect(keys.slice(keys.indexOf('receiver'), keys.indexOf('asset'))).toEqual([
      ...['receiver', 'sender_name', 'receiver_name'],
    ])
    expect(shown).not.toHaveProperty('card')
    expect(shown).toMatchObject({
      sender_name: 'Café du Port',
      receiver_name: world.firstWalletOf(card(0)).slice(0, 8),
    })
    await world.send([{ kind: 'place-update', place: bar.place, name: 'Le Port' }])
    expect(read(world.objects.transactionSimple(line)).sender_name).toBe('Le Port')
  })

  it('chains the lines of an asset, the first to itself', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const stored = await world.refill(asset, card(0), 1_000n)
    await world.sale(bar, asset, { ...card(0), amount: 300n })
    const lines = [...world.book.reader.linesOfAsset(asset, { limit: 10 })].reverse()
    const previous = lines.map(
      (line) => read(world.freshObjects().transactionSimple(line)).previous_transaction,
    )
    const [first, ...others] = lines.map(({ id }) => id)
    expect(previous).toEqual([first, first, ...others.slice(0, -1)])
    expect(lines.map(({ action }) => action)).toEqual(['FST', 'CRE', 'REF', 'SAL'])
    expect(linesOf(stored)).toHaveLength(2)
  })

  it('shows a card with the wallet that it had right after the line', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const person = await world.openPerson()
    const [created, refill] = linesOf(await world.refill(asset, card(0), 1_000n))
    const fusion = lastOf(await world.link(card(0), person))
    await world.send([{ kind: 'card-void', card: card(0).card, place: bar.place }])
    const shown = [created, refill, fusion].map(
      (line) => line && read(world.objects.transaction(line)),
    )
    const own = world.firstWalletOf(card(0))
    expect(shown.map(({ card }) => [card.wallet.uuid, card.is_wallet_ephemere])).toEqual([
      [own, true],
      [own, true],
      [person, false],
    ])
    expect(shown.map(({ action }) => action)).toEqual(['CRE', 'REF', 'FUS'])
  })

  it('knows nothing of money that is only reserved', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const refill = lastOf(await world.refill(asset, card(0), 1_000n))
    const hold = newId<HoldId>()
    const open = { kind: 'hold', hold, from: { card: card(0).card }, to: bar.place } as const
    const reserved = lastOf(
      await world.send([{ ...open, asset, amount: money(400n), expiresMs: Date.now() + 600_000 }]),
    )
    expect(world.objects.isShown(reserved)).toBe(false)
    const token = () => read(world.objects.card(card(0).card)).wallet.tokens[0]
    expect(token()).toMatchObject({ value: 1_000, last_transaction: { uuid: refill.id } })
    const captured = lastOf(await world.send([{ kind: 'capture', hold, amount: money(150n) }]))
    expect(token()).toMatchObject({ value: 850, last_transaction: { uuid: captured.id } })
    expect(read(world.objects.transaction(captured))).toMatchObject({
      action: 'SAL',
      amount: 150,
      previous_transaction: refill.id,
    })
    const then = read(world.objects.transaction(refill, { at: reserved.number }))
    expect(then.card.wallet.tokens[0].value).toBe(1_000)
  })

  it.each([
    [
      'a text, byte for byte',
      '"{\\"a\\": 1.0, \\"é\\": \\"\\u00e9\\"}"',
      '"{\\"a\\": 1.0, \\"é\\": \\"é\\"}"',
    ],
    [
      'an object with its numbers and order',
      '{"b":1.0,"1":10,"a":null}',
      '{"b":1.0,"1":10,"a":null}',
    ],
    ['nothing', 'null', 'null'],
  ])('gives back metadata: %s', async (_, sent, shown) => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const body = `{"amount": 1000, "comment": "  hé  ", "metadata": ${sent}}`
    const request = { route: `POST /transaction/ ${bar.place}`, body }
    const [created, line] = linesOf(await world.refill(asset, card(0), 1_000n, { request }))
    if (created === undefined || line === undefined) throw new Error('a refill has two lines')
    for (const one of [created, line]) {
      const text = printWire(world.objects.transaction(one))
      expect(text).toContain(`"comment":"hé","metadata":${shown},"card":`)
    }
  })

  it('keeps of each route what that route reads', async () => {
    const badge = await world.makeAsset(bar, 'BDG', 'Badgeuse')
    const action: Action = {
      kind: 'badge',
      place: bar.place,
      from: { card: card(0).card },
      asset: badge,
    }
    const body = '{"first_tag_id":"AAAAAAAA","comment":"no","pos_name":"Bar"}'
    const send = async (route: string) =>
      read(
        world.objects.transaction(lastOf(await world.send([action], { request: { route, body } }))),
      )
    expect(await send(`POST /card/badge/ ${bar.place}`)).toMatchObject({
      action: 'BDG',
      get_action_display: 'Badgeuse',
      comment: null,
      metadata: JSON.parse(body),
      sender: world.firstWalletOf(card(0)),
      card: { uuid: card(0).card, wallet: { uuid: world.firstWalletOf(card(0)) } },
    })
    expect(await send(`POST /card/refund/ ${bar.place}`)).toMatchObject({
      comment: null,
      metadata: null,
    })
  })

  it('dates a membership as its request did, to the microsecond', async () => {
    const asset = await world.makeAsset(bar, 'SUB', 'Adhésion')
    const join = async (body?: string) => {
      const request = {
        route: `POST /transaction/create_membership/ ${bar.place}`,
        body: body ?? '',
      }
      const to = { card: card(0).card }
      const stored = await world.send(
        [
          {
            kind: 'subscribe',
            place: bar.place,
            to,
            asset,
            amount: money(1_000n),
            startMs: 1_700_000_000_000,
          },
        ],
        body === undefined ? {} : { request },
      )
      return read(world.objects.transaction(lastOf(stored)))
    }
    const given = await join('{"subscription_start_datetime":"2026-05-01 00:00:00.123456+02:00"}')
    expect(given.subscription_start_datetime).toBe('2026-04-30T22:00:00.123456Z')
    const [token] = given.card.wallet.tokens
    expect(token).toMatchObject({
      value: 1_000,
      start_membership_date: '2026-04-30T22:00:00.123456Z',
    })
    expect((await join()).subscription_start_datetime).toBe('2023-11-14T22:13:20Z')
    const undated = await join('{}')
    expect(undated.subscription_start_datetime).toBeNull()
    expect(undated.card.wallet.tokens[0].start_membership_date).toBe(undated.datetime)
  })

  it('shows what a member had paid as of then, across a fusion', async () => {
    const asset = await world.makeAsset(bar, 'SUB', 'Adhésion')
    const person = await world.openPerson()
    const join = async (
      to: { card: TestCard['card'] } | { wallet: typeof person },
      amount: bigint,
    ) =>
      lastOf(
        await world.send([
          {
            kind: 'subscribe',
            place: bar.place,
            to,
            asset,
            amount: money(amount),
            startMs: 1_700_000_000_000,
          },
        ]),
      )
    const first = await join({ card: card(0).card }, 1_000n)
    const own = await join({ wallet: person }, 70n)
    const second = await join({ card: card(0).card }, 500n)
    const fusion = lastOf(await world.link(card(0), person))
    const last = await join({ card: card(0).card }, 5n)
    const objects = world.freshObjects()
    const value = (wallet: typeof person, line: Line) =>
      read(objects.token(wallet, asset, line.number)).value
    const ephemeral = world.firstWalletOf(card(0))
    expect([first, own, second, fusion, last].map((line) => value(ephemeral, line))).toEqual([
      ...[1_000, 1_000, 1_500, 0, 0],
    ])
    expect([first, own, second, fusion, last].map((line) => value(person, line))).toEqual([
      ...[0, 70, 70, 1_570, 1_575],
    ])
  })

  it('shows the other side of a history by its name alone', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const person = await world.openPerson()
    await world.link(card(0), person)
    const line = lastOf(await world.refill(asset, card(0), 1_000n))
    const shown = read(world.objects.transactionCached(line, person))
    expect(Object.keys(shown).slice(-3)).toEqual([
      ...['serialized_asset', 'serialized_sender', 'serialized_receiver'],
    ])
    expect(shown).toMatchObject({
      serialized_asset: { uuid: asset },
      serialized_sender: { uuid: bar.wallet, get_name: 'Café du Port', tokens: [] },
      serialized_receiver: { uuid: person, tokens: [{ value: 1_000 }], has_user_card: true },
      card: { is_primary: false },
    })
  })

  it('answers the same for ever, whatever happens after', async () => {
    const seed = Date.now() % 1_000_000
    const random = generator(seed)
    const assets = [
      await world.makeAsset(bar, 'TLF', 'Perle'),
      await world.makeAsset(bar, 'TNF', 'Cadeau'),
    ]
    const people = [await world.openPerson(), await world.openPerson()]
    const answers: { readonly line: Line; readonly text: string }[] = []
    const show = (line: Line, objects = world.objects) =>
      printWire(objects.transaction(line, { place: bar.place, at: line.number }))
    const { eur } = params(world.book.reader.state)
    const shown = async (sent: Promise<StoredTx>) => {
      const line = linesOf(await sent).findLast(({ asset }) => asset !== eur)
      if (line === undefined) throw new Error('the tx has a line that v1 sees')
      return { line, text: show(line) }
    }
    const pick = <T>(values: readonly T[]): T => values[random() % values.length] as T
    for (let step = 0; step < 120; step += 1) {
      const [one, asset, person] = [pick(cards), pick(assets), pick(people)]
      const gestures: (() => Promise<unknown>)[] = [
        async () => answers.push(await shown(world.refill(asset, one, BigInt(random() % 500)))),
        async () => answers.push(await shown(world.refill(asset, one, 300n))),
        async () =>
          answers.push(
            await shown(world.sale(bar, asset, { ...one, amount: BigInt(random() % 300) })),
          ),
        async () => answers.push(await shown(world.issueFed(one, 50n))),
        async () => world.link(one, person),
        async () => world.send([{ kind: 'card-void', card: one.card, place: bar.place }]),
        async () => world.send([{ kind: 'refund', card: one.card, place: bar.place }]),
      ]
      // Some are refused, as in life: a link of a linked card, a sale beyond what is there.
      await pick(gestures)().catch(() => undefined)
    }
    const fresh = world.freshObjects()
    expect(answers.length, `seed ${seed}`).toBeGreaterThan(20)
    for (const { line, text } of answers) {
      expect(show(line), `seed ${seed}`).toBe(text)
      expect(show(line, fresh), `seed ${seed}`).toBe(text)
    }
  })
})

/** Numbers that follow from a seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}
