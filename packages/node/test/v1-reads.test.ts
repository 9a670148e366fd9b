import type { Amount, AssetId, PlaceId, WalletId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assetRoutes } from '../src/v1/routes/assets.ts'
import { cardReadRoutes } from '../src/v1/routes/card-reads.ts'
import { transactionReadRoutes } from '../src/v1/routes/transaction-reads.ts'
import { walletRoutes } from '../src/v1/routes/wallets.ts'
import { newId } from './test-network.ts'
import { type AskOf, lastOf, read, type TestCard, type TestPlace, V1Book } from './v1-book.ts'

const ROUTES = [...assetRoutes, ...cardReadRoutes, ...transactionReadRoutes, ...walletRoutes]
const HISTORY = '/transaction/paginated_list_by_wallet_signature/'

let world: V1Book
let bar: TestPlace
let other: TestPlace
let cards: readonly TestCard[]
let perle: AssetId

beforeEach(async () => {
  world = new V1Book()
  bar = await world.openPlace('Bar')
  other = await world.openPlace('Halle')
  cards = await world.printCards(bar, 3)
  perle = await world.makeAsset(bar, 'TLF', 'Perle')
})

afterEach(() => world[Symbol.asyncDispose]())

function card(index: number): TestCard {
  const found = cards[index]
  if (found === undefined) throw new Error('there are three cards')
  return found
}

async function get(path: string, of: AskOf = {}) {
  const [status, body] = await world.ask(ROUTES, path, of)
  expect(status).toBe(200)
  return body
}

const NO_CARD = [404, { detail: 'No Card matches the given query.' }]
const NO_ASSET = [404, { detail: 'No Asset matches the given query.' }]
const NO_WALLET = [404, { detail: 'No Wallet matches the given query.' }]

it('lets in who v1 lets in, and to a single line only its places', () => {
  const accesses = ROUTES.map(({ method, path, access }) => [`${method} ${path}`, access])
  expect(Object.fromEntries(accesses)).toEqual({
    'GET /asset/': 'place-signature',
    'GET /asset/get_accepted_assets/': 'place',
    'GET /asset/:uuid/': 'place-signature',
    'GET /asset/:uuid/retrieve_membership_asset/': 'place',
    'GET /asset/:uuid/retrieve_total_by_place/': 'place',
    'GET /asset/:uuid/total_by_place_with_uuid/': 'place',
    'GET /asset/:uuid/retrieve_bank_deposits/': 'place',
    'GET /card/:tag/': 'place-signature',
    'GET /card/:ref/qr_retrieve/': 'place',
    'GET /card/:ref/card_number_retrieve/': 'place',
    'GET /card/:ref/card_tag_id_retrieve/': 'place',
    'GET /card/retrieve_card_by_signature/': 'wallet',
    'GET /wallet/retrieve_by_signature/': 'wallet',
    'GET /wallet/:uuid/': 'place-signature',
    'GET /transaction/': 'place-signature',
    'GET /transaction/:uuid/': 'place',
    'GET /transaction/:hash/get_from_hash/': 'place-signature',
    [`GET ${HISTORY}`]: 'wallet',
    'POST /transaction/list_by_asset/': 'place-and-wallet',
  })
})

