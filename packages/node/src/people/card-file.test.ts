import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeCardFile } from '../../test/card-file-maker.ts'
import { CARD_FILE_BYTES_MAX, CARD_ROWS_MAX, type CardRow, parseCardFile } from './card-file.ts'

const DEMO = join(import.meta.dirname, '../../../../demo')
const UUIDS = [
  '01234567-89ab-4cde-8f01-23456789abcd',
  '11234567-89ab-4cde-8f01-23456789abcd',
  '21234567-89ab-4cde-8f01-23456789abcd',
] as const
const ADDRESS = `https://festival.example/qr/${UUIDS[0]}`
const ADDRESS_2 = `https://festival.example/qr/${UUIDS[1]}`

/** Each fault as `line column code`, and `> line` when it points at an earlier one. */
function faultsOf(file: string | Uint8Array): readonly string[] {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  return parseCardFile(bytes).faults.map(({ line, column, code, firstLine }) =>
    [line, column, code, ...(firstLine ? ['>', firstLine] : [])].join(' '),
  )
}

function notesOf(file: string): readonly string[] {
  return parseCardFile(new TextEncoder().encode(file)).notes.map(
    ({ line, code }) => `${line} ${code}`,
  )
}

function rowsOf(file: string): readonly CardRow[] {
  return parseCardFile(new TextEncoder().encode(file)).rows
}

describe('the files of the demonstration', () => {
  it.each([
    ['cards-raffinerie-1.csv', 400, 8],
    ['cards-festival-1.csv', 2_000, 8],
    ['cards-festival-2-long-uid.csv', 300, 14],
  ])('reads every card of %s', (name, count, tagLength) => {
    const { rows, faults, notes } = parseCardFile(readFileSync(join(DEMO, name)))
    expect({ rows: rows.length, faults, notes }).toEqual({ rows: count, faults: [], notes: [] })
    expect(new Set(rows.map(({ tag }) => tag.length))).toEqual(new Set([tagLength]))
  })

  it('gives the ids of a card as they are looked up later', () => {
    const { rows } = parseCardFile(readFileSync(join(DEMO, 'cards-festival-2-long-uid.csv')))
    expect(rows[0]).toEqual({
      line: 1,
      qr: '08adc5db-1bb2-4b18-81c4-3518154726b2',
      qrUrl: 'https://festival.example/qr/08adc5db-1bb2-4b18-81c4-3518154726b2',
      number: 'E0CCE464',
      tag: '3319E38E65C6D6',
    })
  })

  it('finds each mistake of cards-faulty.csv and no other', () => {
    const { rows, faults, notes } = parseCardFile(readFileSync(join(DEMO, 'cards-faulty.csv')))
    const extra = faults[0]?.value
    expect(extra).toBe('https://festival.example/qr/b97f82e8-5eee-49a4-b00e-9e56a09f…')
    const found = faults.map(({ line, column, code, value, firstLine }) =>
      column === 'line' ? [line, column, code] : [line, column, code, value, firstLine],
    )
    expect(found).toEqual([
      [4, 'line', 'extra_column'],
      [5, 'qr', 'not_a_uuid', 'https://festival.example/qr/not-a-uuid', undefined],
      [6, 'number', 'duplicate', 'B986BEA3', 1],
      [7, 'tag', 'duplicate', 'D4153041', 1],
      [8, 'qr', 'duplicate', expect.stringContaining('/qr/e42479fb-6906'), 1],
      [9, 'number', 'wrong_number_length', '0ECF2BF', undefined],
      [10, 'tag', 'not_hex', '7F9EC7AG', undefined],
      [11, 'line', 'separator_not_comma'],
    ])
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 12, 13])
    expect(rows[1]).toMatchObject({ number: 'F322C4CF', tag: '247415E3' })
    expect(rows[2]).toMatchObject({ number: '8FB21E57', tag: '77A5EDD0' })
    expect(notes.map(({ line, code }) => [line, code])).toEqual([
      [1, 'byte_order_mark'],
      [1, 'crlf'],
      [2, 'lower_case'],
      [3, 'blank_line'],
      [12, 'surrounding_spaces'],
      [13, 'no_final_newline'],
    ])
  })
})

