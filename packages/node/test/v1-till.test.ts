/** What a till writes on the wire of v1: sales, refills, memberships, badges, refunds, cards, assets. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { AssetId, BatchId, CardId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, Submission } from '../src/engine/engine.ts'
import { settleCardBatches } from '../src/v1/store/card-batches.ts'
import { startServer } from './http-server.ts'
import { newId } from './test-network.ts'
import type { Body, LaBoutik, V1Sendable } from './v1-clients.ts'
import { startV1, type TestCard, type TestPlace, V1World } from './v1-world.ts'

let world: V1World

beforeAll(async () => {
  world = await startV1()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

interface Bar {
  readonly bar: TestPlace
  readonly till: LaBoutik
  /** Local money. */
  readonly money: AssetId
  readonly boss: TestCard
  readonly card: TestCard
}

async function openBar(): Promise<Bar> {
  const bar = await world.openPlace()
  const money = await world.asset(bar)
  const [boss, card] = (await world.cards(bar, 2)) as [TestCard, TestCard]
  await world.makePrimary(bar, boss)
  return { bar, till: world.till(bar), money, boss, card }
}

type Members = Readonly<Record<string, Body>>

function cardsOf({ boss, card }: Bar): Members {
  return { primary_card_fisrtTagId: boss.tag, user_card_firstTagId: card.tag }
}

function sale(of: Bar, amount: Body, members: Members = {}): Members {
  const { bar, card, money } = of
  const sides = { sender: world.walletOf(card), receiver: bar.wallet, asset: money }
  return { amount, ...sides, ...cardsOf(of), ...members }
}

function refill(of: Bar, amount: Body, members: Members = {}): Members {
  const { bar, card, money } = of
  const sides = { sender: bar.wallet, receiver: world.walletOf(card), asset: money }
  return { amount, action: 'REF', ...sides, ...cardsOf(of), ...members }
}

const PATH = '/transaction/'

function rule(message: string) {
  return [400, { non_field_errors: [message] }]
}

async function ask(till: LaBoutik, path: string, body: Body): Promise<readonly [number, unknown]> {
  const { status, json } = await till.post(path, body)
  return [status, json]
}

function txs(): number {
  return world.means.book.tip().txs
}

/** Sends a request that was answered once more: the same bytes, and nothing new in the book. */
async function expectReplay(till: LaBoutik, request: V1Sendable): Promise<void> {
  const first = await till.send(request)
  const before = txs()
  const again = await till.send(request)
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(txs()).toBe(before)
}

