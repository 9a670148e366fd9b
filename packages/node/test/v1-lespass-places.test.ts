/** How a place comes to this node: Lespass opens it, LaBoutik is linked to it. */
import { constants, privateDecrypt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  handshakeRequest,
  LaBoutik,
  Lespass,
  type V1Response,
  type V1TestPerson,
} from './v1-clients.ts'
import { openTenant, twice } from './v1-tenant.ts'
import { rsaKey, startV1, type V1World } from './v1-world.ts'

let world: V1World

beforeAll(async () => {
  world = await startV1()
})

afterAll(() => world[Symbol.asyncDispose]())

/** A key that opens places, as the root handshake gives it. */
function creationKey(): Lespass {
  const { store, random } = world.means
  const of = { kind: 'creation', name: 'root', place: null, person: null } as const
  const apiKey = store.keys.issue({ ...of, nowMs: Date.now() }, random)
  return new Lespass({ origin: world.origin, apiKey })
}

let names = 0

function placeBody(of: Partial<Record<string, string>> = {}): Record<string, string> {
  names += 1
  return {
    place_domain: 'bar.example.org',
    place_name: `Chez ${names}`,
    admin_email: `admin${names}@example.org`,
    admin_pub_pem: rsaKey(1).pem,
    ...of,
  }
}

const tenant = () => openTenant(world)

