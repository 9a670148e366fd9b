import { afterEach, describe, expect, it } from 'vitest'
import { V1_ROUTES } from '../src/v1/routes/index.ts'
import { newId } from './test-network.ts'
import { handshakeRequest, Lespass, toUrlSafe } from './v1-clients.ts'
import { rsaKey, startV1, type V1World } from './v1-world.ts'

const open: V1World[] = []

async function start(...wishes: Parameters<typeof startV1>): Promise<V1World> {
  const world = await startV1(...wishes)
  open.push(world)
  return world
}

afterEach(async () => {
  for (const world of open.splice(0)) await world[Symbol.asyncDispose]()
})

describe('the service routes of v1', () => {
  it('say hello to anybody, and to a key', async () => {
    const world = await start()
    const hello = await world.ask('GET', '/helloworld/')
    expect([hello.status, hello.text]).toEqual([200, '{"message":"Hello world!"}'])
    expect(hello.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    const place = await world.openPlace()
    const lespass = world.lespass(place)
    expect((await lespass.get('/helloworld_apikey/')).text).toBe(
      '{"message":"Hello world ApiKey!"}',
    )
    const till = world.till(place)
    const signed = await till.post('/helloworld_apikey/', { any: ['bödy', null, 1] })
    expect([signed.status, signed.text]).toEqual([200, '{"message":"Hello world Signature!"}'])
  })

  it('give the root key once, to the first who asks while the door is open', async () => {
    const world = await start({ handshakeMs: 60_000 })
    const given = await world.ask('GET', '/root_tibillet_handshake/')
    expect(given.status).toBe(201)
    expect(given.text).toMatch(
      /^\{"api_key": "[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}", "fedow_pub_pem": "-----BEGIN PUBLIC KEY-----\\n/,
    )
    expect(given.json.fedow_pub_pem.length).toBeLessThanOrEqual(500)
    // The answer may have been lost: the key was never used, so another one takes its place.
    const again = await world.ask('GET', '/root_tibillet_handshake/')
    expect(again.status).toBe(201)
    expect(again.json.api_key).not.toBe(given.json.api_key)
    expect(again.json.fedow_pub_pem).toBe(given.json.fedow_pub_pem)
    const { store } = world.means
    expect(store.keys.find(given.json.api_key, Date.now())).toBeUndefined()
    store.keys.markUsed(again.json.api_key.slice(0, 8), Date.now())
    const late = await world.ask('GET', '/root_tibillet_handshake/')
    expect([late.status, late.text]).toEqual([208, '{"already done": true}'])
  })

  it('give no root key while the door is closed, or when its time is over', async () => {
    const closed = await start({ handshakeMs: 0 })
    const refused = await closed.ask('GET', '/root_tibillet_handshake/')
    expect([refused.status, Object.keys(refused.json)]).toEqual([403, ['detail']])
    let nowMs = Date.now()
    const timed = await start({ handshakeMs: 600_000, now: () => nowMs })
    nowMs += 600_000
    expect((await timed.ask('GET', '/root_tibillet_handshake/')).status).toBe(403)
  })

  it('open a place for the test suite of LaBoutik in debug mode alone', async () => {
    const name = toUrlSafe(Buffer.from('{"name": "Café de test"}'))
    const path = `/get_new_place_token_for_test/${name}/`
    const world = await start({ isDebug: true })
    const given = await world.ask('GET', path)
    expect(given.status).toBe(200)
    expect(given.text).toMatch(/^\{"encoded_data": "[\w=-]+"\}$/)
    const said = JSON.parse(String(Buffer.from(given.json.encoded_data, 'base64url')))
    expect(Object.keys(said)).toEqual(['domain', 'uuid', 'temp_key'])
    expect(world.means.book.state.get('place', said.uuid)?.name).toBe('Café de test')
    const linked = await world.send(
      handshakeRequest({ tempKey: said.temp_key, place: said.uuid, rsa: rsaKey(0) }),
    )
    expect(linked.status).toBe(202)
    const plain = await start()
    expect((await plain.ask('GET', path)).status).toBe(404)
  })

  it('refuse the key of a connection string everywhere but at the handshake', async () => {
    const world = await start()
    const { place } = await world.openPlace()
    const { store, random } = world.means
    const of = { kind: 'handshake', name: 'temp_', place, person: null, nowMs: Date.now() } as const
    const apiKey = store.keys.issue(of, random)
    const somebody = new Lespass({ origin: world.origin, apiKey })
    for (const path of ['/helloworld_apikey/', '/asset/get_accepted_assets/', '/asset/']) {
      expect((await somebody.get(path)).status).toBe(403)
    }
    const created = await somebody.post('/place/', { place_name: 'x' })
    expect(created.status).toBe(403)
  })
})

/** WIRE.md 2.8, but for the page at the root and two dead routes. Stricter: A5 and a transaction need a key too. */
const MATRIX = `
A0 GET /helloworld/
A2 GET /helloworld_apikey/
A4 POST /helloworld_apikey/
A0 GET /root_tibillet_handshake/
A0 GET /get_new_place_token_for_test/:x/
A0 POST /webhook_stripe/
A1 POST /place/
A2 POST /place/handshake/
A6 GET /place/link_cashless_to_place/
A4 GET /federation/
A6 POST /federation/
A4 GET /wallet/:x/
A3 POST /wallet/get_or_create/
A5 GET /wallet/retrieve_by_signature/
A5 POST /wallet/linkwallet_cardqrcode/
A5 POST /wallet/linkwallet_card_number/
A5 GET /wallet/refund_fed_by_signature/
A6 POST /wallet/local_asset_bank_deposit/
A6 POST /wallet/global_asset_bank_stripe_deposit/
A6 POST /wallet/get_federated_token_refill_checkout/
A6 GET /wallet/:x/retrieve_from_refill_checkout/
A6 GET /wallet/:x/badge/
A6 POST /transaction/create_membership/
A6 POST /transaction/qrcodescanpay/
A6 POST /transaction/refill_from_lespass_to_user_wallet/
A6 POST /transaction/list_by_asset/
A4 GET /asset/
A4 POST /asset/
A4 GET /asset/:x/
A3 GET /asset/get_accepted_assets/
A3 GET /asset/:x/retrieve_membership_asset/
A3 GET /asset/:x/archive_asset/
A3 GET /asset/:x/retrieve_bank_deposits/
A3 GET /asset/:x/retrieve_total_by_place/
A3 GET /asset/:x/total_by_place_with_uuid/
A3 POST /asset/create_membership_asset/
A3 POST /asset/create_token_asset/
A4 GET /card/:x/
A4 POST /card/
A4 POST /card/set_primary/
A4 POST /card/refund/
A4 POST /card/badge/
A3 GET /card/:x/qr_retrieve/
A3 GET /card/:x/card_number_retrieve/
A3 GET /card/:x/card_tag_id_retrieve/
A5 GET /card/retrieve_card_by_signature/
A5 POST /card/lost_my_card_by_signature/
A4 GET /transaction/
A4 POST /transaction/
A3 GET /transaction/:x/
A4 GET /transaction/:x/get_from_hash/
A5 GET /transaction/paginated_list_by_wallet_signature/
`
const CLASSES: Readonly<Record<string, string>> = {
  open: 'A0',
  'creation-key': 'A1',
  key: 'A2',
  place: 'A3',
  'place-signature': 'A4',
  wallet: 'A5',
  'place-and-wallet': 'A6',
}

describe('the routes of v1', () => {
  it('are all there, each with its class', () => {
    const served = V1_ROUTES.map(({ access, method, path }) => {
      return `${CLASSES[access]} ${method} ${path.replace(/:\w+/g, ':x')}`
    })
    expect(served.toSorted()).toEqual(MATRIX.trim().split('\n').toSorted())
  })

  it('refuse whoever comes without a key, in JSON', async () => {
    const world = await start()
    for (const { method, path, access } of V1_ROUTES) {
      if (access === 'open') continue
      const { status, json } = await world.ask(method, path.replace(/:\w+/g, newId()))
      const detail = "Informations d'authentification non fournies."
      expect([method, path, status, json]).toEqual([method, path, 403, { detail }])
    }
  })

  it('take no notice of payments from anybody while there is no secret of Stripe', async () => {
    const world = await start()
    const headers = { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=00' }
    const body = '{"type": "checkout.session.completed"}'
    const told = await world.send({ method: 'POST', path: '/webhook_stripe/', headers, body })
    expect([told.status, typeof told.json.detail]).toEqual([403, 'string'])
  })
})

describe('the addresses of v1', () => {
  it('lead to their final slash', async () => {
    const world = await start()
    for (const method of ['GET', 'POST', 'PUT']) {
      const moved = await world.ask(method, `/card/${newId()}?a=1`)
      const { location } = moved.headers
      expect([moved.status, moved.text]).toEqual([301, ''])
      expect(location).toMatch(/^\/card\/[0-9a-f-]{36}\/\?a=1$/)
    }
  })

  it('say which methods they have, and answer JSON whatever comes', async () => {
    const world = await start()
    const put = await world.ask('PUT', '/card/AAAAAAAA/')
    expect([put.status, put.headers['allow']]).toEqual([405, 'GET'])
    expect(put.json).toEqual({ detail: 'Méthode «\u00a0PUT\u00a0» non autorisée.' })
    expect((await world.ask('HEAD', '/helloworld/')).status).toBe(405)
    expect((await world.ask('GET', '/card/a.json/')).json).toEqual({ detail: 'Not found.' })
    const bad = await world.ask('GET', '/card/%E0%A4%A/')
    expect([bad.status, typeof bad.json]).toEqual([400, 'object'])
  })

  it('refuse bodies that they cannot read, in JSON', async () => {
    const world = await start()
    const till = world.till(await world.openPlace())
    const asked = till.signedPost('/helloworld_apikey/', {})
    const send = (type: string, body: string) =>
      world.send({ ...asked, body, headers: { ...asked.headers, 'content-type': type } })
    const broken = await send('application/json', '{"a":')
    expect(broken.status).toBe(400)
    expect(broken.json.detail).toMatch(/^JSON parse error - /)
    const text = await send('text/plain', 'hello')
    expect(text.status).toBe(415)
    expect(text.json).toEqual({ detail: 'Type de média «\u00a0text/plain\u00a0» non supporté.' })
    const large = await send('application/json', `"${'x'.repeat(3_000_000)}"`)
    expect([large.status, typeof large.json.detail]).toEqual([413, 'string'])
    const spelled = await send('application/json; charset=utf-8', ' { } ')
    expect(spelled.status).toBe(200)
  })
})
