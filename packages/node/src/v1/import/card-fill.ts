/** Cards of v1 in the directory: a batch for each generation of a place, which the book is still to be told of. */
import {
  type BatchId,
  type CardId,
  deriveId,
  type Hash,
  type Hex32,
  MerkleTree,
  type PlaceId,
  toHex,
  type WalletId,
} from '@fedow/ledger'
import type { CardDirectory } from '../../store/card-directory.ts'
import { cardLeaf, type NewCard } from '../../store/card-entry.ts'
import { CARD, ORIGIN, PERSON, PRIMARY, toUuid, type V1Card } from './rows.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

export interface CardFillMeans {
  /** Its batches are pending until somebody marks them as registered. */
  readonly directory: CardDirectory
  readonly hash: Hash
  readonly nowMs: number
  /** 16 random bytes. */
  readonly random: () => Uint8Array
  readonly world: V1World
}

/** What the book is told of a card. */
export interface ImportedCard {
  readonly card: CardId
  /** Its own wallet, of a card without a person. */
  readonly own?: WalletId
  /** The wallet of whose card it is. */
  readonly person?: WalletId
  readonly primary?: readonly PlaceId[]
}

export interface ImportedBatch {
  readonly batch: BatchId
  readonly place: PlaceId
  readonly generation: number
  readonly level: 'L0'
  readonly root: Hex32
  readonly count: number
  readonly cards: readonly ImportedCard[]
}

/** Where a batch of the directory comes from. */
const ORIGIN_NAME = 'Fedow v1'
/** Cards written in one go. */
const SLICE = 5_000

/** Writes every card; answers the batches, by place and generation, with their cards in the order of v1's table. */
export function fillCardDirectory(db: V1Database, means: CardFillMeans): readonly ImportedBatch[] {
  const links = readLinks(db)
  const groups = groupCards(db, means.world)
  return groups.map(({ place, generation, cards }) => {
    const names = { place, generation, level: 'L0' } as const
    const batch = deriveId<BatchId>(means.hash, 'v1-origin', place, generation)
    const whole = writeBatch(means, { batch, ...names, cards })
    return { batch, ...names, ...whole, cards: cards.map((card) => toImported(card, links)) }
  })
}

interface Group {
  readonly place: PlaceId
  readonly generation: number
  readonly cards: readonly V1Card[]
}

function groupCards(db: V1Database, { places }: V1World): readonly Group[] {
  const origins = new Map([...db.rows(ORIGIN)].map((origin) => [origin.number, origin]))
  const groups = Map.groupBy(db.rows(CARD), ({ origin: number }) => {
    const origin = origins.get(number)
    // A card of an origin or a place that is not there is a finding before anything is imported.
    if (origin === undefined || !places.has(origin.place)) throw new Error(`origin ${number}`)
    return `${toUuid(origin.place)} ${String(origin.generation).padStart(20, '0')}`
  })
  const sorted = [...groups].sort(([one], [other]) => (one < other ? -1 : 1))
  return sorted.map(([key, cards]) => {
    const [place = '', generation = ''] = key.split(' ')
    return { place: place as PlaceId, generation: Number(generation), cards }
  })
}

interface Links {
  /** Wallets by person. */
  readonly wallets: ReadonlyMap<string, string | undefined>
  /** Places by primary card. */
  readonly places: ReadonlyMap<string, readonly { readonly place: string }[]>
}

function readLinks(db: V1Database): Links {
  return {
    wallets: new Map([...db.rows(PERSON)].map(({ id, wallet }) => [id, wallet])),
    places: Map.groupBy(db.rows(PRIMARY), ({ card }) => card),
  }
}

function toImported({ id, person, wallet }: V1Card, { wallets, places }: Links): ImportedCard {
  const persons = person === undefined ? undefined : wallets.get(person)
  const own = persons === undefined ? wallet : undefined
  const primary = places.get(id)?.map(({ place }) => toUuid(place) as PlaceId)
  return {
    card: toUuid(id) as CardId,
    ...(own !== undefined && { own: toUuid(own) as WalletId }),
    ...(persons !== undefined && { person: toUuid(persons) as WalletId }),
    ...(primary !== undefined && { primary }),
  }
}

function writeBatch(
  { directory, hash, nowMs, random }: CardFillMeans,
  { cards, ...facts }: Pick<ImportedBatch, 'batch' | 'level'> & Group,
): { readonly root: Hex32; readonly count: number } {
  const { batch } = facts
  const tree = new MerkleTree(hash)
  directory.beginBatch({ ...facts, fileName: ORIGIN_NAME, createdMs: nowMs })
  for (let offset = 0; offset < cards.length; offset += SLICE) {
    const slice = cards.slice(offset, offset + SLICE).map((card): NewCard => {
      const named = { ...toNames(card), card: toUuid(card.id) as CardId, salt: random() }
      return { ...named, leaf: cardLeaf(hash, named) }
    })
    for (const { leaf } of slice) tree.append(leaf)
    directory.addCards(batch, offset, slice)
  }
  const whole = { root: toHex(tree.root()) as Hex32, count: cards.length }
  directory.endBatch(batch, whole)
  return whole
}

/** Tills send upper case. Digits that are none stay as they are: nothing finds such a card by them. */
function toNames({ tag, number, qr }: V1Card) {
  return { tag: tag.toUpperCase(), number: number.toUpperCase(), qr: toUuid(qr) }
}
