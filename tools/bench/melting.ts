/** A million accounts of which something melts on one day, while cards pay at the tills of a lively federation. */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Bench,
  type Benchmark,
  MILLION,
  type Server,
  settle,
  sized,
  startNode,
  watchCpu,
} from './benchmark.ts'
import { Connection, demandPaid } from './load.ts'
import { demandBooked, SaleRequests } from './sale-requests.ts'
import { quantile } from './statistics.ts'
import { MELTED_FIRST, newTill } from './till.ts'

/** Payments that begin in a second, each by a card by lot, whatever became of those before. */
const PER_SECOND = 100
const CLIENTS = 32
const WAIT_MAX_MS = 50
const HOUR_SECONDS = 3_600
/** What a program that has just begun takes for its first payments has little to do with what melts: reported apart. */
const WARM_SECONDS = 3
/** The same load once all has melted, to compare with. */
const QUIET_SECONDS = 20
const LOOK_MS = 500
const STATUS = Buffer.from('GET /api/v2/status HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', 'latin1')

export const melting: Benchmark = {
  name: 'melting',
  what: `A million accounts due on one day, melting while ${PER_SECOND} cards a second pay`,
  run: async (bench) => {
    const accounts = sized(bench, MILLION)
    const till = newTill(accounts)
    const filling = { tills: [till], sales: 0, isMelting: true }
    const book = await bench.books.fill(`${accounts} accounts that melt`, filling)
    const { network } = book
    const requests = new SaleRequests(network, [till])
    const linesBefore = network.lines()
    const start = performance.now()
    const server = await startNode(bench, network.folder)
    await using program = server.program
    const after = (fromMs: number, seconds: number) => async () =>
      performance.now() > fromMs + seconds * 1_000
    const isWarm = after(performance.now(), WARM_SECONDS)
    const cold = await payUntil(bench, { server, requests, isOver: isWarm })
    const isMelted = async (answered: number): Promise<boolean> => {
      const payments = cold.waitsMs.length + answered
      const melted = (await linesOf(server)) - linesBefore - payments
      bench.progress(`${Math.min(melted, accounts)} of ${accounts} melted`)
      return melted >= accounts || performance.now() > start + HOUR_SECONDS * 1_000
    }
    const during = await payUntil(bench, { server, requests, isOver: isMelted })
    const seconds = (performance.now() - start) / 1_000
    await settle(bench)
    const isOver = after(performance.now(), QUIET_SECONDS)
    const quiet = await payUntil(bench, { server, requests, isOver })
    await program.stop()
    demandBooked(book, { before: 0, requests })
    if (network.melted(till) !== BigInt(accounts) * MELTED_FIRST) {
      throw new Error('an account melted never, or twice, or not what it should')
    }
    report(bench, { cold, during, quiet, accounts, seconds })
  },
}

interface Paying {
  readonly server: Server
  readonly requests: SaleRequests
  /** Asked now and then, with how many payments were answered so far. */
  readonly isOver: (answered: number) => Promise<boolean>
}

interface Waits {
  /** How long payments waited for their answer, in milliseconds, in rising order. */
  readonly waitsMs: Float64Array
  readonly foreignCpu: number | undefined
}

/** Payments at a steady rate: one that waits for a connection has waited since its time. */
async function payUntil(bench: Bench, { server, requests, isOver }: Paying): Promise<Waits> {
  using open = new DisposableStack()
  const watch = watchCpu(bench)
  const waits: number[] = []
  const start = performance.now()
  let begun = 0
  let isEnded = false
  const lane = async (): Promise<void> => {
    const connection = open.use(await Connection.open(server.port))
    while (!isEnded) {
      const dueMs = start + (begun++ * 1_000) / PER_SECOND
      const earlyMs = dueMs - performance.now()
      if (earlyMs > 0) await wait(earlyMs)
      requests.prepare(1)
      const request = requests.next()
      if (request === undefined) return
      // The timer of this program may be late; a connection that was not free in time is the server's.
      const sentMs = earlyMs > 0 ? performance.now() : dueMs
      demandPaid(await connection.ask(request))
      waits.push(performance.now() - sentMs)
    }
  }
  const looking = async (): Promise<void> => {
    while (!(await isOver(waits.length))) await wait(LOOK_MS)
    isEnded = true
  }
  await Promise.all([looking(), ...Array.from({ length: CLIENTS }, lane)])
  return { waitsMs: Float64Array.from(waits).sort(), foreignCpu: watch() }
}

async function linesOf({ port }: Server): Promise<number> {
  using connection = await Connection.open(port)
  const { body } = await connection.ask(STATUS)
  return JSON.parse(body.toString()).lines
}

interface Melted {
  /** Right after the node began. */
  readonly cold: Waits
  readonly during: Waits
  readonly quiet: Waits
  readonly accounts: number
  readonly seconds: number
}

function report(bench: Bench, { cold, during, quiet, accounts, seconds }: Melted): void {
  const remark = `${during.waitsMs.length} payments`
  const target = { atMost: WAIT_MAX_MS }
  const atMost = (waits: Waits, share: number) => ({
    value: quantile(waits.waitsMs, share),
    unit: 'ms',
    foreignCpu: waits.foreignCpu,
  })
  bench.report({ name: 'melting/longest-wait', ...atMost(during, 1), target, remark })
  bench.report({ name: 'melting/longest-wait-at-start', ...atMost(cold, 1) })
  bench.report({ name: 'melting/p99', ...atMost(during, 0.99) })
  bench.report({ name: 'melting/p50', ...atMost(during, 0.5) })
  bench.report({ name: 'melting/longest-wait-after', ...atMost(quiet, 1) })
  bench.report({ name: 'melting/p99-after', ...atMost(quiet, 0.99) })
  bench.report({
    name: 'melting/until-all-melted',
    ...{ value: seconds, unit: 's', target: { atMost: HOUR_SECONDS } },
    ...{ foreignCpu: during.foreignCpu, remark: `${accounts} accounts` },
  })
}
