import { execFileSync, spawnSync } from 'node:child_process'
import { toUtf8 } from '@fedow/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseForm } from './form.ts'
import {
  DIGITS_MAX,
  type Json,
  JsonError,
  NESTING_MAX,
  PythonFloat,
  parseJson,
  printPython,
  printSpaced,
  printWire,
  RawJson,
} from './json.ts'
import { signedTextOf } from './signature.ts'

const read = (text: string): Json => parseJson(text)
/** What of a text is signed. */
const signed = (text: string): string => printPython(read(text))

// The worked examples of the wire, by their letters.
const SALE = {
  text: String.raw`{"amount": 1250, "sender": "035b5166-cdf5-44af-9a3d-c86a8190444a", "receiver": "1581a24d-3c75-46b3-a1dc-e4ee00ba1ff6", "asset": "60feaf40-4912-4752-85dc-d10fd9780ffe", "comment": null, "metadata": "{\"data\": \"eyJhIjoxfQ:1abc\"}", "user_card_firstTagId": "52BE6543", "primary_card_fisrtTagId": "CC3EB41E"}`,
  signed:
    'eyJhbW91bnQiOiAxMjUwLCAic2VuZGVyIjogIjAzNWI1MTY2LWNkZjUtNDRhZi05YTNkLWM4NmE4MTkwNDQ0YSIsICJyZWNlaXZlciI6ICIxNTgxYTI0ZC0zYzc1LTQ2YjMtYTFkYy1lNGVlMDBiYTFmZjYiLCAiYXNzZXQiOiAiNjBmZWFmNDAtNDkxMi00NzUyLTg1ZGMtZDEwZmQ5NzgwZmZlIiwgImNvbW1lbnQiOiBudWxsLCAibWV0YWRhdGEiOiAie1wiZGF0YVwiOiBcImV5SmhJam94ZlE6MWFiY1wifSIsICJ1c2VyX2NhcmRfZmlyc3RUYWdJZCI6ICI1MkJFNjU0MyIsICJwcmltYXJ5X2NhcmRfZmlzcnRUYWdJZCI6ICJDQzNFQjQxRSJ9',
}
const WORDS = {
  text: String.raw`{"name": "Caf\u00e9 \u201c\u00c9lan\u201d \u2013 5 \u20ac", "emoji": "\ud83c\udf7a", "ctrl": "a\tb\nc\u0001\u007f", "sep": "\u2028", "slash": "a/b", "quote": "\"\\"}`,
  signed:
    'eyJuYW1lIjogIkNhZlx1MDBlOSBcdTIwMWNcdTAwYzlsYW5cdTIwMWQgXHUyMDEzIDUgXHUyMGFjIiwgImVtb2ppIjogIlx1ZDgzY1x1ZGY3YSIsICJjdHJsIjogImFcdGJcbmNcdTAwMDFcdTAwN2YiLCAic2VwIjogIlx1MjAyOCIsICJzbGFzaCI6ICJhL2IiLCAicXVvdGUiOiAiXCJcXCJ9',
}
const NUMBERS = {
  text: '{"i": 10, "f": 10.0, "frac": 0.1, "neg": -3, "negzero": -0.0, "big": 12345678901234567890, "e16": 1e+16, "e15": 1000000000000000.0, "e-7": 1e-07, "e-4": 0.0001, "e-5": 1e-05, "huge": 1.5e+300, "third": 0.3333333333333333, "exp": 100000.0}',
  signed:
    'eyJpIjogMTAsICJmIjogMTAuMCwgImZyYWMiOiAwLjEsICJuZWciOiAtMywgIm5lZ3plcm8iOiAtMC4wLCAiYmlnIjogMTIzNDU2Nzg5MDEyMzQ1Njc4OTAsICJlMTYiOiAxZSsxNiwgImUxNSI6IDEwMDAwMDAwMDAwMDAwMDAuMCwgImUtNyI6IDFlLTA3LCAiZS00IjogMC4wMDAxLCAiZS01IjogMWUtMDUsICJodWdlIjogMS41ZSszMDAsICJ0aGlyZCI6IDAuMzMzMzMzMzMzMzMzMzMzMywgImV4cCI6IDEwMDAwMC4wfQ==',
}
const NESTING = {
  text: '{"a": {"b": {}, "c": [], "d": [1, null, true, false, "x", {"y": [[]]}]}, "t": true, "f": false, "n": null, "s": ""}',
  signed:
    'eyJhIjogeyJiIjoge30sICJjIjogW10sICJkIjogWzEsIG51bGwsIHRydWUsIGZhbHNlLCAieCIsIHsieSI6IFtbXV19XX0sICJ0IjogdHJ1ZSwgImYiOiBmYWxzZSwgIm4iOiBudWxsLCAicyI6ICIifQ==',
}
const CARDS = {
  text: '[{"uuid": "347a4e1a-c275-43aa-83a1-af883917e7aa", "first_tag_id": "AAAAAAA1", "qrcode_uuid": "c4aa2011-3564-44d1-95cf-1f5f1ea22b13", "number_printed": "BBBBBBB1", "generation": 1, "is_primary": false, "tokens_uuid": [{"asset_uuid": "60feaf40-4912-4752-85dc-d10fd9780ffe", "token_uuid": "09c5c6ee-80d5-4d93-923c-06ddcc061b51"}]}]',
  signed:
    'W3sidXVpZCI6ICIzNDdhNGUxYS1jMjc1LTQzYWEtODNhMS1hZjg4MzkxN2U3YWEiLCAiZmlyc3RfdGFnX2lkIjogIkFBQUFBQUExIiwgInFyY29kZV91dWlkIjogImM0YWEyMDExLTM1NjQtNDRkMS05NWNmLTFmNWYxZWEyMmIxMyIsICJudW1iZXJfcHJpbnRlZCI6ICJCQkJCQkJCMSIsICJnZW5lcmF0aW9uIjogMSwgImlzX3ByaW1hcnkiOiBmYWxzZSwgInRva2Vuc191dWlkIjogW3siYXNzZXRfdXVpZCI6ICI2MGZlYWY0MC00OTEyLTQ3NTItODVkYy1kMTBmZDk3ODBmZmUiLCAidG9rZW5fdXVpZCI6ICIwOWM1YzZlZS04MGQ1LTRkOTMtOTIzYy0wNmRkY2MwNjFiNTEifV19XQ==',
}
const HANDSHAKE = {
  form: 'fedow_place_uuid=4dbfc655-b1de-4fc4-90d7-b282cfce3ceb&cashless_ip=203.0.113.7&cashless_url=https%3A%2F%2Flaboutik.example.org%2F&cashless_admin_apikey=aaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb&cashless_rsa_pub_key=-----BEGIN+PUBLIC+KEY-----%0AMIIBIjAN%0A-----END+PUBLIC+KEY-----%0A&dokos_id=None',
  text: String.raw`{"fedow_place_uuid": "4dbfc655-b1de-4fc4-90d7-b282cfce3ceb", "cashless_ip": "203.0.113.7", "cashless_url": "https://laboutik.example.org/", "cashless_admin_apikey": "aaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cashless_rsa_pub_key": "-----BEGIN PUBLIC KEY-----\nMIIBIjAN\n-----END PUBLIC KEY-----\n", "dokos_id": "None"}`,
  signed:
    'eyJmZWRvd19wbGFjZV91dWlkIjogIjRkYmZjNjU1LWIxZGUtNGZjNC05MGQ3LWIyODJjZmNlM2NlYiIsICJjYXNobGVzc19pcCI6ICIyMDMuMC4xMTMuNyIsICJjYXNobGVzc191cmwiOiAiaHR0cHM6Ly9sYWJvdXRpay5leGFtcGxlLm9yZy8iLCAiY2FzaGxlc3NfYWRtaW5fYXBpa2V5IjogImFhYWFhYWFhLmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiIiwgImNhc2hsZXNzX3JzYV9wdWJfa2V5IjogIi0tLS0tQkVHSU4gUFVCTElDIEtFWS0tLS0tXG5NSUlCSWpBTlxuLS0tLS1FTkQgUFVCTElDIEtFWS0tLS0tXG4iLCAiZG9rb3NfaWQiOiAiTm9uZSJ9',
}

