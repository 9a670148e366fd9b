import { describe, expect, it } from 'vitest'
import { toId } from '../../test/names.ts'
import { nobleHash } from '../hash.ts'
import type { AssetId, Hex32, LineId, TxId, WalletId } from '../ids.ts'
import { lineHash } from '../line.ts'
import { proveLines, type ShownLine } from './shown-line.ts'
import { toVerdict } from './verdict.ts'

const TX = toId<TxId>('tx')
const TIME_US = 1_000
const FIRST: ShownLine = {
  previous: null,
  seq: 1,
  asset: toId<AssetId>('PKS'),
  action: 'SAL',
  from: toId<WalletId>('ana'),
  to: toId<WalletId>('bar'),
  amount: 100n as ShownLine['amount'],
  timeUs: TIME_US,
  card: null,
  primary: null,
  tx: TX,
  actionIndex: 0,
  lineIndex: 0,
}
const SECOND: ShownLine = {
  ...FIRST,
  previous: hashOf(FIRST),
  seq: 2,
  timeUs: TIME_US + 1,
  lineIndex: 1,
}
/** The second line of its asset, as the first of a tx. */
const ALONE: ShownLine = { ...SECOND, lineIndex: 0 }
const OTHER: ShownLine = {
  ...FIRST,
  asset: toId<AssetId>('FED'),
  previous: hashOf(SECOND),
  seq: 7,
  timeUs: TIME_US + 5,
  actionIndex: 1,
}

/** Of another book, long before. */
const IMPORTED: ShownLine = {
  ...OTHER,
  timeUs: 7,
  actionIndex: 0,
  imported: { id: toId<LineId>('old'), hash: hashOf(OTHER), previous: toId<LineId>('older') },
}

const EARLY: ShownLine = { ...FIRST, lineIndex: 1, timeUs: TIME_US - 1 }
const BETWEEN: ShownLine = { ...IMPORTED, lineIndex: 1, timeUs: TIME_US + 99 }

// The outcome of these lines names the hashes that they have: a log that signs nonsense is not believed either.
describe('lines that an outcome names', () => {
  it.each([
    ['in the order of the actions', [FIRST, SECOND, OTHER]],
    ['of the second action alone', [{ ...OTHER, actionIndex: 1 }]],
    ['none', []],
    ['imported, of any time', [IMPORTED, after(IMPORTED, { timeUs: 3 })]],
    ['imported, then one of its own', [IMPORTED, { ...OTHER, seq: 8, previous: hashOf(IMPORTED) }]],
  ])('are taken: %s', (_, lines) => {
    expect(verdictOf(lines, 2)).toEqual({ proven: true, facts: undefined })
  })

  it.each<[string, string, number, readonly ShownLine[]]>([
    ['of another tx', 'tx', 1, [FIRST, { ...SECOND, tx: toId<TxId>('other') }]],
    ['of an action that the tx has not', 'actionIndex', 0, [{ ...FIRST, actionIndex: 2 }]],
    ['of an earlier action', 'actionIndex', 1, [OTHER, { ...FIRST, timeUs: TIME_US + 9 }]],
    ['that do not begin at 0', 'lineIndex', 0, [{ ...FIRST, lineIndex: 1 }]],
    ['with a gap', 'lineIndex', 1, [FIRST, { ...SECOND, lineIndex: 2 }]],
    ['with a number twice', 'lineIndex', 1, [FIRST, { ...SECOND, lineIndex: 0 }]],
    ['before their block', 'timeUs', 0, [{ ...FIRST, timeUs: TIME_US - 1 }]],
    ['before their block, behind an imported one', 'timeUs', 1, [IMPORTED, EARLY]],
    [
      'at one time, around an imported one',
      'timeUs',
      2,
      [FIRST, BETWEEN, { ...SECOND, lineIndex: 2, timeUs: TIME_US }],
    ],
    ['at one time', 'timeUs', 1, [FIRST, { ...SECOND, timeUs: TIME_US }]],
    ['first of an asset, yet after a line', 'previous', 0, [{ ...FIRST, previous: hashOf(OTHER) }]],
    ['after no line, yet not first', 'previous', 0, [{ ...FIRST, seq: 2 }]],
    [
      'after another line than that above',
      'previous',
      1,
      [FIRST, { ...SECOND, previous: hashOf(OTHER) }],
    ],
    ['that count backwards', 'seq', 1, [ALONE, { ...SECOND, timeUs: TIME_US + 2 }]],
  ])('are refused %s', (_, member, line, lines) => {
    expect(verdictOf(lines, 2)).toEqual({
      proven: false,
      reason: { code: 'line_mismatch', line, member },
    })
  })

  it('are not those that were decided when one is said to be imported, or an imported one to be of here', () => {
    const { imported, ...bare } = IMPORTED
    for (const [line, shown] of [
      [IMPORTED, bare],
      [FIRST, { ...FIRST, imported }],
      ...(['id', 'hash', 'previous'] as const).map((member) => [
        IMPORTED,
        { ...IMPORTED, imported: { ...imported, [member]: hashOf(SECOND) } },
      ]),
    ] as readonly (readonly [ShownLine, ShownLine])[]) {
      const outcome = { timeUs: 0, lines: [hashOf(line)] }
      const of = { tx: TX, actions: 1 }
      const verdict = toVerdict(() => proveLines(nobleHash, { lines: [shown], outcome }, of))
      const reason = { code: 'line_mismatch', line: 0, member: 'hash' }
      expect(verdict).toEqual({ proven: false, reason })
    }
  })

  it('belong to the first action when a node executed it by itself', () => {
    expect(verdictOf([FIRST, SECOND], 0).proven).toBe(true)
    expect(verdictOf([{ ...FIRST, actionIndex: 1 }], 0).proven).toBe(false)
  })
})

function verdictOf(lines: readonly ShownLine[], actions: number) {
  const outcome = { timeUs: TIME_US, lines: lines.map(hashOf) }
  return toVerdict(() => proveLines(nobleHash, { lines, outcome }, { tx: TX, actions }))
}

/** A line as it stands behind another one of its asset, in the same action. */
function after(line: ShownLine, facts: Partial<ShownLine>): ShownLine {
  const { seq, lineIndex } = line
  return { ...line, previous: hashOf(line), seq: seq + 1, lineIndex: lineIndex + 1, ...facts }
}

function hashOf(line: ShownLine): Hex32 {
  return lineHash(nobleHash, line.previous ?? undefined, line)
}
