/** What a proof of a payment costs: in time, and in bytes. */
import { type Benchmark, watchCpu } from './benchmark.ts'
import type { MadeProofs } from './programs/proofs.ts'
import { quantile, spreadOf } from './statistics.ts'

const RECEIPTS = 5_000

export const proofs: Benchmark = {
  name: 'proofs',
  what: 'Receipts of random payments in a book of a million payments',
  needs: ['payments'],
  run: async (bench) => {
    const { network } = await bench.books.shared('payments')
    const watch = watchCpu(bench)
    const args = [network.folder, String(RECEIPTS)]
    await using program = bench.children.start<MadeProofs>('proofs', { args })
    const { ms, cpuUs, sizes, bundleMs } = await program.result
    const foreignCpu = watch()
    const times = ms.toSorted((a, b) => a - b)
    const target = { atMost: 5 }
    const timed = { unit: 'ms', foreignCpu } as const
    bench.report({ name: 'proofs/median', value: quantile(times, 0.5), ...timed, target })
    bench.report({ name: 'proofs/p99', value: quantile(times, 0.99), ...timed, target })
    bench.report({ name: 'proofs/cpu', value: cpuUs, unit: 'us', foreignCpu })
    const remark = 'the whole receipt without its tx'
    const spread = spreadOf(sizes)
    const size = { value: spread.median, unit: 'bytes', spread, target: { atMost: 2_048 }, remark }
    bench.report({ name: 'proofs/size', ...size })
    const bundle = spreadOf(bundleMs)
    const what = '256 leaves, for whoever copies the history'
    bench.report({
      name: 'proofs/entry-bundle',
      value: bundle.median,
      ...timed,
      spread: bundle,
      remark: what,
    })
  },
}
