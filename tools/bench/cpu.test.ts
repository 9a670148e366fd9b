import { describe, expect, it } from 'vitest'
import { foreignShare, parseMachineTicks, parseProgramTicks, readTicks } from './cpu.ts'

describe('processor time', () => {
  it('of the machine leaves out idle and waiting, and counts stolen time as busy', () => {
    const text = 'cpu  100 10 30 500 40 1 2 7 99 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n'
    expect(parseMachineTicks(text)).toEqual({ total: 690, busy: 150 })
  })

  it('of a program is found behind a name with spaces and brackets', () => {
    const text = `12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 200 30 4 5 20 0 1 0 0`
    expect(parseProgramTicks(text)).toEqual({ self: 230, ended: 9 })
  })

  it('of others is what is busy and not ours', () => {
    const before = { total: 1_000, busy: 500, own: 100 }
    expect(foreignShare(before, { total: 1_200, busy: 650, own: 200 })).toBe(0.25)
    expect(foreignShare(before, { total: 1_200, busy: 650, own: 400 })).toBe(0)
    expect(foreignShare(before, before)).toBe(0)
  })

  it.runIf(process.platform === 'linux')('is read from the system, gone programs too', () => {
    const ticks = readTicks([2 ** 22 + 1])
    expect(ticks?.own).toBeGreaterThan(0)
    expect(ticks?.busy).toBeGreaterThan(ticks?.own ?? 0)
    expect(ticks?.total).toBeGreaterThan(ticks?.busy ?? 0)
  })
})
