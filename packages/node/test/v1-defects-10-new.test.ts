/** Bugs of v1 (WIRE.md 10) that no other test is about: v1-defects-10.test.ts says which test holds which row. */
import { randomUUID } from 'node:crypto'
import type { AssetId, FederationId, PlaceId } from '@fedow/ledger'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MISSES_MAX } from '../src/v1/guess-limit.ts'
import { cardReadRoutes } from '../src/v1/routes/card-reads.ts'
import { registerV1 } from '../src/v1/server.ts'
import { startServer } from './http-server.ts'
import { handshakeRequest, type LaBoutik, Lespass } from './v1-clients.ts'
import { openTenant } from './v1-tenant.ts'
import { rsaKey, startV1, type TestCard, type TestPlace, V1World } from './v1-world.ts'

let world: V1World

beforeAll(async () => {
  world = await startV1()
})

afterAll(() => world[Symbol.asyncDispose]())

interface Bar {
  readonly place: TestPlace
  readonly till: LaBoutik
  readonly money: AssetId
  readonly boss: TestCard
  readonly card: TestCard
}

async function openBar(): Promise<Bar> {
  const place = await world.openPlace()
  const money = await world.asset(place)
  const [boss, card] = (await world.cards(place, 2)) as [TestCard, TestCard]
  await world.makePrimary(place, boss)
  return { place, till: world.till(place), money, boss, card }
}

function saleOf({ place, boss, card }: Bar, asset: AssetId, amount = 10) {
  const sides = { sender: world.walletOf(card), receiver: place.wallet, asset }
  const tags = { user_card_firstTagId: card.tag, primary_card_fisrtTagId: boss.tag }
  return { amount, ...sides, ...tags }
}

/** A key of a connection string. */
function tempKeyOf(place: PlaceId, name = 'temp_'): string {
  const { store, random } = world.means
  const of = { kind: 'handshake', name, place, person: null, nowMs: Date.now() } as const
  return store.keys.issue(of, random)
}

describe('keys', () => {
  it('knows a temporary key by its kind, not by the name of the place', async () => {
    const opened = await world.openPlace('Bar temp_oraire')
    const { place } = opened
    const till = await world.handshake(opened, rsaKey(0))
    expect((await till.get('/asset/')).status).toBe(200)
    const { store, random } = world.means
    const named = { kind: 'organisation', name: 'temp_Bar', place, person: null } as const
    const lasting = store.keys.issue({ ...named, nowMs: Date.now() }, random)
    const refused = await world.send(handshakeRequest({ tempKey: lasting, place, rsa: rsaKey(0) }))
    expect([refused.status, refused.json]).toEqual([400, { non_field_errors: ['Unauthorized'] }])
    const tempKey = tempKeyOf(place, 'a name without the word')
    const temporary = new Lespass({ origin: world.origin, apiKey: tempKey })
    expect((await temporary.get('/asset/get_accepted_assets/')).status).toBe(403)
    expect((await world.send(handshakeRequest({ tempKey, place, rsa: rsaKey(0) }))).status).toBe(
      202,
    )
  })

  it('ends all temporary keys of a place with its handshake', async () => {
    const { place } = await world.openPlace()
    const [used, left] = [tempKeyOf(place), tempKeyOf(place)]
    const linked = await world.send(handshakeRequest({ tempKey: used, place, rsa: rsaKey(0) }))
    expect(linked.status).toBe(202)
    for (const tempKey of [used, left]) {
      const answer = await world.send(handshakeRequest({ tempKey, place, rsa: rsaKey(1) }))
      expect(answer.status).toBe(403)
    }
  })

  it('links one till with a temporary key, however many ask at once', async () => {
    const { place } = await world.openPlace()
    const tempKey = tempKeyOf(place)
    const requests = [0, 1, 2, 3].map((key) =>
      handshakeRequest({ tempKey, place, rsa: rsaKey(key) }),
    )
    // Connections that are open already let them come in together.
    await Promise.all(requests.map(() => world.ask('GET', '/helloworld/')))
    const answers = await Promise.all(requests.map((request) => world.send(request)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 403, 403, 403])
    const winner = rsaKey(answers.findIndex(({ status }) => status === 202))
    expect(world.means.store.places.get(place).laboutikPem).toBe(winner.pem.trim())
  })

  it('refuses a key that has expired or was revoked in every class', async () => {
    const { place, admin } = await openTenant(world)
    const { store, random } = world.means
    const issue = (kind: 'organisation' | 'creation' | 'handshake', expiresMs: number) => {
      const owner = kind === 'creation' ? null : place.place
      return store.keys.issue(
        { kind, name: 'x', place: owner, person: null, nowMs: 0, expiresMs },
        random,
      )
    }
    const ask = async (key: string, creation: string) => {
      const lespass = new Lespass({ origin: world.origin, apiKey: key })
      const opener = new Lespass({ origin: world.origin, apiKey: creation })
      const answers = [
        await lespass.get('/helloworld_apikey/'),
        await lespass.get('/asset/get_accepted_assets/'),
        await lespass.get('/asset/'),
        await lespass.get('/wallet/retrieve_by_signature/', admin),
        await lespass.post('/wallet/local_asset_bank_deposit/', {}, admin),
        await opener.post('/place/', {}),
      ]
      return answers.map(({ status }) => status)
    }
    const [late, past] = [Date.now() + 60_000, Date.now() - 1]
    const live = [issue('organisation', late), issue('creation', late)] as const
    expect(await ask(...live)).toEqual([200, 200, 200, 200, 400, 400])
    const refused = [403, 403, 403, 403, 403, 403]
    expect(await ask(issue('organisation', past), issue('creation', past))).toEqual(refused)
    for (const key of live) store.keys.revoke(key.slice(0, 8), Date.now())
    expect(await ask(...live)).toEqual(refused)
  })

  it('believes no caller about their address', async () => {
    await using fresh = await startV1()
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-real-ip': '6.6.6.6',
      forwarded: 'for=6.6.6.6',
    }
    const given = await fresh.ask('GET', '/root_tibillet_handshake/', headers)
    expect(given.status).toBe(201)
    const key = fresh.means.store.keys.find(given.json.api_key, Date.now())
    expect(key?.name).toBe('billetterie_root_127.0.0.1')
  })
})

