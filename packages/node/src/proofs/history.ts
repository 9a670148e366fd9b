/** The history as tools for transparency logs fetch it. Source: c2sp.org/tlog-tiles. */
import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises'
import { concat, HASH_BYTES, proveConsistency, TILE_WIDTH } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import { sha256 } from '../store/hash.ts'

/** The part of a book that the history is read from. */
export type HistoryReader = Pick<BookReader, 'tiles' | 'leafAt' | 'lastSealed'>

/** A tile or bundle in its level, and how much of it: 256, or less for one that is not full. */
interface TileName {
  readonly number: number
  readonly width: number
}

const NAME = /^((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/
const LEVEL = /^(0|[1-9]\d?)\/(.*)$/s
const LEVEL_MAX = 63
/** Leaves read at a time. */
const SLICE = 32

/** Leaves up to the last seal: nothing beyond it is shown. */
export function sealedSize(book: HistoryReader): number {
  return book.lastSealed()?.size ?? 0
}

/** Hashes of a tile such as `0/x001/067.p/12`; `undefined` when the sealed history does not have them all. */
export function tileAt(book: HistoryReader, path: string): Uint8Array | undefined {
  const [, levelText = '', rest = ''] = LEVEL.exec(path) ?? []
  const name = parseName(rest)
  const level = Number(levelText)
  if (name === undefined || level > LEVEL_MAX) return undefined
  const { number, width } = name
  const hashes = Math.floor(sealedSize(book) / TILE_WIDTH ** level)
  if (!isWithin(name, hashes)) return undefined
  return book.tiles.tile(level, number)?.subarray(0, width * HASH_BYTES)
}

/** Leaves of a bundle such as `x001/067.p/12`, each after its length in two bytes. Made in slices between payments. */
export async function entryBundleAt(
  book: HistoryReader,
  path: string,
): Promise<Uint8Array | undefined> {
  const name = parseName(path)
  if (name === undefined || !isWithin(name, sealedSize(book))) return undefined
  const { number, width } = name
  const parts: Uint8Array[] = []
  for (let at = 0; at < width; at += 1) {
    if (at % SLICE === SLICE - 1) await untilOthersHadTheirTurn()
    const leaf = book.leafAt(number * TILE_WIDTH + at)
    if (leaf === undefined) return undefined
    parts.push(Uint8Array.of(leaf.length >> 8, leaf.length & 0xff), leaf)
  }
  return concat(...parts)
}

/** Hashes of the consistency proof between two sizes, `from <= to <=` the sealed size. */
export function consistencyOf(
  book: HistoryReader,
  sizes: { readonly from: number; readonly to: number },
): readonly Uint8Array[] {
  return proveConsistency(sha256, book.tiles, sizes)
}

/** True when a row of so many has all of it. */
function isWithin({ number, width }: TileName, count: number): boolean {
  return number * TILE_WIDTH + width <= count
}

/** Reads `x001/x234/067` or `067.p/12`, each number in its one spelling. */
function parseName(text: string): TileName | undefined {
  const [, groups = '', partial] = NAME.exec(text) ?? []
  if (groups === '' || groups.startsWith('x000')) return undefined
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  if (partial !== undefined && width >= TILE_WIDTH) return undefined
  return { number: Number(groups.replace(/[x/]/g, '')), width }
}
