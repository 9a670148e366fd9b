import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openV1Store, type V1Store } from '../store/v1-store.ts'
import { ShownThen } from './shown-then.ts'

let folder: ReturnType<typeof mkdtempDisposableSync>
let store: V1Store

beforeEach(() => {
  folder = mkdtempDisposableSync(join(tmpdir(), 'fedow-test-'))
  store = openV1Store(join(folder.path, 'v1.db'))
})

afterEach(() => {
  store[Symbol.dispose]()
  folder.remove()
})

/** As a program that begins when the book has so many lines. */
function begin(lines: number): ShownThen {
  return new ShownThen({ store, book: { tip: () => ({ lines }) } as never })
}

const asset = (text: string) => ({ name: 'asset', text })
const card = (text: string) => ({ name: 'card', text, usual: 'no' })

describe('what answers show beside the money', () => {
  it('is the same for a line for ever, and new for the first line after a change', () => {
    const then = begin(10)
    expect(then.textAt(asset('a'), 11)).toBe('a')
    expect(then.textAt(asset('a'), 12)).toBe('a')
    // The last line is asked for again before there is another one.
    expect(then.textAt(asset('b'), 12)).toBe('a')
    expect(then.textAt(asset('b'), 13)).toBe('b')
    expect(then.textAt(asset('c'), 13)).toBe('b')
    expect(then.textAt(asset('a'), 14)).toBe('a')
    expect([11, 12, 13, 14].map((line) => then.textAt(asset('d'), line))).toEqual([
      ...['a', 'a', 'b', 'a'],
    ])
  })

  it('is known to the next program, also when it changed in between', () => {
    begin(10).textAt(asset('a'), 11)
    const then = begin(12)
    expect(then.textAt(asset('b'), 11)).toBe('a')
    expect(then.textAt(asset('b'), 12)).toBe('a')
    expect(then.textAt(asset('b'), 13)).toBe('b')
    expect(begin(13).textAt(asset('b'), 12)).toBe('a')
  })

  it('is not noted while it is as usual, and told apart when it was not', () => {
    const then = begin(0)
    expect(then.textAt(card('no'), 1)).toBe('no')
    expect(store.shown.last('card')).toBeUndefined()
    expect(then.textAt(card('yes'), 1)).toBe('no')
    expect(then.textAt(card('yes'), 2)).toBe('yes')
    expect(then.textAt(card('no'), 2)).toBe('yes')
    expect(then.textAt(card('no'), 3)).toBe('no')
    expect([1, 2, 3].map((line) => begin(3).textAt(card('yes'), line))).toEqual(['no', 'yes', 'no'])
  })

  it('holds when more was shown than is remembered', () => {
    const then = begin(0)
    expect(then.textAt(asset('a'), 1)).toBe('a')
    for (let line = 2; line < 45_000; line += 1) {
      then.textAt({ name: `card ${line}`, text: 'no', usual: 'no' }, line)
    }
    expect(then.textAt(asset('b'), 1)).toBe('a')
    expect(then.textAt(asset('b'), 45_000)).toBe('b')
    const other = { name: 'card 2', text: 'yes', usual: 'no' }
    expect([2, 45_001].map((line) => then.textAt(other, line))).toEqual(['no', 'yes'])
  })
})