it('shows of the card of a transaction what the place accepts', async () => {
  const bar = await openBar()
  const elsewhere = await world.asset(await world.openPlace())
  await world.refill(elsewhere, bar.card, 700)
  await world.refill(bar.money, bar.card, 500)
  const sold = await bar.till.post('/transaction/', saleOf(bar, bar.money))
  const lespass = world.lespass(bar.place)
  const { json } = await lespass.get(`/transaction/${sold.json.uuid}/`)
  const seen = json.card.wallet.tokens.map((one: { asset_uuid: string }) => one.asset_uuid)
  expect(seen).toEqual([bar.money])
})

it('adds up more than 32 bits hold', async () => {
  const bar = await openBar()
  const most = 2_147_483_647
  for (const _ of [1, 2, 3]) await world.refill(bar.money, bar.card, most)
  const sold = await bar.till.post('/transaction/', saleOf(bar, bar.money, most))
  expect([sold.status, sold.json.card.wallet.tokens[0].value]).toEqual([201, 2 * most])
  const { json } = await bar.till.get(`/asset/${bar.money}/`)
  expect([json.total_token_value, json.total_in_place]).toEqual([3 * most, most])
})

it('decides by what is accepted now', async () => {
  const bar = await openBar()
  const owner = await world.openPlace()
  const shared = await world.asset(owner)
  const person = await world.person()
  await world.refill(shared, bar.card, 1_000)
  const lespass = world.lespass(bar.place)
  const federation = randomUUID() as string as FederationId
  const { place } = owner
  const sell = async () => (await bar.till.post('/transaction/', saleOf(bar, shared))).status
  const listed = async () => {
    const { json } = await bar.till.get('/asset/')
    return json.some(({ uuid }: { uuid: string }) => uuid === shared)
  }
  expect([await sell(), await listed()]).toEqual([400, false])
  await world.submit(
    { kind: 'federation-create', federation, name: `Ville ${federation}`, place },
    { kind: 'federation-invite', federation, place, invited: bar.place.place },
    { kind: 'federation-accept', federation, place: bar.place.place },
    { kind: 'federation-share', federation, asset: shared },
  )
  expect([await sell(), await listed()]).toEqual([201, true])
  await world.submit({ kind: 'federation-leave', federation, place: bar.place.place })
  expect([await sell(), await listed()]).toEqual([400, false])
  await world.link(bar.card, person)
  await world.refill(bar.money, bar.card, 500)
  const payment = {
    sender: person.wallet,
    receiver: bar.place.wallet,
    asset_type: 'EURO',
    amount: 10,
  }
  const pay = async () =>
    (await lespass.post('/transaction/qrcodescanpay/', payment, person)).status
  expect(await pay()).toBe(201)
  await world.submit({ kind: 'asset-archive', asset: bar.money })
  expect(await pay()).toBe(400)
})