describe('faults of a line', () => {
  const other = `${ADDRESS_2},AAAAAAA2,BBBBBBB2\n`

  it.each([
    ['missing column', `${ADDRESS},AAAAAAA1\n`, ['1 line missing_column']],
    ['one word', 'card 1\n', ['1 line missing_column']],
    ['a comma at the end', `${ADDRESS},AAAAAAA1,BBBBBBB1,\n`, ['1 line extra_column']],
    [
      'an extra column before',
      `7,${ADDRESS},AAAAAAA1,BBBBBBB1\n`,
      [
        '1 line extra_column',
        '1 qr not_a_uuid',
        '1 number not_hex',
        '1 number wrong_number_length',
      ],
    ],
    ['empty columns', `${ADDRESS},, \n`, ['1 number empty_column', '1 tag empty_column']],
    ['tabs', `${ADDRESS}\tAAAAAAA1\tBBBBBBB1\n`, ['1 line separator_not_comma']],
    [
      'semicolons and more',
      `${ADDRESS};AAAAAAA1;XX\n`,
      ['1 line separator_not_comma', '1 tag not_hex', '1 tag wrong_tag_length'],
    ],
    [
      'two columns with a semicolon',
      `${ADDRESS};AAAAAAA1\n`,
      ['1 line separator_not_comma', '1 line missing_column'],
    ],
    ['a quote that is not closed', `${ADDRESS},"AAAAAAA1,BBBBBBB1\n`, ['1 line broken_quotes']],
    ['a quote inside a column', `${ADDRESS},AAA"A"AA1,BBBBBBB1\n`, ['1 line broken_quotes']],
    ['text after a quote', `${ADDRESS},"AAAAAAA1"1,BBBBBBB1\n`, ['1 line broken_quotes']],
    [
      'a quoted line end',
      `${ADDRESS},"AAAA\nAAA1",BBBBBBB1\n`,
      ['1 line broken_quotes', '2 line broken_quotes'],
    ],
    [
      'quotes in quotes',
      `${ADDRESS},"AAAA""AAA1",BBBBBBB1\n`,
      ['1 number not_hex', '1 number wrong_number_length'],
    ],
    ['a NUL byte', `${ADDRESS},AAAAAAA1,BBBB\0BBB1\n`, ['1 line control_character']],
    [
      'line ends of old Macintoshes',
      `${ADDRESS},AAAAAAA1,BBBBBBB1\r${other}`,
      ['1 line control_character'],
    ],
    ['a very long line', `${ADDRESS},AAAAAAA1,${'B'.repeat(2_000)}\n`, ['1 line line_too_long']],
    ['no scheme', `festival.example/qr/${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`, ['1 qr address_not_http']],
    [
      'another scheme',
      `ftp://festival.example/${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`,
      ['1 qr address_not_http'],
    ],
    ['a UUID as host', `https://${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`, ['1 qr address_not_http']],
    [
      'a UUID as host with a query',
      `https://${UUIDS[0]}/?a=1,AAAAAAA1,BBBBBBB1\n`,
      ['1 qr address_not_http'],
    ],
    [
      'a UUID in the query',
      `https://place.example/qr?id=${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`,
      ['1 qr not_a_uuid'],
    ],
    [
      'a space in an address',
      `https://place.example/a b/${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`,
      ['1 qr address_not_plain'],
    ],
    [
      'an invisible character',
      `https://place.example/\u200b/${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`,
      ['1 qr address_not_plain'],
    ],
    [
      'everything at once',
      'ftp://place.example/a b/1,XYZ,UVWXYZ12\n',
      [
        '1 qr address_not_http',
        '1 qr address_not_plain',
        '1 qr not_a_uuid',
        '1 number not_hex',
        '1 number wrong_number_length',
        '1 tag not_hex',
      ],
    ],
    [
      'an empty UUID',
      `${'00000000-0000-0000-0000-000000000000'},AAAAAAA1,BBBBBBB1\n`,
      ['1 qr blank_id'],
    ],
    ['a tag of zeros', `${ADDRESS},AAAAAAA1,00000000\n`, ['1 tag blank_id']],
    ['a tag of Fs', `${ADDRESS},AAAAAAA1,ffffffffffffff\n`, ['1 tag blank_id']],
    ['an odd tag length', `${ADDRESS},AAAAAAA1,BBBBBBB12\n`, ['1 tag wrong_tag_length']],
    [
      'a ligature that becomes FF',
      `${ADDRESS},AAAAAA\ufb00,BBBBBBB1\n`,
      ['1 number not_hex', '1 number wrong_number_length'],
    ],
  ])('names %s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual(expected)
  })

  it('compares what differs only in dress', () => {
    const dressed = `http://other.example/${UUIDS[0].toUpperCase()}/,aaaaaaa1,bb:bb:bb:b1\n`
    expect(faultsOf(`${ADDRESS},AAAAAAA1,BBBBBBB1\n${dressed}`)).toEqual([
      '2 qr duplicate > 1',
      '2 number duplicate > 1',
      '2 tag duplicate > 1',
    ])
  })

  it('counts the values of a faulty line as taken', () => {
    expect(faultsOf(`${ADDRESS},AAAAAAA1,BBBBBBB1,x\n${ADDRESS},AAAAAAA2,BBBBBBB1\n`)).toEqual([
      '1 line extra_column',
      '2 qr duplicate > 1',
      '2 tag duplicate > 1',
    ])
  })

  it('refuses tags that v1 cannot tell apart, and points at the first with these digits', () => {
    const long = `${ADDRESS},AAAAAAA1,04A2B3C4D5E6F7\n`
    const short = `${ADDRESS_2},AAAAAAA2,04A2B3C4\n`
    const same = `https://festival.example/qr/${UUIDS[2]},AAAAAAA3,04A2B3C4\n`
    expect(faultsOf(long + short + same)).toEqual([
      '2 tag same_first_digits > 1',
      '3 tag duplicate > 2',
    ])
  })

  it('says in a sentence what stands there, where it stood first, and what follows', () => {
    const text = `${ADDRESS},AAAAAAA1,BBBBBBB1\n${ADDRESS_2},AAAAAAA2,BBBBBBB1\n`
    expect(parseCardFile(new TextEncoder().encode(text)).faults).toEqual([
      {
        line: 2,
        column: 'tag',
        code: 'duplicate',
        value: 'BBBBBBB1',
        firstLine: 1,
        message:
          'The tag id "BBBBBBB1" stands already in line 1. Two cards would open one wallet: have one of them made again.',
      },
    ])
  })

  it('shows no control character of the file', () => {
    const [fault] = parseCardFile(new TextEncoder().encode('\x1b[2J1,\u202e,3')).faults
    expect(fault?.value).toBe('\\u{1b}[2J1,\\u{202e},3')
    expect(fault?.message).toContain('\\u{1b}')
  })
})

