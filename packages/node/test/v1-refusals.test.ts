/**
 * Bad input at every route of v1: a JSON 4xx always, never a page, never a 500, and nothing happens. Each route gets
 * requests of an honest client, with one thing in them wrong.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { AssetId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import type { V1Route } from '../src/v1/route.ts'
import { V1_ROUTES } from '../src/v1/routes/index.ts'
import { seededRandom } from './power-cut/recording.ts'
import {
  type Body,
  type LaBoutik,
  Lespass,
  naiveDate,
  pythonText,
  toUrlSafe,
  type V1Response,
  type V1Sendable,
  type V1TestPerson,
} from './v1-clients.ts'
import { rsaKey, startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

const WRONG_REQUESTS = 60
const seed = Number(process.env['FEDOW_SEED'] ?? Date.now() % 1_000_000)
const random = seededRandom(seed)

let world: V1World
let bar: TestPlace
let till: LaBoutik
let lespass: Lespass
let creator: Lespass
let person: V1TestPerson & { readonly wallet: WalletId }
let boss: TestCard
let card: TestCard
let money: AssetId
let badge: AssetId

beforeAll(async () => {
  world = await startV1({ handshakeMs: 0 })
  bar = await world.openPlace()
  till = world.till(bar)
  person = await world.person()
  lespass = world.lespass(bar, { admin: person.wallet })
  const { store, random: bytes } = world.means
  const of = { kind: 'creation', name: 'root', place: null, person: null } as const
  const apiKey = store.keys.issue({ ...of, nowMs: Date.now() }, bytes)
  creator = new Lespass({ origin: world.origin, apiKey })
  ;[boss, card] = (await world.cards(bar, 2)) as [TestCard, TestCard]
  await world.makePrimary(bar, boss)
  money = await world.asset(bar)
  badge = await world.asset(bar, { kind: 'BDG' })
  await world.refill(money, card, 100_000)
})

afterAll(() => world[Symbol.asyncDispose]())

type Members = Readonly<Record<string, Body>>

/** What an honest client sends to each route that reads a body. */
function honestBody(path: string): Members {
  const tags = { user_card_firstTagId: card.tag, primary_card_fisrtTagId: boss.tag }
  const sale = { sender: world.walletOf(card), receiver: bar.wallet, asset: money, amount: 1 }
  const asset = {
    ...{ uuid: randomUUID(), name: `Monnaie ${randomUUID()}`, currency_code: 'MON' },
    ...{ category: 'TLF', created_at: '2026-05-01T00:00:00.000001+02:00' },
  }
  const fields: Readonly<Record<string, Members>> = {
    '/place/': {
      ...{ place_domain: 'a.example.org', place_name: `Place ${randomUUID()}` },
      ...{ admin_email: 'admin@example.org', admin_pub_pem: rsaKey(5).pem },
    },
    '/place/handshake/': {
      ...{ fedow_place_uuid: bar.place, cashless_ip: '203.0.113.7', dokos_id: 'None' },
      ...{ cashless_url: 'https://a.example.org/', cashless_rsa_pub_key: rsaKey(0).pem },
      cashless_admin_apikey: `aaaaaaaa.${'b'.repeat(32)}`,
    },
    '/wallet/get_or_create/': { email: person.email, public_pem: person.rsa.pem },
    '/wallet/linkwallet_cardqrcode/': { wallet: person.wallet, card_qrcode_uuid: boss.qr },
    '/wallet/linkwallet_card_number/': { wallet: person.wallet, card_number: boss.number },
    '/wallet/local_asset_bank_deposit/': { wallet_to_deposit: bar.wallet, asset: money },
    '/wallet/global_asset_bank_stripe_deposit/': { payload: { data: { object: { id: 'tr_1' } } } },
    '/wallet/get_federated_token_refill_checkout/': { lespass_signed_data: 'x' },
    '/transaction/': { ...sale, ...tags, action: 'SAL', comment: null, metadata: '{}' },
    '/transaction/create_membership/': { ...sale, subscription_start_datetime: '2026-05-01' },
    '/transaction/qrcodescanpay/': {
      ...{ sender: person.wallet, receiver: bar.wallet, asset_type: 'EURO', amount: 1 },
      ...{ comment: 'x', metadata: {} },
    },
    '/transaction/refill_from_lespass_to_user_wallet/': {
      ...{ sender: bar.wallet, receiver: person.wallet, asset: money, amount: 1 },
      metadata: { rewarded_from_ticket_scanned: true },
    },
    '/transaction/list_by_asset/': {
      ...{ asset_uuid: money, start_date: '2026-05-01 00:00:00+02:00', end_date: '2026-06-01' },
    },
    '/federation/': {
      ...{ place_origin: bar.place, place_added: bar.place, asset: money, name: 'Perle' },
    },
    '/asset/': asset,
    '/asset/create_token_asset/': asset,
    '/asset/create_membership_asset/': { ...asset, category: 'SUB' },
    '/card/set_primary/': { first_tag_id: boss.tag, delete: false },
    '/card/refund/': { ...tags, user_card_firstTagId: boss.tag, action: 'RFD' },
    '/card/badge/': {
      ...{ first_tag_id: card.tag, primary_card_firstTagId: boss.tag, asset: badge },
      ...{ pos_uuid: randomUUID(), pos_name: 'Bar' },
    },
    '/card/lost_my_card_by_signature/': { number_printed: card.number },
  }
  return fields[path] ?? {}
}

