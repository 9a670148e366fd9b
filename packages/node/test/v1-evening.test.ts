/**
 * An evening over the wire of v1, through every route that answers an object, each answer against what the schemas of
 * both clients demand. Lespass keeps id, hash and time of every transaction it sees, nested ones too, and LaBoutik the
 * id of every token: they must be the same wherever they stand (WIRE.md 9.4, rules 1 to 9).
 *
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Body, LaBoutik, Lespass, V1Response, V1TestPerson } from './v1-clients.ts'
import * as contract from './v1-contract.ts'
import { openTenant } from './v1-tenant.ts'
import { rsaKey, startV1, type TestPlace, type V1World } from './v1-world.ts'

type Check = (value: unknown, path: string) => void

/** What every transaction was shown with, by its id. */
const lines = new Map<string, Set<string>>()
/** The ids that a token was shown with, by wallet and asset. */
const tokens = new Map<string, Set<string>>()

let world: V1World
let bar: TestPlace
let till: LaBoutik
let hall: TestPlace
let lespass: Lespass
let admin: V1TestPerson
let person: V1TestPerson
let complaints: readonly string[]

beforeAll(async () => {
  world = await startV1()
  bar = await world.openPlace('Café « du Port »')
  till = await world.handshake(bar, rsaKey(0))
  const tenant = await openTenant(world)
  hall = tenant.place
  lespass = tenant.lespass
  admin = tenant.admin
  person = { email: 'ada@example.org', rsa: rsaKey(3), wallet: '' }
  complaints = await playEvening()
})

afterAll(() => world[Symbol.asyncDispose]())

function remember(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if ('hash' in value && 'datetime' in value && 'uuid' in value) {
    note(lines, String(value.uuid), `${value.hash} ${value.datetime}`)
  }
  if ('tokens' in value && 'uuid' in value && Array.isArray(value.tokens)) {
    for (const { uuid, asset_uuid: asset } of value.tokens) {
      note(tokens, `${value.uuid} ${asset}`, uuid)
    }
  }
  for (const one of Object.values(value)) remember(one)
}

function note(all: Map<string, Set<string>>, key: string, fact: string): void {
  const facts = all.get(key) ?? new Set()
  all.set(key, facts.add(fact))
}

const refund: Check = (value, path) => {
  const parts = value as Readonly<Record<string, unknown>>
  contract.card(parts['serialized_card'], `${path}.serialized_card`)
  contract.wallet(parts['before_refund_serialized_wallet'], `${path}.before`)
  contract.listOf(contract.transaction)(parts['serialized_transactions'], `${path}.lines`)
}

const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') throw new Error(`${path}: expected a text`)
}

/** Goes through the evening; answers what is wrong with the answers. */
async function playEvening(): Promise<readonly string[]> {
  const wrong: string[] = []
  // biome-ignore lint/suspicious/noExplicitAny: the schema of each answer is what is checked.
  const take = async (asked: Promise<V1Response>, status: number, check: Check): Promise<any> => {
    const answer = await asked
    try {
      if (answer.status !== status) throw new Error(`${answer.status} ${answer.text}`)
      check(answer.json, '$')
    } catch (cause) {
      wrong.push(String(cause))
    }
    remember(answer.json)
    return answer.json
  }
  const made = await sellAtBar(take)
  await liveWithLespass(take, made)
  await readAll(take, made)
  const tags = { primary_card_fisrtTagId: made.boss, user_card_firstTagId: made.card }
  await take(till.post('/card/refund/', { ...tags, action: 'RFD' }), 205, refund)
  await take(till.post('/card/refund/', { ...tags, action: 'VID' }), 205, refund)
  await take(till.get(`/card/${made.card}/`), 200, contract.card)
  await readAll(take, made)
  return wrong
}

// biome-ignore lint/suspicious/noExplicitAny: the schema of each answer is what is checked.
type Take = (asked: Promise<V1Response>, status: number, check: Check) => Promise<any>

