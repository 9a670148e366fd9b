/** The v1 wire under load: what a LaBoutik till asks most. */
import { type Benchmark, sized, startNode } from './benchmark.ts'
import { foreignOf, p50Of, p99Of, rateOf, reportCpu } from './figures.ts'
import { askOnce } from './load.ts'
import { alternate } from './pairs.ts'
import { FOREIGN_MAX } from './report.ts'
import { connectV1, V1Requests } from './v1-requests.ts'

const CLIENTS = 32
const ROUNDS = 5
const SECONDS = 2
const LINES = 100_000

export const v1: Benchmark = {
  name: 'v1',
  what: `Card sales and card checks on the v1 wire, ${CLIENTS} clients, ${LINES} lines of history`,
  run: async (bench) => {
    const book = await bench.books.withPayments(sized(bench, LINES))
    const wire = connectV1(book)
    const fedow = await startNode(bench, book.network.folder)
    await using _ = fedow.program
    const saleRequests = new V1Requests(wire, 'sale')
    await askOnce(fedow.port, saleRequests.primary())
    const sides = [
      { ...fedow, requests: saleRequests },
      { ...fedow, requests: new V1Requests(wire, 'card') },
    ] as const
    const load = { clients: CLIENTS, seconds: SECONDS, rounds: ROUNDS }
    const [sales, cards] = await alternate(bench, sides, load)
    const isNoisy = (foreignOf([...sales, ...cards]) ?? 0) > FOREIGN_MAX
    const notJudged = isNoisy ? 'holds on a quiet machine' : undefined
    bench.report({ ...rateOf('v1/sales', sales), target: { atLeast: 3_000 }, notJudged })
    bench.report({ ...p99Of('v1/sales-p99', sales), target: { atMost: 40 }, notJudged })
    bench.report(p50Of('v1/sales-p50', sales))
    bench.report({
      ...rateOf('v1/card-checks', cards),
      unit: 'answers/s',
      target: { atLeast: 3_000 },
      notJudged,
    })
    bench.report(p99Of('v1/card-checks-p99', cards))
    reportCpu(bench, 'v1/sale-server-cpu', sales)
    reportCpu(bench, 'v1/card-server-cpu', cards)
  },
}
