import { expect, it } from 'vitest'
import { forkOf, PATH_BITS, pathBit } from './state-path.ts'

const path = (...bytes: readonly number[]) =>
  Uint8Array.from({ length: 32 }, (_, at) => bytes[at] ?? 0)

it('reads the bits of a path from the most significant one', () => {
  const bits = Array.from({ length: 16 }, (_, depth) => pathBit(path(0b1010_0001, 0x80), depth))
  expect(bits.join('')).toBe('1010000110000000')
  expect(pathBit(path().fill(1, 31), 255)).toBe(1)
})

it('finds the first bit in which two paths differ', () => {
  expect(forkOf(path(0x80), path())).toBe(0)
  expect(forkOf(path(7, 0x11), path(7, 0x1f))).toBe(12)
  expect(forkOf(path(), path().fill(1, 31))).toBe(255)
  expect(forkOf(path(1), path(1))).toBe(PATH_BITS)
})
