import { describe, expect, it } from 'vitest'
import { V1Refusal } from '../refusal.ts'
import {
  amount,
  as,
  check,
  choice,
  datetime,
  email,
  type Field,
  flag,
  INTEGER_MAX,
  integer,
  ip,
  json,
  key,
  listOf,
  nullable,
  optional,
  readFields,
  readList,
  type Shape,
  text,
  tryFields,
  tryList,
  url,
  uuid,
} from './fields.ts'
import { type Json, parseJson, printWire } from './json.ts'
import { unknownKey } from './messages.ts'

const ID = '035b5166-cdf5-44af-9a3d-c86a8190444a'
const read = (document: string): Json => parseJson(document)

const MISSING = ['Ce champ est obligatoire.']
const NULL = ['Ce champ ne peut être nul.']

/** What a refused request is answered, as text. */
function refusalOf(attempt: () => unknown): string {
  try {
    attempt()
  } catch (cause) {
    if (cause instanceof V1Refusal) return `${cause.status} ${printWire(cause.body)}`
    throw cause
  }
  return 'not refused'
}

/** What one field says of a value: the value, or its errors. */
function one<T>(of: Field<T>, value: Json | undefined): unknown {
  const reading = of.read(value)
  return reading.errors === undefined ? reading.value : { errors: reading.errors }
}

const sale = {
  amount: amount({ negative: 'Amount cannot be negative' }),
  sender: key(),
  action: optional(nullable(choice(['SAL', 'REF']))),
  comment: optional(nullable(text({ max: 5 }))),
  metadata: optional(nullable(json())),
}

describe('a body', () => {
  it('is read field by field, and what is not asked for is ignored', () => {
    const body = read(
      `{"amount": "12.0", "sender": "${ID.toUpperCase()}", "comment": null, "x": 1}`,
    )
    expect(readFields(body, sale)).toEqual({
      amount: 12n,
      sender: ID,
      action: undefined,
      comment: null,
      metadata: undefined,
    })
  })

  it('may be the pairs of a form, or empty', () => {
    expect(readFields(new Map([['name', ' Bar ']]), { name: text() })).toEqual({ name: 'Bar' })
    expect(readFields({}, { name: optional(text()) })).toEqual({ name: undefined })
  })

  it('is refused with all fields that fail, in the order of their declaration', () => {
    const body = read('{"comment": "too long", "action": "ZZZ", "amount": -1}')
    expect(refusalOf(() => readFields(body, sale))).toBe(
      '400 {"amount":["Amount cannot be negative"],"sender":["Ce champ est obligatoire."],' +
        '"action":["«\u00a0ZZZ\u00a0» n\'est pas un choix valide."],' +
        '"comment":["Assurez-vous que ce champ comporte au plus 5\u00a0caractères."]}',
    )
  })

  it.each([
    ['[]', 'Donnée non valide. Attendait un dictionnaire, a reçu list.'],
    ['"text"', 'Donnée non valide. Attendait un dictionnaire, a reçu str.'],
    ['1', 'Donnée non valide. Attendait un dictionnaire, a reçu int.'],
    ['1.0', 'Donnée non valide. Attendait un dictionnaire, a reçu float.'],
    ['true', 'Donnée non valide. Attendait un dictionnaire, a reçu bool.'],
    ['null', 'No data provided'],
  ])('is no object: %s', (document, message) => {
    expect(refusalOf(() => readFields(read(document), sale))).toBe(
      `400 ${printWire({ non_field_errors: [message] })}`,
    )
  })

  it('has no fields but its own', () => {
    const shape: Shape<{ constructor: string }> = { constructor: text() }
    expect(tryFields({}, shape).errors).toEqual(new Map([['constructor', MISSING]]))
  })

  it('may be a list, refused with one object for each element', () => {
    const cards = { first_tag_id: text({ max: 8 }), generation: integer() }
    const good = '{"first_tag_id": "AAAAAAA1", "generation": 1}'
    expect(readList(read(`[${good}, ${good}]`), cards)).toEqual([
      { first_tag_id: 'AAAAAAA1', generation: 1 },
      { first_tag_id: 'AAAAAAA1', generation: 1 },
    ])
    expect(readList(read('[]'), cards)).toEqual([])
    expect(refusalOf(() => readList(read(`[${good}, {"generation": 1}, 7]`), cards))).toBe(
      '400 [{},{"first_tag_id":["Ce champ est obligatoire."]},' +
        '{"non_field_errors":["Donnée non valide. Attendait un dictionnaire, a reçu int."]}]',
    )
    expect(tryList(read(good), cards).errors).toEqual({
      non_field_errors: ["Attendait une liste d'éléments mais a reçu «\u00a0dict\u00a0»."],
    })
  })
})