describe('faults of a file', () => {
  const zip = new Uint8Array([0x50, 0x4b, 3, 4, 20, 0])
  const utf16 = new Uint8Array([0xff, 0xfe, 0x68, 0, 0x74, 0])

  it.each([
    ['nothing', new Uint8Array(), ['1 line no_card']],
    ['a byte order mark alone', new Uint8Array([0xef, 0xbb, 0xbf]), ['1 line no_card']],
    ['blank lines', new TextEncoder().encode('\n \r\n'), ['1 line no_card']],
    ['a header alone', new TextEncoder().encode('qr,number,tag\n'), ['1 line no_card']],
    ['a spreadsheet', zip, ['1 line not_a_text_file']],
    ['UTF-16', utf16, ['1 line not_utf8']],
    ['more than 64 MiB', new Uint8Array(CARD_FILE_BYTES_MAX + 1), ['1 line file_too_large']],
  ])('names %s', (_, bytes, expected) => {
    expect(faultsOf(bytes)).toEqual(expected)
  })

  it('names the line that is not UTF-8 and reads the others', () => {
    const text = `${ADDRESS},AAAAAAA1,BBBBBBB1\né,1,2\n${ADDRESS_2},AAAAAAA2,BBBBBBB2\n`
    const latin1 = Uint8Array.from(text, (character) => character.charCodeAt(0))
    expect(faultsOf(latin1)).toEqual(['2 line not_utf8'])
    expect(parseCardFile(latin1).rows.map(({ line }) => line)).toEqual([1, 3])
  })

  it('reads as many cards as it may, and stops at one more', () => {
    const file = makeCardFile({ seed: 7, count: CARD_ROWS_MAX + 2, tagBytes: 4 })
    const { rows, faults } = parseCardFile(file)
    expect(rows).toHaveLength(CARD_ROWS_MAX)
    expect(faults).toMatchObject([{ line: CARD_ROWS_MAX + 1, code: 'too_many_cards' }])
  })

  it('stops when the faults would fill the memory, and says so last', () => {
    const { faults } = parseCardFile(new TextEncoder().encode('1,2,3\n'.repeat(60_000)))
    expect(faults.at(-1)).toMatchObject({ column: 'line', code: 'too_many_faults' })
    expect(faults.length).toBeLessThan(100_010)
  })
})

