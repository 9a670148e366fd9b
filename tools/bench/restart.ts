/** Starting again after a crash, and the memory of a large network. */
import { readFileSync } from 'node:fs'
import { type Bench, type Benchmark, measure, sized, startNode, watchCpu } from './benchmark.ts'
import type { FilledBook } from './books.ts'
import { askOnce } from './load.ts'
import { demandBooked, SaleRequests } from './sale-requests.ts'
import { median, spreadOf } from './statistics.ts'

const CLIENTS = 32
const ROUNDS = 5
/** Load before each crash, so that there is something to recover. */
const SECONDS_BEFORE_CRASH = 1
const REQUESTS_BEFORE_CRASH = 4_000
/** Payments while the memory is watched: enough to fill every cache; fewer when time is over. */
const MEMORY_REQUESTS = 60_000
const MEMORY_SECONDS_MAX = 60

export const restart: Benchmark = {
  name: 'restart',
  what: 'From starting the program after kill -9 to its first answered payment',
  needs: ['payments', 'wallets'],
  run: async (bench) => {
    const [empty, payments, wallets] = await Promise.all([
      bench.books.withPayments(0),
      bench.books.shared('payments'),
      bench.books.shared('wallets'),
    ])
    const sides = [empty, payments, wallets].map((book) => ({
      book,
      before: book.network.takings(book.till),
      requests: new SaleRequests(book.network, [book.till]),
      seconds: [] as number[],
    }))
    const watch = watchCpu(bench)
    for (let round = 1; round <= ROUNDS; round += 1) {
      bench.progress(`restart ${round} of ${ROUNDS}`)
      for (const side of sides) side.seconds.push(await crashAndStart(bench, side))
    }
    const foreignCpu = watch()
    for (const side of sides) demandBooked(side.book, side)
    const [base = [], ...more] = sides.map(({ seconds }) => seconds)
    for (const [index, name] of ['payments', 'wallets'].entries()) {
      const seconds = more[index] ?? []
      const value = median(seconds) - median(base)
      const spread = spreadOf(seconds.map((one) => one - median(base)))
      const target = { atMost: 1 }
      bench.report({
        name: `restart/more-at-${name}`,
        value,
        unit: 's',
        target,
        spread,
        foreignCpu,
      })
    }
    const spread = spreadOf(base)
    bench.report({ name: 'restart/empty', value: spread.median, unit: 's', spread, foreignCpu })
  },
}

interface CrashSide {
  readonly requests: SaleRequests
  readonly book: FilledBook
}

/** Loads a node, kills it, starts it again, pays. Answers the seconds from its start to the first answer. */
async function crashAndStart(bench: Bench, { requests, book }: CrashSide): Promise<number> {
  requests.prepare(REQUESTS_BEFORE_CRASH)
  const next = () => requests.next()
  {
    const server = await startNode(bench, book.network.folder)
    await using program = server.program
    await measure(bench, server, { clients: CLIENTS, seconds: SECONDS_BEFORE_CRASH, next })
    await program.stop('SIGKILL')
  }
  requests.prepare(1)
  const request = requests.next()
  if (request === undefined) throw new Error('the first payment is ready before the start')
  const start = performance.now()
  const { program, port } = await startNode(bench, book.network.folder)
  await using _ = program
  await askOnce(port, request)
  return (performance.now() - start) / 1_000
}

export const memory: Benchmark = {
  name: 'memory',
  what: 'Memory of a node with a million wallets, while their cards pay',
  needs: ['wallets'],
  run: async (bench) => {
    const book = await bench.books.shared('wallets')
    const requests = new SaleRequests(book.network, [book.till])
    const before = book.network.takings(book.till)
    const server = await startNode(bench, book.network.folder)
    await using program = server.program
    const atStart = residentPeakMiB(program.id)
    const seconds = MEMORY_SECONDS_MAX
    requests.prepare(sized(bench, MEMORY_REQUESTS))
    const load = { clients: CLIENTS, seconds, next: () => requests.next() }
    const { foreignCpu, answers } = await measure(bench, server, load)
    const peak = residentPeakMiB(program.id)
    await program.stop()
    demandBooked(book, { before, requests })
    if (peak === undefined || atStart === undefined) {
      bench.progress('memory: this system does not tell what a program uses')
      return
    }
    const remark = `resident peak after ${answers} payments of random cards`
    const target = { atMost: 512 }
    bench.report({ name: 'memory/peak', value: peak, unit: 'MiB', target, remark, foreignCpu })
    bench.report({ name: 'memory/start', value: atStart, unit: 'MiB' })
  },
}

/** The most physical memory that a program ever had; `undefined` where the system does not tell. */
function residentPeakMiB(id: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const text = readFileSync(`/proc/${id}/status`, 'latin1')
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(text)?.[1]
  return kib === undefined ? undefined : Number(kib) / 1_024
}
