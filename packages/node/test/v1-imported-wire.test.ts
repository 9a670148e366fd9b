/** Tills and Lespass after the evening of the move: the same keys, the same cards, the same history. */
import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DashboardFacts } from '@fedow/api'
import type { AssetId, LineId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseFernetKey } from '../src/v1/import/fernet.ts'
import { MembershipNotices } from '../src/v1/membership-notice.ts'
import {
  answeredMoment,
  hyphened,
  type ImportedV1,
  keySql,
  type OldPlace,
  personSql,
  startImported,
  tillSql,
} from './imported-v1.ts'
import type { Body, LaBoutik, Lespass, V1TestPerson } from './v1-clients.ts'
import { handshakeRequest, sendTo } from './v1-clients.ts'
import { ask, bare, v1File } from './v1-file.ts'
import { rsaKey } from './v1-world.ts'

const TILL_KEY = `tillAAAA.${'t'.repeat(32)}`
const LESPASS_KEY = `lespAAAA.${'l'.repeat(32)}`
const TEMP_KEY = `tempAAAA.${'x'.repeat(32)}`
const CREATION_TEXT = `openAAAA.${'c'.repeat(32)}`
const FERNET_KEY = 'aG9sZG91dC1mZXJuZXQta2V5LW9mLTMyLWJ5dGVzLSE='
const HISTORY = '/transaction/paginated_list_by_wallet_signature/'
const REWARD = '/transaction/refill_from_lespass_to_user_wallet/'
const DOMAIN = 'lespass.example.org'

/** As v1's first years stored a key. */
function pbkdf2Of(text: string): string {
  const digest = pbkdf2Sync(text, 'salt', 1_000, 32, 'sha256').toString('base64')
  return `pbkdf2_sha256$1000$salt$${digest}`
}

