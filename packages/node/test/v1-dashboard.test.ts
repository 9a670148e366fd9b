/** The facts of the two pages that people link to. How they look is tested with the pages. */
import {
  acceptInvitation,
  createFederation,
  type DashboardFacts,
  inviteToFederation,
  listLines,
  type PlaceFacts,
  postDeposit,
  postSale,
  shareAsset,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { Dashboard } from '../src/v1/dashboard/dashboard.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World
let fair: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server, 'Bar')
  fair = await openBar(server, 'Fair')
  const { federation } = await bar.manager.call(createFederation, {
    body: { name: 'Archipel', place: bar.place },
  })
  const params = { federation }
  const invitation = { place: bar.place, invited: fair.place }
  await bar.manager.call(inviteToFederation, { params, body: invitation })
  await fair.manager.call(acceptInvitation, { params, body: { place: fair.place } })
  await bar.manager.call(shareAsset, { params, body: { asset: bar.local } })
  const [card = ''] = bar.tags
  await putMoney(server, bar, { card, local: 900, fed: 500 })
  await sell(bar, 100, 3)
  await sell(fair, 40, 1)
  const handedIn = { place: bar.place, asset: bar.local, amount: 60 }
  await bar.manager.call(postDeposit, { body: handedIn })
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

/** The card of the bar pays with the bar's money. */
async function sell({ manager, place }: World, amount: number, times: number): Promise<void> {
  const parts = [{ asset: bar.local, amount }]
  const [card = ''] = bar.tags
  for (let time = 0; time < times; time += 1) {
    await manager.call(postSale, { body: { place, card, parts } })
  }
}

function open(pace?: { readonly step: number; readonly patience: number }): Dashboard {
  const onFault = (cause: unknown) => {
    throw cause
  }
  const { reader: book } = server.book
  return new Dashboard({ book, hash: sha256, now: () => 0, onFault, ...(pace && { pace }) })
}

async function get(path: string): Promise<Response> {
  return await fetch(`${server.origin}${path}`, { redirect: 'manual' })
}

describe('the dashboard', () => {
  it('says how much of each money there is, and where', async () => {
    using dashboard = open()
    const { moneys, counts } = await dashboard.facts()
    expect(moneys.map(({ name }) => name)).toEqual([
      'Euro fédéré',
      'Perle Bar',
      'Perle Fair',
      'Cadeau Bar',
      'Cadeau Fair',
    ])
    expect(moneys[0]).toMatchObject({ kind: 'FED', issued: 500, inPlaces: 0, minted: 500 })
    expect(moneys[1]).toEqual({
      name: 'Perle Bar',
      code: 'PRL',
      kind: 'TLF',
      issuer: 'Bar',
      minted: 900,
      issued: 840,
      inPlaces: 280,
      deposited: 60,
    })
    // The card and two places: nobody else has a line.
    expect(counts).toEqual({ moneys: 5, federations: 1, places: 2, wallets: 3, cards: 8 })
  })

  it('ranks places by what they received, and counts a month once', async () => {
    using dashboard = open()
    const { busiest, months } = await dashboard.facts()
    expect(busiest).toEqual([
      { id: bar.place, name: 'Bar', received: 3 },
      { id: fair.place, name: 'Fair', received: 1 },
    ])
    const { lines } = await server.operator.call(listLines, { query: { limit: 100 } })
    const shown = lines.filter(({ action, asset }) => action !== 'FST' && asset.kind !== 'EUR')
    const counted = months.reduce((sum, month) => sum + month.lines, 0)
    expect(counted).toBe(shown.length)
    expect(counted).toBeGreaterThan(6)
  })

  it('names no wallet, card or person', async () => {
    const text = await (await get('/dashboard/')).text()
    const { last } = JSON.parse(text) as DashboardFacts
    expect(last[0]).toMatchObject({ action: 'BNK', amount: 60, from: 'Bar' })
    expect(last[1]).toMatchObject({ action: 'SAL', amount: 40, to: 'Fair' })
    expect(last[1]).not.toHaveProperty('from')
    const { lines } = await server.operator.call(listLines, { query: { limit: 100 } })
    const secret = lines.flatMap(({ from, to, card, tx, id }) => [from, to, card ?? from, tx, id])
    expect(secret.length).toBeGreaterThan(0)
    for (const id of [...secret, ...bar.tags, ...bar.numbers]) expect(text).not.toContain(id)
  })

  it('answers before a long book is counted, says so, and comes to the same figures', async () => {
    using fast = open()
    using slow = open({ step: 1, patience: 2 })
    const first = await slow.facts()
    const { lines } = server.book.reader.tip()
    expect(first.counting).toEqual({ lines: expect.any(Number), of: lines })
    expect(first.counting?.lines).toBeLessThan(lines)
    let facts = first
    for (let turn = 0; facts.counting !== undefined && turn < lines; turn += 1) {
      facts = await slow.facts()
    }
    expect(facts).toEqual(await fast.facts())
  })

  it('counts on when there is more', async () => {
    using dashboard = open()
    const before = await dashboard.facts()
    await putMoney(server, fair, { card: fair.tags[0] ?? '', local: 5 })
    const after = await dashboard.facts()
    expect(after.counts.wallets).toBe(before.counts.wallets + 1)
    expect(after.moneys[2]?.minted).toBe(5)
  })
})

describe('the page of a place', () => {
  it('says what it accepts and whom it is with', async () => {
    const facts = (await (await get(`/dashboard/place/${fair.place}/`)).json()) as PlaceFacts
    expect(facts.name).toBe('Fair')
    expect(facts.moneys.map(({ name }) => name)).toEqual([
      'Euro fédéré',
      'Perle Bar',
      'Perle Fair',
      'Cadeau Fair',
    ])
    const places = [
      { id: bar.place, name: 'Bar' },
      { id: fair.place, name: 'Fair' },
    ]
    expect(facts.federations).toEqual([{ name: 'Archipel', places }])
    expect(facts.counts).toMatchObject({ received: 1, cards: 4, allCards: 8 })
  })

  it('says in words that there is no such place', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const answer = await get(`/dashboard/place/${id}/`)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await answer.text()).toBe('no place')
    }
  })
})

it('sends addresses without a final slash on', async () => {
  const short = await get('/dashboard?from=admin')
  expect([short.status, short.headers.get('location')]).toEqual([301, '/dashboard/?from=admin'])
  const place = await get(`/dashboard/place/${bar.place}`)
  expect(place.headers.get('location')).toBe(`/dashboard/place/${bar.place}/`)
})
