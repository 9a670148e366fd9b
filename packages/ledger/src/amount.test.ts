import { expect, it } from 'vitest'
import { AMOUNT_MAX, isAmount, sum } from './amount.ts'

it('takes whole minor units from zero to 2^53 - 1', () => {
  expect(AMOUNT_MAX).toBe(BigInt(Number.MAX_SAFE_INTEGER))
  expect([-1n, 0n, 1n, AMOUNT_MAX, AMOUNT_MAX + 1n].map(isAmount)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
})

it('adds beyond the range of amounts without losing a unit', () => {
  expect(sum([])).toBe(0n)
  expect(sum([AMOUNT_MAX, AMOUNT_MAX, 1n])).toBe(18_014_398_509_481_983n)
})
