/**
 * The file of a card printer: no header, one card a line, `<QR address>,<printed number>,<NFC tag id>`.
 * One reading finds every fault, so that the printer is asked once. Pure: the caller brings the bytes.
 *
 * @module
 */
import {
  type CardFault,
  type CardFaultCode,
  type CardNote,
  type CardNoteCode,
  toCardFault,
  toCardNote,
} from './card-fault.ts'
import { type Column, EMPTY, isBare, NUMBER, QR, type Rule, TAG, type Unique } from './card-ids.ts'

export const CARD_FILE_BYTES_MAX = 64 * 1024 * 1024
export const CARD_ROWS_MAX = 200_000
const LINE_LENGTH_MAX = 1_000
/** So many are one mistake repeated; without an end they would fill the memory. */
const FAULTS_MAX = 100_000

export type CardRow = {
  /** From 1. */
  readonly line: number
  /** UUID, lower case. */
  readonly qr: string
  /** The address as delivered; absent when the file gives the UUID alone. */
  readonly qrUrl?: string
  /** As printed on the card: 8 hex digits, upper case. */
  readonly number: string
  /** NFC tag id: 8, 14 or 20 hex digits, upper case. */
  readonly tag: string
}

/** `rows` are the lines without fault. A file is fit for use only when `faults` is empty. */
export type CardFile = {
  readonly rows: readonly CardRow[]
  /** By line; within a line, those of the whole line first, then by column. */
  readonly faults: readonly CardFault[]
  readonly notes: readonly CardNote[]
}

type FileRule = { readonly code: CardFaultCode; readonly isBroken: (bytes: Uint8Array) => boolean }
type Place = Parameters<typeof toCardFault>[1]
type Reading = {
  readonly rows: CardRow[]
  readonly faults: CardFault[]
  readonly notes: Map<CardNoteCode, CardNote>
  readonly firstLines: Map<Unique, Map<string, number>>
  /** Lines that hold a card, faulty ones included. */
  cards: number
}

const HEADER = /^[^\d/]+$/
// A tab is not among them: it may separate columns.
const CONTROL_CHARACTER = /[^\P{Cc}\t]/u

/** The first broken one ends the reading: the rest of such a file says nothing more. */
const FILE_RULES: readonly FileRule[] = [
  { code: 'file_too_large', isBroken: (bytes) => bytes.length > CARD_FILE_BYTES_MAX },
  { code: 'not_a_text_file', isBroken: (bytes) => startsWith(bytes, [0x50, 0x4b, 3, 4]) },
  { code: 'not_utf8', isBroken: (bytes) => startsWith(bytes, [0xff, 0xfe]) },
  { code: 'not_utf8', isBroken: (bytes) => startsWith(bytes, [0xfe, 0xff]) },
]

/** A line that breaks one is not cut in columns. */
const LINE_RULES: readonly Rule[] = [
  { code: 'line_too_long', isBroken: (text) => text.length > LINE_LENGTH_MAX },
  { code: 'not_utf8', isBroken: (text) => text.includes('\ufffd') },
  { code: 'control_character', isBroken: (text) => CONTROL_CHARACTER.test(text) },
]

/** Quotation marks around the whole cell, or none; then the separator or the end. */
const QUOTED_CELL = {
  ',': /(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y,
  ';': /(?:\s*"((?:[^"]|"")*)"\s*|([^";]*))(;|$)/y,
  '\t': /(?: *"((?:[^"]|"")*)" *|([^"\t]*))(\t|$)/y,
} as const
type Separator = keyof typeof QUOTED_CELL

/** Reads a card file, whatever bytes it holds; never throws. */
export function parseCardFile(bytes: Uint8Array): CardFile {
  const reading: Reading = {
    rows: [],
    faults: [],
    notes: new Map(),
    firstLines: new Map(),
    cards: 0,
  }
  const broken = FILE_RULES.find((rule) => rule.isBroken(bytes))
  if (broken) blame(reading, broken.code, { line: 1, column: 'line', text: '' })
  else readLines(reading, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return { rows: reading.rows, faults: reading.faults, notes: [...reading.notes.values()] }
}

function readLines(reading: Reading, text: string): void {
  let line = 0
  let start = 0
  while (start < text.length && goesOn(reading)) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    line += 1
    readLine(reading, line, text.slice(start, end))
    start = end + 1
  }
  if (start > text.length) note(reading, 'no_final_newline', line, '')
  if (start < text.length && reading.cards <= CARD_ROWS_MAX) {
    blame(reading, 'too_many_faults', { line: line + 1, column: 'line', text: '' })
  }
  if (reading.cards === 0) blame(reading, 'no_card', { line: 1, column: 'line', text: '' })
}

function goesOn({ cards, faults }: Reading): boolean {
  return cards <= CARD_ROWS_MAX && faults.length < FAULTS_MAX
}

function readLine(reading: Reading, line: number, raw: string): void {
  const text = undress(reading, line, raw)
  if (text === '') {
    note(reading, 'blank_line', line, '')
    return
  }
  const broken = LINE_RULES.filter((rule) => rule.isBroken(text))
  if (broken.length === 0 && isHeader(reading, text)) note(reading, 'header_line', line, text)
  else readCardLine(reading, broken, { line, column: 'line', text })
}

