/**
 * What may be wrong in a card file, and what was put right while reading it: codes and their sentences.
 *
 * @module
 */

export type CardColumn = 'qr' | 'number' | 'tag'

export type CardFault = {
  /** From 1. */
  readonly line: number
  /** `line` when the fault belongs to no single column, or to the whole file. */
  readonly column: CardColumn | 'line'
  readonly code: CardFaultCode
  /** What stands there, cut to 60 characters, with invisible ones written as `\u{…}`. */
  readonly value: string
  readonly message: string
  /** Where the same value, or the same first digits, stood first. */
  readonly firstLine?: number
}

/** Something unusual that was read without doubt. Each code is noted once, where it is seen first. */
export type CardNote = {
  readonly line: number
  readonly code: CardNoteCode
  readonly value: string
  readonly message: string
}

export type CardFaultCode = keyof typeof FAULT_SENTENCES
export type CardNoteCode = keyof typeof NOTE_SENTENCES

type FaultPlace = Pick<CardFault, 'line' | 'column' | 'firstLine'> & { readonly text: string }
type FaultFacts = Pick<FaultPlace, 'firstLine' | 'text'> & {
  readonly quoted: string
  readonly name: string
}

const VALUE_LENGTH_MAX = 60
const ASK_PRINTER = 'Ask the printer for the original file'
const COLUMN_NAMES = { qr: 'QR address', number: 'printed number', tag: 'tag id', line: 'line' }

const FAULT_SENTENCES = {
  file_too_large: () =>
    'The file is larger than 64 MiB, far more than an order of cards: it was not read. Check that it is the right file, or cut it in parts.',
  not_a_text_file: () =>
    'The file is a spreadsheet or an archive: it was not read. Save its sheet as CSV, UTF-8, and send that file.',
  not_utf8: () =>
    'The text is not UTF-8, so some characters cannot be read. Save the file again as CSV, UTF-8.',
  no_card: () => `The file holds no card. ${ASK_PRINTER}.`,
  too_many_cards: () =>
    'The file holds more than 200,000 cards: nothing after this line was read. Cut it in parts.',
  too_many_faults: () =>
    'At least 100,000 faults stand before this line: it was not read, nor what follows. Mend the one that repeats, and send the file again.',
  line_too_long: ({ text }: FaultFacts) =>
    `The line has ${text.length} characters, at most 1,000 are read. Check that each card has a line of its own, ended as on Windows or Unix.`,
  control_character: ({ quoted }: FaultFacts) =>
    `The line ${quoted} holds a control character, such as a NUL byte: the file is damaged or its line ends are not those of Windows or Unix. ${ASK_PRINTER}.`,
  broken_quotes: ({ quoted }: FaultFacts) =>
    `The quotation marks of ${quoted} do not pair around whole columns. Remove them, no column needs any.`,
  separator_not_comma: ({ quoted }: FaultFacts) =>
    `The columns of ${quoted} are not separated by commas. Save the file again as CSV, with commas.`,
  missing_column: ({ quoted }: FaultFacts) =>
    `The line ${quoted} has fewer than three columns. It must hold QR address, printed number and tag id, with commas between them.`,
  extra_column: ({ quoted }: FaultFacts) =>
    `The line ${quoted} has more than three columns. Keep QR address, printed number and tag id, and remove the others.`,
  empty_column: ({ name }: FaultFacts) =>
    `The ${name} is empty, so this card could not be found by it. ${ASK_PRINTER}.`,
  address_not_http: ({ quoted }: FaultFacts) =>
    `The QR address ${quoted} does not begin with https:// or http://, a host and a path, so no phone opens it. Compare it with a printed card.`,
  address_not_plain: ({ quoted }: FaultFacts) =>
    `The QR address ${quoted} has a space or an invisible character in it. Compare it with a printed card.`,
  not_a_uuid: ({ quoted }: FaultFacts) =>
    `The QR address ${quoted} does not end in a UUID, as in https://place.example/qr/01234567-89ab-4cde-8f01-23456789abcd. ${ASK_PRINTER}.`,
  not_hex: ({ name, quoted }: FaultFacts) =>
    `The ${name} ${quoted} has characters other than the digits 0 to 9 and A to F. A spreadsheet may have changed it. ${ASK_PRINTER}.`,
  wrong_number_length: ({ quoted }: FaultFacts) =>
    `The printed number ${quoted} does not have 8 digits. A spreadsheet may have dropped a zero at its start. ${ASK_PRINTER}.`,
  wrong_tag_length: ({ quoted }: FaultFacts) =>
    `The tag id ${quoted} does not have 8, 14 or 20 digits (4, 7 or 10 bytes). A spreadsheet may have dropped a zero at its start. ${ASK_PRINTER}.`,
  blank_id: ({ name, quoted }: FaultFacts) =>
    `The ${name} ${quoted} is all zeros or all Fs: the card was not encoded or not read. Have it made again.`,
  duplicate: ({ name, quoted, firstLine }: FaultFacts) =>
    `The ${name} ${quoted} stands already in line ${firstLine}. Two cards would open one wallet: have one of them made again.`,
  same_first_digits: ({ quoted, firstLine }: FaultFacts) =>
    `The tag id ${quoted} begins with the same 8 digits as the one in line ${firstLine}. Older tills know a card by these alone and would charge one for the other: have one of them made again.`,
}

const NOTE_SENTENCES = {
  byte_order_mark: 'There is a byte order mark, as some programs write: it is left out.',
  crlf: 'Lines end as on Windows (CRLF): they are read as usual.',
  surrounding_spaces: 'There are spaces around a line or a column: they are left out.',
  blank_line: 'There are blank lines: they are left out.',
  no_final_newline:
    'The last line has no line end: check that the file is complete, and that its last card is there.',
  header_line: 'The first line holds column names: it is left out.',
  quoted_columns: 'There are columns in quotation marks: the marks are left out.',
  lower_case: 'There are digits a to f in lower case: they are kept in upper case.',
  digit_separators: 'There are spaces, colons or hyphens between digits: they are left out.',
  upper_case_uuid: 'There are UUIDs in upper case: they are kept in lower case.',
  bare_uuid:
    'There are UUIDs without an address around them: cards are found by them, but a phone that reads such a QR code opens no page.',
}

export function toCardFault(code: CardFaultCode, place: FaultPlace): CardFault {
  const { text, ...rest } = place
  const value = printable(text)
  const facts = { ...place, quoted: `"${value}"`, name: COLUMN_NAMES[place.column] }
  return { ...rest, code, value, message: FAULT_SENTENCES[code](facts) }
}

export function toCardNote(code: CardNoteCode, line: number, text: string): CardNote {
  return { line, code, value: printable(text), message: NOTE_SENTENCES[code] }
}

function printable(text: string): string {
  const short = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text
  return short.replace(
    /[^\S ]|\p{C}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
