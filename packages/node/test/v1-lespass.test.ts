/** What Lespass changes for people: logins, cards, badges; deposits and shared moneys of places. */
import type { PlaceId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Body,
  type Lespass,
  naiveDate,
  type V1Response,
  type V1Sendable,
} from './v1-clients.ts'
import { openTenant, twice } from './v1-tenant.ts'
import { rsaKey, startV1, type TestCard, type V1World } from './v1-world.ts'

let world: V1World

beforeAll(async () => {
  world = await startV1()
})

afterAll(() => world[Symbol.asyncDispose]())

const tenant = () => openTenant(world)

describe('POST /wallet/get_or_create/', () => {
  const path = '/wallet/get_or_create/'

  function signedLogin(lespass: Lespass, email: string, rsa = rsaKey(3)): V1Sendable {
    return lespass.signedPost(path, { email, public_pem: rsa.pem }, { email, rsa, wallet: '' })
  }

  function login(lespass: Lespass, email: string, rsa = rsaKey(3)): Promise<V1Response> {
    return lespass.send(signedLogin(lespass, email, rsa))
  }

  it('opens a wallet with 201, finds it with 200, and refuses another key', async () => {
    const { lespass } = await tenant()
    const first = await login(lespass, 'ada@example.org')
    expect(first.status).toBe(201)
    expect(world.means.book.state.get('wallet', first.json)?.kind).toBe('person')
    const second = await login(lespass, 'ada@example.org')
    expect([second.status, second.text]).toEqual([200, first.text])
    const otherCase = await login(lespass, 'Ada@Example.org')
    expect([otherCase.status, otherCase.text]).toEqual([200, first.text])
    const stolen = await login(lespass, 'ada@example.org', rsaKey(4))
    expect([stolen.status, stolen.json]).toEqual([400, { non_field_errors: ['Invalid pub pem'] }])
  })

  it('answers the request that opened the wallet again with 201', async () => {
    const { lespass } = await tenant()
    const request = signedLogin(lespass, 'bob@example.org')
    const [first, second] = await twice(() => lespass.send(request))
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.text).toBe(first.text)
  })

  it('opens one wallet for logins that come at once', async () => {
    const { lespass } = await tenant()
    const requests = [1, 2, 3, 4].map(() => signedLogin(lespass, 'cleo@example.org'))
    // Connections that are open already let them come in together.
    await Promise.all(requests.map(() => world.ask('GET', '/helloworld/')))
    const answers = await Promise.all(requests.map((request) => lespass.send(request)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201])
    expect(new Set(answers.map(({ json }) => json)).size).toBe(1)
  })

  it('opens the wallet that was noted before the node stopped', async () => {
    const { lespass } = await tenant()
    const noted = '8b1f2b0e-0c2b-4f6e-9a46-2f4f5c1f7a11' as WalletId
    const pem = rsaKey(3).pem.trim()
    world.means.store.people.add({ wallet: noted, email: 'dora@example.org', pem })
    const first = await login(lespass, 'dora@example.org')
    expect([first.status, first.json]).toEqual([201, noted])
    expect((await login(lespass, 'dora@example.org')).status).toBe(200)
  })

  it('refuses a signature of another key or none', async () => {
    const { lespass } = await tenant()
    const email = 'eve@example.org'
    const body = { email, public_pem: rsaKey(3).pem }
    const refused = [400, { non_field_errors: ['Invalid singature'] }]
    const forged = await lespass.post(path, body, { email, rsa: rsaKey(4), wallet: '' })
    expect([forged.status, forged.json]).toEqual(refused)
    const unsigned = await lespass.post(path, body)
    expect([unsigned.status, unsigned.json]).toEqual(refused)
  })
})

