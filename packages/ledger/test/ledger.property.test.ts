/** Laws of the whole ledger, over histories that nobody would write by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACTIONS,
  type ActionKind,
  Draft,
  encode,
  MemoryState,
  nobleHash,
  REJECTION_NUMBER,
} from '../src/index.ts'
import { brokenDividends } from './dividend-histories.ts'
import { anyHistory, type History } from './histories.ts'
import {
  brokenLines,
  brokenMoney,
  brokenOutcome,
  brokenRegistry,
  brokenShapes,
  snapshot,
  touched,
} from './laws.ts'
import { fastHash, Play, play } from './play.ts'

/** Their founding closes a book to imports: those are in `import.property.test.ts`. */
const OF_IMPORTS: readonly string[] = ['import', 'import_order_refused']

/**
 * Codes that a small world does not reach by chance: they need a wallet, a federation or a block that is full, a
 * place that no action can suspend, or no action can cause them. Vectors and `hostile.test.ts` reach the others.
 */
const OUT_OF_REACH: readonly string[] = [
  ...OF_IMPORTS,
  'place_suspended',
  'too_many',
  'hold_expired',
  'electorate_founded',
  // Only what has passed meets it, and keeps it as its reason.
  'changed_meanwhile',
]

describe('any history', () => {
  it('keeps money, holds, lists, shapes and chains whole, and never throws', () => {
    fc.assert(fc.property(anyHistory, demandLaws), { numRuns: 200 })
  })

  it('gives the same outcomes, hashes and records each time, with either hash function', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const [first, second] = [new MemoryState(), new MemoryState()]
        expect(play(history, first).told).toEqual(play(history, second, nobleHash).told)
        expect(toText(first)).toEqual(toText(second))
      }),
      { numRuns: 30 },
    )
  })

  it('comes to the same records wherever its blocks end, when their time is the same', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const asks = history.flatMap((block) => block.asks)
        const [whole, ...others] = [asks.length, 1, 3].map((size) => {
          const state = new MemoryState()
          const book = Play.found(state)
          book.block({ afterMs: 90_000_000, asks: asks.slice(0, size) })
          for (let at = size; at < asks.length; at += size) {
            book.block({ afterMs: 0, asks: asks.slice(at, at + size) })
          }
          return toText(state)
        })
        for (const other of others) expect(other).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  it('can be tried on a draft, thrown away without a trace, then played or committed alike', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const state = new MemoryState()
        const book = Play.found(state)
        for (const [index, block] of history.entries()) {
          const before = snapshot(state)
          const tried = book.over(new Draft(new Draft(state)))
          tried.block(block)
          expect(touched(before, state.all())).toEqual([])
          const told = book.told.length
          book.block(block)
          expect(book.told.slice(told)).toEqual(tried.told)
          if (index === 0) demandSameCommit(history)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the histories of these tests', () => {
  it('apply every kind of action, and meet every rejection within reach', () => {
    const applied = new Map<string, number>()
    const refused = new Map<string, number>()
    for (const history of fc.sample(anyHistory, { seed: 1, numRuns: 400 })) {
      const book = Play.found(new MemoryState())
      for (const { afterMs, asks } of history) {
        book.open(afterMs)
        for (const ask of asks) {
          const { outcome } = book.ask(ask)
          if (typeof outcome === 'string') count(refused, outcome)
          else if (outcome.status === 'rejected') count(refused, outcome.rejection.code)
          else for (const { kind } of ask.actions) count(applied, kind)
        }
      }
    }
    process.stdout.write(`applied: ${list(applied)}\nrefused: ${list(refused)}\n`)
    const kinds = Object.keys(ACTIONS) as ActionKind[]
    expect(kinds.filter((kind) => !applied.has(kind) && !OF_IMPORTS.includes(kind))).toEqual([])
    const missed = Object.keys(REJECTION_NUMBER).filter((code) => !refused.has(code))
    expect(missed.filter((code) => !OUT_OF_REACH.includes(code))).toEqual([])
  })
})

/** Plays a history and checks every law where it could break first. */
function demandLaws(history: History): void {
  const state = new MemoryState()
  const book = Play.found(state)
  expect(brokenShapes(state, state.all().keys())).toEqual([])
  for (const { afterMs, asks } of history) {
    book.open(afterMs)
    expect(brokenMoney(state, fastHash)).toEqual([])
    for (const ask of asks) {
      const before = snapshot(state)
      const { outcome } = book.ask(ask)
      const changed = touched(before, state.all())
      if (typeof outcome === 'string' || outcome.status === 'rejected') {
        expect(changed).toEqual([])
      }
      if (typeof outcome === 'string') continue
      expect(brokenOutcome(outcome)).toEqual([])
      expect(brokenShapes(state, changed)).toEqual([])
      expect(brokenMoney(state, fastHash)).toEqual([])
    }
    book.close()
  }
  expect(brokenRegistry(state, fastHash)).toEqual([])
  expect(brokenDividends(state, fastHash)).toEqual([])
  expect(brokenLines(state, fastHash, book.lines)).toEqual([])
}

/** A book whose every block goes through a draft has the records of one that has none. */
function demandSameCommit(history: History): void {
  const [direct, drafted] = [new MemoryState(), new MemoryState()]
  play(history, direct)
  let book = Play.found(drafted)
  for (const block of history) {
    const draft = new Draft(drafted)
    const next = book.over(draft)
    next.block(block)
    draft.commit()
    book = next.over(drafted)
  }
  expect(toText(drafted)).toEqual(toText(direct))
}

function toText(state: MemoryState): readonly string[] {
  return [...state.all()].map(([key, record]) => `${key} ${encode(record)}`).sort()
}

function count(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1)
}

function list(map: ReadonlyMap<string, number>): string {
  return [...map]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ')
}
