import { describe, expect, it } from 'vitest'
import type { Benchmark } from './benchmark.ts'
import { Misuse, readOptions } from './options.ts'

const BENCHMARKS: readonly Benchmark[] = ['sales', 'audit', 'memory'].map((name) => {
  return { name, what: `the ${name}`, run: async () => {} }
})

function namesFor(...args: readonly string[]): readonly string[] {
  return readOptions(args, BENCHMARKS).chosen.map(({ name }) => name)
}

describe('the arguments', () => {
  it('choose all benchmarks, or those that are named, in the order of the list', () => {
    expect(namesFor('--json')).toEqual(['sales', 'audit', 'memory'])
    expect(namesFor('--only', 'memory,sales')).toEqual(['sales', 'memory'])
  })

  it('set what is written and how much is measured', () => {
    expect(readOptions([], BENCHMARKS)).toMatchObject({
      isJson: false,
      isLong: false,
      isQuick: false,
    })
    expect(readOptions(['--json', '--long', '--quick'], BENCHMARKS)).toMatchObject({
      isJson: true,
      isLong: true,
      isQuick: true,
    })
  })

  it('say what there is when a benchmark or an option is unknown', () => {
    expect(() => namesFor('--only', 'sales,speed')).toThrow(Misuse)
    expect(() => namesFor('--only', 'speed')).toThrow('the memory')
    expect(() => namesFor('--fast')).toThrow(Misuse)
  })
})
