import { describe, expect, it } from 'vitest'
import { Misuse } from '../failure.ts'
import { formatAmount, parseAmount } from './amount.ts'

const HOURS = { kind: 'TIM', code: 'HRE' }

describe('parseAmount', () => {
  it.each([
    ['4', 400n],
    ['4.5', 450n],
    ['4,50', 450n],
    ['0.01', 1n],
    ['007', 700n],
    ['0', 0n],
    ['90071992547409.91', 9_007_199_254_740_991n],
  ])('reads %s without a float', (text, minor) => {
    expect(parseAmount(text)).toBe(minor)
  })

  it.each([
    '',
    ' 4',
    '4.',
    '.5',
    '4.005',
    '-4',
    '+4',
    '1e3',
    '0x4',
    '4 000',
    '４',
    'NaN',
    '90071992547409.92',
    '9'.repeat(40),
  ])('refuses "%s"', (text) => {
    expect(() => parseAmount(text)).toThrow(Misuse)
  })

  it('reads hours and minutes of time money alone', () => {
    expect(parseAmount('1:30', 'TIM')).toBe(150n)
    expect(parseAmount('0:01', 'TIM')).toBe(2n)
    expect(() => parseAmount('1:60', 'TIM')).toThrow(Misuse)
    expect(() => parseAmount('1:30', 'TLF')).toThrow(Misuse)
  })

  it('gives every minute back as it was typed', () => {
    for (let minutes = 0; minutes < 1_500; minutes += 1) {
      const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
      expect(formatAmount(parseAmount(text, 'TIM'), HOURS)).toBe(`${text} HRE`)
    }
  })
})
