import { toUtf8 } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { parseForm } from './form.ts'

const pairs = (text: string) => [...parseForm(toUtf8(text))]

describe('a form', () => {
  it.each([
    ['', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1+2%2B3%20%C3%A9', [['a', '1 2+3 é']]],
    [
      'a=&b&=c',
      [
        ['a', ''],
        ['b', ''],
        ['', 'c'],
      ],
    ],
    [
      'a=1&b=2&a=3',
      [
        ['a', '3'],
        ['b', '2'],
      ],
    ],
    [
      '10=x&2=y',
      [
        ['10', 'x'],
        ['2', 'y'],
      ],
    ],
    ['?a=1', [['?a', '1']]],
    [
      'a=b=c&&d=%zz%',
      [
        ['a', 'b=c'],
        ['d', '%zz%'],
      ],
    ],
    ['a=%FF', [['a', '\ufffd']]],
    ['%61=é', [['a', 'é']]],
  ])('%j has its pairs in order', (text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })
})
