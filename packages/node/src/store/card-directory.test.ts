import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type BatchId, type CardId, type Hex32, merkleRoot, type PlaceId } from '@fedow/ledger'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { normaliseNumber, normaliseQr, normaliseTag } from '../people/card-ids.ts'
import { CardDirectory, CardPendingError, CardsKnownError } from './card-directory.ts'
import { type CardNames, cardLeaf, type NewCard } from './card-entry.ts'
import { sha256 } from './hash.ts'
import { openPeopleDb } from './people-db.ts'

const PLACE = '01890000-0000-7000-8000-0000000000aa' as PlaceId
const SHORT = {
  tag: '52BE6543',
  number: 'B986BEA3',
  qr: '01234567-89ab-4cde-8f01-23456789abcd',
}
const LONG = {
  tag: '04A2B3C4D5E6F7',
  number: '00F1C2D3',
  qr: '11234567-89ab-4cde-8f01-23456789abcd',
}

let folder = ''
let db: DatabaseSync
let directory: CardDirectory

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-cards-'))
  open()
})

afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

function reopen(): void {
  db.close()
  open()
}

function open(): void {
  db = openPeopleDb(join(folder, 'people.db'))
  directory = new CardDirectory(db)
}

function newCard(names: CardNames): NewCard {
  const of = { ...names, card: randomUUID() as CardId, salt: randomBytes(16) }
  return { ...of, leaf: cardLeaf(sha256, of) }
}

/** Adds a registered batch. */
function add(...names: readonly CardNames[]): { batch: BatchId; cards: readonly NewCard[] } {
  const { batch, cards } = addPending(...names)
  directory.markRegistered(batch)
  return { batch, cards }
}

function addPending(...names: readonly CardNames[]) {
  const cards = names.map(newCard)
  const batch = randomUUID() as BatchId
  const facts = { batch, place: PLACE, generation: 3, level: 'L1', createdMs: 5 } as const
  directory.beginBatch({ ...facts, fileName: 'cards.csv' })
  directory.addCards(batch, 0, cards.slice(0, 1))
  directory.addCards(batch, 1, cards.slice(1))
  directory.endBatch(batch, { root: rootOf(cards.map(({ leaf }) => leaf)), count: cards.length })
  return { batch, cards }
}

function rootOf(leaves: readonly Uint8Array[]): Hex32 {
  return merkleRoot(sha256, leaves).toHex() as Hex32
}

