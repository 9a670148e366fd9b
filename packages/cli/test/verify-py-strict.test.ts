/** verify.py takes what our shapes and rules take, and nothing else. */
import {
  type Amount,
  decode,
  type Hex32,
  LINE_ACTIONS,
  type LineId,
  lineHash,
  Malformed,
  nobleHash,
  RECORDS,
  REJECTION_NUMBER,
  type TxId,
} from '@fedow/ledger'
import { beforeEach, describe, expect, it } from 'vitest'
import { toId } from '../../ledger/test/names.ts'
import { logKey, vectorBook } from '../../ledger/test/proof-book.ts'
import {
  askMany,
  expectAnswers,
  HAS_PYTHON,
  NEEDS_PYTHON,
  type Question,
  written,
} from './verify-py.ts'

describe('verify.py is as strict as ours', () => {
  // Another language is the witness: without it there is nothing to compare with.
  beforeEach(({ skip }) => skip(!HAS_PYTHON, NEEDS_PYTHON))

  it('takes the key of a log for no witness', () => {
    const book = vectorBook()
    const key = written(logKey('checkpoint', book.chain))
    const [answer] = askMany([['receipt', book.receipt('sale'), [key], [key]]])
    expect(answer).toMatchObject({ signed: [{ name: `fedow/${book.chain}` }], cosigned: [] })
  })

  it('takes only lines that a tx can write', () => {
    const { lines, outcome, actions } = writtenLines([{}, {}, {}])
    const ask = (changes: readonly Partial<Shown>[], count = actions): Question => {
      const changed = writtenLines(changes)
      return ['lines', changed.lines, changed.outcome, TX, count]
    }
    const timeUs = outcome.timeUs
    const third = { seq: 3, previous: lines[1]?.previous ?? null }
    expectAnswers([
      [ask([{}, {}, {}]), null],
      [ask([{ tx: toId('other') }, {}, {}]), 'tx of line 0'],
      [ask([{}, {}, {}], 1), 'actionIndex of line 2'],
      [ask([{}, { actionIndex: 1, lineIndex: 0 }, { actionIndex: 0 }]), 'actionIndex of line 2'],
      [ask([{}, { lineIndex: 2 }, {}]), 'lineIndex of line 1'],
      [ask([{}, {}, { lineIndex: 1 }]), 'lineIndex of line 2'],
      [ask([{ timeUs: timeUs - 1 }, {}, {}]), 'timeUs of line 0'],
      [ask([{}, { timeUs }, {}]), 'timeUs of line 1'],
      [ask([{ previous: '00'.repeat(32) }, {}, {}]), 'previous of line 0'],
      [ask([{}, { previous: null }, {}]), 'previous of line 1'],
      [ask([{}, {}, { seq: 2 }]), 'seq of line 2'],
      [ask([{}, {}, third]), 'previous of line 2'],
      [ask([{}, {}, { seq: 4 }]), null],
      [ask([{ imported: OF_V1, timeUs: 9 }, { imported: OF_V1, timeUs: 3 }, { timeUs }]), null],
      [ask([{ timeUs: timeUs + 1 }, { imported: OF_V1 }, { timeUs }]), 'timeUs of line 2'],
      [ask([{ imported: OF_V1, timeUs: 9 }, { timeUs: timeUs - 1 }, {}]), 'timeUs of line 1'],
      [['lines', lines.slice(1), outcome, TX, actions], '2 lines, 3 hashes'],
      [
        ['lines', lines, { ...outcome, lines: [...outcome.lines].reverse() }, TX, 2],
        'hash of line 0',
      ],
    ])
  })

  it('knows the records of wallets and accounts, every rejection and every code of a line', () => {
    const wallets = [...NAMES.map((name) => ({ kind: 'fund', name, assets: [] })), ...WALLETS]
    const position = { height: 1, index: 0, timeUs: 1 }
    const rejected = (code: number) => ({ ...position, code, action: 0, with: {} })
    const numbers = Object.values(REJECTION_NUMBER)
    const [line] = writtenLines([{}]).lines
    expectAnswers(
      wallets.map((value) => [['shape', 'WALLET', value], hasShape(RECORDS.wallet, value)]),
      ACCOUNTS.map((value) => [['shape', 'ACCOUNT', value], hasShape(RECORDS.account, value)]),
      numbers.map((number) => [['shape', 'REJECTED', rejected(number)], true]),
      [0, Math.max(...numbers) + 1].map((number) => [
        ['shape', 'REJECTED', rejected(number)],
        false,
      ]),
      LINE_ACTIONS.map((action) => [['shape', 'LINE', { ...line, action }], true]),
      [OF_V1, { ...OF_V1, timeUs: 1 }, { ...OF_V1, hash: 'A'.repeat(64) }, {}, null].map(
        (imported, at) => [['shape', 'LINE', { ...line, imported }], at === 0],
      ),
      ['', 'sal', 'SAL REF', 'XYZ'].map((action) => [
        ['shape', 'LINE', { ...line, action }],
        false,
      ]),
    )
  })

  it('takes canonical JSON alone, to the byte', () => {
    const texts = [...SPELLINGS, ...[11, 12, 13].map((depth) => nested(depth))]
    const taken = texts.map((text) => decode(text) !== undefined)
    const asked = askMany(texts.map((text) => ['canonical', text]))
    expect(asked.map((answer) => answer === true)).toEqual(taken)
    expect([taken.includes(true), taken.includes(false)]).toEqual([true, true])
  })
})