describe('linking a card', () => {
  const byQr = '/wallet/linkwallet_cardqrcode/'
  const byNumber = '/wallet/linkwallet_card_number/'

  async function evening() {
    const { place, lespass } = await tenant()
    const local = await world.asset(place)
    const [card, spare] = (await world.cards(place, 2)) as readonly [TestCard, TestCard]
    const person = await world.person()
    return { place, lespass, local, card, spare, person }
  }

  it('moves everything to the wallet, of archived moneys too, and says so again', async () => {
    const { place, lespass, local, card, person } = await evening()
    const old = await world.asset(place)
    await world.refill(local, card, 700)
    await world.refill(old, card, 300)
    await world.submit({ kind: 'asset-archive', asset: old })
    const body = { wallet: person.wallet, card_qrcode_uuid: card.qr }
    const request = lespass.signedPost(byQr, body, person)
    const [first, second] = await twice(() => lespass.send(request))
    expect(first.status).toBe(200)
    expect(first.json).toMatchObject({
      first_tag_id: card.tag,
      number_printed: card.number,
      qrcode_uuid: card.qr,
      is_wallet_ephemere: false,
      wallet: { uuid: person.wallet, has_user_card: true },
    })
    // The place of the card's origin sees what it accepts.
    expect(first.json.wallet.tokens).toHaveLength(1)
    expect(first.json.wallet.tokens[0]).toMatchObject({ value: 700, asset_uuid: local })
    expect(second.text).toBe(first.text)
    expect(world.balance(person.wallet, old)).toBe(300n)
    expect(world.balance(person.wallet, local)).toBe(700n)
  })

  it('answers the same later, when the money was spent and the card has gone', async () => {
    const { lespass, local, card, person } = await evening()
    await world.refill(local, card, 700)
    const body = { wallet: person.wallet, card_number: card.number.toLowerCase() }
    const request = lespass.signedPost(byNumber, body, person)
    const first = await lespass.send(request)
    expect(first.status).toBe(200)
    await world.refill(local, card, 100)
    await world.submit({ kind: 'card-lost', card: card.card, wallet: person.wallet })
    const second = await lespass.send(request)
    expect([second.status, second.text]).toEqual([200, first.text])
  })

  it('refuses the wallet of somebody else, an unknown card, and one that is linked', async () => {
    const { lespass, card, spare, person } = await evening()
    const other = await world.person()
    const body = { wallet: other.wallet, card_number: card.number }
    const foreign = await lespass.post(byNumber, body, person)
    expect(foreign.status).toBe(400)
    expect(Object.keys(foreign.json)).toEqual(['wallet'])
    const unknown = await lespass.post(
      byNumber,
      { wallet: person.wallet, card_number: 'FFFFFFFF' },
      person,
    )
    expect(unknown.json).toEqual({
      card_number: ["L'objet avec number_printed=FFFFFFFF n'existe pas."],
    })
    await world.link(spare, other)
    const taken = await lespass.post(
      byQr,
      { wallet: person.wallet, card_qrcode_uuid: spare.qr },
      person,
    )
    expect(taken.json).toEqual({
      card_qrcode_uuid: [`L'objet avec qrcode_uuid=${spare.qr} n'existe pas.`],
    })
  })

  it('takes a first card and refuses a second one once the wallet has held money', async () => {
    const { lespass, local, card, spare, person } = await evening()
    await world.refill(local, card, 700)
    const path = byQr
    const first = { wallet: person.wallet, card_qrcode_uuid: card.qr }
    expect((await lespass.post(path, first, person)).status).toBe(200)
    const second = { wallet: person.wallet, card_qrcode_uuid: spare.qr }
    const answer = await lespass.post(path, second, person)
    const conflict = 'Wallet conflict : target wallet got a card with tokens.'
    expect([answer.status, answer.json]).toEqual([409, conflict])
    expect(world.walletOf(spare)).not.toBe(person.wallet)
  })

  it('reports a card lost once; the money stays with the person', async () => {
    const { place, lespass, local, card, person } = await evening()
    await world.refill(local, card, 700)
    await world.link(card, person)
    const body = { number_printed: card.number }
    const path = '/card/lost_my_card_by_signature/'
    const request = lespass.signedPost(path, body, person)
    const [first, second] = await twice(() => lespass.send(request))
    expect([first.status, first.json]).toEqual([200, 'wallet and user detached from card'])
    expect([second.status, second.text]).toEqual([200, first.text])
    expect((await lespass.post(path, body, person)).status).toBe(404)
    expect(world.balance(person.wallet, local)).toBe(700n)
    const till = world.till(place)
    const scan = await till.get(`/card/${card.tag}/`)
    expect(scan.json).toMatchObject({ is_wallet_ephemere: true, wallet: { tokens: [] } })
  })

  it('lets nobody report the card of somebody else', async () => {
    const { lespass, card, person } = await evening()
    await world.link(card, person)
    const body = { number_printed: card.number }
    const other = await world.person()
    const answer = await lespass.post('/card/lost_my_card_by_signature/', body, other)
    expect(answer.status).toBe(404)
    expect(world.walletOf(card)).toBe(person.wallet)
  })
})

