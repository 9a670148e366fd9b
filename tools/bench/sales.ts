/** Card sales over HTTP: against a bare server, at one till against many, by one client. */
import { type Bench, type Benchmark, type MeasuredWindow, startNode } from './benchmark.ts'
import { CARDS } from './books.ts'
import { foreignOf, p50Of, p99Of, rateOf, ratioOf, reportCpu } from './figures.ts'
import { alternate } from './pairs.ts'
import { FOREIGN_MAX } from './report.ts'
import { demandBooked, SaleRequests } from './sale-requests.ts'
import { newTill } from './till.ts'

const CLIENTS = 32
const ROUNDS = 5
const SECONDS = 3
/** Tills among which the spread sales go, and the cards of each. */
const SPREAD = { tills: 32, cards: 32 }

/** On a slower processor the targets in seconds do not hold. */
const VERIFY_MAX_US = 130

export const sales: Benchmark = {
  name: 'sales',
  what: `Signed, durable card sales over HTTP, solo, ${CLIENTS} clients`,
  run: async (bench) => {
    const book = await bench.books.withPayments(0)
    const requests = new SaleRequests(book.network, book.tills)
    await using stack = new AsyncDisposableStack()
    const fedow = await startNode(bench, book.network.folder)
    stack.use(fedow.program)
    const bare = bench.children.start<number>('bare', {
      args: [bench.books.newFolder(), book.network.keys.node.x],
    })
    stack.use(bare)
    const bareRequests = new SaleRequests(book.network, book.tills)
    const sides = [
      { ...fedow, requests },
      { program: bare, port: await bare.result, requests: bareRequests },
    ] as const
    const [ours, theirs] = await alternate(bench, sides, {
      clients: CLIENTS,
      seconds: SECONDS,
      rounds: ROUNDS,
    })
    await stack.disposeAsync()
    demandBooked(book, { before: 0, requests })
    reportSales(bench, ours, theirs)
  },
}

function reportSales(
  bench: Bench,
  ours: readonly MeasuredWindow[],
  theirs: readonly MeasuredWindow[],
): void {
  const foreignCpu = foreignOf([...ours, ...theirs])
  const ratio = { ...ratioOf(ours, theirs, 'perSecond'), foreignCpu }
  const notJudged = quietness(bench, foreignOf(ours))
  bench.report({ name: 'sales/ratio-to-bare', ...ratio, unit: 'x', target: { atLeast: 0.7 } })
  bench.report({ ...rateOf('sales/rate', ours), target: { atLeast: 5_000 }, notJudged })
  bench.report({ ...p99Of('sales/p99', ours), target: { atMost: 25 }, notJudged })
  bench.report(p50Of('sales/p50', ours))
  bench.report(rateOf('sales/bare-rate', theirs))
  bench.report(p99Of('sales/bare-p99', theirs))
  reportCpu(bench, 'sales/server-cpu', ours)
  reportCpu(bench, 'sales/bare-server-cpu', theirs)
}

/** Why figures in seconds say nothing about Fedow on this machine now. */
function quietness({ verifyUs }: Bench, foreignCpu: number | undefined): string | undefined {
  if (verifyUs > VERIFY_MAX_US) {
    return `holds where an Ed25519 check costs at most ${VERIFY_MAX_US} us`
  }
  return foreignCpu !== undefined && foreignCpu > FOREIGN_MAX
    ? 'holds on a quiet machine'
    : undefined
}

export const hotTill: Benchmark = {
  name: 'hot-till',
  what: `One hot till against sales spread over ${SPREAD.tills} tills, ${CLIENTS} clients`,
  run: async (bench) => {
    const spread = Array.from({ length: SPREAD.tills }, () => newTill(SPREAD.cards))
    const hot = newTill(CARDS)
    const book = await bench.books.fill('many tills', { tills: [hot, ...spread], sales: 0 })
    const server = await startNode(bench, book.network.folder)
    await using program = server.program
    const toHot = new SaleRequests(book.network, [hot])
    const toSpread = new SaleRequests(book.network, spread)
    const sides = [
      { ...server, requests: toHot },
      { ...server, requests: toSpread },
    ] as const
    const [atHot, atSpread] = await alternate(bench, sides, {
      clients: CLIENTS,
      seconds: SECONDS,
      rounds: ROUNDS,
    })
    await program.stop()
    demandBooked(book, { before: 0, requests: toHot })
    const ratio = ratioOf(atHot, atSpread, 'perSecond')
    const foreignCpu = foreignOf([...atHot, ...atSpread])
    bench.report({
      name: 'hot-till/ratio',
      ...ratio,
      unit: 'x',
      target: { atLeast: 0.95 },
      foreignCpu,
    })
    bench.report(rateOf('hot-till/rate', atHot))
    bench.report(rateOf('hot-till/spread-rate', atSpread))
  },
}

export const oneClient: Benchmark = {
  name: 'one-client',
  what: 'Signed, durable card sales over HTTP, solo, one client',
  run: async (bench) => {
    const book = await bench.books.withPayments(0)
    const server = await startNode(bench, book.network.folder)
    await using program = server.program
    const requests = new SaleRequests(book.network, book.tills)
    const sides = [{ ...server, requests }] as const
    const [windows] = await alternate(bench, sides, {
      clients: 1,
      seconds: SECONDS,
      rounds: ROUNDS,
    })
    await program.stop()
    demandBooked(book, { before: 0, requests })
    bench.report({ ...p50Of('one-client/p50', windows), target: { atMost: 1 } })
    bench.report({ ...p99Of('one-client/p99', windows), target: { atMost: 8 } })
    bench.report(rateOf('one-client/rate', windows))
  },
}