describe('assets', () => {
  it('lists what the place accepts, at both addresses', async () => {
    const shared = await world.makeAsset(other, 'SUB', 'Adhésion de la Halle')
    const old = await world.makeAsset(bar, 'TNF', 'Ancien')
    await world.send([{ kind: 'asset-archive', asset: old }])
    await world.federate(other, shared, bar)
    const { place } = bar
    const list = await get('/asset/', { place })
    expect(list.map(({ uuid }: { uuid: string }) => uuid).sort()).toEqual(
      [perle, shared, world.fed].sort(),
    )
    expect(await get('/asset/get_accepted_assets/', { place })).toEqual(list)
  })

  it('shows one with totals to the till, without them to Lespass', async () => {
    await world.refill(perle, card(0), 1_000n)
    const of = { place: bar.place, params: { uuid: perle.toUpperCase() } }
    expect(await get('/asset/:uuid/', of)).toMatchObject({ uuid: perle, total_token_value: 1_000 })
    const shown = await get('/asset/:uuid/retrieve_membership_asset/', of)
    expect(shown).toEqual(read(world.objects.asset(perle)))
  })

  it.each([
    '/asset/:uuid/',
    '/asset/:uuid/retrieve_membership_asset/',
    '/asset/:uuid/retrieve_total_by_place/',
    '/asset/:uuid/total_by_place_with_uuid/',
    '/asset/:uuid/retrieve_bank_deposits/',
  ])('%s: an unknown, a malformed and a hidden id', async (path) => {
    const { eur } = world.network.genesis.genesis
    for (const uuid of [newId<AssetId>(), 'zz', eur]) {
      expect(await world.ask(ROUTES, path, { place: bar.place, params: { uuid } })).toEqual(
        NO_ASSET,
      )
    }
  })

  it('tells the origin what each place holds, and others their own part, as text in a text', async () => {
    const path = '/asset/:uuid/total_by_place_with_uuid/'
    await world.federate(bar, perle, other)
    await world.refill(perle, card(0), 1_000n)
    const ask = async (place: PlaceId) =>
      JSON.parse(await get(path, { place, params: { uuid: perle } }))
    expect(await ask(other.place)).toEqual({})
    await world.sale(other, perle, { ...card(0), amount: 300n })
    const own = { place_name: 'Halle', wallet_uuid: other.wallet, total_value: 300 }
    expect(await ask(other.place)).toEqual({ total_by_place: [own] })
    expect(await ask(bar.place)).toEqual({
      total_by_place: [{ place_name: 'Bar', wallet_uuid: bar.wallet, total_value: 0 }, own],
      serialized_asset: read(world.objects.asset(perle)),
    })
    const text: string = await get(path, { place: other.place, params: { uuid: perle } })
    expect(text).toBe(
      `{"total_by_place": [{"place_name": "Halle", "wallet_uuid": "${other.wallet}", "total_value": 300}]}`,
    )
  })

  it('tells totals by name too', async () => {
    const path = '/asset/:uuid/retrieve_total_by_place/'
    const ask = async (place: PlaceId, uuid = perle) =>
      JSON.parse(await get(path, { place, params: { uuid } }))
    expect(await ask(other.place)).toEqual({ total_by_place: { Halle: null } })
    expect((await ask(bar.place)).total_by_place).toEqual({ Bar: 0 })
    expect(await ask(bar.place, world.fed)).toEqual({ total_by_place: { Bar: null } })
  })

  it('lists deposits, to others only their own', async () => {
    const path = '/asset/:uuid/retrieve_bank_deposits/'
    await world.federate(bar, perle, other)
    await world.refill(perle, card(0), 1_000n)
    for (const place of [other, bar, other]) {
      await world.sale(place, perle, { ...card(0), amount: 100n })
      const amount = 100n as Amount
      await world.send([{ kind: 'deposit', place: place.place, asset: perle, amount }])
    }
    const ask = async (place: PlaceId, uuid = perle): Promise<readonly Record<string, unknown>[]> =>
      get(path, { place, params: { uuid } })
    const all = await ask(bar.place)
    expect(all.map(({ sender_name: name }) => name)).toEqual(['Halle', 'Bar', 'Halle'])
    expect(all[0]).toMatchObject({
      action: 'BNK',
      get_action_display: 'Remise en banque',
      receiver: world.keeper,
      receiver_name: 'Primary Wallet',
      amount: 100,
    })
    expect(await ask(other.place)).toEqual(all.filter(({ sender }) => sender === other.wallet))
    expect(await ask(bar.place, world.fed)).toEqual([])
  })
})