it('answers two routes of totals each in its shape', async () => {
  const bar = await openBar()
  await world.refill(bar.money, bar.card, 500)
  await bar.till.post('/transaction/', saleOf(bar, bar.money, 120))
  const lespass = world.lespass(bar.place)
  for (const _ of [1, 2]) {
    const byName = await lespass.get(`/asset/${bar.money}/retrieve_total_by_place/`)
    expect(JSON.parse(byName.json).total_by_place).toEqual({ [bar.place.name]: 120 })
    const byId = await lespass.get(`/asset/${bar.money}/total_by_place_with_uuid/`)
    expect(JSON.parse(byId.json).total_by_place).toEqual([
      { place_name: bar.place.name, wallet_uuid: bar.place.wallet, total_value: 120 },
    ])
  }
})

it('shows a history with the balance of now', async () => {
  const bar = await openBar()
  const person = await world.person()
  await world.link(bar.card, person)
  const lespass = world.lespass(bar.place)
  const read = async () => {
    const path = '/transaction/paginated_list_by_wallet_signature/'
    const { json } = await lespass.get(path, person)
    const [{ serialized_sender: sender, serialized_receiver: receiver }] = json.results
    const own = [sender, receiver].find(({ uuid }) => uuid === person.wallet)
    return own.tokens.map(({ value }: { value: number }) => value)
  }
  await world.refill(bar.money, bar.card, 500)
  expect(await read()).toEqual([500])
  await bar.till.post('/transaction/', saleOf(bar, bar.money, 120))
  expect(await read()).toEqual([380])
})

it('links and loses a card by its number in any case', async () => {
  const { place, lespass } = await openTenant(world)
  const person = await world.person()
  const [card] = (await world.cards(place)) as [TestCard]
  const number = card.number.toLowerCase()
  const link = { wallet: person.wallet, card_number: number }
  expect((await lespass.post('/wallet/linkwallet_card_number/', link, person)).status).toBe(200)
  const lost = { number_printed: number }
  const path = '/card/lost_my_card_by_signature/'
  expect((await lespass.post(path, lost, person)).status).toBe(200)
})

it('makes a key wait that asks for card after card, and tells it once', async () => {
  const place = await world.openPlace()
  const [card] = (await world.cards(place)) as [TestCard]
  const logged: string[] = []
  const stream = { write: (line: string) => void logged.push(line) }
  const app = fastify({ logger: { level: 'warn', stream } })
  registerV1(app, world.means, cardReadRoutes)
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    const guesser = Object.assign(world.lespass(place), { origin }) as Lespass
    const statuses = new Map<number, number>()
    for (let tag = 0; tag < MISSES_MAX + 60; tag += 1) {
      const text = (0x1000_0000 + tag).toString(16)
      const way = tag % 2 === 0 ? 'card_tag_id_retrieve' : 'card_number_retrieve'
      const { status } = await guesser.get(`/card/${text}/${way}/`)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses.keys()]).toEqual([404, 429])
    expect(statuses.get(404)).toBeGreaterThanOrEqual(MISSES_MAX)
    // A card that is there is not told from one that is not; a QR code can't be guessed.
    const refused = await guesser.get(`/card/${card.number}/card_number_retrieve/`)
    expect([refused.status, Object.keys(refused.json)]).toEqual([429, ['detail']])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(refused.headers['cache-control']).toBe('no-store')
    expect((await guesser.get(`/card/${card.qr}/qr_retrieve/`)).status).toBe(200)
    const other = Object.assign(world.lespass(place), { origin }) as Lespass
    expect((await other.get(`/card/${card.tag}/card_tag_id_retrieve/`)).status).toBe(200)
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain(guesser.apiKey.slice(0, 8))
    expect(logged[0]).not.toContain(guesser.apiKey)
    expect(logged[0]).not.toMatch(/1000025[0-9a-f]/i)
  } finally {
    await app.close()
  }
})

it('knows no card of a person any more that a till has voided while it was reported lost', async () => {
  let meanwhile: () => Promise<unknown> = async () => undefined
  const server = await startServer((engine) => ({
    blocks: (from) => engine.blocks(from),
    close: () => engine.close(),
    submit: async (tx, options) => {
      const before = meanwhile
      meanwhile = async () => undefined
      await before()
      return engine.submit(tx, options)
    },
  }))
  await using own = new V1World(server)
  const { place, lespass } = await openTenant(own)
  const person = await own.person()
  const [card] = (await own.cards(place)) as [TestCard]
  await own.link(card, person)
  meanwhile = () => own.submit({ kind: 'card-void', card: card.card, place: place.place })
  const body = { number_printed: card.number }
  const answer = await lespass.post('/card/lost_my_card_by_signature/', body, person)
  expect([answer.status, answer.json]).toEqual([
    404,
    { detail: 'No Card matches the given query.' },
  ])
})
