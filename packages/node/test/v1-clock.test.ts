/** Clocks that are wrong: those of clients, which send local time without a zone, and that of the node. */
import type { AssetId } from '@fedow/ledger'
import { afterEach, describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import { startServer, type V1Wishes } from './http-server.ts'
import { TestNetwork } from './test-network.ts'
import { handshakeRequest, type LaBoutik, type Lespass, type V1TestPerson } from './v1-clients.ts'
import { rsaKey, type TestCard, type TestPlace, V1World } from './v1-world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const ME = '/wallet/retrieve_by_signature/'

/** The clocks of a machine whose wall clock can be set by hand. */
class TestClocks {
  setMs = 0

  wall(): number {
    return Date.now() + this.setMs
  }

  monotonic(): number {
    return performance.now()
  }
}

const ending: V1World[] = []

afterEach(async () => {
  for (const world of ending.splice(0)) await world[Symbol.asyncDispose]()
})

async function start(wishes: V1Wishes): Promise<V1World> {
  const world = new V1World(await startServer(undefined, wishes))
  ending.push(world)
  return world
}

/** A wire at noon of a day, and a person who asks it. */
async function atNoon() {
  const clock = { nowMs: Date.UTC(2026, 5, 1, 12) }
  const world = await start({ now: () => clock.nowMs })
  const place = await world.openPlace()
  const lespass = world.lespass(place)
  const person = await world.person()
  return { clock, world, place, lespass, person }
}

/** As Python prints a local time, with its microseconds. */
function naive(timeUs: number): string {
  const [whole = ''] = new Date(Math.floor(timeUs / 1_000)).toISOString().split('.')
  return `${whole}.${String(timeUs % 1_000_000).padStart(6, '0')}`
}

async function statusAt(lespass: Lespass, person: V1TestPerson, date: string): Promise<number> {
  return (await lespass.send(lespass.signedGet(ME, person, date))).status
}

describe('the time that Lespass sends', () => {
  it('holds to the microsecond five minutes around every zone of the world', async () => {
    const { clock, lespass, person } = await atNoon()
    const minuteUs = MINUTE_MS * 1_000
    const aheadUs = [-720, -210, -15, 0, 15, 120, 345, 840].map((minutes) => minutes * minuteUs)
    for (const zoneUs of aheadUs) {
      const localUs = clock.nowMs * 1_000 + zoneUs
      const answers = [-1, 1].map(async (side) => [
        await statusAt(lespass, person, naive(localUs + side * 5 * minuteUs)),
        await statusAt(lespass, person, naive(localUs + side * (5 * minuteUs + 1))),
        await statusAt(lespass, person, naive(localUs + side * (10 * minuteUs - 1))),
      ])
      const both = [200, 403, 403]
      expect(await Promise.all(answers), `${zoneUs / minuteUs} minutes`).toEqual([both, both])
    }
    const nowUs = clock.nowMs * 1_000
    for (const minutes of [-725, 845]) {
      const edgeUs = nowUs + minutes * minuteUs
      expect(await statusAt(lespass, person, naive(edgeUs))).toBe(200)
      expect(await statusAt(lespass, person, naive(edgeUs + Math.sign(minutes)))).toBe(403)
      // A quarter of an hour further there is no zone.
      const beyondUs = edgeUs + Math.sign(minutes) * 10 * minuteUs
      expect(await statusAt(lespass, person, naive(beyondUs))).toBe(403)
    }
  })

  it('holds five minutes around ours when it says its offset', async () => {
    const { clock, lespass, person } = await atNoon()
    const at = (ms: number) => new Date(clock.nowMs + ms).toISOString()
    for (const side of [-1, 1]) {
      expect(await statusAt(lespass, person, at(side * 5 * MINUTE_MS))).toBe(200)
      expect(await statusAt(lespass, person, at(side * (5 * MINUTE_MS + 1)))).toBe(403)
      expect(await statusAt(lespass, person, at(side * 15 * MINUTE_MS))).toBe(403)
      expect(await statusAt(lespass, person, at(side * HOUR_MS))).toBe(403)
    }
    const local = at(2 * HOUR_MS).replace('Z', '')
    for (const offset of ['+02:00', '+0200', '+02']) {
      expect(await statusAt(lespass, person, `${local}${offset}`)).toBe(200)
    }
  })

  it('opens nothing twice in the 26 hours in which it is the time of some zone', async () => {
    const { clock, world, place, lespass, person } = await atNoon()
    const asset = await world.asset(place, { kind: 'BDG' })
    const badge = `/wallet/${asset}/badge/`
    // Somebody catches what a phone in the first of all zones has sent, and waits for the last one.
    const date = naive((clock.nowMs + 14 * HOUR_MS) * 1_000)
    const [read, done] = [ME, badge].map((path) => lespass.signedGet(path, person, date))
    if (read === undefined || done === undefined) throw new Error('two requests were signed')
    expect((await lespass.send(read)).status).toBe(200)
    const first = await lespass.send(done)
    expect(first.status).toBe(201)
    const before = world.means.book.tip().txs
    clock.nowMs += 26 * HOUR_MS + 4 * MINUTE_MS
    for (const path of [badge, '/wallet/refund_fed_by_signature/', `${ME}?again`]) {
      expect((await lespass.send({ ...read, path })).status).toBe(403)
    }
    const again = await lespass.send(done)
    expect([again.status, again.text]).toEqual([201, first.text])
    expect((await lespass.send(read)).status).toBe(200)
    clock.nowMs += 2 * MINUTE_MS
    for (const late of [read, done]) {
      const { status, json } = await lespass.send(late)
      expect([status, json]).toEqual([403, { detail: 'Invalid date' }])
    }
    expect(world.means.book.tip().txs).toBe(before)
  })

  it('says nothing about what is done: a payment may come from a clock that is years off', async () => {
    const { world, place, lespass, person } = await atNoon()
    const asset = await world.asset(place)
    const [card] = (await world.cards(place)) as [TestCard]
    await world.refill(asset, card, 500)
    await world.link(card, person)
    const sides = { sender: person.wallet, receiver: place.wallet }
    const body = { ...sides, asset_type: 'EURO', amount: 100 }
    for (const date of ['2001-01-01T00:00:00.000001', '2099-01-01T00:00:00.000001']) {
      const request = lespass.signedPost('/transaction/qrcodescanpay/', body, person)
      const dated = { ...request, headers: { ...request.headers, date } }
      const [first, second] = [await lespass.send(dated), await lespass.send(dated)]
      expect([first.status, second.text]).toEqual([201, first.text])
    }
    expect(world.balance(place.wallet, asset)).toBe(200n)
    const request = lespass.signedPost('/transaction/qrcodescanpay/', body, person)
    const undated = { ...request, headers: { ...request.headers, date: 'hier' } }
    expect((await lespass.send(undated)).status).toBe(403)
  })
})

it('gives a key of a connection string 24 hours, to the millisecond', async () => {
  const { clock, world } = await atNoon()
  const { store, random } = world.means
  const handshakeAt = async (ms: number) => {
    const { place } = await world.openPlace()
    const of = { kind: 'handshake', name: 'temp_', place, person: null } as const
    const times = { nowMs: clock.nowMs, expiresMs: clock.nowMs + 24 * HOUR_MS }
    const tempKey = store.keys.issue({ ...of, ...times }, random)
    clock.nowMs += ms
    return (await world.send(handshakeRequest({ tempKey, place, rsa: rsaKey(0) }))).status
  }
  expect(await handshakeAt(24 * HOUR_MS - 1)).toBe(202)
  expect(await handshakeAt(24 * HOUR_MS)).toBe(403)
})

interface Bar {
  readonly place: TestPlace
  readonly till: LaBoutik
  readonly asset: AssetId
  readonly card: TestCard
  readonly boss: TestCard
}

async function openBar(world: V1World): Promise<Bar> {
  const place = await world.openPlace()
  const asset = await world.asset(place)
  const [card, boss] = (await world.cards(place, 2)) as [TestCard, TestCard]
  await world.makePrimary(place, boss)
  await world.refill(asset, card, 10_000)
  return { place, till: world.till(place), asset, card, boss }
}

function saleOf(world: V1World, { place, till, asset, card, boss }: Bar) {
  const sides = { sender: world.walletOf(card), receiver: place.wallet, asset }
  const tags = { user_card_firstTagId: card.tag, primary_card_fisrtTagId: boss.tag }
  return till.signedPost('/transaction/', { amount: 100, ...sides, ...tags })
}

describe('the clock of the node', () => {
  it('may be set by minutes: sales go on, in an order that their times never contradict', async () => {
    const clocks = new TestClocks()
    const world = await start({ clocks })
    const bar = await openBar(world)
    const sold: { datetime: string; uuid: string; previous_transaction: string }[] = []
    for (const minutes of [0, -9, 9, -9, 0]) {
      clocks.setMs = minutes * MINUTE_MS
      for (let sale = 0; sale < 3; sale += 1) {
        const { status, json } = await bar.till.send(saleOf(world, bar))
        expect(status).toBe(201)
        sold.push(json)
      }
    }
    for (const [index, { datetime, previous_transaction: previous }] of sold.entries()) {
      const before = sold[index - 1]
      if (before === undefined) continue
      expect(previous).toBe(before.uuid)
      expect(datetime > before.datetime).toBe(true)
    }
    const list = await bar.till.get('/transaction/')
    const ids = list.json.map(({ uuid }: { uuid: string }) => uuid)
    expect(ids.slice(0, sold.length)).toEqual(sold.map(({ uuid }) => uuid).toReversed())
  })

  it.each([-3, 3])(
    'that jumps by %i hours dates nothing, says so, and makes up for it',
    async (hours) => {
      const clocks = new TestClocks()
      const world = await start({ clocks })
      const bar = await openBar(world)
      const request = saleOf(world, bar)
      clocks.setMs = hours * HOUR_MS
      const refused = await bar.till.send(request)
      expect([refused.status, Object.keys(refused.json)]).toEqual([503, ['detail']])
      expect((await bar.till.get(`/card/${bar.card.tag}/`)).status).toBe(200)
      clocks.setMs = 0
      const sold = await bar.till.send(request)
      expect(sold.status).toBe(201)
      expect((await bar.till.send(request)).text).toBe(sold.text)
      expect(world.balance(bar.place.wallet, bar.asset)).toBe(100n)
    },
  )

  it('that was set back by hours before a start blocks no asset', async () => {
    const clocks = new TestClocks()
    using network = new TestNetwork(clocks.wall())
    const first = await start({ clocks, network })
    const bar = await openBar(first)
    const before = await bar.till.send(saleOf(first, bar))
    ending.splice(0)
    await first[Symbol.asyncDispose]()
    clocks.setMs = -5 * HOUR_MS
    const second = await start({ clocks, network })
    const till = second.till(bar.place)
    const sold = await till.send(saleOf(second, { ...bar, till }))
    expect([sold.status, sold.json.previous_transaction]).toEqual([201, before.json.uuid])
    expect(sold.json.datetime > before.json.datetime).toBe(true)
    ending.splice(0)
    await second[Symbol.asyncDispose]()
    expect(await auditFolder(network.folder)).toMatchObject({ ok: true })
  })
})