describe('every field', () => {
  it.each<[string, Field<unknown>]>([
    ['uuid', uuid()],
    ['key', key()],
    ['text', text()],
    ['integer', integer()],
    ['amount', amount()],
    ['datetime', datetime()],
    ['flag', flag()],
    ['choice', choice(['A'])],
    ['email', email()],
    ['url', url()],
    ['ip', ip()],
    ['json', json()],
    ['list', listOf({})],
  ])('must be there and not null, unless it may: %s', (_, of) => {
    expect(one(of, undefined)).toEqual({ errors: MISSING })
    expect(one(of, null)).toEqual({ errors: NULL })
    expect(one(optional(of), undefined)).toBeUndefined()
    expect(one(optional(of), null)).toEqual({ errors: NULL })
    expect(one(nullable(of), null)).toBeNull()
    expect(one(nullable(of), undefined)).toEqual({ errors: MISSING })
    expect(one(optional(nullable(of)), null)).toBeNull()
  })

  it('may have a rule of its own, which sees good values only', () => {
    const seen: string[] = []
    const of = check(optional(nullable(key())), (id) => {
      seen.push(id)
      return id === ID ? undefined : unknownKey(id)
    })
    const other = ID.replace('0', '1')
    expect(one(of, undefined)).toBeUndefined()
    expect(one(of, null)).toBeNull()
    expect(one(of, 'zz')).toEqual({
      errors: ['La valeur «\u00a0zz\u00a0» n’est pas un UUID valide.'],
    })
    expect(one(of, ID)).toBe(ID)
    expect(one(of, other)).toEqual({
      errors: [`Clé primaire «\u00a0${other}\u00a0» non valide - l'objet n'existe pas.`],
    })
    expect(seen).toEqual([ID, other])
  })

  it('may be something else once it is good', () => {
    const of = as(integer(), (value) => ({ value }))
    expect(one(of, 5n)).toEqual({ value: 5 })
    expect(one(of, undefined)).toEqual({ errors: MISSING })
  })
})