/** A text as v1 closes it. */
function close(text: string): string {
  const key = Buffer.from(FERNET_KEY, 'base64url')
  const vector = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), vector)
  const head = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(8), vector])
  const signed = Buffer.concat([head, cipher.update(text), cipher.final()])
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest()
  return Buffer.concat([signed, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

function only(sql: string): string {
  const [row] = ask(v1File('story'), sql)
  return hyphened(Object.values(row ?? {})[0])
}

function walletOf(email: string): WalletId {
  const sql = `SELECT wallet_id FROM fedow_core_fedowuser WHERE email LIKE '${email}@%'`
  return only(sql) as WalletId
}

function assetOf(name: string): AssetId {
  return only(`SELECT uuid FROM fedow_core_asset WHERE name = '${name}'`) as AssetId
}

function personOf(email: string, index: number): V1TestPerson & { readonly wallet: WalletId } {
  const wallet = walletOf(email)
  return { email: `${email}@holdout.test`, rsa: rsaKey(index), wallet }
}

const EURO = assetOf('Euro A47D0')
const CARTE = assetOf('Carte D6CD5364')
const LOCAL = assetOf('Local BB3326C4')
/** With a history of 13 lines. */
const reader = personOf('u4a7aa1ebd1', 1)
/** Rewarded several times. */
const rewarded = personOf('ueafc651d92', 2)
const paidByStripe = personOf('u3f4713eb81', 3)
/** With nothing, and without a card. */
const newcomer = personOf('u07ad3202ed', 4)
const member = personOf('u6a2b0430d5', 5)

/** With two cards that were linked on v1. */
const linkedTwice = personOf('uf1b21e9f9f', 0)

const PEOPLE = [reader, rewarded, paidByStripe, newcomer, member, linkedTwice]

const SQL = [
  keySql('cn2mlygL', TILL_KEY),
  keySql('SkAsNV6U', LESPASS_KEY, pbkdf2Of(LESPASS_KEY)),
  `INSERT INTO fedow_core_organizationapikey (id, created, name, revoked, expiry_date, hashed_key, prefix, place_id, user_id)
   SELECT 'temp', created, 'temp_' || name, 0, NULL, '${pbkdf2Of(TEMP_KEY)}', 'tempAAAA', place_id, user_id
   FROM fedow_core_organizationapikey LIMIT 1;`,
  `UPDATE fedow_core_createplaceapikey SET hashed_key = '${pbkdf2Of(CREATION_TEXT)}', prefix = 'openAAAA';`,
  tillSql(only("SELECT uuid FROM fedow_core_place WHERE name LIKE 'Venue A%'"), rsaKey(0)),
  `UPDATE fedow_core_place SET lespass_domain = '${DOMAIN}' WHERE name LIKE 'Venue A%';`,
  ...PEOPLE.map(personSql),
  `UPDATE fedow_core_configuration SET stripe_api_key = '${close('sk_test_a')}',
     stripe_endpoint_secret_enc = '${close('whsec_b')}';`,
  // A member who is only known by a card; the hash of the line is wrong.
  `INSERT INTO fedow_core_transaction (uuid, hash, ip, datetime, amount, subscription_type, last_check, action, asset_id,
     previous_transaction_id, receiver_id, sender_id)
   SELECT '${'cd'.repeat(16)}', '${'0'.repeat(64)}', ip, '2026-11-22 19:54:00', 500, subscription_type, last_check, action,
     asset_id, uuid, (SELECT wallet_ephemere_id FROM fedow_core_card WHERE first_tag_id = '8ED63D04'), sender_id
   FROM fedow_core_transaction WHERE action = 'SUB' AND asset_id = '${bare(CARTE)}';`,
  `INSERT INTO fedow_core_token (uuid, value, asset_id, wallet_id)
   SELECT '${'ab'.repeat(16)}', 500, '${bare(CARTE)}', wallet_ephemere_id FROM fedow_core_card
   WHERE first_tag_id = '8ED63D04';`,
  // Money that no line of v1 has brought.
  `INSERT INTO fedow_core_token (uuid, value, asset_id, wallet_id)
   SELECT '${'ef'.repeat(16)}', 77, '${bare(LOCAL)}', wallet_ephemere_id FROM fedow_core_card
   WHERE first_tag_id = 'F0E5177D';`,
].join('\n')

let old: ImportedV1
let venue: OldPlace
let till: LaBoutik
let lespass: Lespass

beforeAll(async () => {
  old = await startImported({
    file: 'story',
    sql: SQL,
    ...{ fernetKey: parseFernetKey(FERNET_KEY) as NonNullable<ReturnType<typeof parseFernetKey>> },
  })
  venue = old.places().find(({ name }) => name.startsWith('Venue A')) as OldPlace
  till = old.till(venue, { apiKey: TILL_KEY, rsa: rsaKey(0) })
  lespass = old.lespass(LESPASS_KEY)
})
afterAll(() => old[Symbol.asyncDispose]())

/** Uuids of lines, newest first, as the database has them. */
function linesWhere(condition: string): readonly string[] {
  const sql = `SELECT t.uuid FROM fedow_core_transaction t WHERE ${condition} ORDER BY datetime DESC`
  return old.ask(sql).map(({ uuid }) => hyphened(uuid))
}

function sideOf(wallet: string): string {
  return `'${bare(wallet)}' IN (sender_id, receiver_id)`
}

const uuidsOf = (list: readonly { readonly uuid: string }[]) => list.map(({ uuid }) => uuid)

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of each answer.
function valueIn(card: any, asset: AssetId): number | undefined {
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  return card.wallet.tokens.find((token: any) => token.asset_uuid === asset)?.value
}

describe('the till', () => {
  const cards = { primary_card_fisrtTagId: '36B10A90', user_card_firstTagId: '5252509B' }
  const beside = { comment: null, metadata: '{"order": "é"}', ...cards }

  it('finds a card as it left it', async () => {
    const { status, json } = await till.get('/card/5252509B/')
    expect(status).toBe(200)
    const [token] = json.wallet.tokens
    expect(token).toMatchObject({ value: 650, asset_uuid: EURO })
    const sql = `SELECT k.uuid FROM fedow_core_token k JOIN fedow_core_card ON wallet_ephemere_id = wallet_id
      WHERE first_tag_id = '5252509B' AND asset_id = '${bare(EURO)}'`
    expect(token.uuid).toBe(hyphened(old.ask(sql)[0]?.['uuid']))
    const [last] = linesWhere(`${sideOf(json.wallet.uuid)} AND asset_id = '${bare(EURO)}'`)
    expect(token.last_transaction.uuid).toBe(last)
  })

  it('refills, sells and gives back, and the chain goes on where v1 left it', async () => {
    const scanned = (await till.get('/card/5252509B/')).json.wallet.uuid
    const refill = { amount: 1_000, sender: till.wallet, receiver: scanned, asset: EURO, ...beside }
    const refilled = await till.post('/transaction/', refill)
    expect([refilled.status, valueIn(refilled.json.card, EURO)]).toEqual([201, 1_650])
    const created = await till.get(`/transaction/${refilled.json.previous_transaction}/`)
    expect(created.json).toMatchObject({ action: 'CRE', amount: 1_000 })
    const [last] = linesWhere(`asset_id = '${bare(EURO)}'`)
    expect(created.json.previous_transaction).toBe(last)
    const sale = { amount: 300, sender: scanned, receiver: till.wallet, asset: EURO, ...beside }
    const asked = till.signedPost('/transaction/', sale)
    const sold = await till.send(asked)
    expect(sold.json).toMatchObject({ action: 'SAL', previous_transaction: refilled.json.uuid })
    expect([sold.status, valueIn(sold.json.card, EURO)]).toEqual([201, 1_350])
    const names = {
      primary_card_fisrtTagId: '36B10A90',
      user_card_firstTagId: '5252509B',
      action: 'VID',
    }
    const voiding = till.signedPost('/card/refund/', names)
    const refunded = await till.send(voiding)
    expect(refunded.status).toBe(205)
    const { before_refund_serialized_wallet: before, serialized_card: after } = refunded.json
    expect(valueIn({ wallet: before }, EURO)).toBe(1_350)
    expect(before.uuid).toBe(scanned)
    expect(after.wallet.uuid).not.toBe(scanned)
    expect(after.wallet.tokens).toEqual([])
    expect((await till.send(asked)).text).toBe(sold.text)
    expect((await till.send(voiding)).text).toBe(refunded.text)
  })

  it('finds its lines by the hash that v1 gave them', async () => {
    const sql = `SELECT uuid, hash FROM fedow_core_transaction WHERE action = 'SAL' AND ${sideOf(till.wallet)}`
    const [row] = old.ask(sql)
    const found = await till.get(`/transaction/${row?.['hash']}/get_from_hash/`)
    expect([found.status, found.json.uuid]).toEqual([200, hyphened(row?.['uuid'])])
    const ours = old.means.book.lineById(hyphened(row?.['uuid']) as LineId)?.hash
    expect((await till.get(`/transaction/${ours}/get_from_hash/`)).status).toBe(404)
    const others = old.ask(
      `SELECT hash FROM fedow_core_transaction WHERE NOT ${sideOf(till.wallet)} AND action = 'SAL'`,
    )
    const foreign = await till.get(`/transaction/${others[0]?.['hash']}/get_from_hash/`)
    expect(foreign.status).toBe(404)
  })

  it('sees no line of the import that v1 did not write', async () => {
    const { json } = await till.get('/transaction/')
    expect(json.length).toBe(100)
    const known = new Set(linesWhere('1'))
    const own = json.filter(({ uuid }: { uuid: string }) => known.has(uuid))
    // The three of the tests above, with the creation of the refill.
    expect(json.length - own.length).toBeLessThanOrEqual(4)
    const fed = old.means.book.genesis.fed.id
    const first = old.means.book.linesOfAsset(fed, { before: 2, limit: 1 })[0]
    expect(old.means.objects.isShown(first as never)).toBe(false)
  })
})

describe('the key', () => {
  it('of Lespass works with the hash of v1’s first years, and gets the newer one', async () => {
    expect((await lespass.get('/asset/get_accepted_assets/')).status).toBe(200)
    expect(old.means.store.keys.find(LESPASS_KEY, Date.now())?.hash).toMatch(/^sha512\$\$/)
  })

  it('that opens places works, and no second one is given', async () => {
    const key = old.means.store.keys.find(CREATION_TEXT, Date.now())
    expect(key).toMatchObject({ kind: 'creation', place: null })
    const asked = await old.world.ask('GET', '/root_tibillet_handshake/')
    expect([asked.status, asked.json]).toEqual([208, { 'already done': true }])
  })

  it('that was temporary is left behind', async () => {
    expect(old.means.store.keys.find(TEMP_KEY, Date.now())).toBeUndefined()
    const request = handshakeRequest({ tempKey: TEMP_KEY, place: venue.place, rsa: rsaKey(0) })
    expect((await sendTo(old.server.origin, request)).status).toBe(403)
  })

  it('of the primary wallet is the one that Lespass has', async () => {
    const sql = "SELECT public_pem FROM fedow_core_wallet WHERE name = 'Primary Wallet'"
    const pem = String(old.ask(sql)[0]?.['public_pem']).trim()
    expect((await old.means.publicPem()).trim()).toBe(pem)
    expect(statSync(join(old.folder, 'keys', 'v1.pem')).mode & 0o777).toBe(0o600)
  })

  it('of Stripe is opened into a file of its owner', () => {
    const path = join(old.folder, 'keys', 'stripe.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      key: 'sk_test_a',
      webhookSecret: 'whsec_b',
    })
  })
})

describe('Lespass', () => {
  it('logs people in with their wallet and their key', async () => {
    const { email, rsa, wallet } = reader
    const login = (person: V1TestPerson) => {
      const body = { email, public_pem: person.rsa.pem }
      return lespass.post('/wallet/get_or_create/', body, person)
    }
    const known = await login({ email, rsa, wallet: '' })
    expect([known.status, known.json]).toEqual([200, wallet])
    expect((await login({ email, rsa: rsaKey(0), wallet: '' })).status).toBe(400)
  })

  it('pages through a history that v1 wrote', async () => {
    const wanted = linesWhere(sideOf(reader.wallet))
    const [first, second] = [
      await lespass.get(HISTORY, reader),
      await lespass.get(`${HISTORY}?page=2`, reader),
    ]
    expect([first?.status, first?.json.count]).toEqual([200, 13])
    const shown = [...first.json.results, ...second.json.results]
    expect(uuidsOf(shown)).toEqual(wanted)
    expect([first.json.previous, second.json.next]).toEqual([null, null])
    expect(first.json.next).toBe(`https://fedow.example.org${HISTORY}?page=2`)
    for (const line of shown) {
      const own = line.receiver === reader.wallet ? 'receiver' : 'sender'
      const other = own === 'receiver' ? 'sender' : 'receiver'
      expect(line[`serialized_${other}`].tokens).toEqual([])
      const sum = old.ask(`SELECT count(*) n FROM fedow_core_token
        WHERE wallet_id = '${bare(reader.wallet)}'`)
      expect(line[`serialized_${own}`].tokens.length).toBe(Number(sum[0]?.['n']))
    }
  })

  it('is told again of a reward that v1 gave, and gives it no second time', async () => {
    const [row] = old.ask(`SELECT * FROM fedow_core_transaction WHERE uuid LIKE 'de4e2a3f%'`)
    const metadata = JSON.parse(String(row?.['metadata']))
    const asset = hyphened(row?.['asset_id'])
    const reward = { sender: venue.wallet, receiver: rewarded.wallet, asset, amount: 250, metadata }
    const before = old.world.balance(rewarded.wallet, asset as AssetId)
    const again = await lespass.post(REWARD, reward, rewarded)
    expect([again.status, again.json.uuid]).toEqual([201, hyphened(row?.['uuid'])])
    expect(again.json).toMatchObject({ hash: row?.['hash'], metadata })
    expect(again.json.datetime).toBe(answeredMoment(row?.['datetime']))
    const other = await lespass.post(REWARD, { ...reward, amount: 251 }, rewarded)
    expect(other.status).toBe(400)
    expect(old.world.balance(rewarded.wallet, asset as AssetId)).toBe(before)
    const line = { ...metadata, ligne_article_uuid: metadata.price_uuid }
    const fresh = await lespass.post(REWARD, { ...reward, metadata: line }, rewarded)
    expect(fresh.status).toBe(201)
    expect(old.world.balance(rewarded.wallet, asset as AssetId)).toBe(before + 250n)
  })

  it('is refused a reward for a payment that v1 has rewarded', async () => {
    const [row] = old.ask(`SELECT * FROM fedow_core_transaction WHERE uuid LIKE '1989f03f%'`)
    const metadata = JSON.parse(String(row?.['metadata']))
    const reward = {
      ...{ sender: venue.wallet, receiver: paidByStripe.wallet, amount: 100 },
      asset: hyphened(row?.['asset_id']),
      metadata: { ...metadata, ligne_article_uuid: metadata.price_uuid },
    }
    const { status, json } = await lespass.post(REWARD, reward, paidByStripe)
    expect([status, json]).toEqual([
      400,
      { metadata: ['checkout_session_id_stripe Already reported'] },
    ])
  })

  it('lists the lines of an asset, newest first', async () => {
    const condition = `asset_id = '${bare(EURO)}' AND action <> 'CRE'`
    const period = (until: string): Body => {
      return { asset_uuid: EURO, start_date: '2026-01-01 00:00:00', end_date: until }
    }
    const list = async (until: string) =>
      (await lespass.post('/transaction/list_by_asset/', period(until), reader)).json
    const known = new Set(linesWhere(condition))
    const all = uuidsOf(await list('2090-01-01 00:00:00'))
    expect(all.filter((uuid) => known.has(uuid))).toEqual(linesWhere(condition))
    const until = '2026-11-22 19:52:40'
    const some = linesWhere(`${condition} AND datetime <= '${until}'`)
    expect(some.length).toBeGreaterThan(5)
    expect(uuidsOf(await list(until))).toEqual(some)
    expect(await list('2026-01-02 00:00:00')).toEqual([])
  })

  it('lists deposits and what places hold', async () => {
    const asset = assetOf('Bank 8870A151')
    const deposits = await lespass.get(`/asset/${asset}/retrieve_bank_deposits/`)
    const wanted = linesWhere(`asset_id = '${bare(asset)}' AND action = 'BNK'`)
    expect(wanted).toHaveLength(1)
    expect(uuidsOf(deposits.json)).toEqual(wanted)
    const totals = await lespass.get(`/asset/${asset}/total_by_place_with_uuid/`)
    const held = old.ask(`SELECT name place_name, k.wallet_id wallet_uuid, value total_value
      FROM fedow_core_token k JOIN fedow_core_place p ON p.wallet_id = k.wallet_id
      WHERE asset_id = '${bare(asset)}' ORDER BY name`)
    expect(JSON.parse(totals.json).total_by_place).toEqual(
      held.map((row) => ({
        ...row,
        wallet_uuid: hyphened(row['wallet_uuid']),
        total_value: Number(row['total_value']),
      })),
    )
  })
})

describe('a card', () => {
  it('is linked with what was on it, and its past comes along', async () => {
    const before = (await till.get('/card/46F40E80/')).json.wallet
    const link = { wallet: newcomer.wallet, card_number: '9D00DBBC' }
    const linked = await lespass.post('/wallet/linkwallet_card_number/', link, newcomer)
    expect([linked.status, valueIn(linked.json, EURO)]).toEqual([200, 2_500])
    const { json } = await lespass.get(`${HISTORY}?page_size=100`, newcomer)
    const past = linesWhere(`${sideOf(before.uuid)} OR ${sideOf(newcomer.wallet)}`)
    expect(past.length).toBeGreaterThan(2)
    expect(uuidsOf(json.results).filter((uuid) => past.includes(uuid))).toEqual(past)
    const actions = json.results.slice(0, json.results.length - past.length)
    expect(new Set(actions.map(({ action }: { action: string }) => action))).toEqual(
      new Set(['FUS']),
    )
  })

  it('that somebody else has by now shows nothing of theirs in the history of before', async () => {
    const lost = await lespass.post(
      '/card/lost_my_card_by_signature/',
      { number_printed: '9D00DBBC' },
      newcomer,
    )
    expect(lost.status).toBe(200)
    const { json } = await lespass.get(`${HISTORY}?page_size=100`, newcomer)
    const card = only("SELECT uuid FROM fedow_core_card WHERE first_tag_id = '46F40E80'")
    const ofCard = json.results.filter(
      (line: { card?: { uuid: string } }) => line.card?.uuid === card,
    )
    expect(ofCard.length).toBeGreaterThan(1)
    const known = new Set(linesWhere('1'))
    for (const line of ofCard) {
      if (!known.has(line.uuid)) continue
      expect([line.sender, line.receiver, newcomer.wallet]).toContain(line.card.wallet.uuid)
      expect(line.card.wallet.tokens).toEqual([])
    }
  })

  it('takes along the membership of whom it was, also when it is asked for again', async () => {
    const scanned = (await till.get('/card/8ED63D04/')).json
    expect(valueIn(scanned, CARTE)).toBe(500)
    const sale = {
      ...{ amount: 50, sender: till.wallet, receiver: scanned.wallet.uuid, asset: CARTE },
      ...{ primary_card_fisrtTagId: '36B10A90', user_card_firstTagId: '8ED63D04' },
      subscription_start_datetime: '2026-12-01T10:00:00+01:00',
    }
    const selling = till.signedPost('/transaction/', sale)
    const sold = await till.send(selling)
    expect([sold.status, valueIn(sold.json.card, CARTE)]).toEqual([201, 550])
    const link = { wallet: paidByStripe.wallet, card_number: '94BF860F' }
    const asked = lespass.signedPost('/wallet/linkwallet_card_number/', link, paidByStripe)
    const linked = await lespass.send(asked)
    expect([linked.status, valueIn(linked.json, CARTE)]).toEqual([200, 550])
    expect((await till.send(selling)).text).toBe(sold.text)
    const join = {
      ...{ sender: venue.wallet, receiver: paidByStripe.wallet, asset: CARTE, amount: 100 },
      subscription_start_datetime: '2026-12-01T10:00:00+01:00',
    }
    const signed = lespass.signedPost('/transaction/create_membership/', join, paidByStripe)
    const joined = await lespass.send(signed)
    expect(joined.status).toBe(201)
    const { json } = await lespass.get('/wallet/retrieve_by_signature/', paidByStripe)
    expect(valueIn({ wallet: json }, CARTE)).toBe(650)
    expect((await lespass.send(asked)).text).toBe(linked.text)
    expect((await lespass.send(signed)).text).toBe(joined.text)
    const asset = await till.get(`/asset/${CARTE}/`)
    // 1500 of a member, 500 of the card, 50 and 100 just now.
    expect(asset.json).toMatchObject({ total_token_value: 2_150, total_in_place: 0 })
  })

  it('shows money of which no line tells', async () => {
    const { json } = await till.get('/card/F0E5177D/')
    const token = json.wallet.tokens.find(
      (one: { uuid: string }) => one.uuid === hyphened('ef'.repeat(16)),
    )
    expect(token).toMatchObject({ value: 77, asset_uuid: LOCAL, last_transaction: null })
    expect(token.last_transaction_datetime).toBeNull()
  })

  it('of one’s own shows what is there now in every line of v1', async () => {
    const { json } = await lespass.get(HISTORY, linkedTwice)
    const own = json.results.filter(
      (line: { card?: { wallet: { uuid: string } } }) =>
        line.card?.wallet.uuid === linkedTwice.wallet,
    )
    expect(own.length).toBeGreaterThan(1)
    const stored = old.ask(
      `SELECT uuid, value FROM fedow_core_token WHERE wallet_id = '${bare(linkedTwice.wallet)}'`,
    )
    const wanted = stored.map(({ uuid, value }) => [hyphened(uuid), Number(value)]).sort()
    for (const { card } of own) {
      const shown = card.wallet.tokens.map((token: { uuid: string; value: number }) => [
        token.uuid,
        token.value,
      ])
      expect(shown.sort()).toEqual(wanted)
    }
  })

  it('says so when the hash of a line is not that of the line', async () => {
    const { json } = await lespass.get(`/transaction/${hyphened('cd'.repeat(16))}/`)
    expect(json).toMatchObject({ verify_hash: false, hash: '0'.repeat(64), amount: 500 })
  })
})

describe('a membership', () => {
  it('goes on from what was paid, and Lespass hears of the new one alone', async () => {
    const asked: string[] = []
    const told = new EventTarget()
    const { book, store } = old.means
    await using notices = new MembershipNotices({
      ...{ book, store, engine: old.server.engine, now: () => Date.UTC(2026, 10, 23) },
      onFault: (cause) => {
        throw cause
      },
      fetch: async (input) => {
        asked.push(String(input))
        told.dispatchEvent(new Event('told'))
        return new Response('{}', { status: 201 })
      },
    })
    notices.begin()
    const card = '6DAC1B40'
    const sale = {
      ...{ amount: 200, sender: till.wallet, receiver: member.wallet, asset: CARTE },
      ...{ primary_card_fisrtTagId: '36B10A90', user_card_firstTagId: card },
      subscription_start_datetime: '2026-12-01T10:00:00+01:00',
    }
    const sold = await till.post('/transaction/', sale)
    expect([sold.status, valueIn(sold.json.card, CARTE)]).toEqual([201, 1_700])
    const sales = book.linesOfAction('SUB', { after: 0, upTo: book.tip().lines })
    const fresh = sales.filter(({ imported, primary }) => !imported && primary !== null)
    expect(sales.length).toBeGreaterThan(fresh.length)
    while (asked.length < fresh.length) await once(told, 'told')
    expect(asked).toEqual(fresh.map(({ id }) => `https://${DOMAIN}/fwh/membership/${id}`))
    expect(fresh.at(-1)?.id).toBe(sold.json.uuid)
  })
})

describe('the pages that people link to', () => {
  it('count what v1 counted, and show its last lines', async () => {
    await using fresh = await startImported({ file: 'storm' })
    const page = await fetch(`${fresh.server.origin}/dashboard/`)
    const facts = (await page.json()) as DashboardFacts
    const [minted] = fresh.ask(
      `SELECT sum(amount) n FROM fedow_core_transaction WHERE action = 'CRE'`,
    )
    const sum = facts.moneys.reduce((all, { minted: some }) => all + some, 0)
    expect(sum).toBe(Number(minted?.['n']))
    expect(facts.last).toHaveLength(15)
    const [newest] = fresh.ask('SELECT max(datetime) at FROM fedow_core_transaction')
    expect(facts.last[0]?.time.slice(0, 16)).toBe(
      String(newest?.['at']).replace(' ', 'T').slice(0, 16),
    )
  })
})