describe('finding a card', () => {
  it.each([
    ['tag', '52BE6543'],
    ['tag of a reader with colons', ' 52:be:65:43'],
    ['printed number', 'b986 bea3'],
    ['QR code', SHORT.qr.toUpperCase()],
    ['QR address', `https://festival.example/qr/${SHORT.qr}/?from=poster#top`],
  ])('knows it by its %s', (_, ref) => {
    const { batch, cards } = add(LONG, SHORT)
    reopen()
    expect(directory.find(ref)).toEqual({
      ...SHORT,
      card: cards[1]?.card,
      batch,
      place: PLACE,
      generation: 3,
    })
  })

  it('knows it by its id', () => {
    const { cards } = add(LONG, SHORT)
    expect(directory.find(cards[0]?.card ?? '')).toMatchObject(LONG)
  })

  it('takes eight digits for a tag before it takes them for a printed number', () => {
    add({ ...SHORT, number: 'AAAAAAA1' }, { ...LONG, number: SHORT.tag })
    expect(directory.find(SHORT.tag)).toMatchObject({ tag: SHORT.tag })
    expect(directory.byNumber(SHORT.tag)).toMatchObject({ tag: LONG.tag })
  })

  it('gives v1 the card whose tag begins with its digits, and nobody else', () => {
    add(LONG)
    expect(directory.byFirstDigits('04a2b3c4')).toMatchObject(LONG)
    expect(directory.byTag('04A2B3C4')).toBeUndefined()
    expect(directory.find('04A2B3C4')).toBeUndefined()
  })

  it.each(['', 'card 1', '52BE654', '52.BE.65.43', `https://${SHORT.qr}`, "' OR 1=1 --", '\0'])(
    'finds nothing for %j',
    (ref) => {
      add(SHORT, LONG)
      expect(directory.find(ref)).toBeUndefined()
    },
  )

  it('reads ids as a card file does', () => {
    add(SHORT, LONG)
    const known = [SHORT, LONG].flatMap(({ tag, number, qr }) => [tag, number, qr])
    const dressed = fc
      .tuple(
        fc.constantFrom(...known),
        fc.constantFrom('', ' ', 'https://a.example/', 'http://a.example:80/b/c/', 'https://', 'x'),
        fc.constantFrom('', ' ', '/', '?a=/b', '#', '0', '/x', '\n'),
        fc.constantFrom('', ':', '-', ' ', '.'),
        fc.boolean(),
      )
      .map(([id, before, after, mark, isLower]) => {
        const text = id.includes('-') ? id : id.replace(/(..)(?=.)/g, `$1${mark}`)
        return `${before}${isLower ? text.toLowerCase() : text}${after}`
      })
    fc.assert(
      fc.property(fc.oneof(dressed, fc.string()), (text) => {
        const among = (ids: readonly string[], id?: string) => ids.find((one) => one === id)
        expect(directory.byTag(text)?.tag).toBe(among([SHORT.tag, LONG.tag], normaliseTag(text)))
        expect(directory.byNumber(text)?.number).toBe(
          among([SHORT.number, LONG.number], normaliseNumber(text)),
        )
        const qr = among([SHORT.qr, LONG.qr], normaliseQr(text))
        const found = directory.byQr(text)?.qr
        expect(qr === undefined || qr === found).toBe(true)
        expect(text.toLowerCase()).toContain(found ?? '')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('conflicts of a file with the cards that are known', () => {
  const row = (line: number, names: CardNames) => ({ line, ...names })
  const other = {
    tag: '77A5EDD0',
    number: '8FB21E57',
    qr: '21234567-89ab-4cde-8f01-23456789abcd',
  }

  it('has none for new cards', () => {
    add(LONG)
    expect(directory.conflicts([row(1, SHORT), row(2, other)])).toEqual([])
  })

  it('names a card that comes again once, with its batch', () => {
    const { batch } = add(LONG, SHORT)
    expect(directory.conflicts([row(1, other), row(2, SHORT)])).toEqual([
      {
        line: 2,
        column: 'line',
        code: 'known_card',
        value: SHORT.number,
        message: `The card with the printed number "B986BEA3" is known already, from batch ${batch}. Leave the line out: the card needs nothing more.`,
        batch,
      },
    ])
  })

  it('names each column of another card, also of a batch that is pending', () => {
    const first = add(SHORT)
    const second = addPending(LONG)
    const rows = [
      row(4, { ...other, qr: SHORT.qr, number: LONG.number }),
      row(9, { ...other, tag: SHORT.tag }),
    ]
    expect(directory.conflicts(rows).map(({ message: _, ...rest }) => rest)).toEqual([
      { line: 4, column: 'qr', code: 'known_card', value: SHORT.qr, batch: first.batch },
      { line: 4, column: 'number', code: 'known_card', value: LONG.number, batch: second.batch },
      { line: 9, column: 'tag', code: 'known_card', value: SHORT.tag, batch: first.batch },
    ])
  })

  it.each([
    ['a longer tag', SHORT, `${SHORT.tag}AABBCC`],
    ['a shorter tag', LONG, LONG.tag.slice(0, 8)],
    ['a tag as long', LONG, `${LONG.tag.slice(0, 8)}AABBCC`],
  ])('refuses %s that v1 cannot tell apart', (_, known, tag) => {
    add(known)
    const conflicts = directory.conflicts([row(1, { ...other, tag })])
    expect(conflicts).toMatchObject([{ column: 'tag', code: 'known_first_digits', value: tag }])
    expect(() => addPending({ ...other, tag })).toThrow(CardsKnownError)
  })
})

describe('batches', () => {
  it('adds a slice of cards whole or not at all', () => {
    add(SHORT)
    const batch = randomUUID() as BatchId
    directory.beginBatch({ batch, place: PLACE, generation: 3, level: 'L1', createdMs: 5 })
    const slice = [newCard(LONG), newCard({ ...SHORT, tag: '77A5EDD0' })]
    expect(() => directory.addCards(batch, 0, slice)).toThrow(CardsKnownError)
    expect(directory.find(LONG.tag)).toBeUndefined()
    expect(directory.cardsOf(batch, { offset: 0, limit: 9 })).toEqual([])
  })

  it('counts a batch from its end on, and forgets one that a crash left before', () => {
    const batch = randomUUID() as BatchId
    directory.beginBatch({ batch, place: PLACE, generation: 3, level: 'L1', createdMs: 5 })
    directory.addCards(batch, 0, [newCard(SHORT)])
    reopen()
    expect(directory.batches()).toEqual([])
    expect(directory.conflicts([{ line: 1, ...SHORT }])).toHaveLength(1)
    addPending(LONG)
    directory.discardUnfinished()
    expect(directory.conflicts([{ line: 1, ...SHORT }])).toEqual([])
    expect(directory.pending()).toHaveLength(1)
  })

  it('tells what it knows of a batch after the file was closed', () => {
    const { batch, cards } = addPending(SHORT, LONG)
    reopen()
    const facts = { place: PLACE, generation: 3, level: 'L1', createdMs: 5, fileName: 'cards.csv' }
    expect(directory.pending()).toEqual([
      { ...facts, batch, count: 2, state: 'pending', root: rootOf(cards.map(({ leaf }) => leaf)) },
    ])
    expect(directory.cardsOf(batch, { offset: 1, limit: 9 })).toEqual([cards[1]?.card])
    directory.markRegistered(batch)
    expect(directory.pending()).toEqual([])
    expect(directory.batches()).toMatchObject([{ batch, state: 'registered' }])
  })

  it('forgets a pending batch, never a registered one', () => {
    const { batch } = add(SHORT)
    const second = addPending(LONG)
    directory.discard(second.batch)
    directory.discard(batch)
    expect(directory.batches()).toMatchObject([{ batch }])
    expect(directory.find(SHORT.tag)).toMatchObject(SHORT)
    expect(directory.find(LONG.tag)).toBeUndefined()
    expect(() => add(LONG)).not.toThrow()
  })

  it('opens the commitment of each card with its salt', () => {
    const { batch, cards } = add(SHORT, LONG)
    const leaves = cards.map(({ card }) => {
      const entry = directory.byCard(card)
      const opening = directory.openingOf(card)
      if (!entry || !opening) throw new Error(`card ${card} is missing`)
      return { ...opening, leaf: cardLeaf(sha256, { ...entry, salt: opening.salt }) }
    })
    expect(leaves.map(({ position }) => position)).toEqual([0, 1])
    expect(leaves.map(({ leaf }) => leaf.toHex())).toEqual(
      directory.leavesOf(batch).map((leaf) => leaf.toHex()),
    )
  })

  it('commits to H(0x03 | salt | JSON of card, tag, qr and number)', () => {
    const card = '31234567-89ab-4cde-8f01-23456789abcd' as CardId
    const json = `{"card":"${card}","number":"B986BEA3","qr":"${SHORT.qr}","tag":"52BE6543"}`
    const salt = new Uint8Array(16).fill(7)
    const bytes = Buffer.concat([Buffer.of(3), salt, Buffer.from(json)])
    expect(cardLeaf(sha256, { ...SHORT, card, salt })).toEqual(sha256(bytes))
  })
})

describe('erasing a card', () => {
  it('leaves nothing of it in the files, and the batch provable', () => {
    const { batch, cards } = add(SHORT, LONG)
    const [gone] = cards
    if (!gone) throw new Error('a card was added')
    const traces = [
      Buffer.from(SHORT.tag),
      Buffer.from(SHORT.number),
      Buffer.from(SHORT.qr.replaceAll('-', ''), 'hex'),
      Buffer.from(gone.card.replaceAll('-', ''), 'hex'),
      Buffer.from(gone.salt),
    ]
    const left = () => {
      const bytes = ['', '-wal'].map((end) => readFileSync(join(folder, `people.db${end}`)))
      return traces.filter((trace) => bytes.some((file) => file.includes(trace))).length
    }
    expect(left()).toBe(traces.length)

    expect(directory.erase(gone.card)).toBe(true)
    expect(left()).toBe(0)
    expect(
      [SHORT.tag, SHORT.number, SHORT.qr, gone.card].map((ref) => directory.find(ref)),
    ).toEqual([undefined, undefined, undefined, undefined])
    expect(directory.find(LONG.tag)).toMatchObject(LONG)
    expect(rootOf(directory.leavesOf(batch))).toBe(directory.batches()[0]?.root)
    expect(directory.erase(gone.card)).toBe(false)
  })

  it('waits until the batch is registered', () => {
    const { batch, cards } = addPending(SHORT)
    const card = cards[0]?.card as CardId
    expect(() => directory.erase(card)).toThrow(CardPendingError)
    expect(directory.find(card)).toMatchObject(SHORT)
    directory.markRegistered(batch)
    expect(directory.erase(card)).toBe(true)
  })
})

it('keeps the file from other accounts of the machine', () => {
  expect(statSync(join(folder, 'people.db')).mode & 0o777).toBe(0o600)
})