describe('cards', () => {
  it('shows a scanned card in any case of its tag, to every place', async () => {
    await world.refill(perle, card(0), 1_000n)
    const tag = card(0).tag.slice(0, 8)
    const shown = await get('/card/:tag/', { place: bar.place, params: { tag: tag.toLowerCase() } })
    expect(shown).toEqual(read(world.objects.card(card(0).card, { place: bar.place })))
    expect(shown.first_tag_id).toBe(tag)
    const elsewhere = await get('/card/:tag/', { place: other.place, params: { tag } })
    expect(elsewhere.wallet.tokens).toEqual([])
  })

  it('gives the same wallet at every first scan, and keeps it at the first use', async () => {
    const scan = () =>
      get('/card/:tag/', { place: bar.place, params: { tag: card(0).tag.slice(0, 8) } })
    const scans = await Promise.all([scan(), scan(), scan()])
    const wallets = new Set(scans.map(({ wallet }) => wallet.uuid))
    expect(wallets.size).toBe(1)
    const refilled = lastOf(await world.refill(perle, card(0), 1_000n))
    expect([...wallets]).toEqual([refilled.to])
  })

  it.each(['ZZZZZZZZ', '00000000', '', 'ABC', 'AA BB CC'])(
    'does not know the tag %j',
    async (tag) => {
      const answer = await world.ask(ROUTES, '/card/:tag/', { place: bar.place, params: { tag } })
      expect(answer).toEqual([404, 'Carte inconnue'])
    },
  )

  it('finds a card by its QR code, its number and its tag', async () => {
    const expected = {
      wallet_uuid: world.firstWalletOf(card(1)),
      is_wallet_ephemere: true,
      origin: { place: read(world.objects.place(bar.place)), generation: 7, img: null },
    }
    const ask = (path: string, ref: string) => get(path, { place: other.place, params: { ref } })
    const { qr, number, tag } = card(1)
    expect(await ask('/card/:ref/qr_retrieve/', qr.replaceAll('-', ''))).toEqual(expected)
    expect(await ask('/card/:ref/card_number_retrieve/', number.toLowerCase())).toEqual(expected)
    expect(await ask('/card/:ref/card_tag_id_retrieve/', tag.slice(0, 8))).toEqual(expected)
    const person = await world.openPerson()
    await world.link(card(1), person)
    expect(await ask('/card/:ref/qr_retrieve/', qr)).toMatchObject({
      wallet_uuid: person,
      is_wallet_ephemere: false,
    })
  })

  it('says what is wrong with a look-up', async () => {
    const ask = (path: string, ref: string) =>
      world.ask(ROUTES, path, { place: bar.place, params: { ref } })
    expect(await ask('/card/:ref/qr_retrieve/', newId<AssetId>())).toEqual(NO_CARD)
    expect(await ask('/card/:ref/qr_retrieve/', 'zz')).toEqual(NO_CARD)
    expect(await ask('/card/:ref/card_number_retrieve/', '00000000')).toEqual(NO_CARD)
    expect(await ask('/card/:ref/card_tag_id_retrieve/', '00000000')).toEqual(NO_CARD)
    expect(await ask('/card/:ref/card_number_retrieve/', '123')).toEqual([
      400,
      'Invalid card number format. Must be 8 hexadecimal characters.',
    ])
    expect(await ask('/card/:ref/card_tag_id_retrieve/', 'ZZZZZZZZ')).toEqual([
      400,
      'Invalid tag id format. Must be 8 hexadecimal characters.',
    ])
  })

  it('lists the cards of a person, without those that were erased', async () => {
    const wallet = await world.openPerson()
    expect(await get('/card/retrieve_card_by_signature/', { wallet })).toEqual([])
    await world.link(card(0), wallet)
    await world.link(card(1), wallet)
    world.directory.erase(card(1).card)
    const [shown, ...more] = await get('/card/retrieve_card_by_signature/', { wallet })
    expect(more).toEqual([])
    expect(shown).toMatchObject({
      number_printed: card(0).number,
      origin: { generation: 7 },
      is_primary: false,
      wallet: { uuid: wallet, has_user_card: true },
    })
  })
})

describe('wallets', () => {
  it('shows a person everything, and a place what it accepts', async () => {
    const wallet = await world.openPerson()
    const points = await world.makeAsset(other, 'FID', 'Points')
    await world.link(card(0), wallet)
    await world.refill(perle, card(0), 1_000n)
    await world.refill(points, card(0), 7n)
    const own = await get('/wallet/retrieve_by_signature/', { wallet })
    expect(own).toMatchObject({
      uuid: wallet,
      get_name: wallet.slice(0, 8),
      tokens: [{ value: 1_000 }, { value: 7, asset_category: 'FID' }],
      has_user_card: true,
    })
    const seen = await get('/wallet/:uuid/', { place: bar.place, params: { uuid: wallet } })
    expect(seen).toEqual({ ...own, tokens: [own.tokens[0]] })
  })

  it('hides from a place the wallets that it has nothing to do with', async () => {
    const stranger = await world.openPerson()
    const ask = (place: PlaceId, uuid: string) =>
      world.ask(ROUTES, '/wallet/:uuid/', { place, params: { uuid } })
    expect(await ask(bar.place, stranger)).toEqual(NO_WALLET)
    expect(await ask(bar.place, newId<WalletId>())).toEqual(NO_WALLET)
    expect(await ask(bar.place, 'zz')).toEqual(NO_WALLET)
    expect(await ask(bar.place, other.wallet)).toEqual(NO_WALLET)
    expect((await ask(bar.place, bar.wallet))[0]).toBe(200)
    await world.issueFed(card(0), 500n)
    const paid = world.firstWalletOf(card(0))
    expect(await ask(other.place, paid)).toEqual(NO_WALLET)
    await world.sale(other, world.fed, { ...card(0), amount: 100n })
    expect((await ask(other.place, paid))[0]).toBe(200)
  })
})

it('writes nothing when it reads', async () => {
  await world.refill(perle, card(0), 1_000n)
  const before = world.book.reader.tip()
  const { qr, number, tag } = card(1)
  const { place } = bar
  await get('/card/:tag/', { place, params: { tag: tag.slice(0, 8) } })
  await get('/card/:ref/qr_retrieve/', { place, params: { ref: qr } })
  await get('/card/:ref/card_number_retrieve/', { place, params: { ref: number } })
  await get('/asset/:uuid/', { place, params: { uuid: perle } })
  expect(world.book.reader.tip()).toEqual(before)
})