describe('a field of one kind', () => {
  const wrong = (message: string) => ({ errors: [message] })
  const document = read('{"a": [1]}')

  it.each<[string, Field<unknown>, Json, unknown]>([
    ['uuid', uuid(), `urn:uuid:${ID}`, ID],
    ['uuid', uuid(), 'zz', wrong('Doit être un UUID valide.')],
    ['uuid', uuid(), 12n, wrong('Doit être un UUID valide.')],
    ['key', key(), '', { errors: NULL }],
    ['key', key(), true, wrong('Type incorrect. Attendait une clé primaire, a reçu bool.')],
    ['key', key(), 5n, wrong('La valeur «\u00a05\u00a0» n’est pas un UUID valide.')],

    ['text', text(), '  Bar à thé ', 'Bar à thé'],
    ['text', text(), 12n, '12'],
    ['text', text(), ' ', wrong('Ce champ ne peut être vide.')],
    ['text', text({ blank: true }), ' ', ''],
    ['text', text({ max: 2 }), '🍺🍺', '🍺🍺'],
    [
      'text',
      text({ max: 1 }),
      '🍺🍺',
      wrong('Assurez-vous que ce champ comporte au plus 1\u00a0caractères.'),
    ],
    [
      'text',
      text({ min: 2 }),
      '🍺',
      wrong('Assurez-vous que ce champ comporte au moins 2\u00a0caractères.'),
    ],
    ['text', text({ min: 2, max: 2 }), 'ab', 'ab'],
    ['text', text(), true, wrong("Ce n'est pas une chaîne de texte valable.")],
    ['text', text(), document, wrong("Ce n'est pas une chaîne de texte valable.")],
    ['text', text(), 'a\0', wrong('Le caractère nul n’est pas autorisé.')],

    ['integer', integer(), '7', 7],
    [
      'integer',
      integer({ min: 1 }),
      0n,
      wrong('Assurez-vous que cette valeur est supérieure ou égale à 1.'),
    ],
    [
      'integer',
      integer({ max: 9 }),
      10n,
      wrong('Assurez-vous que cette valeur est inférieure ou égale à 9.'),
    ],
    [
      'integer',
      integer(),
      2n ** 90n,
      wrong(`Assurez-vous que cette valeur est inférieure ou égale à ${INTEGER_MAX}.`),
    ],
    ['integer', integer(), '', wrong('Un nombre entier valide est requis.')],
    ['integer', integer(), '1'.repeat(1_001), wrong('Chaîne de caractères trop longue.')],

    ['amount', amount(), 0n, 0n],
    ['amount', amount(), 2_147_483_647n, 2_147_483_647n],
    [
      'amount',
      amount(),
      2_147_483_648n,
      wrong('Assurez-vous que cette valeur est inférieure ou égale à 2147483647.'),
    ],
    ['amount', amount(), -1n, wrong('Assurez-vous que cette valeur est supérieure ou égale à 0.')],
    ['amount', amount(), read('10.5'), wrong('Un nombre entier valide est requis.')],
    ['amount', amount(), true, wrong('Un nombre entier valide est requis.')],

    ['datetime', datetime(), '1970-01-01 00:00:01+00', 1_000_000],
    ['flag', flag(), 'on', true],
    ['flag', flag(), 'maybe', wrong('Doit être un booléen valide.')],
    ['choice', choice(['SAL']), 'SAL', 'SAL'],
    ['choice', choice(['SAL']), 'sal', wrong("«\u00a0sal\u00a0» n'est pas un choix valide.")],
    ['choice', choice(['SAL']), true, wrong("«\u00a0True\u00a0» n'est pas un choix valide.")],
    ['email', email(), ' jo@example.org ', 'jo@example.org'],
    ['email', email(), 'jo', wrong('Saisissez une adresse e-mail valide.')],
    ['url', url(), 'https://example.org/', 'https://example.org/'],
    ['url', url(), 'example.org', wrong('Saisissez une URL valide.')],
    ['ip', ip(), '203.0.113.7', '203.0.113.7'],
    ['ip', ip(), '2001:db8::1', '2001:db8::1'],
    ['ip', ip(), 'fe80::1%eth0', wrong('Saisissez une adresse IPv4 ou IPv6 valide.')],
    ['json', json(), document, document],
    ['list', listOf({ id: uuid() }), [{ id: ID }], [{ id: ID }]],
    [
      'list',
      listOf({ id: uuid() }),
      [{ id: ID }, {}],
      { errors: [{}, new Map([['id', MISSING]])] },
    ],
  ])('%s: case %#', (_, of, value, expected) => {
    expect(one(of, value)).toEqual(expected)
  })

  it.each([1n, '', 'hier', true])('is no date and time: %s', (value) => {
    expect(one(datetime(), value)).toEqual({
      errors: [expect.stringMatching(/^La date \+ heure n'a pas le bon format\./)],
    })
  })
})