describe('what clients sign', () => {
  it.each([
    ['a sale (A)', SALE],
    ['text outside ASCII (B)', WORDS],
    ['numbers (C)', NUMBERS],
    ['nesting (D)', NESTING],
    ['a list of cards (E)', CARDS],
    ['a handshake (F)', HANDSHAKE],
  ])('is the same text again: %s', (_, { text, signed: expected }) => {
    expect(signed(text)).toBe(text)
    expect(signedTextOf(read(text))).toBe(expected)
  })

  it.each([
    ['{}', 'e30='],
    ['[]', 'W10='],
    ['{"u": "https://x.y/?a=~>?"}', 'eyJ1IjogImh0dHBzOi8veC55Lz9hPX4-PyJ9'],
  ])('is %s as %s', (text, expected) => {
    expect(signedTextOf(read(text))).toBe(expected)
  })

  it('does not depend on white space, nor on how text is escaped', () => {
    const raw =
      '\r\n{"name":"Café “Élan” – 5 €"\t,"emoji" : "🍺","ctrl":"a\\tb\\nc\\u0001\u007f",' +
      '"\\u0073ep":"\u2028","slash":"a\\/b","quote":"\\u0022\\\\"} '
    expect(signed(raw)).toBe(WORDS.text)
  })

  it('does not depend on how a number is spelled, but on its kind', () => {
    const raw =
      '{"i":10,"f":10.00,"frac":1e-1,"neg":-3,"negzero":-0.0,"big":12345678901234567890,' +
      '"e16":1e16,"e15":1E15,"e-7":1e-7,"e-4":0.0001,"e-5":0.00001,"huge":1.5e300,' +
      '"third":0.33333333333333331,"exp":1e5}'
    expect(signed(raw)).toBe(NUMBERS.text)
  })

  it('is the JSON of a form, for the handshake', () => {
    const pairs = parseForm(toUtf8(HANDSHAKE.form))
    expect(printPython(pairs)).toBe(HANDSHAKE.text)
    expect(signedTextOf(pairs)).toBe(HANDSHAKE.signed)
  })
})