describe('POST /place/', () => {
  it('opens a place with a key that works, and needs the key of the root', async () => {
    const body = placeBody()
    const answer = await creationKey().post('/place/', body)
    expect(answer.status).toBe(201)
    const { uuid, wallet, key, ...rest } = answer.json
    expect(rest).toEqual({
      name: body['place_name'],
      dokos_id: null,
      lespass_domain: 'bar.example.org',
    })
    expect(key).toMatch(/^[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}$/)
    expect(world.means.book.state.get('place', uuid)?.wallet).toBe(wallet)
    const lespass = new Lespass({ origin: world.origin, apiKey: key })
    expect((await lespass.get('/helloworld_apikey/')).status).toBe(200)
    expect((await lespass.post('/place/', placeBody())).status).toBe(403)
  })

  it('answers a lost answer again with the same place and another key, until a key is used', async () => {
    const root = creationKey()
    const body = placeBody()
    const first = await root.post('/place/', body)
    const second = await root.post('/place/', body)
    expect(second.status).toBe(201)
    expect({ ...second.json, key: '' }).toEqual({ ...first.json, key: '' })
    const lost = new Lespass({ origin: world.origin, apiKey: first.json.key })
    expect((await lost.get('/helloworld_apikey/')).status).toBe(403)
    const lespass = new Lespass({ origin: world.origin, apiKey: second.json.key })
    expect((await lespass.get('/helloworld_apikey/')).status).toBe(200)
    const third = await root.post('/place/', body)
    expect(third.status).toBe(400)
    expect(third.json).toEqual({ place_name: ['Place name already exists'] })
    expect((await lespass.get('/helloworld_apikey/')).status).toBe(200)
  })

  it('makes one place of requests that come at once', async () => {
    const root = creationKey()
    const body = placeBody()
    const answers = await Promise.all([1, 2, 3, 4].map(() => root.post('/place/', body)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ json }) => json.uuid)).size).toBe(1)
    const live = await Promise.all(
      answers.map(({ json }) =>
        new Lespass({ origin: world.origin, apiKey: json.key }).get('/helloworld_apikey/'),
      ),
    )
    expect(live.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('gives a name to one of several who ask at once', async () => {
    const root = creationKey()
    const name = `Chez ${randomUUID()}`
    const bodies = [1, 2, 3, 4].map(() => placeBody({ place_name: name }))
    const answers = await Promise.all(bodies.map((body) => root.post('/place/', body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400])
    for (const { status, json } of answers) {
      if (status === 400) expect(json).toEqual({ place_name: ['Place name already exists'] })
    }
  })

  it('refuses the name of another place, another key of a known admin, and a weak key', async () => {
    const root = creationKey()
    const body = placeBody()
    await root.post('/place/', body)
    const { place_name: name = '', admin_email: address = '' } = body
    const other = await root.post('/place/', placeBody({ place_name: name }))
    expect([other.status, other.json]).toEqual([400, { place_name: ['Place name already exists'] }])
    const pem = rsaKey(2).pem
    const stolen = await root.post(
      '/place/',
      placeBody({ admin_email: address, admin_pub_pem: pem }),
    )
    expect([stolen.status, stolen.json]).toEqual([
      400,
      ['Error get or create user : Public pem not match'],
    ])
    const weak = await root.post('/place/', { admin_pub_pem: 'x', admin_email: 'x' })
    expect(weak.json).toEqual({
      place_domain: ['Ce champ est obligatoire.'],
      place_name: ['Ce champ est obligatoire.'],
      admin_email: ['Saisissez une adresse e-mail valide.'],
      admin_pub_pem: ['Public key not valid, must be 2048 min rsa key'],
    })
  })
})

describe('the key of the administrator for the till', () => {
  function open(person: V1TestPerson, { json }: V1Response): string {
    const cipher = Buffer.from(json.rsa_cypher_message, 'base64url')
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    return String(
      privateDecrypt({ key: person.rsa.privateKey, padding, oaepHash: 'sha256' }, cipher),
    )
  }

  it('is opened by the administrator alone, links the till once, and ends the free pass', async () => {
    const { place, admin, lespass } = await tenant()
    // Before a till is linked, the key of Lespass alone reads cards.
    expect((await lespass.get('/card/AAAAAAA1/')).status).toBe(404)
    const link = lespass.signedGet('/place/link_cashless_to_place/', admin)
    const [first, second] = await twice(() => lespass.send(link))
    expect(first.status).toBe(201)
    expect([second.status, second.text]).toEqual([201, first.text])
    const tempKey = open(admin, first)
    expect(tempKey).toHaveLength(41)
    const temporary = new Lespass({ origin: world.origin, apiKey: tempKey })
    expect((await temporary.get('/asset/get_accepted_assets/')).status).toBe(403)

    const rsa = rsaKey(0)
    const request = handshakeRequest({ tempKey, place: place.place, rsa })
    const done = await world.send(request)
    expect(done.status).toBe(202)
    const said = JSON.parse(String(Buffer.from(done.json, 'base64url')))
    expect(said.place_wallet_uuid).toBe(place.wallet)
    const till = new LaBoutik({
      origin: world.origin,
      ...place,
      apiKey: said.place_admin_apikey,
      rsa,
    })
    expect((await till.get('/card/AAAAAAA1/')).status).toBe(404)

    expect((await world.send(request)).status).toBe(403)
    expect((await lespass.get('/card/AAAAAAA1/')).status).toBe(403)
    expect((await lespass.get('/asset/get_accepted_assets/')).status).toBe(200)
    const again = await lespass.get('/place/link_cashless_to_place/', admin)
    expect([again.status, again.json]).toEqual([405, 'Laboutik place already conf'])
  })

  it('is for administrators of this place', async () => {
    const { lespass } = await tenant()
    const stranger = await world.person()
    const answer = await lespass.get('/place/link_cashless_to_place/', stranger)
    expect([answer.status, answer.json]).toEqual([403, 'not an admin email'])
  })

  it('refuses a form of another place, signed by another key, or with a lasting key', async () => {
    const { place, admin, lespass } = await tenant()
    const other = await world.openPlace()
    const tempKey = open(admin, await lespass.get('/place/link_cashless_to_place/', admin))
    const rsa = rsaKey(0)
    const wrongPlace = await world.send(handshakeRequest({ tempKey, place: other.place, rsa }))
    expect([wrongPlace.status, wrongPlace.json]).toEqual([
      400,
      { non_field_errors: ['Unauthorized'] },
    ])
    const good = handshakeRequest({ tempKey, place: place.place, rsa })
    const bad = { ...good, headers: { ...good.headers, signature: rsaKey(2).signBody({}) } }
    const unsigned = await world.send(bad)
    expect([unsigned.status, unsigned.json]).toEqual([
      400,
      { non_field_errors: ['Invalid signature'] },
    ])
    const lasting = handshakeRequest({ tempKey: lespass.apiKey, place: place.place, rsa })
    expect((await world.send(lasting)).json).toEqual({ non_field_errors: ['Unauthorized'] })
    expect(world.means.store.places.get(place.place).laboutikPem).toBeNull()
    expect((await world.send(good)).status).toBe(202)
  })
})

describe('debug mode', () => {
  it('shares the memberships and the badge of Lespass with a place whose till is linked', async () => {
    await using debug = await startV1({ isDebug: true })
    const lespass = await debug.openPlace('Lespass')
    debug.lespass(lespass, { domain: 'lespass.example.org' })
    const shared = [
      ...(await Promise.all([1, 2].map(() => debug.asset(lespass, { kind: 'SUB' })))),
      await debug.asset(lespass, { kind: 'BDG' }),
    ]
    await debug.asset(lespass)
    const place = await debug.openPlace()
    const own = [await debug.asset(place), await debug.asset(place, { kind: 'TNF' })]
    const till = await debug.handshake(place)
    const accepted = await till.get('/asset/')
    expect(accepted.json.map(({ uuid }: { uuid: string }) => uuid).toSorted()).toEqual(
      [...shared, ...own, debug.means.book.genesis.fed.id].toSorted(),
    )
    const { lespassDomain } = debug.means.store.places.get(place.place)
    expect(lespassDomain).toBe('lespass.example.org')
    await debug.handshake(place)
    expect((await till.get('/asset/')).json).toHaveLength(6)
  })
})