/** Values that some field somewhere does not take. */
const ODD_VALUES: readonly Body[] = [
  ...[null, true, false, 0, -1, -0, 1.5, 2_147_483_648, 9_007_199_254_740_992, 1e300, 5e-324],
  ...['', ' ', 'zz', '0', 'None', 'null', '\0', 'a\0b', '\ud83d', '\u202e', '🍺'.repeat(300)],
  ...['x'.repeat(20_000), '<script>', "' OR 1=1 --", '../../etc', '%00', '2026-13-45T99:99:99Z'],
  ...['0000-01-01', '9999-12-31T23:59:59.999999-23:59', '1e400', 'NaN', 'urn:uuid:', '{}'],
  ...[[], [[]], [null], [{}], {}, { a: 1 }, { __proto__: null, constructor: 'x' }, [1, 'x', {}]],
  ...['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'a@b', 'http://', '::1%x'],
  ...['FED', 'COR', 'BNK', 'TRF', 'VID', 'EUR'],
]

const ODD_BODIES: readonly Body[] = [[], [[]], [1], 'x', '', 0, true, null, {}, [null], [{}, 'x']]

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T
}

/** A body with a thing or two wrong in it. */
function oddBody(path: string): Body {
  if (random() < 0.1) return pick(ODD_BODIES)
  const members: Record<string, Body> = { ...(path === '/card/' ? newCard() : honestBody(path)) }
  for (let count = random() < 0.7 ? 1 : 3; count > 0; count -= 1) {
    const name = pick([...Object.keys(members), 'stranger'])
    if (random() < 0.15) delete members[name]
    else members[name] = pick(ODD_VALUES)
  }
  return path === '/card/' ? [newCard(), members] : members
}

function newCard(): Members {
  const digits = () => randomUUID().slice(0, 8)
  const ids = { uuid: randomUUID(), qrcode_uuid: randomUUID() }
  const texts = { first_tag_id: digits(), number_printed: digits(), complete_tag_id_uuid: null }
  return { ...ids, ...texts, generation: 1, is_primary: false, tokens_uuid: [] }
}

/** A request as whoever may call the route sends it. */
function signed({ access, method }: V1Route, path: string, body: Body): V1Sendable {
  if (access === 'place-signature') {
    return method === 'GET' ? till.signedGet(path) : till.signedPost(path, body)
  }
  const client = access === 'creation-key' ? creator : lespass
  const signer = access.includes('wallet') ? person : undefined
  if (method === 'GET') return client.signedGet(path, signer)
  const request = client.signedPost(path, body, signer)
  if (signer !== undefined || access === 'open') return request
  const signature = person.rsa.signBody(body)
  return { ...request, headers: { ...request.headers, signature } }
}

const WAITS_FOR_STRIPE = ['refund_fed_by_signature', 'global_asset_bank_stripe_deposit']

/** A refusal as WIRE.md 1.7 lists them, or an answer. */
function expectJson(answer: V1Response, hint: string): void {
  const { status, headers, text, json } = answer
  const isStripe = status === 503 && WAITS_FOR_STRIPE.some((path) => hint.includes(path))
  expect([hint, status < 500 || isStripe, text]).toEqual([hint, true, text])
  if (status === 301) return
  expect([hint, headers['content-type']]).toEqual([hint, 'application/json'])
  expect([hint, headers['cache-control']]).toEqual([hint, 'no-store'])
  if (status >= 400) expect([hint, text, isErrorBody(json)]).toEqual([hint, text, true])
}

function isErrorBody(json: unknown): boolean {
  if (typeof json === 'string') return json !== ''
  if (typeof json !== 'object' || json === null) return false
  if (Array.isArray(json)) return json.length > 0 && json.every(isMessage)
  const messages = Object.entries(json)
  return messages.length > 0 && messages.every(([name, one]) => isMessageOf(name, one))
}

function isMessage(one: unknown): boolean {
  if (typeof one === 'string') return one !== ''
  if (typeof one !== 'object' || one === null) return false
  return Object.entries(one).every(([name, value]) => isMessageOf(name, value))
}

function isMessageOf(name: string, value: unknown): boolean {
  if (name === 'detail') return typeof value === 'string' && value !== ''
  if (Array.isArray(value)) return value.length > 0 && value.every(isMessage)
  return isMessage(value)
}

const POSTS = V1_ROUTES.filter(({ method }) => method === 'POST')
const GETS = V1_ROUTES.filter(({ method }) => method === 'GET')

