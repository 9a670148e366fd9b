/** What a long history costs: in rate, on the disk, to audit. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Benchmark, MILLION, sized, startNode, watchCpu } from './benchmark.ts'
import { CARDS, type FilledBook } from './books.ts'
import { foreignOf, p99Of, rateOf, ratioOf } from './figures.ts'
import { alternate, type Side } from './pairs.ts'
import { demandBooked, SaleRequests } from './sale-requests.ts'

const CLIENTS = 32
const ROUNDS = 5
const SECONDS = 3
/** With the two lines of each card, a book of 10,000 lines. */
const FEW_SALES = 10_000 - 2 * CARDS

export const growth: Benchmark = {
  name: 'growth',
  what: `Card sales by ${CLIENTS} clients on a book of 10 thousand lines and of a million (--long: ten millions)`,
  needs: ['payments'],
  run: async (bench) => {
    const million = await bench.books.shared('payments')
    const few = await bench.books.withPayments(sized(bench, FEW_SALES))
    const books = [few, million]
    if (bench.isLong) books.push(await bench.books.withPayments(sized(bench, 10 * MILLION)))
    await using stack = new AsyncDisposableStack()
    const sides: (Side & { readonly book: FilledBook; readonly requests: SaleRequests })[] = []
    for (const book of books) {
      const server = await startNode(bench, book.network.folder)
      stack.use(server.program)
      sides.push({ ...server, book, requests: new SaleRequests(book.network, [book.till]) })
    }
    const load = { clients: CLIENTS, seconds: SECONDS, rounds: ROUNDS }
    const [atFew = [], ...grown] = await alternate(bench, sides, load)
    await stack.disposeAsync()
    for (const { book, requests } of sides) demandBooked(book, { before: book.sales, requests })
    for (const [index, many] of grown.entries()) {
      const name = `growth/${books[index + 1]?.sales}`
      const foreignCpu = foreignOf([...atFew, ...many])
      const rate = ratioOf(many, atFew, 'perSecond')
      const p99 = ratioOf(many, atFew, 'p99Ms')
      bench.report({
        name: `${name}/rate-ratio`,
        ...rate,
        unit: 'x',
        target: { atLeast: 0.9 },
        foreignCpu,
      })
      bench.report({
        name: `${name}/p99-ratio`,
        ...p99,
        unit: 'x',
        target: { atMost: 1.5 },
        foreignCpu,
      })
      bench.report(rateOf(`${name}/rate`, many))
      bench.report(p99Of(`${name}/p99`, many))
    }
  },
}

interface Audited {
  readonly signatures: number
  readonly seconds: number
  readonly memoryMiB: number
}

export const audit: Benchmark = {
  name: 'audit',
  what: 'Audit of a book of a million payments: every signature, outcome, line, record and sum',
  needs: ['payments'],
  run: async (bench) => {
    const { network, sales: payments } = await bench.books.shared('payments')
    const watch = watchCpu(bench)
    let told = 0
    const onProgress = (done: number) => {
      if (done < told + payments / 10) return
      told = done
      bench.progress(`audited ${done} of ${payments}`)
    }
    await using program = bench.children.start<Audited>('audit', {
      args: [network.folder],
      onProgress,
    })
    const { seconds, signatures, memoryMiB } = await program.result
    if (signatures < payments) throw new Error(`the audit checked only ${signatures} signatures`)
    const foreignCpu = watch()
    const target = { atMost: sized(bench, 120) }
    bench.report({ name: 'audit/time', value: seconds, unit: 's', target, foreignCpu })
    bench.report({ name: 'audit/rate', value: signatures / seconds, unit: 'txs/s', foreignCpu })
    bench.report({ name: 'audit/memory', value: memoryMiB, unit: 'MiB' })
  },
}

export const storage: Benchmark = {
  name: 'storage',
  what: 'Bytes on disk for each payment, everything in the data folder',
  needs: ['payments'],
  run: async (bench) => {
    const { network, sales } = await bench.books.shared('payments')
    const without = await bench.books.withPayments(0)
    const bytes = sizeOf(network.folder) - sizeOf(without.network.folder)
    const value = bytes / sales
    bench.report({ name: 'storage/payment', value, unit: 'bytes', target: { atMost: 700 } })
  },
}

/** Bytes of the files of a data folder. */
function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