function readCardLine(reading: Reading, broken: readonly Rule[], place: Place): void {
  reading.cards += 1
  const isBeyond = reading.cards > CARD_ROWS_MAX
  const codes = isBeyond ? ['too_many_cards' as const] : broken.map(({ code }) => code)
  for (const code of codes) blame(reading, code, place)
  if (codes.length === 0) readCard(reading, place.line, place.text)
}

function undress(reading: Reading, line: number, raw: string): string {
  const isMarked = raw.startsWith('\ufeff')
  const isCrlf = raw.endsWith('\r')
  if (isMarked) note(reading, 'byte_order_mark', line, '')
  if (isCrlf) note(reading, 'crlf', line, '')
  return trim(reading, line, raw.slice(isMarked ? 1 : 0, isCrlf ? -1 : undefined))
}

function trim(reading: Reading, line: number, text: string): string {
  const bare = text.trim()
  if (bare !== '' && bare !== text) note(reading, 'surrounding_spaces', line, text)
  return bare
}

/** Once, before the first card. However damaged, a card's line has a digit or a slash left in it. */
function isHeader(reading: Reading, text: string): boolean {
  return reading.cards === 0 && !reading.notes.has('header_line') && HEADER.test(text)
}

function readCard(reading: Reading, line: number, text: string): void {
  const faultsBefore = reading.faults.length
  const cells = cellsOf(reading, line, text)
  if (!cells) return
  const [qrText = '', numberText = '', tagText = ''] = cells.map((cell) =>
    trim(reading, line, cell),
  )
  const qr = readCell(reading, line, { column: QR, text: qrText })
  const number = readCell(reading, line, { column: NUMBER, text: numberText })
  const tag = readCell(reading, line, { column: TAG, text: tagText })
  if (reading.faults.length > faultsBefore) return
  reading.rows.push({ line, qr, ...(isBare(qrText) ? {} : { qrUrl: qrText }), number, tag })
}

/** The cells of a line, three or more, or `undefined` when they cannot be told apart. */
function cellsOf(reading: Reading, line: number, text: string): readonly string[] | undefined {
  const place: Place = { line, column: 'line', text }
  const separator = separatorOf(text)
  const isQuoted = text.includes('"')
  if (separator !== ',') blame(reading, 'separator_not_comma', place)

  const cells = isQuoted ? quotedCells(text, separator) : text.split(separator)
  if (!cells) blame(reading, 'broken_quotes', place)
  else if (cells.length > 3) blame(reading, 'extra_column', place)
  else if (cells.length < 3) blame(reading, 'missing_column', place)
  if (!cells || cells.length < 3) return undefined
  if (isQuoted) note(reading, 'quoted_columns', line, text)
  return cells
}

/** Wrong separators are recognised so that the columns of such a line are checked too. */
function separatorOf(text: string): Separator {
  if (text.includes(',')) return ','
  if (text.includes(';')) return ';'
  return text.includes('\t') ? '\t' : ','
}

/** No column can hold a line end, so quotation marks pair within a line. */
function quotedCells(text: string, separator: Separator): readonly string[] | undefined {
  const pattern = new RegExp(QUOTED_CELL[separator])
  const cells: string[] = []
  let match = pattern.exec(text)
  while (match) {
    const [, quoted, plain = '', end] = match
    cells.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '') return cells
    match = pattern.exec(text)
  }
  return undefined
}

/** The canonical value. After a fault the answer is without use: the line gives no row. */
function readCell(reading: Reading, line: number, cell: { column: Column; text: string }): string {
  const { column, text } = cell
  const place: Place = { line, column: column.name, text }
  const rules = EMPTY.isBroken(text) ? [EMPTY] : column.rules
  const broken = rules.filter((rule) => rule.isBroken(text))
  for (const { code } of broken) blame(reading, code, place)
  if (broken.length > 0) return ''

  const value = column.canonical(text)
  for (const remark of column.remarks) {
    if (remark.isTrue(text, value)) note(reading, remark.code, line, text)
  }
  claim(reading, column, { place, value })
  return value
}

/** Takes a value for its line. What is a duplicate also has the same first digits: said once. */
function claim(reading: Reading, column: Column, card: { place: Place; value: string }): void {
  const { place, value } = card
  for (const unique of column.uniques) {
    const key = unique.key(value)
    const firstLines = firstLinesOf(reading, unique)
    const firstLine = firstLines.get(key)
    if (firstLine !== undefined) {
      blame(reading, unique.code, { ...place, firstLine })
      return
    }
    firstLines.set(key, place.line)
  }
}

function firstLinesOf(reading: Reading, unique: Unique): Map<string, number> {
  const known = reading.firstLines.get(unique)
  if (known) return known
  const firstLines = new Map<string, number>()
  reading.firstLines.set(unique, firstLines)
  return firstLines
}

function blame(reading: Reading, code: CardFaultCode, place: Place): void {
  reading.faults.push(toCardFault(code, place))
}

function note(reading: Reading, code: CardNoteCode, line: number, text: string): void {
  if (!reading.notes.has(code)) reading.notes.set(code, toCardNote(code, line, text))
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}
