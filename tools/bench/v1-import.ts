/** A v1 database brought over: the size of the one that runs today. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importV1, reviewV1 } from '@fedow/node'
import { makeV1Database } from '../../packages/node/test/v1-maker.ts'
import { type Benchmark, sized, watchCpu } from './benchmark.ts'
import { FOREIGN_MAX } from './report.ts'

const LINES = 146_000
const CARDS = 44_000
const TARGET_S = 180
const METADATA_LENGTH = 400

export const v1Import: Benchmark = {
  name: 'v1-import',
  what: `fedow import v1 --apply, ${LINES} lines and ${CARDS} cards`,
  run: async (bench) => {
    const folder = mkdtempSync(join(tmpdir(), 'fedow-bench-'))
    try {
      const path = join(folder, 'db.sqlite3')
      const size = { lines: sized(bench, LINES), cards: sized(bench, CARDS) }
      bench.progress('makes the database')
      makeV1Database({ path, seed: 1, metadataLength: METADATA_LENGTH, ...size })
      const watch = watchCpu(bench)
      const start = performance.now()
      const report = await reviewV1(path, { nowMs: Date.now() })
      const reviewed = performance.now()
      bench.progress('brings it over')
      const data = join(folder, 'data')
      const reserve = { accounts: [] }
      await importV1(path, { folder: data, report, reserve, nowMs: Date.now() })
      const ended = performance.now()
      const foreignCpu = watch()
      const isNoisy = (foreignCpu ?? 0) > FOREIGN_MAX
      const notJudged = isNoisy ? 'holds on a quiet machine' : undefined
      const unit = 's'
      const looked = (reviewed - start) / 1_000
      bench.report({ name: 'v1-import/review', value: looked, unit, foreignCpu })
      const whole = { name: 'v1-import/whole', value: (ended - start) / 1_000, unit, foreignCpu }
      bench.report({ ...whole, target: { atMost: TARGET_S }, notJudged })
      const mebibytes = statSync(join(data, 'ledger.db')).size / 2 ** 20
      bench.report({ name: 'v1-import/book', value: mebibytes, unit: 'MiB' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