describe('Python’s text', () => {
  it.each([
    ['10', '10'],
    ['10.0', '10.0'],
    ['0.10', '0.1'],
    ['-0.0', '-0.0'],
    ['-0', '0'],
    ['123456789.123456789', '123456789.12345679'],
    ['1e21', '1e+21'],
    ['123456789012345680.0', '1.2345678901234568e+17'],
    ['100000000000000000000', '100000000000000000000'],
    ['1e5', '100000.0'],
    ['1E2', '100.0'],
    ['1e16', '1e+16'],
    ['1e15', '1000000000000000.0'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['1e-7', '1e-07'],
    ['5e-324', '5e-324'],
    ['1e400', 'Infinity'],
    ['-1e400', '-Infinity'],
    ['9007199254740993', '9007199254740993'],
    ['1.5e-10', '1.5e-10'],
    ['9999999999999998.0', '9999999999999998.0'],
    ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ])('of the number %s is %s', (literal, expected) => {
    expect(signed(literal)).toBe(expected)
  })

  it('keeps the order of members, numbers as names among them', () => {
    expect(signed('{"b": 1, "10": 2, "1": 3, "__proto__": 4, "a": 5}')).toBe(
      '{"b": 1, "10": 2, "1": 3, "__proto__": 4, "a": 5}',
    )
  })

  it('has the last value of a member that comes twice, at its first place', () => {
    expect(signed('{"a": 1, "b": 2, "a": 3}')).toBe('{"a": 3, "b": 2}')
  })

  it('keeps an unpaired surrogate as the escape that it was', () => {
    expect(signed(String.raw`"\ud83c and \uDF7A"`)).toBe(String.raw`"\ud83c and \udf7a"`)
  })

  it('escapes all that is not printable ASCII, and a slash never', () => {
    expect(signed(String.raw`"\b\f\n\r\t\u0000\u001f\u007f\u0080\u2028 /"`)).toBe(
      String.raw`"\b\f\n\r\t\u0000\u001f\u007f\u0080\u2028 /"`,
    )
  })

  it('is what the plain views answer', () => {
    expect(printSpaced({ a: 'é', b: [1, null] })).toBe(String.raw`{"a": "\u00e9", "b": [1, null]}`)
  })
})

describe('the text of answers', () => {
  it('is compact, with text outside ASCII as it is', () => {
    const value = { name: 'Café 🍺\u007f', list: [1, 2n, true, null], empty: {}, none: [] }
    expect(printWire(value)).toBe(
      '{"name":"Café 🍺\u007f","list":[1,2,true,null],"empty":{},"none":[]}',
    )
  })

  it('escapes the two line separators, as v1 does, and unpaired surrogates', () => {
    expect(printWire('a\u2028b\u2029c\ud800"\\\n\u0001')).toBe(
      String.raw`"a\u2028b\u2029c\ud800\"\\\n\u0001"`,
    )
  })

  it('gives numbers back in the kind in which they came', () => {
    const text = '[10,10.0,-0.0,12345678901234567890,1e+16,0.5]'
    expect(printWire(read(text))).toBe(text)
  })

  it('leaves members out that are undefined', () => {
    expect(printWire({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  it('takes printed text as it is', () => {
    expect(printWire({ a: new RawJson('{"b":[1]}'), c: 0.5 })).toBe('{"a":{"b":[1]},"c":0.5}')
  })

  it('is the same for an object that the engine could print, and one that it could not', () => {
    const simple = { name: 'a\u2028"', list: [{ a: 1, b: undefined, c: -0 }, []], large: 2 ** 53 }
    const text = String.raw`{"name":"a\u2028\"","list":[{"a":1,"c":0},[]],"large":9007199254740992.0}`
    expect(printWire(simple)).toBe(text)
    expect(printWire({ ...simple, large: new PythonFloat(2 ** 53) })).toBe(text)
    expect(printWire({ ...simple, large: undefined, last: 1n })).toBe(
      text.replace('"large":9007199254740992.0', '"last":1'),
    )
    expect(printWire({ a: { b: new Map([['c', 'd']]) } })).toBe('{"a":{"b":{"c":"d"}}}')
  })

  it('stays JSON where a number is beyond every float', () => {
    expect(JSON.parse(printWire(read('[1e400, -1e400]')))).toEqual([Infinity, -Infinity])
  })
})

describe('reading', () => {
  it('gives objects as maps, whole numbers as bigints, others as floats', () => {
    expect(read('{"a": [1, 1.0, "x", null, true]}')).toEqual(
      new Map([['a', [1n, new PythonFloat(1), 'x', null, true]]]),
    )
  })

  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['{"a": 1,}', 'Expecting property name enclosed in double quotes: line 1 column 9 (char 8)'],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a": 1 "b"}', "Expecting ',' delimiter: line 1 column 9 (char 8)"],
    ['[1, ]', 'Expecting value: line 1 column 5 (char 4)'],
    ['["é🍺",\n nul]', 'Expecting value: line 2 column 2 (char 8)'],
    ['[1', "Expecting ',' delimiter: line 1 column 3 (char 2)"],
    ['{"a":1}}', 'Extra data: line 1 column 8 (char 7)'],
    ['01', 'Extra data: line 1 column 2 (char 1)'],
    ['"abc', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\\"', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\nb"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"a\\xb"', 'Invalid \\escape: line 1 column 3 (char 2)'],
    ['"a\\u12g4"', 'Invalid \\uXXXX escape: line 1 column 4 (char 3)'],
    ['[NaN]', "Out of range float values are not JSON compliant: 'NaN'"],
    ['-Infinity', "Out of range float values are not JSON compliant: '-Infinity'"],
    ["{'a': 1}", 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['1.', 'Extra data: line 1 column 2 (char 1)'],
    ['+1', 'Expecting value: line 1 column 1 (char 0)'],
    ['\ufeff{}', 'Expecting value: line 1 column 1 (char 0)'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => read(text)).toThrow(new JsonError(reason))
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(JsonError)
  })

  it.each(['[', '{"a":'])('refuses a million times %s, and a nesting one too deep', (open) => {
    expect(() => read(open.repeat(1_000_000))).toThrow(JsonError)
    expect(() => read('['.repeat(NESTING_MAX + 1) + ']'.repeat(NESTING_MAX + 1))).toThrow(JsonError)
    const deepest = '['.repeat(NESTING_MAX) + ']'.repeat(NESTING_MAX)
    expect(printWire(read(deepest))).toBe(deepest)
  })

  it('refuses integers that cost too much, and reads the longest allowed', () => {
    expect(() => read('9'.repeat(DIGITS_MAX + 1))).toThrow(JsonError)
    expect(signed('9'.repeat(DIGITS_MAX))).toBe('9'.repeat(DIGITS_MAX))
  })
})

/** Any document, as JSON text: integers of any size, floats, text with odd characters, names that are numbers. */
const documents = fc.letrec<{ text: string }>((tie) => {
  const string = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text))
  const name = fc.oneof(
    string,
    fc.nat(20).map((number) => `"${number}"`),
  )
  const list = fc.array(tie('text'), { maxLength: 4 }).map((texts) => `[${texts.join(' ,')}]`)
  const member = fc.tuple(name, tie('text')).map((pair) => pair.join(': '))
  const object = fc.array(member, { maxLength: 4 }).map((members) => `{${members.join(',\n')}}`)
  const float = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => (Number.isInteger(value) ? `${BigInt(value)}.0` : String(value)))
  const scaled = fc
    .tuple(fc.integer(), fc.integer({ min: -340, max: 320 }))
    .map(([digits, power]) => `${digits}e${power}`)
  const single = fc.oneof(fc.constantFrom('null', 'true', 'false'), string, float, scaled)
  const text = fc.oneof({ maxDepth: 4 }, fc.bigInt().map(String), single, list, object)
  return { text }
}).text

describe('any document', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(documents, (text) => {
        expect(JSON.parse(printWire(read(text)))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is printed once and for all: what is printed is read as the same', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const once = printPython(read(text))
        if (once.includes('Infinity')) return
        expect(signed(once)).toBe(once)
        expect(signed(printWire(read(text)))).toBe(once)
      }),
    )
  })

  it('is refused with a reason when it is no JSON, and only then', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.string({ maxLength: 2 }), (text, at, typo) => {
        const cut = at % (text.length + 1)
        const broken = text.slice(0, cut) + typo + text.slice(cut + 1)
        expect(isRead(broken, read)).toBe(isRead(broken, JSON.parse))
      }),
    )
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'is printed as Python prints it (needs python3)',
    () => {
      const seed = Date.now()
      const texts = fc.sample(documents, { numRuns: 500, seed })
      const script =
        'import json, sys\nfor text in json.load(sys.stdin): print(json.dumps(json.loads(text)))'
      const printed = execFileSync('python3', ['-c', script], {
        input: printPython(texts),
        encoding: 'utf8',
        maxBuffer: 64 * 1_024 * 1_024,
      })
      expect(printed.trimEnd().split('\n'), `seed ${seed}`).toEqual(texts.map(signed))
    },
  )
})

function isRead(text: string, reader: (text: string) => unknown): boolean {
  try {
    reader(text)
    return true
  } catch (cause) {
    if (cause instanceof JsonError || cause instanceof SyntaxError) return false
    throw cause
  }
}
