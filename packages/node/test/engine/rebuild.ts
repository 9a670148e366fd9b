/** The blocks of a book, and a second book made of them by other hands. */
import { type SignedGenesis, toJws } from '@fedow/ledger'
import { Book } from '../../src/store/book.ts'
import type { SealedBlock, StoredTx } from '../../src/store/book-reader.ts'
import type { SigningKey } from '../../src/store/key-file.ts'
import { BlockFedEngine, type Proposal } from './block-fed-engine.ts'

const ALL = { limit: Number.MAX_SAFE_INTEGER }

/** Everything that was decided, in order. */
export function allTxs({ reader }: Book): readonly StoredTx[] {
  const txs = Array.from({ length: reader.tip().txs }, (_, index) => reader.txAt(index + 1))
  return txs.flatMap((tx) => (tx === undefined ? [] : [tx]))
}

/** The closed blocks after the genesis, as an order of txs would propose them. */
export function blocksOf(book: Book): readonly Proposal[] {
  const entries = new Map<number, string[]>()
  for (const { kid, json, signature, outcome } of allTxs(book)) {
    if (kid === null || signature === null) continue
    const of = entries.get(outcome.height) ?? []
    entries.set(outcome.height, of)
    of.push(toJws(kid, json, signature))
  }
  const closed = book.reader.blocks(ALL).toReversed().slice(1)
  return closed.map(({ height, timeUs }) => ({
    timeMs: timeUs / 1_000,
    entries: entries.get(height) ?? [],
  }))
}

/** All seals, oldest first. */
export function sealsOf(book: Book): readonly SealedBlock[] {
  const heights = book.reader.blocks(ALL).map(({ height }) => height)
  return heights.toReversed().flatMap((height) => book.reader.sealedBlock(height) ?? [])
}

export interface Rebuilding {
  /** Without a book. */
  readonly folder: string
  readonly genesis: SignedGenesis
  readonly checkpointKey: SigningKey
  readonly random: () => number
}

/** Makes a book of the same genesis and other blocks, or the same ones; some rounds are thrown away before. */
export function rebuild(
  { folder, genesis, checkpointKey, random }: Rebuilding,
  blocks: readonly Proposal[],
): { readonly book: Book; readonly engine: BlockFedEngine } {
  const book = new Book({ folder, genesis, isNew: true, synchronous: 'OFF' })
  const engine = new BlockFedEngine({ book, random, checkpointKey })
  for (const { timeMs, entries } of blocks) {
    if (random() < 0.2) engine.discard({ timeMs, entries: entries.toReversed() })
    engine.feed({ timeMs, entries })
  }
  return { book, engine }
}
