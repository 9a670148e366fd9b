/** Laws of imports, over parts in any order and state, and over what happens after them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encode,
  type Import,
  issued,
  type Line,
  MemoryState,
  type NodeId,
  nobleHash,
  ONLY,
  type WalletId,
} from '../src/index.ts'
import { anyHistory, type History } from './histories.ts'
import { anyImports } from './import-histories.ts'
import {
  brokenLines,
  brokenMoney,
  brokenOutcome,
  brokenRegistry,
  brokenShapes,
  snapshot,
  touched,
} from './laws.ts'
import { toId } from './names.ts'
import { fastHash, Play } from './play.ts'

const FED = toId<Line['asset']>('FED')
const EUR = toId<Line['asset']>('EUR')
const KEEPER = toId<WalletId>('keeper')
const NODE = toId<NodeId>('node')
const LATE = toId<WalletId>('late person')

describe('any import', () => {
  it('keeps money, lists, shapes and chains whole, also in what comes after it, and never throws', () => {
    fc.assert(
      fc.property(anyImports, anyHistory, (parts, history) => {
        const { book, state } = begin()
        for (const part of parts) demandWhole(book, state, part)
        expect(brokenAll(book, state)).toEqual([])
        for (const block of history) {
          book.open(block.afterMs)
          for (const ask of block.asks) {
            const { outcome } = book.ask(ask)
            if (typeof outcome !== 'string') expect(brokenOutcome(outcome)).toEqual([])
            expect(brokenMoney(state, fastHash)).toEqual([])
          }
          book.close()
        }
        expect(brokenAll(book, state)).toEqual([])
        expect(again(book)).toBe(isClosed(book, state) ? 'import_closed' : 'applied')
      }),
      { numRuns: 150 },
    )
  })

  it('moves nothing by what it imports, and opens exactly what it says', () => {
    fc.assert(
      fc.property(anyImports, (parts) => {
        const { book, state } = begin()
        for (const part of parts) book.ask({ by: 'operator', actions: [part] })
        book.close()
        const own = book.lines.filter(({ imported }) => imported === undefined).slice(2)
        expect(own.filter(({ action }) => action !== 'OPN')).toEqual([])
        for (const { id, record } of state.entries('asset')) {
          const asset = id as Line['asset']
          const made = own.filter((line) => line.asset === id && line.from === line.to)
          expect(issued(state, fastHash, asset)).toBe(
            made.reduce((sum, one) => sum + one.amount, 0n),
          )
          if (record.kind === 'SUB') expect(issued(state, fastHash, asset)).toBe(0n)
        }
        expect(issued(state, fastHash, FED)).toBe(issued(state, fastHash, EUR))
        expect(balances(state)).toEqual(openedBy(own))
      }),
      { numRuns: 150 },
    )
  })

  it('keeps what the lines were, in their order, each once', () => {
    fc.assert(
      fc.property(anyImports, (parts) => {
        const { book } = begin()
        const taken: unknown[] = []
        for (const part of parts) {
          const { outcome } = book.ask({ by: 'operator', actions: [part] })
          const isTaken = typeof outcome !== 'string' && outcome.status === 'applied'
          if (isTaken && part.table === 'lines') taken.push(...part.rows)
        }
        const kept = book.lines.flatMap(({ imported, timeUs, ...line }) => {
          if (imported === undefined) return []
          const { action, asset, from, to, amount, card, primary } = line
          const links = { ...(card && { card }), ...(primary && { primary }) }
          return [{ ...imported, timeUs, action, asset, from, to, amount, ...links }]
        })
        expect(kept).toEqual(taken)
        expect(new Set(kept.map(({ id, timeUs }) => `${timeUs} ${id}`)).size).toBe(kept.length)
      }),
      { numRuns: 100 },
    )
  })

  it('is the same book with either hash function, and with its parts in one tx or each in one', () => {
    fc.assert(
      fc.property(anyImports, (parts) => {
        const applied: Import[] = []
        const one = begin()
        for (const part of parts) {
          const { outcome } = one.book.ask({ by: 'operator', actions: [part] })
          if (typeof outcome !== 'string' && outcome.status === 'applied') applied.push(part)
        }
        const two = { state: new MemoryState() }
        const book = Play.fresh(two.state, nobleHash)
        book.open(1_000)
        for (let at = 0; at < applied.length; at += 16) {
          const actions = applied.slice(at, at + 16)
          const { outcome } = book.ask({ by: 'operator', actions })
          expect(typeof outcome === 'string' ? outcome : outcome.status).toBe('applied')
        }
        expect(toText(two.state)).toEqual(toText(one.state))
      }),
      { numRuns: 60 },
    )
  })

  it('is of the operator alone', () => {
    fc.assert(
      fc.property(anyImports, fc.constantFrom('node', 'keeper'), (parts, by) => {
        const { book, state } = begin()
        const before = snapshot(state)
        for (const part of parts) {
          const { outcome } = book.ask({ by, actions: [part] })
          expect(outcome).toMatchObject({ rejection: { code: 'not_authorised' } })
        }
        expect(touched(before, state.all())).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})

describe('the imports of these tests', () => {
  it('take parts of every table, and trade after them', () => {
    const applied = new Map<string, number>()
    const count = (name: string) => applied.set(name, (applied.get(name) ?? 0) + 1)
    const histories: readonly History[] = fc.sample(anyHistory, { seed: 1, numRuns: 300 })
    for (const [n, parts] of fc.sample(anyImports, { seed: 1, numRuns: 300 }).entries()) {
      const { book } = begin()
      const ask = (by: string, actions: Parameters<Play['ask']>[0]['actions'], name: string) => {
        const { outcome } = book.ask({ by, actions })
        if (typeof outcome === 'string') return
        count(outcome.status === 'applied' ? name : outcome.rejection.code)
      }
      for (const part of parts) ask('operator', [part], `table ${part.table}`)
      const asks = (histories[n] ?? []).flatMap((block) => block.asks)
      for (const { by, actions } of asks) ask(by, actions, `then ${actions[0]?.kind}`)
    }
    process.stdout.write(`${[...applied].sort(([, a], [, b]) => b - a).join(' ')}\n`)
    const tables = ['places', 'people', 'wallets', 'assets', 'federations', 'cards', 'lines']
    const others = ['memberships', 'reserve', 'openings', 'end']
    const wanted = [...[...tables, ...others].map((table) => `table ${table}`), 'import_closed']
    const later = ['sale', 'refill', 'card-link', 'subscribe', 'issue']
    const all = [...wanted, 'import_order_refused', ...later.map((kind) => `then ${kind}`)]
    expect(all.filter((name) => !applied.has(name))).toEqual([])
  })
})

function begin(): { readonly book: Play; readonly state: MemoryState } {
  const state = new MemoryState()
  const book = Play.fresh(state)
  book.open(1_000)
  return { book, state }
}

/** Asks for a part: what is refused leaves no trace, what is taken breaks nothing. */
function demandWhole(book: Play, state: MemoryState, part: Import): void {
  const before = snapshot(state)
  const clock = state.get('clock', ONLY)?.timeUs
  const { outcome } = book.ask({ by: 'operator', actions: [part] })
  const changed = touched(before, state.all())
  if (typeof outcome === 'string') throw new Error(`the operator is refused: ${outcome}`)
  expect(brokenOutcome(outcome)).toEqual([])
  if (outcome.status === 'rejected') expect(changed).toEqual([])
  expect(brokenShapes(state, changed)).toEqual([])
  expect(brokenMoney(state, fastHash)).toEqual([])
  if (part.table === 'lines') expect(state.get('clock', ONLY)?.timeUs).toBe(clock)
}