describe(`a request with something wrong in it (seed ${seed})`, () => {
  it.each(POSTS)('of $path is refused in JSON, and breaks nothing', async (of) => {
    for (let count = 0; count < WRONG_REQUESTS; count += 1) {
      const body = oddBody(of.path)
      const answer = await world.send(signed(of, of.path, body))
      expectJson(answer, `${of.path} ${pythonText(body).slice(0, 600)}`)
    }
  })

  it.each(GETS)('of $path with odd parts in its address', async (of) => {
    const long = 'A'.repeat(3_000)
    const parts = ['zz', randomUUID(), '%00', '%F0%9F%8D%BA', "'", '%2e%2e%2f', '%20', '%25', '-1']
    for (const part of [...parts, '99999999999999999999', `%7B${randomUUID()}%7D`, '__proto__']) {
      const path = of.path.replace(/:\w+/g, part)
      expectJson(await world.send(signed(of, path, {})), path)
    }
    for (const query of ['page=%00', `page=${long}`, 'page=1&page=x', '%E0%A4%A', 'page_size=-1']) {
      const path = `${of.path.replace(/:\w+/g, randomUUID())}?${query}`
      expectJson(await world.send(signed(of, path, {})), path)
    }
  })

  it.each(V1_ROUTES)('of $method $path with odd headers', async (of) => {
    const path = of.path.replace(/:\w+/g, randomUUID())
    const odd = ['', 'x', '=', 'AAAA', 'Api-Key', 'Api-Key .', `Api-Key ${'x'.repeat(5_000)}`, 'é']
    for (const name of ['authorization', 'signature', 'wallet', 'date']) {
      const { headers, ...request } = signed(of, path, honestBody(of.path))
      if (headers[name] === undefined) continue
      for (const value of odd) {
        const answer = await world.send({ ...request, headers: { ...headers, [name]: value } })
        expectJson(answer, `${path} ${name}: ${value}`)
        const isRead = name === 'authorization' || of.access.includes('wallet')
        if (isRead && of.access !== 'open')
          expect([name, value, answer.status]).toEqual([name, value, 403])
      }
    }
  })

  it('leaves a book that passes its audit', async () => {
    const left = world.balance(world.walletOf(card), money)
    const taken = world.balance(bar.wallet, money)
    expect(left + taken <= 100_000n).toBe(true)
    expect(await auditFolder(world.server.network.folder)).toMatchObject({ ok: true })
  })
})

describe('a body that is no JSON of v1', () => {
  const raw = (body: string | Buffer, type = 'application/json') => {
    const { headers, ...request } = till.signedPost('/transaction/', {})
    const sent = { ...headers, 'content-type': type }
    return world.send({ ...request, headers: sent, body: body as string })
  }

  it.each([
    ['', '{"a":', '{"a": NaN}', '[Infinity]', '{a: 1}', "{'a': 1}", '[1,]', '\ufeff{}x', '\x01'],
    ['[', '{', '"', '01', '1.', '.5', '+1', '"\t"', '"\\x"', '"\\ud8"', 'nul', '{"a" 1}', '{} {}'],
  ])('is refused with its reason', async (...texts) => {
    for (const text of texts) {
      const answer = await raw(text)
      expectJson(answer, text)
      expect([text, answer.status < 404]).toEqual([text, true])
    }
  })

  it('may be nested as deep as its size allows', async () => {
    for (const depth of [100, 2_000, 200_000, 1_200_000]) {
      for (const text of ['['.repeat(depth), '['.repeat(depth) + ']'.repeat(depth)]) {
        expectJson(await raw(text), `${depth} brackets`)
      }
      expectJson(await raw('{"a":'.repeat(depth / 10)), `${depth / 10} braces`)
    }
  })

  it('may be bytes that are no text, of another type, or packed', async () => {
    expectJson(await raw(Buffer.from([0xff, 0xfe, 0x7b, 0x7d])), 'bytes')
    for (const type of ['', 'text/html', 'multipart/form-data', 'application/xml', 'a/b; c']) {
      const answer = await raw('{}', type)
      expectJson(answer, type)
      expect([type, answer.status >= 400]).toEqual([type, true])
    }
    const form = await raw('a=%ff%zz&a=1&&=&b', 'application/x-www-form-urlencoded')
    expectJson(form, 'form')
  })
})

it('refuses signed reads whose parts do not fit together', async () => {
  const other = await world.person()
  const date = naiveDate()
  const { headers, ...request } = lespass.signedGet('/wallet/retrieve_by_signature/', person, date)
  const signatures = [other, person].flatMap(({ rsa, wallet }) =>
    [`${wallet}:${date} `, `${wallet}${date}`, `${wallet.toUpperCase()}:${date}`].map((text) =>
      rsa.sign(text),
    ),
  )
  for (const signature of [...signatures, toUrlSafe(Buffer.alloc(256))]) {
    const answer = await world.send({ ...request, headers: { ...headers, signature } })
    expect([answer.status, answer.json]).toEqual([403, { detail: 'Invalid signature' }])
  }
})