/** Names of funds, good and bad. */
const NAMES = [
  ...[
    '',
    ' ',
    'a',
    'a b',
    ' a',
    'a ',
    '\u00a0a',
    'a\tb',
    'a\u0000',
    '\u0085',
    '\u200b',
    '\u202e',
    '\u2028',
  ],
  ...[
    '\u2029',
    '\ud7a3',
    '\u{1f3aa}',
    '\ufeff',
    'x'.repeat(64),
    'x'.repeat(65),
    '\u{1f3aa}'.repeat(32),
  ],
  ...['\u{1f3aa}'.repeat(33), '\u00ad', '\u061c', '\u{e0041}', '\ue000', '\u0301'],
]

const ID = '00000000-0000-8000-8000-000000000000'
const WALLETS: readonly object[] = [
  { kind: 'person', assets: [ID], node: ID, keys: ['x'.repeat(43)], origin: ID, place: ID },
  ...[{ kind: 'person' }, { kind: 'bank', assets: [] }, { kind: 'card', assets: [], more: 1 }],
  { kind: 'card', assets: [ID.toUpperCase().replace('8', 'A')] },
  { kind: 'card', assets: null },
  { kind: 'card', assets: [], place: null },
  { kind: 'card', assets: new Array(512).fill(ID) },
  { kind: 'card', assets: new Array(513).fill(ID) },
  { kind: 'person', assets: [], keys: new Array(33).fill('x'.repeat(43)) },
  { kind: 'person', assets: [], keys: ['x'.repeat(42)] },
]
const ACCOUNTS: readonly object[] = [
  ...[
    { balance: 1, held: 0, last: 2 },
    { balance: -1, held: 0, last: 0 },
    { balance: 1, held: 0 },
  ],
  ...[{ balance: true, held: 0, last: 2 }, { balance: 1, held: -1, last: 2 }, {}],
  ...[{ balance: '1', held: 0, last: 2 }, { balance: 1, held: 0, last: -1 }, [], { last: 1 }],
]

function hasShape(shape: (value: unknown, path: string) => unknown, value: object): boolean {
  try {
    shape(value, '')
    return true
  } catch (cause) {
    if (cause instanceof Malformed) return false
    throw cause
  }
}

const TX = toId<TxId>('tx')
const OF_V1 = {
  id: toId<LineId>('old'),
  hash: 'a'.repeat(64) as Hex32,
  previous: toId<LineId>('older'),
}

type Shown = Parameters<typeof lineHash>[2] & { readonly previous: string | null }

/** Three lines of two actions, changed and hashed one after the other, with the outcome that names them. */
function writtenLines(changes: readonly Partial<Shown>[]) {
  const timeUs = 1_000
  const lines: (Omit<Shown, 'amount'> & { amount: number })[] = []
  const hashes: Hex32[] = []
  for (const [at, change] of changes.entries()) {
    const line: Shown = {
      ...{ seq: at + 1, asset: toId('PKS'), action: 'SAL', from: toId('a'), to: toId('b') },
      ...{ amount: 5n as Amount, timeUs: timeUs + at, card: null, primary: null, tx: TX },
      ...{ actionIndex: at === 2 ? 1 : 0, lineIndex: at === 2 ? 0 : at },
      previous: hashes.at(-1) ?? null,
      ...change,
    }
    hashes.push(lineHash(nobleHash, (line.previous as Hex32 | null) ?? undefined, line))
    lines.push({ ...line, amount: Number(line.amount) })
  }
  return { lines, actions: 2, outcome: { timeUs, lines: hashes } }
}

/** Texts of JSON, canonical and not. U+FF5E stands before U+10000 by code points, and behind its first half in UTF-16. */
const SPELLINGS = [
  ...['', ' {}', '{} ', '{}\n', '{"a": 1}', '[1, 2]', '\ufeff{}', '1'.repeat(5_000)],
  ...'{} [] null true 0 -1 -0 1.0 1e3 01 "a" NaN Infinity [1,2] [1,]'.split(' '),
  ...'9007199254740991 9007199254740992 -9007199254740991 -9007199254740992'.split(' '),
  ...'{"a":1,"b":2} {"b":2,"a":1} {"a":1,"a":1} {"a":null} {"__proto__":1}'.split(' '),
  ...'{"10":1,"9":1} {"9":1,"10":1} {"\u{10000}":1,"\uff5e":2} {"\uff5e":2,"\u{10000}":1}'.split(
    ' ',
  ),
  ...String.raw`"\ud800" {"\udc00":1} "\ud800\udc00" "\u007f" "\n" "\u000a" "\/" "\u001f"`.split(
    ' ',
  ),
  ...String.raw`"\u001F" "\b\t\n\f\r\"\\" "\u00e9" "\u0022"`.split(' '),
  ...['"\u{10000}"', '"\u007f"', '"\u2028"', '"\u001f"', '"\u00e9"', '"\n"'],
]

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}