describe('GET /wallet/{asset}/badge/', () => {
  it('is one badge for one signature, and another for the next', async () => {
    const { place, lespass } = await tenant()
    const badge = await world.asset(place, { kind: 'BDG' })
    const person = await world.person()
    const request = lespass.signedGet(`/wallet/${badge}/badge/`, person)
    const [first, second] = await twice(() => lespass.send(request))
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      action: 'BDG',
      sender: person.wallet,
      receiver: place.wallet,
      asset: badge,
      amount: 0,
      card: null,
      metadata: null,
    })
    expect(second.text).toBe(first.text)
    const next = await lespass.get(`/wallet/${badge}/badge/`, person)
    expect(next.status).toBe(201)
    expect(next.json.uuid).not.toBe(first.json.uuid)
    expect(next.json.previous_transaction).toBe(first.json.uuid)
  })

  it('takes no signature of another address, nor an old one', async () => {
    const { place, lespass } = await tenant()
    const badge = await world.asset(place, { kind: 'BDG' })
    const person = await world.person()
    const balances = lespass.signedGet('/wallet/retrieve_by_signature/', person)
    expect((await lespass.send(balances)).status).toBe(200)
    const path = `/wallet/${badge}/badge/`
    expect((await lespass.send({ ...balances, path })).status).toBe(403)
    const old = naiveDate(Date.now() - 8 * 60_000)
    expect((await lespass.send(lespass.signedGet(path, person, old))).status).toBe(403)
    const islander = naiveDate(Date.now(), 4 * 3_600_000)
    expect((await lespass.send(lespass.signedGet(path, person, islander))).status).toBe(201)
  })

  it('answers 404 for what is no badge', async () => {
    const { place, lespass } = await tenant()
    const local = await world.asset(place)
    const person = await world.person()
    expect((await lespass.get(`/wallet/${local}/badge/`, person)).status).toBe(404)
    expect((await lespass.get('/wallet/nothing/badge/', person)).status).toBe(404)
  })
})

describe('POST /wallet/local_asset_bank_deposit/', () => {
  const path = '/wallet/local_asset_bank_deposit/'

  it('hands in the whole balance once', async () => {
    const { place, admin, lespass } = await tenant()
    const local = await world.asset(place)
    const [card] = (await world.cards(place)) as readonly [TestCard]
    await world.refill(local, card, 900)
    await world.submit({
      kind: 'sale',
      card: card.card,
      to: place.place,
      parts: [{ asset: local, amount: 650n as never }],
    })
    const body = { wallet_to_deposit: place.wallet, asset: local }
    const request = lespass.signedPost(path, body, admin)
    const [first, second] = await twice(() => lespass.send(request))
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      action: 'BNK',
      sender: place.wallet,
      receiver: world.means.book.genesis.wallet,
      amount: 650,
    })
    expect(second.text).toBe(first.text)
    expect(world.balance(place.wallet, local)).toBe(0n)
    const empty = await lespass.post(path, body, admin)
    expect([empty.status, empty.json]).toEqual([400, { non_field_errors: ['Not enough token'] }])
  })

  it('refuses federated euros, strangers and wallets of people', async () => {
    const { place, admin, lespass } = await tenant()
    const local = await world.asset(place)
    const other = await tenant()
    const fed = world.means.book.genesis.fed.id
    const said = async (body: Body) => (await lespass.post(path, body, admin)).json.non_field_errors
    expect(await said({ wallet_to_deposit: place.wallet, asset: fed })).toEqual([
      'Asset not authorized',
    ])
    const foreign = await world.asset(other.place)
    expect(await said({ wallet_to_deposit: other.place.wallet, asset: foreign })).toEqual([
      'Wallet not authorized',
    ])
    expect(await said({ wallet_to_deposit: admin.wallet, asset: local })).toEqual([
      'Not a place wallet destination',
    ])
  })
})