interface Made {
  readonly money: string
  readonly membership: string
  readonly points: string
  readonly boss: string
  readonly card: string
  readonly hash: string
  readonly sale: string
}

function assetOf(name: string, category: string) {
  const created = { created_at: '2026-05-01T00:00:00.120000+02:00' }
  return { uuid: randomUUID(), name, currency_code: name.slice(0, 3), category, ...created }
}

function cardOf(number: string, isPrimary = false) {
  const ids = { uuid: randomUUID(), qrcode_uuid: randomUUID(), number_printed: number }
  const tag = randomBytes(4).toString('hex').toUpperCase()
  return { ...ids, first_tag_id: tag, generation: 1, is_primary: isPrimary, tokens_uuid: [] }
}

const NUMBERS = ['0000AAA1', '0000AAA2', '0000AAA3']

async function sellAtBar(take: Take): Promise<Made> {
  const assets = [assetOf('Perle', 'TLF'), assetOf('Adhésion', 'SUB'), assetOf('Entrée', 'BDG')]
  for (const asset of assets) await take(till.post('/asset/', asset), 201, contract.asset)
  const [money = '', membership = '', badge = ''] = assets.map(({ uuid }) => uuid)
  const cards = NUMBERS.map((number, index) => cardOf(number, index === 0))
  await take(till.post('/card/', cards), 201, text)
  const [boss = '', card = '', other = ''] = cards.map(({ first_tag_id: tag }) => tag)
  const { wallet } = await take(till.get(`/card/${card}/`), 200, contract.card)
  const tags = { user_card_firstTagId: card, primary_card_fisrtTagId: boss }
  const give = { sender: bar.wallet, receiver: wallet.uuid, ...tags }
  const refill = { ...give, asset: money, amount: 5_000, comment: null, metadata: { a: [1.5] } }
  await take(till.post('/transaction/', refill), 201, contract.transaction)
  const pay = { sender: wallet.uuid, receiver: bar.wallet, asset: money, ...tags }
  const sale = { ...pay, amount: 120, comment: 'Café', metadata: '{"a": 1}' }
  const sold = await take(till.post('/transaction/', sale), 201, contract.transaction)
  const start = { subscription_start_datetime: '2026-05-01T12:00:00+02:00' }
  const joined = { ...give, asset: membership, amount: 2_000, ...start }
  await take(till.post('/transaction/', joined), 201, contract.transaction)
  const tap = { first_tag_id: card, primary_card_firstTagId: boss, asset: badge, pos_uuid: null }
  await take(till.post('/card/badge/', tap), 201, contract.transaction)
  await take(till.get(`/card/${other}/`), 200, contract.card)
  return { money, membership, points: '', boss, card, hash: sold.hash, sale: sold.uuid }
}

async function liveWithLespass(take: Take, { money, card }: Made): Promise<void> {
  const login = { email: person.email, public_pem: person.rsa.pem }
  const wallet = await take(lespass.post('/wallet/get_or_create/', login, person), 201, text)
  person = { ...person, wallet }
  const link = { wallet, card_number: '0000AAA2' }
  await take(lespass.post('/wallet/linkwallet_card_number/', link, person), 200, contract.card)
  const sharing = { place_origin: bar.place, place_added: hall.place, asset: money, name: 'Perle' }
  const origin = world.lespass(bar, { domain: 'bar.example.org' })
  await take(origin.post('/federation/', sharing, admin), 200, contract.federation)
  const payment = { sender: wallet, receiver: hall.wallet, asset_type: 'EURO', amount: 300 }
  const path = '/transaction/qrcodescanpay/'
  await take(lespass.post(path, payment, person), 201, contract.listOf(contract.transaction))
  const club = assetOf('Club', 'SUB')
  const points = assetOf('Points', 'FID')
  await take(lespass.post('/asset/create_membership_asset/', club), 201, contract.asset)
  await take(lespass.post('/asset/create_token_asset/', points), 201, contract.asset)
  const give = { sender: hall.wallet, receiver: wallet, amount: 50 }
  const reward = { ...give, asset: points.uuid, metadata: { rewarded_from_ticket_scanned: true } }
  const rewards = '/transaction/refill_from_lespass_to_user_wallet/'
  await take(lespass.post(rewards, reward, person), 201, contract.transaction)
  const start = { subscription_start_datetime: '2026-05-01 00:00:00.000010+02:00' }
  const join = {
    ...give,
    asset: club.uuid,
    ...start,
    metadata: { checkout_session_id_stripe: null },
  }
  await take(
    lespass.post('/transaction/create_membership/', join, person),
    201,
    contract.transaction,
  )
  const deposit = { wallet_to_deposit: hall.wallet, asset: money }
  const deposits = '/wallet/local_asset_bank_deposit/'
  await take(lespass.post(deposits, deposit, person), 201, contract.transaction)
  const scan = await till.get(`/card/${card}/`)
  expect(scan.json.wallet.uuid).toBe(wallet)
}