describe('a sale', () => {
  it('moves money, and shows the card as it is after it', async () => {
    const of = await openBar()
    const { bar, till, money, boss, card } = of
    await world.refill(money, card, 1_000)
    const metadata = '{"data": "hé \\u00e9"}'
    const { status, json, text } = await till.post(PATH, sale(of, 300, { comment: null, metadata }))
    expect(status).toBe(201)
    expect(json).toMatchObject({
      action: 'SAL',
      amount: 300,
      sender: world.walletOf(card),
      receiver: bar.wallet,
      asset: money,
      comment: null,
      metadata,
      primary_card: boss.card,
      verify_hash: true,
      subscription_type: 'NO',
      card: { first_tag_id: card.tag, uuid: card.card, is_wallet_ephemere: true },
    })
    expect(json.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(json.card.wallet.tokens).toMatchObject([{ value: 700, asset_uuid: money }])
    expect(json.card.wallet.tokens[0].last_transaction.uuid).toBe(json.uuid)
    expect(text).toContain('"metadata":"{\\"data\\"')
    expect(world.balance(bar.wallet, money)).toBe(300n)
  })

  it('names cards by their ids, or by tags in any case (row 37)', async () => {
    const of = await openBar()
    const { till, money, boss, card } = of
    await world.refill(money, card, 1_000)
    const { primary_card_fisrtTagId: _, user_card_firstTagId: __, ...bare } = sale(of, 100)
    const ids = { primary_card_uuid: boss.card, user_card_uuid: card.card.toUpperCase() }
    expect((await till.post(PATH, { ...bare, ...ids })).status).toBe(201)
    const tags = {
      primary_card_fisrtTagId: boss.tag.toLowerCase(),
      user_card_firstTagId: card.tag.toLowerCase(),
    }
    expect((await till.post(PATH, { ...bare, ...tags })).status).toBe(201)
  })

  it('may be of nothing, also from a card that was never used', async () => {
    const of = await openBar()
    const { status, json } = await of.till.post(PATH, sale(of, 0))
    expect([status, json.action, json.amount]).toEqual([201, 'SAL', 0])
  })

  it('is refused in the order of v1', async () => {
    const of = await openBar()
    const { bar, till, money, boss, card } = of
    const foreign = await world.asset(await world.openPlace())
    const [other] = (await world.cards(bar)) as [TestCard]
    await world.refill(money, other, 5)
    const bare = { amount: 300, sender: world.walletOf(other), receiver: bar.wallet }
    const refused = (members: Members) => ask(till, PATH, { ...bare, asset: foreign, ...members })
    expect(await refused({})).toEqual(rule('Primary card is required for sale transaction'))
    expect(await refused({ primary_card_uuid: card.card })).toEqual(
      rule('Primary card must be in place primary cards'),
    )
    const primary = { primary_card_uuid: boss.card }
    expect(await refused(primary)).toEqual(rule('User card is required for sale transaction'))
    const both = { ...primary, user_card_uuid: card.card }
    expect(await refused(both)).toEqual(rule('Asset not accepted'))
    const never = await world.asset(bar)
    expect(await refused({ ...both, asset: never })).toEqual(rule('Sender token does not exist'))
    expect(await refused({ ...both, asset: money })).toEqual(
      rule('Not enough token on sender wallet'),
    )
    expect(await refused({ ...both, asset: money, amount: 5 })).toEqual(
      rule('User card wallet must be the sender'),
    )
    expect(world.balance(bar.wallet, money)).toBe(0n)
  })

  it('is refused to an archived asset as to an unknown one', async () => {
    const of = await openBar()
    await world.refill(of.money, of.card, 300)
    await world.submit({ kind: 'asset-archive', asset: of.money })
    expect(await ask(of.till, PATH, sale(of, 100))).toEqual([
      400,
      { asset: [`Clé primaire «\u00a0${of.money}\u00a0» non valide - l'objet n'existe pas.`] },
    ])
    // Only of a fusion does v1 read an archived asset, and a fusion is not for tills here.
    const fusion = { action: 'FUS', receiver: (await world.person()).wallet }
    expect(await ask(of.till, PATH, sale(of, 100, fusion))).toEqual(rule('No action authorized'))
  })
})

describe('the fields of a sale', () => {
  it('are told together, in their order, in the words of v1', async () => {
    const of = await openBar()
    const body = {
      amount: -1,
      sender: 'zz',
      receiver: randomUUID(),
      subscription_start_datetime: 'yesterday',
      action: 'XXX',
      first_token_uuid: 'zz',
      comment: '  ',
      primary_card_uuid: 'zz',
      primary_card_fisrtTagId: 'ZZZZZZZZ',
      user_card_firstTagId: null,
    }
    const { status, text, json } = await of.till.post(PATH, body)
    expect(status).toBe(400)
    expect(json).toEqual({
      amount: ['Amount cannot be negative'],
      sender: ['La valeur «\u00a0zz\u00a0» n’est pas un UUID valide.'],
      receiver: [`Clé primaire «\u00a0${body.receiver}\u00a0» non valide - l'objet n'existe pas.`],
      asset: ['Ce champ est obligatoire.'],
      subscription_start_datetime: [
        expect.stringContaining("La date + heure n'a pas le bon format."),
      ],
      action: ["«\u00a0XXX\u00a0» n'est pas un choix valide."],
      first_token_uuid: ['Doit être un UUID valide.'],
      comment: ['Ce champ ne peut être vide.'],
      primary_card_uuid: ['La valeur «\u00a0zz\u00a0» n’est pas un UUID valide.'],
      primary_card_fisrtTagId: ["L'objet avec first_tag_id=ZZZZZZZZ n'existe pas."],
      user_card_firstTagId: ['Ce champ ne peut être nul.'],
    })
    expect(Object.keys(json)[0]).toBe('amount')
    expect(text.indexOf('"sender"')).toBeLessThan(text.indexOf('"user_card_firstTagId"'))
  })

  it('have amounts of 0 to 2 147 483 647 (row 22)', async () => {
    const of = await openBar()
    const most = 2_147_483_647
    expect((await of.till.post(PATH, refill(of, most))).json.amount).toBe(most)
    expect((await of.till.post(PATH, refill(of, ' 5 '))).json.amount).toBe(5)
    for (const amount of [most + 1, 2 ** 53, '9223372036854775808', 10.5, true, '']) {
      const { status, json } = await of.till.post(PATH, refill(of, amount))
      expect([status, Object.keys(json)], `${amount}`).toEqual([400, ['amount']])
    }
    expect(world.balance(world.walletOf(of.card), of.money)).toBe(BigInt(most) + 5n)
  })

  it('must have a primary card of the place (row 35): tills look for that key', async () => {
    const of = await openBar()
    const none = { primary_card_fisrtTagId: 'None', user_card_firstTagId: 'None' }
    const { status, json } = await of.till.post(PATH, refill(of, 100, none))
    expect([status, Object.keys(json)]).toEqual([
      400,
      ['receiver', 'primary_card_fisrtTagId', 'user_card_firstTagId'],
    ])
    const own = { primary_card_fisrtTagId: of.card.tag }
    expect(await ask(of.till, PATH, refill(of, 100, own))).toEqual([
      400,
      { primary_card_fisrtTagId: ['Carte primaire non valide'] },
    ])
  })
})

describe('a refill', () => {
  it('creates money of the place on a card, and answers the second of its lines', async () => {
    const of = await openBar()
    const { bar, till, money, card } = of
    const { status, json } = await till.post(PATH, refill(of, 1_000, { comment: 'merci' }))
    expect([status, json.action, json.amount, json.comment]).toEqual([201, 'REF', 1_000, 'merci'])
    expect(json.card.wallet.tokens).toMatchObject([{ value: 1_000 }])
    const created = world.means.book.lineById(json.previous_transaction)
    expect([created?.action, created?.from, created?.to]).toEqual(['CRE', bar.wallet, bar.wallet])
    expect(world.balance(world.walletOf(card), money)).toBe(1_000n)
    expect(world.balance(bar.wallet, money)).toBe(0n)
  })

  it('of a linked card reaches its person', async () => {
    const of = await openBar()
    const person = await world.person()
    await world.link(of.card, person)
    const { status, json } = await of.till.post(PATH, refill(of, 500))
    expect([status, json.receiver, json.card.is_wallet_ephemere]).toEqual([
      201,
      person.wallet,
      false,
    ])
    expect(world.balance(person.wallet, of.money)).toBe(500n)
  })

  it('is refused without both cards, of money of others, to other wallets', async () => {
    const of = await openBar()
    const { bar, till, money } = of
    const person = await world.person()
    const bare = { amount: 5, sender: bar.wallet, receiver: person.wallet, asset: money }
    const needsCards = rule('Primary card and user card are required for refill transaction')
    expect(await ask(till, PATH, bare)).toEqual(needsCards)
    const primary = { primary_card_fisrtTagId: of.boss.tag }
    expect(await ask(till, PATH, { ...bare, ...primary })).toEqual(needsCards)
    const foreign = await world.asset(await world.openPlace())
    const elsewhere = rule('Unauthorized wallet_origin')
    expect(await ask(till, PATH, refill(of, 5, { asset: foreign }))).toEqual(elsewhere)
    const { fed } = world.means.book.genesis
    expect(await ask(till, PATH, refill(of, 5, { asset: fed.id }))).toEqual(elsewhere)
    const toPerson = { receiver: person.wallet }
    expect(await ask(till, PATH, refill(of, 5, toPerson))).toEqual(
      rule('User card wallet must be the receiver'),
    )
    const self = { receiver: bar.wallet }
    expect(await ask(till, PATH, refill(of, 5, self))).toEqual(
      rule('no longuer implemented for REFILL. Send user wallet instead'),
    )
    expect(await ask(till, PATH, refill(of, 5, { ...self, asset: foreign }))).toEqual(elsewhere)
  })
})

describe('nobody mints federated euros over HTTP (row 1)', () => {
  it('whatever is said of checkouts and the primary wallet', async () => {
    const of = await openBar()
    const { genesis } = world.means.book
    const primary = genesis.wallet
    const nothing = rule('No action authorized')
    const before = txs()
    const checkout = { checkout_stripe: randomUUID() }
    const mint = refill(of, 5, { ...checkout, sender: primary, asset: genesis.fed.id })
    expect(await ask(of.till, PATH, mint)).toEqual(nothing)
    expect(await ask(of.till, PATH, refill(of, 5, checkout))).toEqual(nothing)
    expect(await ask(of.till, PATH, sale(of, 5, { sender: primary }))).toEqual(nothing)
    expect(await ask(of.till, PATH, refill(of, 5, { receiver: primary }))).toEqual(nothing)
    const person = await world.person()
    const strangers = { sender: person.wallet, receiver: world.walletOf(of.card) }
    const after = txs()
    expect(await ask(of.till, PATH, sale(of, 5, strangers))).toEqual(nothing)
    expect(await ask(of.till, PATH, sale(of, 5, { ...strangers, action: 'TRF' }))).toEqual(nothing)
    expect(txs()).toBe(after)
    // The person's wallet was opened in between.
    expect(after).toBe(before + 1)
  })
})

describe('a membership', () => {
  const start = '2026-05-01 00:00:00+02:00'

  it('is sold to a card at the till, with its start to the microsecond', async () => {
    const of = await openBar()
    const { bar, till, boss, card } = of
    const asset = await world.asset(bar, { kind: 'SUB' })
    const body = refill(of, 2_000, {
      asset,
      subscription_start_datetime: '2026-05-01T12:00:00.123456+02:00',
    })
    const { status, json } = await till.post(PATH, body)
    expect([status, json.action, json.amount]).toEqual([201, 'SUB', 2_000])
    expect(json.subscription_start_datetime).toBe('2026-05-01T10:00:00.123456Z')
    expect([json.verify_hash, json.primary_card]).toEqual([true, boss.card])
    expect(json.card.wallet.tokens).toMatchObject([
      { value: 2_000, start_membership_date: '2026-05-01T10:00:00.123456Z' },
    ])
    const again = await till.post(
      PATH,
      refill(of, 500, { asset, subscription_start_datetime: start }),
    )
    expect(again.json.card.wallet.tokens).toMatchObject([{ value: 2_500 }])
    expect(again.json.sender).toBe(bar.wallet)
    expect(world.balance(world.walletOf(card), asset)).toBe(0n)
  })

  it('is sold to a person without a card', async () => {
    const of = await openBar()
    const asset = await world.asset(of.bar, { kind: 'SUB' })
    const person = await world.person()
    const sides = { sender: of.bar.wallet, receiver: person.wallet }
    const { status, json } = await of.till.post(PATH, { amount: 10, asset, ...sides })
    expect([status, json.action, json.card]).toEqual([201, 'SUB', null])
    expect(json.subscription_start_datetime).toBeNull()
  })

  it('is noted for Lespass too, unsigned, while no till is linked', async () => {
    const club = await world.openPlace()
    const lespass = world.lespass(club)
    const asset = await world.asset(club, { kind: 'SUB' })
    const person = await world.person()
    const sides = { sender: club.wallet, receiver: person.wallet }
    const body = { amount: 10, asset, ...sides, metadata: { paid: 'online' } }
    const { status, json } = await lespass.post(PATH, body)
    expect([status, json.action, json.metadata]).toEqual([201, 'SUB', { paid: 'online' }])
  })

  it('of another place is sold from the first time on when they share it (row 31)', async () => {
    const of = await openBar()
    const club = await world.openPlace()
    const asset = await world.asset(club, { kind: 'SUB' })
    const body = refill(of, 10, { asset, subscription_start_datetime: start })
    expect(await ask(of.till, PATH, body)).toEqual(rule('Asset not accepted'))
    const federation = randomUUID() as never
    await world.submit(
      { kind: 'federation-create', federation, name: `Town ${federation}`, place: club.place },
      { kind: 'federation-invite', federation, place: club.place, invited: of.bar.place },
      { kind: 'federation-accept', federation, place: of.bar.place },
      { kind: 'federation-share', federation, asset },
    )
    expect((await of.till.post(PATH, body)).status).toBe(201)
  })
})

describe('a body that says nothing of use (row 21)', () => {
  const paths = ['/transaction/', '/card/', '/card/refund/', '/card/set_primary/', '/card/badge/']
  const bodies: readonly Body[] = [
    ...[null, 'text', 7, true, {}, [[]], [null], { amount: {} }, { sender: [], action: {} }],
    { primary_card_fisrtTagId: ['x'], user_card_uuid: { a: 1 }, metadata: null, comment: null },
    { first_tag_id: { a: 1 }, delete: [], asset: true, primary_card_firstTagId: 5 },
    { name: [], currency_code: {}, category: [], created_at: 5, uuid: 'zz' },
  ]

  it.each([...paths, '/asset/'])('gets 400 and JSON from %s, and no tx', async (path) => {
    const { till } = await openBar()
    const before = txs()
    for (const body of bodies) {
      const { status, json } = await till.post(path, body)
      expect([status, typeof json], JSON.stringify(body)).toEqual([400, 'object'])
    }
    expect(txs()).toBe(before)
  })
})

describe('a badge', () => {
  it('notes who came, with what the till said', async () => {
    const of = await openBar()
    const { bar, till, boss, card } = of
    const asset = await world.asset(bar, { kind: 'BDG' })
    const body = {
      first_tag_id: card.tag.toLowerCase(),
      primary_card_firstTagId: boss.tag,
      asset,
      pos_uuid: randomUUID(),
      pos_name: 'Comptoir',
    }
    const { status, json } = await till.post('/card/badge/', body)
    expect(status).toBe(201)
    expect(json).toMatchObject({
      action: 'BDG',
      amount: 0,
      sender: world.walletOf(card),
      receiver: bar.wallet,
      metadata: body,
      primary_card: boss.card,
      card: { uuid: card.card },
    })
    const second = { ...body, primary_card_firstTagId: card.tag, pos_uuid: null, pos_name: null }
    expect((await till.post('/card/badge/', second)).status).toBe(201)
    const posted = await till.post(PATH, refill(of, 7, { asset }))
    expect([posted.status, posted.json.action, posted.json.amount]).toEqual([201, 'BDG', 0])
  })

  it('says what is wrong', async () => {
    const of = await openBar()
    const { till, money, boss, card } = of
    const tags = { first_tag_id: card.tag, primary_card_firstTagId: boss.tag }
    expect(await ask(till, '/card/badge/', { ...tags, first_tag_id: 'ABC', asset: money })).toEqual(
      [
        400,
        {
          first_tag_id: ['Assurez-vous que ce champ comporte au moins 8\u00a0caractères.'],
          asset: [`Clé primaire «\u00a0${money}\u00a0» non valide - l'objet n'existe pas.`],
        },
      ],
    )
    const asset = await world.asset(of.bar, { kind: 'BDG' })
    expect(await ask(till, '/card/badge/', { ...tags, asset, first_tag_id: '00112233' })).toEqual([
      404,
      { detail: 'No Card matches the given query.' },
    ])
  })
})

describe('a card that is refunded', () => {
  const REFUND = '/card/refund/'

  function refund({ boss, card }: Bar, action?: string): Members {
    const tags = { primary_card_fisrtTagId: boss.tag, user_card_firstTagId: card.tag }
    return action === undefined ? tags : { ...tags, action }
  }

  it('gives back local and gift money and federated euros, keeps the rest, and is empty then (row 45)', async () => {
    const of = await openBar()
    const { bar, till, money, card } = of
    const gift = await world.asset(bar, { kind: 'TNF' })
    const points = await world.asset(bar, { kind: 'FID' })
    await world.refill(money, card, 700)
    await world.refill(gift, card, 30)
    await world.refill(points, card, 12)
    await putFederated(card, 90)
    const { fed } = world.means.book.genesis
    const wallet = world.walletOf(card)
    const { status, json, headers } = await till.post(REFUND, refund(of, 'RFD'))
    expect(status).toBe(205)
    expect(Number(headers['content-length'])).toBeGreaterThan(0)
    expect(Object.keys(json)).toEqual([
      'serialized_card',
      'before_refund_serialized_wallet',
      'serialized_transactions',
    ])
    expect(valuesOf(json.before_refund_serialized_wallet)).toEqual({
      [money]: 700,
      [gift]: 30,
      [points]: 12,
      [fed.id]: 90,
    })
    expect(valuesOf(json.serialized_card.wallet)).toEqual({
      [money]: 0,
      [gift]: 0,
      [points]: 12,
      [fed.id]: 0,
    })
    expect(json.serialized_card.wallet.uuid).toBe(wallet)
    const moved = json.serialized_transactions.map((one: Record<string, unknown>) => [
      one['action'],
      one['asset'],
      one['amount'],
    ])
    expect(moved).toEqual([
      ['RFD', money, 700],
      ['RFD', gift, 30],
      ['RFD', fed.id, 90],
    ])
    expect(world.balance(bar.wallet, fed.id)).toBe(90n)
    expect(world.balance(bar.wallet, money)).toBe(0n)
    const empty = await till.post(REFUND, refund(of))
    expect([empty.status, empty.json.serialized_transactions]).toEqual([205, []])
  })

  it('has a new wallet when it is voided, and no person', async () => {
    const of = await openBar()
    const { till, money, card } = of
    const person = await world.person()
    await world.link(card, person)
    await world.refill(money, card, 700)
    const { status, json } = await till.post(REFUND, refund(of, 'VID'))
    expect(status).toBe(205)
    expect(json.before_refund_serialized_wallet).toMatchObject({
      uuid: person.wallet,
      has_user_card: true,
    })
    expect(json.serialized_card).toMatchObject({
      uuid: card.card,
      is_wallet_ephemere: true,
      is_primary: false,
      wallet: { uuid: world.walletOf(card), tokens: [], has_user_card: false },
    })
    const scan = await till.get(`/card/${card.tag}/`)
    expect(scan.json.wallet.uuid).toBe(json.serialized_card.wallet.uuid)
  })

  it('stops to open the till of this place alone, and removing that right again is fine', async () => {
    const of = await openBar()
    const { bar, till, boss } = of
    const other = await world.openPlace()
    await world.makePrimary(other, boss)
    const self = { primary_card_uuid: boss.card, user_card_uuid: boss.card, action: 'VID' }
    const { status, json } = await till.post(REFUND, self)
    expect([status, json.serialized_card.is_primary]).toEqual([205, false])
    const primary = world.means.book.state.get('card', boss.card)?.primary
    expect([primary?.includes(bar.place), primary?.includes(other.place)]).toEqual([false, true])
    const set = { first_tag_id: boss.tag, delete: true }
    expect(await ask(till, '/card/set_primary/', set)).toEqual([205, 'remove ok'])
  })

  it('has its answer again after everything changed, whatever was on it', async () => {
    const of = await openBar()
    const { bar, till, money, card, boss } = of
    const requests = ['VID', 'VID', 'RFD', 'VID'].map((action) =>
      till.signedPost(REFUND, refund(of, action)),
    )
    const answers: string[] = []
    for (const request of requests) {
      answers.push((await till.send(request)).text)
      await world.refill(money, card, 5)
    }
    const wallets = answers.map((text) => JSON.parse(text).serialized_card.wallet.uuid)
    expect(new Set(wallets).size).toBe(3)
    await world.link(card, await world.person())
    await world.makePrimary(bar, card)
    await till.post(PATH, refill(of, 50))
    await world.submit({ kind: 'card-void', card: card.card, place: bar.place })
    await world.makePrimary(bar, card)
    const before = txs()
    for (const [index, request] of requests.entries()) {
      const again = await till.send(request)
      expect([again.status, again.text]).toEqual([205, answers[index]])
    }
    expect(txs()).toBe(before)
    expect(boss.card).not.toBe(card.card)
  })

  it('voided by two tills at once has two new wallets, each shown to one', async () => {
    const of = await openBar()
    const { till, card } = of
    const requests = Array.from({ length: 4 }, () => till.signedPost(REFUND, refund(of, 'VID')))
    const answers = await Promise.all(requests.map((request) => till.send(request)))
    const wallets = answers.map(({ json }) => json.serialized_card.wallet.uuid)
    expect(new Set(wallets).size).toBe(4)
    expect(wallets).toContain(world.walletOf(card))
    for (const [index, request] of requests.entries()) {
      expect((await till.send(request)).text).toBe(answers[index]?.text)
    }
  })

  it('is refused in the order of v1', async () => {
    const of = await openBar()
    const { till, boss, card } = of
    const notPrimary = rule('Primary card must be in place primary cards')
    expect(await ask(till, REFUND, { user_card_firstTagId: card.tag })).toEqual(notPrimary)
    const swapped = { primary_card_fisrtTagId: card.tag, user_card_firstTagId: boss.tag }
    expect(await ask(till, REFUND, swapped)).toEqual(notPrimary)
    expect(await ask(till, REFUND, { primary_card_fisrtTagId: boss.tag })).toEqual(
      rule('User card is required for void or refund'),
    )
    expect(await ask(till, REFUND, { ...refund(of, 'SAL'), user_card_uuid: 'zz' })).toEqual([
      400,
      {
        user_card_uuid: ['La valeur «\u00a0zz\u00a0» n’est pas un UUID valide.'],
        action: ['Action must be REFUND or VOID'],
      },
    ])
  })
})

describe('a primary card', () => {
  const SET = '/card/set_primary/'

  it('is set, is there, is removed, and removed again', async () => {
    const { till, card } = await openBar()
    const set = { first_tag_id: card.tag.toLowerCase(), delete: false }
    expect(await ask(till, SET, set)).toEqual([200, 'OK'])
    const before = txs()
    expect(await ask(till, SET, { first_tag_id: card.tag })).toEqual([208, 'Déja OK'])
    expect(txs()).toBe(before)
    expect((await till.get(`/card/${card.tag}/`)).json.is_primary).toBe(true)
    expect(await ask(till, SET, { ...set, delete: true })).toEqual([205, 'remove ok'])
    expect(await ask(till, SET, { ...set, delete: true })).toEqual([205, 'remove ok'])
    expect((await till.get(`/card/${card.tag}/`)).json.is_primary).toBe(false)
  })

  it('must be known', async () => {
    const { till } = await openBar()
    expect(await ask(till, SET, { first_tag_id: '00112233', delete: true })).toEqual([
      404,
      { detail: 'No Card matches the given query.' },
    ])
    expect((await till.post(SET, { delete: 'perhaps' })).json).toEqual({
      first_tag_id: ['Ce champ est obligatoire.'],
      delete: ['Doit être un booléen valide.'],
    })
  })
})

describe('a request sent again as it was (row 6)', () => {
  it('gets the same bytes and has no second effect, whatever happened since', async () => {
    const of = await openBar()
    const { bar, till, money, card, boss } = of
    const membership = await world.asset(bar, { kind: 'SUB' })
    const asset = await world.asset(bar, { kind: 'BDG' })
    const tags = { first_tag_id: card.tag, primary_card_firstTagId: boss.tag }
    const [fresh] = newCards(1)
    const requests = [
      till.signedPost(PATH, refill(of, 1_000, { metadata: { a: [1, 'é'] } })),
      till.signedPost(PATH, sale(of, 300, { metadata: 'text', comment: 'x' })),
      till.signedPost(PATH, refill(of, 20, { asset: membership })),
      till.signedPost('/card/badge/', { ...tags, asset }),
      till.signedPost('/card/', [fresh as Body]),
      till.signedPost('/card/set_primary/', { first_tag_id: card.tag, delete: false }),
      till.signedPost('/card/set_primary/', { first_tag_id: card.tag, delete: false }),
      till.signedPost('/card/set_primary/', { first_tag_id: card.tag, delete: true }),
      till.signedPost('/card/refund/', { ...cardsOf(of), action: 'RFD' }),
    ]
    const answers: (readonly [number, string])[] = []
    for (const request of requests) {
      const { status, text } = await till.send(request)
      answers.push([status, text])
    }
    expect(answers.map(([status]) => status)).toEqual([201, 201, 201, 201, 201, 200, 208, 205, 205])
    await till.post(PATH, refill(of, 77))
    const before = txs()
    for (const [index, request] of requests.entries()) {
      const { status, text } = await till.send(request)
      expect([status, text], request.path).toEqual(answers[index])
    }
    expect(txs()).toBe(before)
    expect(world.balance(world.walletOf(card), money)).toBe(77n)
  })

  it('stays refused when it was, also once it would hold', async () => {
    const of = await openBar()
    const request = of.till.signedPost(PATH, sale(of, 300))
    const refused = await of.till.send(request)
    expect(refused.status).toBe(400)
    await world.refill(of.money, of.card, 1_000)
    const again = await of.till.send(request)
    expect([again.status, again.text]).toEqual([refused.status, refused.text])
    expect(world.balance(of.bar.wallet, of.money)).toBe(0n)
    expect((await of.till.post(PATH, sale(of, 300))).status).toBe(201)
  })

  it('at once is made once; asked for twice, it is made twice', async () => {
    const of = await openBar()
    await world.refill(of.money, of.card, 1_000)
    const request = of.till.signedPost(PATH, sale(of, 300))
    const answers = await Promise.all(Array.from({ length: 8 }, () => of.till.send(request)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(world.balance(of.bar.wallet, of.money)).toBe(300n)
    await Promise.all([1, 2].map(() => of.till.post(PATH, sale(of, 300))))
    expect(world.balance(of.bar.wallet, of.money)).toBe(900n)
    await expectReplay(of.till, request)
  })
})

describe('a crowd at the tills', () => {
  it('makes 32 first scans one wallet a card, and sells to each once (rows 2 to 5)', async () => {
    const of = await openBar()
    const { bar, till, money } = of
    const cards = await world.cards(bar, 8)
    const scans = await Promise.all(
      Array.from({ length: 32 }, (_, index) => till.get(`/card/${cards[index % 8]?.tag}/`)),
    )
    const wallets = cards.map((card) => world.walletOf(card))
    for (const [index, { json }] of scans.entries()) {
      expect(json.wallet.uuid).toBe(wallets[index % 8])
    }
    const refills = await Promise.all(
      cards.map((card) => till.post(PATH, refill({ ...of, card }, 100))),
    )
    expect(refills.map(({ status }) => status)).toEqual(cards.map(() => 201))
    // Each card has money for three of the four sales that are asked of it at once.
    const sales = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        till.post(PATH, sale({ ...of, card: cards[index % 8] as TestCard }, 30)),
      ),
    )
    const sold = sales.filter(({ status }) => status === 201)
    const refused = sales.filter(({ status }) => status !== 201)
    expect([sold.length, refused.length]).toEqual([24, 8])
    for (const { status, json } of refused) {
      expect([status, json]).toEqual(rule('Not enough token on sender wallet'))
    }
    expect(wallets.map((wallet) => world.balance(wallet, money))).toEqual(cards.map(() => 10n))
    expect(world.balance(bar.wallet, money)).toBe(720n)
    const before = sold.map(({ json }) => json.previous_transaction)
    expect(new Set(before).size).toBe(sold.length)
    for (const { json } of sold) {
      expect([10, 40, 70]).toContain(json.card.wallet.tokens[0].value)
    }
  })
})

interface NewCard {
  readonly uuid: string
  readonly first_tag_id: string
  readonly qrcode_uuid: string
  readonly number_printed: string
  readonly generation: number
  readonly is_primary: boolean
  readonly [key: string]: Body
}

function newCards(count: number): readonly NewCard[] {
  return Array.from({ length: count }, () => ({
    uuid: randomUUID(),
    first_tag_id: randomBytes(4).toString('hex').toUpperCase(),
    complete_tag_id_uuid: null,
    qrcode_uuid: randomUUID(),
    number_printed: randomBytes(4).toString('hex').toUpperCase(),
    generation: 3,
    is_primary: false,
    tokens_uuid: [],
  }))
}

describe('new cards', () => {
  const CARDS = '/card/'

  it('are registered with the ids that they come with', async () => {
    const { bar, till, money } = await openBar()
    const [first, second] = newCards(2) as [NewCard, NewCard]
    const token = randomUUID()
    const body = [
      { ...first, is_primary: true, tokens_uuid: [{ asset_uuid: money, token_uuid: token }] },
      { ...second, first_tag_id: second.first_tag_id.toLowerCase(), uuid: undefined as never },
    ].map(({ uuid, ...card }) => (uuid === undefined ? card : { uuid, ...card })) as Body
    const { status, text } = await till.post(CARDS, body)
    expect([status, text]).toEqual([201, '"2"'])
    const scan = await till.get(`/card/${first.first_tag_id}/`)
    expect(scan.json).toMatchObject({
      uuid: first.uuid,
      first_tag_id: first.first_tag_id,
      qrcode_uuid: first.qrcode_uuid,
      number_printed: first.number_printed,
      is_primary: true,
      is_wallet_ephemere: true,
      origin: { generation: 3, place: { uuid: bar.place }, img: null },
      wallet: { tokens: [{ uuid: token, value: 0 }] },
    })
    expect((await till.get(`/card/${second.first_tag_id}/`)).json.is_primary).toBe(false)
    await world.refill(money, { card: first.uuid as CardId } as TestCard, 5)
    const filled = await till.get(`/card/${first.first_tag_id}/`)
    expect(filled.json.wallet.tokens).toMatchObject([{ uuid: token, value: 5 }])
    expect(world.server.directory.pending()).toEqual([])
    expect((await till.post(CARDS, [])).text).toBe('"0"')
  })

  it('come from Lespass too, unsigned, until a till is linked', async () => {
    const club = await world.openPlace()
    const lespass = world.lespass(club)
    const [card] = newCards(1) as [NewCard]
    const { uuid: _, ...bare } = card
    expect((await lespass.post(CARDS, [bare])).text).toBe('"1"')
    const again = await lespass.post(CARDS, [bare])
    expect([again.status, Object.keys(again.json[0])]).toEqual([
      409,
      ['first_tag_id', 'qrcode_uuid', 'number_printed'],
    ])
    world.till(club)
    expect((await lespass.post(CARDS, newCards(1))).status).toBe(403)
  })

  it('that are there already are told so, as both clients take it', async () => {
    const { till } = await openBar()
    const cards = newCards(2) as [NewCard, NewCard]
    await till.post(CARDS, [cards[0]])
    const before = txs()
    const { status, json, text } = await till.post(CARDS, cards)
    expect([status, json]).toEqual([
      409,
      [
        {
          uuid: ['Un objet card avec ce champ uuid existe déjà.'],
          first_tag_id: ['Un objet card avec ce champ first tag id existe déjà.'],
          qrcode_uuid: ['Un objet card avec ce champ qrcode uuid existe déjà.'],
          number_printed: ['Un objet card avec ce champ number printed existe déjà.'],
        },
        {},
      ],
    ])
    expect(text.toLowerCase()).toContain('exist')
    for (const name of ['uuid', 'first_tag_id', 'qrcode_uuid', 'number_printed']) {
      const [fresh] = newCards(1) as [NewCard]
      const known = cards[0][name] as string
      const one = { ...fresh, [name]: known.toLowerCase() }
      const answer = await till.post(CARDS, [one])
      expect([answer.status, Object.keys(answer.json[0])], name).toEqual([409, [name]])
    }
    expect(txs()).toBe(before)
  })

  it('are refused all together when one is wrong (row 36)', async () => {
    const { till } = await openBar()
    const [good, other, bad] = newCards(3) as [NewCard, NewCard, NewCard]
    const before = txs()
    const wrong = { ...bad, first_tag_id: 'GGGGGGGG', number_printed: '123456789', generation: 4 }
    const faults = await till.post(CARDS, [good, other, wrong])
    expect([faults.status, faults.json]).toEqual([
      400,
      [
        {},
        {},
        {
          first_tag_id: ['Huit chiffres hexadécimaux sont attendus.'],
          number_printed: ['Assurez-vous que ce champ comporte au plus 8\u00a0caractères.'],
          generation: ['One generation per request'],
        },
      ],
    ])
    const twice = await till.post(CARDS, [good, { ...other, number_printed: good.number_printed }])
    expect([twice.status, Object.keys(twice.json[1])]).toEqual([400, ['number_printed']])
    const tokens_uuid = [{ asset_uuid: randomUUID(), token_uuid: randomUUID() }]
    expect(await ask(till, CARDS, [good, { ...other, tokens_uuid }])).toEqual([
      400,
      ['Asset does not exist'],
    ])
    expect((await till.post(CARDS, good)).json).toEqual({
      non_field_errors: ["Attendait une liste d'éléments mais a reçu «\u00a0dict\u00a0»."],
    })
    expect((await till.post(CARDS, ['card'])).status).toBe(400)
    const many = await till.post(CARDS, newCards(1_001))
    expect([many.status, many.json.length]).toEqual([400, 1])
    expect(txs()).toBe(before)
    expect((await till.get(`/card/${good.first_tag_id}/`)).status).toBe(404)
    expect((await till.post(CARDS, [good])).status).toBe(201)
  })

  it('may be a thousand, with two hundred primary ones', async () => {
    const { till } = await openBar()
    const cards = newCards(1_000).map((card, index) => ({ ...card, is_primary: index < 201 }))
    expect((await till.post(CARDS, cards)).status).toBe(400)
    const fewer = cards.map((card, index) => ({ ...card, is_primary: index < 200 }))
    expect((await till.post(CARDS, fewer)).text).toBe('"1000"')
    const last = fewer[199]?.first_tag_id
    expect((await till.get(`/card/${last}/`)).json.is_primary).toBe(true)
  })

  it('asked for at once are registered once', async () => {
    const { till } = await openBar()
    const cards = newCards(3)
    const answers = await Promise.all([1, 2, 3, 4].map(() => till.post(CARDS, cards)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  })
})

describe('cards whose request was cut off', () => {
  const TOO_BUSY: Submission = { status: 'refused', code: 'queue_full', detail: 'Too many wait.' }
  const LOST: Submission = { status: 'unknown', detail: 'The disk failed.' }

  it('are taken back when their tx was not ordered, and kept when it was all the same', async () => {
    let answer: 'real' | 'busy' | 'lost' = 'real'
    const wrap = (engine: Engine): Engine => ({
      submit: async (tx, options) => {
        if (answer === 'busy') return TOO_BUSY
        const submission = await engine.submit(tx, options)
        return answer === 'lost' ? LOST : submission
      },
      blocks: (from) => engine.blocks(from),
      close: () => engine.close(),
    })
    await using own = new V1World(await startServer(wrap))
    const till = own.till(await own.openPlace())
    const [busy, lost] = [newCards(2), newCards(2)]
    answer = 'busy'
    const request = till.signedPost('/card/', busy)
    expect((await till.send(request)).status).toBe(503)
    answer = 'lost'
    expect((await till.post('/card/', lost)).status).toBe(503)
    answer = 'real'
    const { directory } = own.server
    expect(directory.pending().length).toBe(1)
    await own.openPlace()
    expect((await till.post('/card/', lost)).status).toBe(409)
    expect((await till.send(request)).text).toBe('"2"')
    expect(directory.pending()).toEqual([])
    for (const { first_tag_id: tag } of [...busy, ...lost]) {
      expect((await till.get(`/card/${tag}/`)).status).toBe(200)
    }
  })

  it('are settled at the next start: the book has all of them or none', async () => {
    const { bar } = await openBar()
    const { directory, book } = world.means
    const about = { place: bar.place, generation: 1, level: 'L0' } as const
    const whole = { root: randomBytes(32).toString('hex') as never, count: 1 }
    const begin = (fileName?: string) => {
      const [batch, card] = [newId<BatchId>(), newId<CardId>()]
      const [tag = '', number = ''] =
        randomBytes(8).toString('hex').toUpperCase().match(/.{8}/g) ?? []
      directory.beginBatch({ ...about, batch, createdMs: 0, ...(fileName && { fileName }) })
      const [salt, leaf] = [randomBytes(16), randomBytes(32)]
      directory.addCards(batch, 0, [{ card, tag, number, qr: randomUUID(), salt, leaf }])
      directory.endBatch(batch, whole)
      return { batch, card }
    }
    const [ordered, never, imported] = [begin('POST /card/'), begin('POST /card/'), begin()]
    await world.submit({
      kind: 'cards-register',
      ...about,
      ...whole,
      batch: ordered.batch,
      offset: 0,
      cards: [ordered.card],
    })
    settleCardBatches(book, directory)
    // What an import left is not ours to settle.
    expect(directory.pending().map(({ batch }) => batch)).toEqual([imported.batch])
    expect(directory.byCard(ordered.card)?.card).toBe(ordered.card)
    expect(directory.byCard(never.card)).toBeUndefined()
    directory.discard(imported.batch)
  })
})

describe('a new asset', () => {
  const ASSETS = '/asset/'

  function asset(members: Members = {}): Members {
    const name = `Monnaie ${randomUUID().slice(0, 8)}`
    return { uuid: randomUUID(), name, currency_code: 'mon', category: 'TLF', ...members }
  }

  it('has the id, the date and the code that it comes with', async () => {
    const { bar, till } = await openBar()
    const body = asset({ created_at: '2017-08-02T10:25:33.123457+00:00' })
    const { status, json } = await till.post(ASSETS, body)
    expect(status).toBe(201)
    expect(json).toMatchObject({
      uuid: body['uuid'],
      name: body['name'],
      currency_code: 'MON',
      category: 'TLF',
      created_at: '2017-08-02T10:25:33.123457Z',
      wallet_origin: bar.wallet,
      place_origin: { uuid: bar.place },
      is_stripe_primary: false,
    })
    expect(Object.hasOwn(json, 'total_token_value')).toBe(false)
    const [line] = world.means.book.linesOfAsset(json.uuid, { limit: 1 })
    expect([line?.action, line?.from, line?.amount]).toEqual(['FST', bar.wallet, 0n])
    const shown = await till.get(`${ASSETS}${json.uuid}/`)
    expect([shown.status, shown.json.created_at]).toEqual([200, json.created_at])
    const { uuid: _, ...bare } = asset()
    expect((await till.post(ASSETS, bare)).json.uuid).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('does not come from the future (row 23): it can be used at once', async () => {
    const of = await openBar()
    const body = asset({ created_at: '2099-01-01T00:00:00Z' })
    const { status, json } = await of.till.post(ASSETS, body)
    expect(status).toBe(201)
    expect(Date.parse(json.created_at)).toBeLessThanOrEqual(Date.now())
    const paid = await of.till.post(PATH, refill(of, 5, { asset: body['uuid'] as string }))
    expect(paid.status).toBe(201)
  })

  it('is refused with the faults of its fields', async () => {
    const of = await openBar()
    const { till, bar, money } = of
    const made = asset()
    await till.post(ASSETS, made)
    const name = made['name'] as string
    const faults = async (members: Members) => {
      const { status, json } = await till.post(ASSETS, asset(members))
      return [status, json]
    }
    expect(await faults({ name })).toEqual([400, { name: ['Asset already exists'] }])
    expect(await faults({ uuid: money })).toEqual([
      400,
      { uuid: ['Un objet asset avec ce champ uuid existe déjà.'] },
    ])
    // Section 9.4, rule 17.
    expect(await faults({ currency_code: 'fed' })).toEqual([
      400,
      { currency_code: ['Ce code est celui de la monnaie fédérée.'] },
    ])
    expect(await faults({ category: 'FED', name: ' ', currency_code: 'LONG' })).toEqual([
      400,
      {
        name: ['Ce champ ne peut être vide.'],
        currency_code: ['Assurez-vous que ce champ comporte au plus 3\u00a0caractères.'],
        category: ["«\u00a0FED\u00a0» n'est pas un choix valide."],
      },
    ])
    await world.submit({ kind: 'asset-archive', asset: made['uuid'] as AssetId })
    expect(await faults({ name })).toEqual([400, { name: ['Asset already exists'] }])
    // Section 9.4, rule 16: two accepted assets of one name stop a till.
    const club = await world.openPlace()
    const shared = await world.asset(club, { kind: 'FID', name: `Fidelity ${bar.name}` })
    const federation = randomUUID() as never
    await world.submit(
      { kind: 'federation-create', federation, name: `Town ${federation}`, place: club.place },
      { kind: 'federation-invite', federation, place: club.place, invited: bar.place },
      { kind: 'federation-accept', federation, place: bar.place },
      { kind: 'federation-share', federation, asset: shared },
    )
    expect(await faults({ name: `Fidelity ${bar.name}` })).toEqual([
      400,
      { name: ['Asset already exists'] },
    ])
  })

  it('has a name and a code that the book can keep', async () => {
    const { till } = await openBar()
    const family = 'Famille \u{1f468}\u200d\u{1f469}'
    const named = await till.post(ASSETS, asset({ name: `${family}\t\n1`, currency_code: 'aß' }))
    expect([named.status, named.json.currency_code]).toEqual([201, 'ASS'])
    expect(named.json.name).toBe('Famille \u{1f468}\u{1f469} 1')
    const grown = await till.post(ASSETS, asset({ currency_code: 'ßß' }))
    expect(grown.json.currency_code).toBe('SSS')
    expect((await till.post(ASSETS, asset({ currency_code: 'a' }))).json.currency_code).toBe('A')
  })

  it('is made by Lespass, of the kinds of each route', async () => {
    const club = await world.openPlace()
    const lespass = world.lespass(club)
    const token = '/asset/create_token_asset/'
    const membership = '/asset/create_membership_asset/'
    const statuses = async (path: string, category: string) =>
      (await lespass.post(path, asset({ category }))).status
    for (const kind of ['TLF', 'TNF', 'TIM', 'FID']) expect(await statuses(token, kind)).toBe(201)
    for (const kind of ['SUB', 'BDG']) expect(await statuses(membership, kind)).toBe(201)
    for (const category of ['SUB', 'FED', null]) {
      const { status, text } = await lespass.post(token, asset({ category }))
      expect([status, text]).toEqual([400, '"not a good category asset"'])
    }
    const { status, text } = await lespass.post(membership, [])
    expect([status, text]).toEqual([400, '"not a sub asset"'])
  })

  it('is archived by its place alone, once and again', async () => {
    const { bar, till } = await openBar()
    const lespass = world.lespass(bar, { domain: null })
    const money = await world.asset(bar)
    const path = `/asset/${money}/archive_asset/`
    const stranger = world.lespass(await world.openPlace())
    const forbidden = await stranger.get(path)
    expect([forbidden.status, forbidden.text]).toEqual([403, '"FORBIDDEN"'])
    const { fed } = world.means.book.genesis
    expect((await lespass.get(`/asset/${fed.id}/archive_asset/`)).status).toBe(403)
    for (const wrong of [randomUUID(), 'zz']) {
      const { status, json } = await lespass.get(`/asset/${wrong}/archive_asset/`)
      expect([status, json]).toEqual([404, { detail: 'No Asset matches the given query.' }])
    }
    for (const _ of [1, 2]) {
      const { status, text } = await lespass.get(path)
      expect([status, text]).toEqual([200, '"ARCHIVED"'])
    }
    const accepted = (await till.get('/asset/')).json as readonly { uuid: string }[]
    expect(accepted.some(({ uuid }) => uuid === money)).toBe(false)
  })
})

interface ShownWallet {
  readonly tokens: readonly { readonly asset_uuid: string; readonly value: number }[]
}

function valuesOf({ tokens }: ShownWallet): Record<string, number> {
  return Object.fromEntries(tokens.map(({ asset_uuid: asset, value }) => [asset, value]))
}

/** Federated euros on a card, as only the keeper of the network makes them. */
async function putFederated({ card }: TestCard, cents: number): Promise<void> {
  const gross = BigInt(cents) as never
  const reference = randomBytes(32).toString('hex') as never
  const evidence = { account: 'bank/main', reference, gross, fee: 0n as never, net: gross }
  const id = randomUUID() as never
  const { gateway } = world.means
  const submission = await gateway.submitOwn(
    [{ kind: 'issue', to: { card }, evidence }],
    id,
    'keeper',
  )
  if (submission.status !== 'decided' || submission.outcome.status !== 'applied') {
    throw new Error(
      JSON.stringify(submission, (_, one) => (typeof one === 'bigint' ? `${one}` : one)),
    )
  }
}