function brokenAll(book: Play, state: MemoryState): readonly string[] {
  return [
    ...brokenShapes(state, state.all().keys()),
    ...brokenMoney(state, fastHash),
    ...brokenRegistry(state, fastHash),
    ...brokenLines(state, fastHash, book.lines),
  ]
}

/** It was ended, or some line is neither of the genesis nor of an import. */
function isClosed(book: Play, state: MemoryState): boolean {
  const isOther = ({ action, imported }: Line) => imported === undefined && action !== 'OPN'
  return state.get('import', ONLY)?.source !== undefined || book.lines.slice(2).some(isOther)
}

/** What a further part of an import is told now. */
function again(book: Play): string {
  const actions = [{ kind: 'import', table: 'people', node: NODE, rows: [LATE] }] as const
  const { outcome } = book.ask({ by: 'operator', actions })
  if (typeof outcome === 'string') return outcome
  return outcome.status === 'applied' ? 'applied' : outcome.rejection.code
}

/** By account, what is on it; issuance accounts and empty ones apart. */
function balances(state: MemoryState): ReadonlyMap<string, bigint> {
  const found = [...state.entries('account')].filter(({ id, record }) => {
    const [wallet = ''] = id.split('/')
    return record.balance !== 0n && state.get('wallet', wallet)?.kind !== 'issuance'
  })
  return new Map(found.map(({ id, record }) => [id, record.balance] as const).sort())
}

/** By account, what the opening lines say: the keeper has what is left of FED. */
function openedBy(lines: readonly Line[]): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>()
  const add = (wallet: WalletId, { asset }: Line, change: bigint) => {
    const id = `${wallet}/${asset}`
    found.set(id, (found.get(id) ?? 0n) + change)
  }
  for (const line of lines) {
    add(line.to, line, line.amount)
    if (line.from === line.to) continue
    expect([line.from, line.asset]).toEqual([KEEPER, FED])
    add(KEEPER, line, -line.amount)
  }
  return new Map([...found].filter(([, balance]) => balance !== 0n).sort())
}

/** Records but those of the chain of lines, which has the ids of txs in it. */
function toText(state: MemoryState): readonly string[] {
  const chained = /^head|^evidence/
  const all = [...state.all()].filter(([key]) => !chained.test(key))
  return all.map(([key, record]) => `${key} ${encode(record)}`).sort()
}