async function readAll(take: Take, { money, membership, hash, sale, card }: Made): Promise<void> {
  const { asset, transactionSimple, listOf } = contract
  await take(till.get('/asset/'), 200, listOf(asset))
  await take(till.get(`/asset/${money}/`), 200, contract.assetWithTotals)
  await take(till.get('/federation/'), 200, listOf(contract.federation))
  await take(till.get('/transaction/'), 200, listOf(contract.transaction))
  await take(till.get(`/transaction/${hash}/get_from_hash/`), 200, contract.transaction)
  await take(till.get(`/card/${card}/`), 200, contract.card)
  await take(till.get(`/wallet/${person.wallet}/`), 200, contract.wallet)
  const origin = world.lespass(bar, { domain: 'bar.example.org' })
  await take(origin.get(`/transaction/${sale}/`), 200, contract.transaction)
  await take(origin.get(`/asset/${money}/retrieve_bank_deposits/`), 200, listOf(transactionSimple))
  const dates = { start_date: '2020-01-01', end_date: '2999-01-01 00:00:00+02:00' }
  for (const one of [money, membership]) {
    const body: Body = { asset_uuid: one, ...dates }
    const asked = origin.post('/transaction/list_by_asset/', body, person)
    await take(asked, 200, listOf(transactionSimple))
  }
  await take(lespass.get('/asset/get_accepted_assets/'), 200, listOf(asset))
  await take(lespass.get(`/asset/${membership}/retrieve_membership_asset/`), 200, asset)
  await take(lespass.get('/wallet/retrieve_by_signature/', person), 200, contract.wallet)
  await take(lespass.get('/card/retrieve_card_by_signature/', person), 200, listOf(contract.card))
  for (const number of NUMBERS) {
    await take(lespass.get(`/card/${number}/card_number_retrieve/`), 200, contract.qrCard)
  }
  const history = '/transaction/paginated_list_by_wallet_signature/'
  await take(lespass.get(`${history}?page_size=4`, person), 200, contract.page)
  await take(lespass.get(history, person), 200, contract.page)
}

describe('an evening on the wire of v1', () => {
  it('gives every answer as the schemas of both clients demand it', () => {
    expect(complaints).toEqual([])
  })

  it('shows each transaction with one hash and one time, wherever it stands', () => {
    expect(lines.size).toBeGreaterThan(12)
    for (const [id, facts] of lines) expect([id, [...facts]]).toEqual([id, [expect.any(String)]])
    const hashes = [...lines.values()].map((facts) => [...facts][0]?.split(' ')[0])
    expect(new Set(hashes).size).toBe(lines.size)
  })

  it('shows each wallet with one token for an asset, under one id', () => {
    expect(tokens.size).toBeGreaterThan(6)
    for (const [of, ids] of tokens) expect([of, [...ids]]).toEqual([of, [expect.any(String)]])
    const all = [...tokens.values()].flatMap((ids) => [...ids])
    expect(new Set(all).size).toBe(tokens.size)
  })
})
