/** What both clients read over the wire of v1, against what their schemas demand. */
import type { Amount, AssetId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LaBoutik, Lespass, V1Response, V1TestPerson } from './v1-clients.ts'
import * as contract from './v1-contract.ts'
import { startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

let world: V1World
let bar: TestPlace
let till: LaBoutik
/** Of a place whose till is not linked, so that both clients are served. */
let lespass: Lespass
let hall: TestPlace
let person: V1TestPerson & { readonly wallet: WalletId }
let boss: TestCard
let linked: TestCard
let loose: TestCard
let money: AssetId
let membership: AssetId

beforeAll(async () => {
  world = await startV1({ domain: 'fedow.example.org' })
  bar = await world.openPlace('Café « du Port »')
  hall = await world.openPlace('Halle')
  till = world.till(bar)
  lespass = world.lespass(hall)
  person = await world.person()
  ;[boss, linked, loose] = (await world.cards(bar, 3)) as [TestCard, TestCard, TestCard]
  await world.makePrimary(bar, boss)
  money = await world.asset(bar)
  const badge = await world.asset(bar, { kind: 'BDG' })
  membership = await world.asset(hall, { kind: 'SUB' })
  await world.refill(money, linked, 5_000)
  await world.refill(money, loose, 700)
  await world.link(linked, person)
  const to = { card: linked.card }
  const amount = 1_000n as Amount
  await world.submit(
    { kind: 'subscribe', place: hall.place, to, asset: membership, amount, startMs: 1 },
    { kind: 'badge', place: bar.place, from: to, asset: badge },
  )
  for (let cents = 1; cents <= 12; cents += 1) await sell(cents)
  const handedIn = 50n as Amount
  await world.submit({ kind: 'deposit', place: bar.place, asset: money, amount: handedIn })
})

afterAll(() => world[Symbol.asyncDispose]())

/** A sale as LaBoutik sends it. */
function sell(cents: number): Promise<V1Response> {
  return till.post('/transaction/', {
    amount: cents,
    sender: person.wallet,
    receiver: bar.wallet,
    asset: money,
    action: 'SAL',
    comment: null,
    metadata: `{"order": ${cents}, "é": "«"}`,
    primary_card_fisrtTagId: boss.tag,
    user_card_firstTagId: linked.tag,
  })
}

function good(response: V1Response, check: (value: unknown, path: string) => void) {
  expect([response.status, response.text.slice(0, 300)]).toEqual([200, expect.anything()])
  check(response.json, '$')
  rememberLines(response.json)
  return response.json
}

/** What every line was shown with, wherever it stood: Lespass keeps these three for ever. */
const shownLines = new Map<string, string>()

function rememberLines(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if ('hash' in value && 'datetime' in value && 'uuid' in value) {
    const facts = `${value.hash} ${value.datetime}`
    const before = shownLines.get(String(value.uuid)) ?? facts
    expect(facts).toBe(before)
    shownLines.set(String(value.uuid), facts)
  }
  for (const one of Object.values(value)) rememberLines(one)
}

describe('a till', () => {
  it('scans a card', async () => {
    const shown = good(await till.get(`/card/${linked.tag}/`), contract.card)
    expect(shown).toMatchObject({ is_wallet_ephemere: false, wallet: { uuid: person.wallet } })
    const seen = shown.wallet.tokens.map((token: { asset_uuid: string }) => token.asset_uuid)
    expect(seen).not.toContain(membership)
    const empty = good(await till.get(`/card/${boss.tag}/`), contract.card)
    expect(empty).toMatchObject({ is_primary: true, wallet: { tokens: [] } })
  })

  it('does not know a card', async () => {
    const { status, json } = await till.get('/card/00000000/')
    expect([status, json]).toEqual([404, 'Carte inconnue'])
  })

  it('reads its assets', async () => {
    good(await till.get('/asset/'), contract.listOf(contract.asset))
    good(await till.get(`/asset/${money}/`), contract.assetWithTotals)
  })

  it('reads a sale by its hash, and its list', async () => {
    const sale = (await sell(1)).json
    expect(
      good(await till.get(`/transaction/${sale.hash}/get_from_hash/`), contract.transaction),
    ).toEqual(sale)
    const list = good(await till.get('/transaction/'), contract.listOf(contract.transaction))
    expect(list[0]).toEqual(sale)
  })

  it('reads wallets that concern it', async () => {
    const shown = good(await till.get(`/wallet/${bar.wallet}/`), contract.wallet)
    expect(shown.get_name).toBe(bar.name)
    good(await till.get(`/wallet/${person.wallet}/`), contract.wallet)
    expect((await till.get(`/wallet/${hall.wallet}/`)).status).toBe(404)
  })
})

describe('Lespass', () => {
  it('reads the wallet of a person, with the money of every place', async () => {
    const shown = good(await lespass.get('/wallet/retrieve_by_signature/', person), contract.wallet)
    const seen = shown.tokens.map((token: { asset_uuid: string }) => token.asset_uuid)
    expect(seen).toEqual(expect.arrayContaining([money, membership]))
    expect(shown.has_user_card).toBe(true)
  })

  it('reads the cards of a person', async () => {
    const path = '/card/retrieve_card_by_signature/'
    const [shown, ...more] = good(await lespass.get(path, person), contract.listOf(contract.card))
    expect(more).toEqual([])
    expect(shown.number_printed).toBe(linked.number)
  })

  it('reads a history of several pages', async () => {
    const path = '/transaction/paginated_list_by_wallet_signature/'
    const first = good(await lespass.get(path, person), contract.page)
    expect(first.next).toBe(`https://fedow.example.org${path}?page=2`)
    const next = new URL(first.next)
    const second = good(await lespass.get(next.pathname + next.search, person), contract.page)
    expect(second.results.length + first.results.length).toBeGreaterThan(first.results.length)
    const actions = new Set([...first.results, ...second.results].map(({ action }) => action))
    expect(actions).toEqual(new Set(['SAL', 'BDG', 'SUB', 'FUS', 'REF']))
  })

  it('looks cards up', async () => {
    good(await lespass.get(`/card/${loose.qr}/qr_retrieve/`), contract.qrCard)
    good(await lespass.get(`/card/${loose.number}/card_number_retrieve/`), contract.qrCard)
    good(await lespass.get(`/card/${loose.tag}/card_tag_id_retrieve/`), contract.qrCard)
  })

  it('reads assets and their totals', async () => {
    good(await lespass.get('/asset/get_accepted_assets/'), contract.listOf(contract.asset))
    good(await lespass.get(`/asset/${membership}/retrieve_membership_asset/`), contract.asset)
    const path = `/asset/${membership}/total_by_place_with_uuid/`
    const totals = JSON.parse((await lespass.get(path)).json)
    contract.asset(totals.serialized_asset, '$')
    expect(totals.total_by_place).toEqual([
      { place_name: 'Halle', wallet_uuid: hall.wallet, total_value: 0 },
    ])
  })

  it('reads what a bank is shown', async () => {
    const origin = world.lespass(bar)
    const simple = contract.listOf(contract.transactionSimple)
    const deposits = good(await origin.get(`/asset/${money}/retrieve_bank_deposits/`), simple)
    expect(deposits).toHaveLength(1)
    const period = {
      asset_uuid: money,
      start_date: '2020-01-01 00:00:00+02:00',
      end_date: '2999-01-01 00:00:00+02:00',
    }
    const lines = good(await origin.post('/transaction/list_by_asset/', period, person), simple)
    expect(lines.at(-1).action).toBe('FST')
    const refused = await origin.post('/transaction/list_by_asset/', {}, person)
    expect([refused.status, refused.json]).toEqual([400, expect.stringMatching(/^Error : /)])
  })

  it('reads one transaction of its place, and no other', async () => {
    const line = world.means.book.linesOfAsset(membership, { limit: 1 })[0]
    const shown = good(await lespass.get(`/transaction/${line?.id}/`), contract.transaction)
    expect(shown).toMatchObject({ action: 'SUB', card: { number_printed: linked.number } })
    const sale = (await sell(1)).json
    expect((await lespass.get(`/transaction/${sale.uuid}/`)).status).toBe(404)
  })
})
