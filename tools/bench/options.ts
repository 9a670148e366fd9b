import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'

export interface Options {
  readonly isJson: boolean
  readonly isLong: boolean
  readonly isQuick: boolean
  readonly profile: string | undefined
  readonly chosen: readonly Benchmark[]
}

/** The arguments make no sense. */
export class Misuse extends Error {}

/** Reads the arguments. Throws Misuse, which says what there is. */
export function readOptions(args: readonly string[], benchmarks: readonly Benchmark[]): Options {
  const { json: isJson, long: isLong, quick: isQuick, profile, only } = parse(args)
  return { isJson, isLong, isQuick, profile, chosen: choose(benchmarks, only) }
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        profile: { type: 'string' },
      },
    })
    return values
  } catch (cause) {
    if (cause instanceof TypeError) throw new Misuse(cause.message)
    throw cause
  }
}

function choose(benchmarks: readonly Benchmark[], only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks
  const names = only.split(',')
  const unknown = names.find((name) => !benchmarks.some((one) => one.name === name))
  if (unknown === undefined) return benchmarks.filter(({ name }) => names.includes(name))
  const known = benchmarks.map(({ name, what }) => `  ${name.padEnd(12)}${what}`)
  throw new Misuse(
    `There is no benchmark "${unknown}"; nothing was measured. There are:\n${known.join('\n')}`,
  )
}
