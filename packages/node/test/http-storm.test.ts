/** The rush: many clients at once over real HTTP, with double taps, lost answers and empty cards; then the book is audited. */
import {
  createClient,
  fetchTransport,
  newTxId,
  ProblemError,
  postRefill,
  postRefund,
  postSale,
  type Transport,
} from '@fedow/api'
import { walletOf } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import { sha256 } from '../src/store/hash.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, putMoney, type World } from './http-world.ts'
import { seededRandom } from './power-cut/recording.ts'

const seed = Number(process.env['FEDOW_SEED'] ?? Date.now() % 1_000_000)
const CLIENTS = 32
const GESTURES = 12

let server: TestServer
let bars: readonly World[]

beforeAll(async () => {
  server = await startServer()
  bars = [await openBar(server, 'Nord'), await openBar(server, 'Sud')]
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

describe(`a storm of tills (seed ${seed})`, () => {
  it('spends a card at twenty tills at once no further than its balance', async () => {
    const [bar] = bars as [World]
    const card = bar.tags[0] ?? ''
    await putMoney(server, bar, { card, local: 1_000 })
    const body = { place: bar.place, card, parts: [{ asset: bar.local, amount: 300 }] }
    const sales = Array.from({ length: 20 }, () => bar.manager.call(postSale, { body }))
    const results = await Promise.allSettled(sales)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(balanceOf(bar, card)).toBe(100)
  })

  it('ends with every cent where the answers said, and an audit without a fault', async () => {
    const random = seededRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const expected = new Map<string, number>()
    const count = (card: string, change: number) =>
      expected.set(card, (expected.get(card) ?? 0) + change)
    const cards = bars.flatMap((bar) => bar.tags.slice(1).map((tag) => ({ bar, tag })))
    for (const { bar, tag } of cards) {
      await putMoney(server, bar, { card: tag, local: 2_000 })
      count(tag, 2_000)
    }
    const plans = Array.from({ length: CLIENTS * GESTURES }, () => ({
      ...pick(cards),
      amount: 1 + Math.floor(random() * 500),
      gesture: random(),
      taps: random() < 0.3 ? 3 : 1,
      isLost: random() < 0.2,
    }))
    await inParallel(plans, async ({ bar, tag, amount, gesture, taps, isLost }) => {
      const client = createClient({
        apiKey: bar.manager.key,
        transport: isLost ? losing(server.origin) : fetchTransport(server.origin),
      })
      const again = createClient({
        apiKey: bar.manager.key,
        transport: fetchTransport(server.origin),
      })
      const key = newTxId()
      const gestureBy = (by: typeof client) => {
        const local = { asset: bar.local, amount }
        const body = { place: bar.place, card: tag, parts: [local] }
        if (gesture < 0.6) return by.call(postSale, { key, body })
        if (gesture < 0.9) return by.call(postRefill, { key, body: { ...local, card: tag } })
        return by.call(postRefund, { key, body })
      }
      const first = await Promise.allSettled(Array.from({ length: taps }, () => gestureBy(client)))
      // Whoever lost the answer asks again with the same key.
      const answers = await Promise.allSettled([gestureBy(again)])
      const isApplied = answers[0]?.status === 'fulfilled'
      for (const one of first) {
        if (one.status === 'rejected' && !(one.reason instanceof ProblemError)) continue
        expect(one.status === 'fulfilled').toBe(isApplied)
      }
      if (isApplied) count(tag, gesture >= 0.6 && gesture < 0.9 ? amount : -amount)
    })
    for (const { bar, tag } of cards) expect(balanceOf(bar, tag)).toBe(expected.get(tag))
    const report = await auditFolder(server.network.folder)
    expect(report.problem).toBeUndefined()
  })
})

function balanceOf(bar: World, tag: string): number {
  const { state } = server.book
  const entry = server.directory.find(tag)
  const card = entry && state.get('card', entry.card)
  const account = card && `${walletOf(sha256, entry.card, card)}/${bar.local}`
  return Number(account === undefined ? -1n : (state.get('account', account)?.balance ?? 0n))
}

async function inParallel<T>(plans: readonly T[], work: (plan: T) => Promise<void>): Promise<void> {
  const queue = [...plans]
  const client = async () => {
    for (let plan = queue.shift(); plan !== undefined; plan = queue.shift()) await work(plan)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

/** A network that carries the request and loses the answer. */
function losing(origin: string): Transport {
  const transport = fetchTransport(origin)
  return async (request) => {
    await transport(request)
    throw new Error('the answer was lost')
  }
}
