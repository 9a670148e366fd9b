import type { Amount, AssetId, Line, PlaceId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { transactionReadRoutes } from '../src/v1/routes/transaction-reads.ts'
import { newId } from './test-network.ts'
import { type AskOf, lastOf, read, type TestCard, type TestPlace, V1Book } from './v1-book.ts'

const ROUTES = transactionReadRoutes
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

const NO_ASSET = [404, { detail: 'No Asset matches the given query.' }]
const NO_TRANSACTION = [404, { detail: 'No Transaction matches the given query.' }]

describe('transactions', () => {
  it('shows one to the place that it concerns, by id and by hash', async () => {
    const line = lastOf(await world.refill(perle, card(0), 1_000n))
    const byId = (place: PlaceId, uuid: string) =>
      world.ask(ROUTES, '/transaction/:uuid/', { place, params: { uuid } })
    const byHash = (place: PlaceId, hash: string) =>
      world.ask(ROUTES, '/transaction/:hash/get_from_hash/', { place, params: { hash } })
    const expected = [200, read(world.objects.transaction(line, { place: bar.place }))]
    expect(await byId(bar.place, line.id)).toEqual(expected)
    expect(await byHash(bar.place, line.hash)).toEqual(expected)
    expect(await byId(other.place, line.id)).toEqual(NO_TRANSACTION)
    expect(await byHash(other.place, line.hash)).toEqual(NO_TRANSACTION)
    expect(await byId(bar.place, 'zz')).toEqual(NO_TRANSACTION)
    expect(await byId(bar.place, newId<PlaceId>())).toEqual(NO_TRANSACTION)
    expect(await byHash(bar.place, '0'.repeat(64))).toEqual(NO_TRANSACTION)
  })

  it('shows the issuer what happens to its money elsewhere', async () => {
    await world.federate(bar, perle, other)
    await world.refill(perle, card(0), 1_000n)
    const line = lastOf(await world.sale(other, perle, { ...card(0), amount: 100n }))
    const params = { uuid: line.id }
    expect(await get('/transaction/:uuid/', { place: bar.place, params })).toMatchObject({
      action: 'SAL',
      receiver: other.wallet,
    })
  })

  it('gives no till a line that it does not understand', async () => {
    await world.refill(perle, card(0), 1_000n)
    const sale = lastOf(await world.sale(bar, perle, { ...card(0), amount: 100n }))
    const amount = 100n as Amount
    const deposit = lastOf(
      await world.send([{ kind: 'deposit', place: bar.place, asset: perle, amount }]),
    )
    const list = await get('/transaction/', { place: bar.place })
    expect(list.map(({ action }: Line) => action)).toEqual(['SAL', 'REF', 'CRE', 'FST'])
    expect(list[0]).toEqual(read(world.objects.transaction(sale, { place: bar.place })))
    const params = { hash: deposit.hash }
    const path = '/transaction/:hash/get_from_hash/'
    expect(await world.ask(ROUTES, path, { place: bar.place, params })).toEqual(NO_TRANSACTION)
    expect(await get('/transaction/', { place: other.place })).toEqual([])
  })

  it('pages a history with all cards that became the person’s, newest first', async () => {
    const wallet = await world.openPerson()
    const lines: Line[] = []
    for (const one of [card(0), card(1)]) {
      for (let step = 0; step < 6; step += 1)
        lines.push(lastOf(await world.refill(perle, one, 100n)))
      lines.push(lastOf(await world.link(one, wallet)))
    }
    await world.refill(perle, card(2), 5n)
    lines.push(lastOf(await world.refill(perle, card(0), 100n)))
    const ask = (query: string) => get(HISTORY, { wallet, query })
    const ids = lines.map(({ id }) => id).reverse()
    const url = `https://fedow.example.org${HISTORY}`
    const first = await ask('')
    expect(first).toMatchObject({ count: 15, next: `${url}?page=2`, previous: null })
    expect(first.results.map(({ uuid }: { uuid: string }) => uuid)).toEqual(ids.slice(0, 10))
    const second = await ask('page=2')
    expect(second).toMatchObject({ count: 15, next: null, previous: url })
    expect(second.results.map(({ uuid }: { uuid: string }) => uuid)).toEqual(ids.slice(10))
    expect(await ask('page_size=7&page=2')).toMatchObject({
      next: `${url}?page_size=7&page=3`,
      previous: `${url}?page_size=7`,
    })
    expect((await ask('page_size=1000')).results).toHaveLength(15)
    expect((await ask('page_size=zz')).results).toHaveLength(10)
    expect((await ask('page=last')).results).toEqual(second.results)
  })

  it.each(['page=3', 'page=0', 'page=zz', 'page=-1'])('has no page for %s', async (query) => {
    const wallet = await world.openPerson()
    expect(await world.ask(ROUTES, HISTORY, { wallet, query })).toEqual([
      404,
      { detail: 'Page non valide.' },
    ])
  })

  it('has an empty first page for who has done nothing', async () => {
    const wallet = await world.openPerson()
    const page = { count: 0, next: null, previous: null, results: [] }
    expect(await get(HISTORY, { wallet })).toEqual(page)
  })
})

describe('lines of an asset in a period', () => {
  const PATH = '/transaction/list_by_asset/'

  async function list(place: PlaceId, body: Record<string, string>) {
    return (await world.ask(ROUTES, PATH, { place, body }))[1]
  }

  function period(from: Line, to: Line) {
    const text = (line: Line) =>
      read(world.objects.transactionSimple(line)).datetime.replace('T', ' ')
    return { asset_uuid: perle, start_date: text(from), end_date: text(to) }
  }

  it('is given whole to the issuer, without creations, both ends included', async () => {
    await world.federate(bar, perle, other)
    const made: Line[] = []
    for (let step = 0; step < 5; step += 1) {
      made.push(lastOf(await world.refill(perle, card(0), 100n)))
      made.push(
        lastOf(await world.sale(step % 2 ? bar : other, perle, { ...card(0), amount: 50n })),
      )
    }
    const [from, to] = [made[2], made[7]]
    if (from === undefined || to === undefined) throw new Error('ten lines were made')
    const ids = (answer: readonly { uuid: string }[]) => answer.map(({ uuid }) => uuid)
    const wanted = made.slice(2, 8).reverse()
    expect(ids(await list(bar.place, period(from, to)))).toEqual(wanted.map(({ id }) => id))
    const own = wanted.filter((line) => line.to === other.wallet)
    expect(own.length).toBeGreaterThan(0)
    expect(ids(await list(other.place, period(from, to)))).toEqual(own.map(({ id }) => id))
    const all = {
      ...period(from, to),
      start_date: '2000-01-01 00:00:00+02:00',
      end_date: '2999-01-01',
    }
    expect(ids(await list(bar.place, all))).toHaveLength(11)
    expect(await list(bar.place, { ...all, end_date: '2000-01-02' })).toEqual([])
    expect(await list(bar.place, { ...all, start_date: '2998-01-01' })).toEqual([])
  })

  it('is refused with a text when a field fails, and not found for an unknown asset', async () => {
    const ask = (body: Record<string, string>) =>
      world.ask(ROUTES, PATH, { place: bar.place, body })
    const [status, text] = await ask({ asset_uuid: 'zz', start_date: 'soon' })
    expect(status).toBe(400)
    expect(text).toMatch(
      /^Error : \{"asset_uuid": \["Doit .*"end_date": \["Ce champ est obligatoire\."\]\}$/,
    )
    const dates = { start_date: '2000-01-01', end_date: '2999-01-01' }
    expect(await ask({ asset_uuid: newId<AssetId>(), ...dates })).toEqual(NO_ASSET)
  })
})
