import { describe, expect, it } from 'vitest'
import { type Conditions, type Figure, isMet, toJsonLine, toTextLine } from './report.ts'

const CONDITIONS: Conditions = {
  machine: 'a machine',
  isQuick: false,
  verifyUs: 123.456,
  fsyncP50Ms: 1,
  fsyncP99Ms: 2,
}
const RATE: Figure = { name: 'rate', value: 5_000, unit: '/s', target: { atLeast: 5_000 } }

describe('a figure', () => {
  it('meets its target at the limit', () => {
    expect(isMet(RATE)).toBe(true)
    expect(isMet({ ...RATE, value: 4_999.9 })).toBe(false)
    expect(isMet({ ...RATE, target: { atMost: 5_000 } })).toBe(true)
    expect(isMet({ ...RATE, target: { atMost: 4_999 } })).toBe(false)
  })

  it('is not judged without target, or where the target does not hold', () => {
    expect(isMet({ name: 'rate', value: 1, unit: '/s' })).toBeUndefined()
    expect(isMet({ ...RATE, notJudged: 'a slow machine' })).toBeUndefined()
  })

  it('is one JSON object on one line', () => {
    const figure = { ...RATE, foreignCpu: 0.2, spread: { median: 5_000, min: 1, max: 2, count: 3 } }
    const line = toJsonLine(figure, CONDITIONS)
    expect(line).not.toContain('\n')
    expect(JSON.parse(line)).toEqual({
      name: 'rate',
      value: 5_000,
      unit: '/s',
      target: '>= 5000',
      met: true,
      conditions: {
        machine: 'a machine',
        durability: 'SQLite WAL, an fsync before each answer',
        quick: false,
        verifyUs: 123.5,
        fsyncP50Ms: 1,
        fsyncP99Ms: 2,
        foreignCpu: 0.2,
        noisy: true,
        spread: { min: 1, max: 2, count: 3 },
      },
    })
  })

  it('says so when nobody knows what others used', () => {
    expect(JSON.parse(toJsonLine(RATE, CONDITIONS)).conditions).toMatchObject({
      foreignCpu: 'unknown',
      noisy: false,
    })
  })

  it('is marked when others used more than a tenth of the machine', () => {
    expect(toTextLine({ ...RATE, foreignCpu: 0.1 })).not.toContain('NOISY')
    expect(toTextLine({ ...RATE, foreignCpu: 0.11 })).toContain('NOISY')
    expect(toTextLine({ ...RATE, value: 1 })).toContain('MISSED')
  })
})
