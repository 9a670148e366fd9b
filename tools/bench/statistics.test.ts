import { describe, expect, it } from 'vitest'
import { median, quantile, spreadOf } from './statistics.ts'

const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1)

describe('a quantile', () => {
  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
  ])('of %f of 1 to 100 is %i', (share, wanted) => {
    expect(quantile(HUNDRED, share)).toBe(wanted)
  })

  it('of one measurement is that measurement', () => {
    expect(quantile([7], 0.99)).toBe(7)
  })

  it('of nothing is refused', () => {
    expect(() => quantile([], 0.5)).toThrow('no measurement')
  })
})

describe('a median', () => {
  it('is the middle value whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2)
  })

  it('is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })

  it('of nothing is refused', () => {
    expect(() => median([])).toThrow('no measurement')
  })
})

it('tells how far measurements lie apart', () => {
  expect(spreadOf([5, 9, 1])).toEqual({ median: 5, min: 1, max: 9, count: 3 })
})
