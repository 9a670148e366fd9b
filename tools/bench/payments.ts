/** A day of payments with every fault on the way: what Stripe, the reserve and the cards say of it must agree. */
import { deepStrictEqual } from 'node:assert/strict'
import { Day } from '../../packages/node/test/payments-day.ts'
import { figuresOf } from '../../packages/node/test/payments-day-figures.ts'
import { type Benchmark, sized, watchCpu } from './benchmark.ts'

const PAYMENTS = 2_000

export const payments: Benchmark = {
  name: 'payments',
  what: `a day of ${PAYMENTS} payments with every fault, compared to the cent`,
  run: async (bench) => {
    const seed = Math.floor(Math.random() * 2 ** 32)
    bench.progress(`seed ${seed}`)
    const watch = watchCpu(bench)
    const start = performance.now()
    await using day = await Day.begin(seed)
    await day.run(sized(bench, PAYMENTS))
    await day.end()
    const { found, expected } = await figuresOf(day)
    deepStrictEqual(found, expected)
    const value = (performance.now() - start) / 1_000
    bench.report({ name: 'payments/day', value, unit: 's', foreignCpu: watch() })
  },
}
