/**
 * `npm run bench -- [--json] [--only name,...] [--long] [--quick] [--profile folder]`: measures this machine.
 *
 * Figures go to the standard output, progress to the standard error. Ends with 0 when all was measured, whatever the
 * figures are; 1 when a benchmark failed; 2 when the arguments make no sense.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, type Benchmark, MILLION } from './benchmark.ts'
import { Books } from './books.ts'
import { Children } from './children.ts'
import { audit, growth, storage } from './history.ts'
import { describeMachine, measureCosts } from './machine.ts'
import { melting } from './melting.ts'
import { Misuse, type Options, readOptions } from './options.ts'
import { payments } from './payments.ts'
import { proofs } from './proofs.ts'
import { toHeading, toJsonLine, toTextLine } from './report.ts'
import { memory, restart } from './restart.ts'
import { hotTill, oneClient, sales } from './sales.ts'
import { simulation } from './simulation.ts'
import { v1 } from './v1.ts'
import { v1Import } from './v1-import.ts'

/** In this order: what wants a quiet machine first, what writes on a shared book after those that count it. */
const BENCHMARKS: readonly Benchmark[] = [
  ...[sales, hotTill, oneClient, v1, v1Import],
  ...[storage, audit, proofs, growth],
  ...[memory, restart, melting],
  simulation,
  // About what it finds more than about how long it takes.
  payments,
]

/** Runs the benchmarks one after the other, in one folder. */
class Run {
  readonly #options: Options
  readonly #folder = mkdtempSync(join(tmpdir(), 'fedow-bench-'))
  readonly #children = new Children()
  readonly #books: Books
  #name = ''

  constructor(options: Options) {
    this.#options = options
    this.#books = new Books({
      folder: this.#folder,
      children: this.#children,
      size: options.isQuick ? MILLION / 10 : MILLION,
      progress: (text) => this.#tell(text),
    })
  }

  #tell(text: string): void {
    process.stderr.write(`${this.#name}: ${text}\n`)
  }

  /** Answers how many failed. */
  async all(): Promise<number> {
    const { chosen } = this.#options
    let failed = 0
    for (const benchmark of chosen) {
      this.#name = benchmark.name
      try {
        if (benchmark.needs !== undefined) await this.#fill()
        await this.#one(benchmark)
      } catch (cause) {
        failed += 1
        this.#tell(`failed: ${cause instanceof Error ? cause.stack : String(cause)}`)
      }
    }
    return failed
  }

  /** Fills every shared book that a chosen benchmark needs, at the same time: the disk and the cores are free. */
  async #fill(): Promise<void> {
    const kinds = new Set(this.#options.chosen.flatMap(({ needs = [] }) => needs))
    await Promise.all([...kinds].map((kind) => this.#books.shared(kind)))
  }

  async #one({ what, run }: Benchmark): Promise<void> {
    const { isJson, isQuick, isLong, profile } = this.#options
    const costs = measureCosts(this.#folder)
    const conditions = { ...costs, machine: describeMachine(this.#folder), isQuick }
    if (!isJson) process.stdout.write(`\n${toHeading(what, conditions)}\n`)
    const bench: Bench = {
      ...{ isQuick, isLong, profile, verifyUs: costs.verifyUs },
      books: this.#books,
      children: this.#children,
      progress: (text) => this.#tell(text),
      report: (figure) => {
        process.stdout.write(`${isJson ? toJsonLine(figure, conditions) : toTextLine(figure)}\n`)
      },
    }
    await run(bench)
  }

  /** Ends what still runs and removes the folder. */
  async clear(): Promise<void> {
    await this.#children.killAll()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function main(): Promise<number> {
  const run = new Run(readOptions(process.argv.slice(2), BENCHMARKS))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => run.clear().finally(() => process.exit(130)))
  }
  try {
    return (await run.all()) === 0 ? 0 : 1
  } finally {
    await run.clear()
  }
}

try {
  process.exitCode = await main()
} catch (cause) {
  if (!(cause instanceof Misuse)) throw cause
  process.stderr.write(`${cause.message}\n`)
  process.exitCode = 2
}