describe('what is read without fault', () => {
  const card = `${ADDRESS},AAAAAAA1,BBBBBBB1\n`

  it.each([
    ['a header', `QR,number,tag\n${card}`, '1 header_line'],
    ['quotation marks', `"${ADDRESS}" , "AAAAAAA1","BBBBBBB1"\n`, '1 quoted_columns'],
    ['colons', `${ADDRESS},AAAAAAA1,BB:BB:BB:B1\n`, '1 digit_separators'],
    ['a UUID in upper case', card.replace(UUIDS[0], UUIDS[0].toUpperCase()), '1 upper_case_uuid'],
    ['a UUID alone', `${UUIDS[0]},AAAAAAA1,BBBBBBB1\n`, '1 bare_uuid'],
    ['joined files, with a mark inside', `\n\ufeff${card}`, '2 byte_order_mark'],
  ])('notes %s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual([])
    expect(notesOf(text)).toContain(expected)
    expect(rowsOf(text)).toMatchObject([{ qr: UUIDS[0], number: 'AAAAAAA1', tag: 'BBBBBBB1' }])
  })

  it('notes each thing once', () => {
    expect(notesOf(`${UUIDS[0]},aaaaaaa1,bbbbbbb1\r\n${UUIDS[1]},aaaaaaa2,bbbbbbb2\r\n`)).toEqual([
      '1 crlf',
      '1 bare_uuid',
      '1 lower_case',
    ])
  })

  it('takes no damaged card for a header', () => {
    expect(faultsOf(`https://festival.example/qr/,A,B\n${card}`)).toContain('1 qr not_a_uuid')
    expect(faultsOf(`qr,number,tag\nqr,number,tag\n${card}`)).toContain('2 qr not_a_uuid')
    expect(faultsOf(`${card}qr,number,tag\n`)).toContain('2 qr not_a_uuid')
  })
})

describe('for any content', () => {
  const toHex = (bytes: Uint8Array) => bytes.toHex().toUpperCase()
  const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const plain = fc
    .record({
      uuid: fc.uuid(),
      number: bytesOf(4).map(toHex),
      tag: fc.oneof(bytesOf(4), bytesOf(7), bytesOf(10)).map(toHex),
    })
    .filter(({ tag }) => !/^(?:0+|F+)$/.test(tag))
  const space = fc.constantFrom('', '', ' ', '   ', '\u00a0')
  const dress = fc.record({
    blankBefore: fc.constantFrom('', '', '\n', ' \r\n'),
    end: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '', '"'),
    isLower: fc.boolean(),
    isUpperUuid: fc.boolean(),
    before: space,
    after: space,
  })

  const dressedCards = fc.uniqueArray(fc.record({ card: plain, dress }), {
    minLength: 1,
    maxLength: 30,
    comparator: ({ card: a }, { card: b }) =>
      a.uuid === b.uuid || a.number === b.number || a.tag.slice(0, 8) === b.tag.slice(0, 8),
  })
  type DressedCard = typeof dressedCards extends fc.Arbitrary<(infer Card)[]> ? Card : never

  function lineOf({ card: { uuid, number, tag }, dress }: DressedCard): string {
    const { blankBefore, end, mark, isLower, isUpperUuid, before, after } = dress
    const cells = [
      `https://place.example/qr/${isUpperUuid ? uuid.toUpperCase() : uuid}`,
      ...[number, tag].map((hex) => (isLower ? hex.toLowerCase() : hex)),
    ].map((cell) => `${before}${mark}${cell}${mark}${after}`)
    return `${blankBefore}${cells.join(',')}${end}`
  }

  it('reads the same cards from any accepted dress', () => {
    fc.assert(
      fc.property(dressedCards, fc.boolean(), fc.boolean(), (cards, isMarked, isCut) => {
        const lines = cards.map(lineOf).join('')
        const text = `${isMarked ? '\ufeff' : ''}${isCut ? lines.trimEnd() : lines}`
        const { rows, faults } = parseCardFile(new TextEncoder().encode(text))
        expect(faults).toEqual([])
        expect(rows.map(({ qr, number, tag }) => ({ uuid: qr, number, tag }))).toEqual(
          cards.map(({ card }) => card),
        )
      }),
    )
  })

  it('never throws, and lists its faults by line, each with a sentence', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ',',
        ';',
        '"',
        '\n',
        '\r',
        '\t',
        ' ',
        '\0',
        '/',
        ADDRESS,
        'AAAAAAA1',
        '\ud800',
      ),
      fc.string({ unit: 'binary' }),
    )
    const near = fc.array(piece).map((pieces) => new TextEncoder().encode(pieces.join('')))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), near), (bytes) => {
        const { rows, faults } = parseCardFile(bytes)
        const lines = faults.map(({ line }) => line)
        expect(lines).toEqual(lines.toSorted((a, b) => a - b))
        expect(faults.every(({ message }) => /^[^\p{Cc}]+\.$/u.test(message))).toBe(true)
        expect(rows.length + faults.length).toBeGreaterThan(0)
        expect(rows.some(({ line }) => lines.includes(line))).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })
})