describe('POST /federation/', () => {
  const path = '/federation/'

  async function sharing(name: string) {
    const { place, admin, lespass } = await tenant()
    const asset = await world.asset(place, { name })
    const body = (added: PlaceId) => ({
      place_origin: place.place,
      place_added: added,
      asset,
      name,
    })
    return { place, admin, lespass, asset, body }
  }

  it('lets a place accept the money of another, in one tx, once', async () => {
    const { place, admin, lespass, asset, body } = await sharing('Pêche')
    const [first, second] = [await world.openPlace(), await world.openPlace()]
    const request = lespass.signedPost(path, body(first.place), admin)
    const before = world.means.book.tip().txs
    const [one, again] = await twice(() => lespass.send(request))
    expect(one.status).toBe(200)
    expect(world.means.book.tip().txs).toBe(before + 1)
    expect(one.json.name).toBe('Pêche')
    expect(one.json.places.map(({ uuid }: { uuid: string }) => uuid)).toEqual([
      place.place,
      first.place,
    ])
    expect(one.json.assets.map(({ uuid }: { uuid: string }) => uuid)).toEqual([asset])
    expect(again.text).toBe(one.text)
    const harmless = await lespass.post(path, body(first.place), admin)
    expect([harmless.status, harmless.text]).toEqual([200, one.text])
    const two = await lespass.post(path, body(second.place), admin)
    expect(two.json.uuid).toBe(one.json.uuid)
    expect(two.json.places).toHaveLength(3)
    const other = world.lespass(second)
    const accepted = await other.get('/asset/get_accepted_assets/')
    expect(accepted.json.map(({ uuid }: { uuid: string }) => uuid)).toContain(asset)
  })

  it('gives a homonymous asset of another place a federation and a name of its own', async () => {
    const one = await sharing('Temps')
    const two = await sharing('Temps')
    const [added, other] = [await world.openPlace(), await world.openPlace()]
    const first = await one.lespass.post(path, one.body(added.place), one.admin)
    const second = await two.lespass.post(path, two.body(other.place), two.admin)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.json.uuid).not.toBe(first.json.uuid)
    expect([first.json.name, second.json.name]).toEqual(['Temps', 'Temps (2)'])
    // A till tells moneys apart by their names: it does not take a second one.
    const homonym = await two.lespass.post(path, two.body(added.place), two.admin)
    expect(homonym.status).toBe(400)
    expect(world.means.book.state.get('place', added.place)?.federations).toEqual([first.json.uuid])
  })

  it('is asked by the place that issues the asset', async () => {
    const { body } = await sharing('Raisin')
    const { place, admin, lespass } = await tenant()
    const answer = await lespass.post(path, body(place.place), admin)
    expect([answer.status, answer.json]).toEqual([
      400,
      { non_field_errors: ['Not the place origin'] },
    ])
  })

  it('lists the federations of a place to its till', async () => {
    const { place, admin, lespass, asset, body } = await sharing('Figue')
    const added = await world.openPlace()
    const till = world.till(added)
    expect((await till.get(path)).json).toEqual([])
    const made = await lespass.post(path, body(added.place), admin)
    expect((await till.get(path)).json).toEqual([made.json])
    expect(made.json.assets[0]).toMatchObject({ uuid: asset, place_origin: { uuid: place.place } })
  })

  it('joins all who ask at once', async () => {
    const { admin, lespass, body } = await sharing('Datte')
    const places = await Promise.all([1, 2, 3, 4].map(() => world.openPlace()))
    const answers = await Promise.all(
      places.map(({ place }) => lespass.post(path, body(place), admin)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const [federation] = new Set(answers.map(({ json }) => json.uuid))
    expect(world.means.book.state.get('federation', federation)?.places).toHaveLength(5)
  })
})
