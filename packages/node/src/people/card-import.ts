/**
 * From a card file to cards in the book: a plan that finds every fault, then a batch that is written here first,
 * and then registered part by part. A crash between any two steps neither loses nor doubles a card: parts have ids
 * derived from the batch, and what is pending here goes on at the next start.
 *
 * @module
 */
import { setImmediate } from 'node:timers/promises'
import {
  type Action,
  type BatchId,
  CARDS_PER_TX_MAX,
  type CardId,
  type CardLevel,
  deriveId,
  type Hash,
  type Hex32,
  MerkleTree,
  type PlaceId,
  type Rejection,
  type TxId,
  toHex,
} from '@fedow/ledger'
import type { Gateway } from '../gateway/gateway.ts'
import type { CardConflict } from '../store/card-conflicts.ts'
import type { CardDirectory } from '../store/card-directory.ts'
import { type CardBatch, cardLeaf, type NewCard } from '../store/card-entry.ts'
import type { CardFault, CardFaultCode, CardNote } from './card-fault.ts'
import { type CardRow, parseCardFile } from './card-file.ts'

export interface CardImport {
  readonly bytes: Uint8Array
  /** Where the cards come from. */
  readonly place: PlaceId
  readonly generation: number
  readonly level: CardLevel
  readonly directory: CardDirectory
  /** Registers the right lines of a file that has faulty ones. */
  readonly skipFaulty: boolean
  readonly fileName?: string
}

export type ImportFault = CardFault | CardConflict

export interface CardPlan extends Pick<CardImport, 'place' | 'generation' | 'level' | 'fileName'> {
  /** Cards to register: none at all unless the whole file is right, or its faulty lines are skipped. */
  readonly rows: readonly CardRow[]
  /** By line. */
  readonly faults: readonly ImportFault[]
  readonly notes: readonly CardNote[]
  /** Lines left out, with the sentences that say why. Empty unless `skipFaulty`. */
  readonly skipped: readonly { readonly line: number; readonly reasons: readonly string[] }[]
}

/** What an import works with. */
export interface ImportMeans {
  readonly directory: CardDirectory
  /**
   * Signs and submits one tx. An id that was decided before with the same actions must give the same outcome
   * again.
   */
  readonly submit: Gateway['submitOwn']
  readonly hash: Hash
  readonly onProgress?: (progress: CardProgress) => void
}

export interface NewBatchMeans extends ImportMeans {
  /** A UUID nobody has seen. */
  readonly newId: () => string
  /** So many random bytes, of the kind that keys are made of. */
  readonly random: (count: number) => Uint8Array
  readonly nowMs: number
}

export interface CardProgress {
  readonly batch: BatchId
  /** Cards that the book is known to hold. */
  readonly registered: number
  readonly count: number
}

type Submission = Awaited<ReturnType<Gateway['submitOwn']>>
type Refused = Extract<Submission, { readonly status: 'refused' }>

/** How an import ended. */
export type CardImportResult =
  | (CardProgress & { readonly status: 'registered' })
  /** The book refused a part for good: the batch is forgotten here, its cards never work. */
  | (CardProgress & { readonly status: 'rejected'; readonly rejection: Rejection })
  /** The batch is pending: `resumeCardImports` goes on with it. */
  | (CardProgress & {
      readonly status: 'interrupted'
      readonly code: Refused['code'] | 'unknown'
      readonly detail: string
    })
  /** Nothing is kept, neither in the book nor here: the file may be sent again. */
  | Refused

/** Cards written in one go: a few milliseconds. */
const SLICE = 100

/** Faults after which the file was not read to its end: there is no telling what skipping would leave out. */
const UNREAD: ReadonlySet<CardFaultCode | CardConflict['code']> = new Set([
  'file_too_large',
  'not_a_text_file',
  'no_card',
  'too_many_cards',
  'too_many_faults',
])

/** Reads a card file against itself and against the directory. Writes nothing. */
export function planCardImport(order: CardImport): CardPlan {
  const { place, generation, level, directory, skipFaulty, fileName } = order
  const { rows, faults: ownFaults, notes } = parseCardFile(order.bytes)
  const faults = [...ownFaults, ...directory.conflicts(rows)].toSorted((a, b) => a.line - b.line)
  const isWhole = faults.length === 0
  const isSkipping = skipFaulty && !faults.some(({ code }) => UNREAD.has(code))
  const faulty = new Set(faults.map(({ line }) => line))
  return {
    place,
    generation,
    level,
    ...(fileName === undefined ? {} : { fileName }),
    rows: isWhole || isSkipping ? rows.filter(({ line }) => !faulty.has(line)) : [],
    faults,
    notes,
    skipped: isSkipping ? toSkipped(faults) : [],
  }
}

function toSkipped(faults: readonly ImportFault[]): CardPlan['skipped'] {
  const byLine = Map.groupBy(faults, ({ line }) => line)
  return [...byLine].map(([line, of]) => ({ line, reasons: of.map(({ message }) => message) }))
}

/**
 * Registers the cards of a plan as one batch. Imports of a directory take turns: while one runs, another is refused
 * as the queue is full.
 *
 * Throws CardsKnownError when another import came since the plan was made. An error of `submit` passes through; the
 * batch stays pending.
 */
export function applyCardImport(
  order: NewBatchMeans & { readonly plan: CardPlan },
): Promise<CardImportResult> {
  return inTurn<CardImportResult>(order.directory, BUSY, async () => {
    const batch = await writeBatch(order)
    const result = await register(order, batch)
    if (result.status !== 'interrupted' || result.code === 'unknown') return result
    if (result.registered > 0) return result
    // A first part that was refused has left no trace in the book.
    order.directory.discard(batch.batch)
    return { status: 'refused', code: result.code, detail: result.detail }
  })
}

/**
 * Goes on with the batches that a crash or a full queue left pending, the oldest first. Answers one result for each,
 * none while an import runs.
 */
export function resumeCardImports(means: ImportMeans): Promise<readonly CardImportResult[]> {
  return inTurn<readonly CardImportResult[]>(means.directory, [], async () => {
    means.directory.discardUnfinished()
    const results: CardImportResult[] = []
    for (const batch of means.directory.pending()) results.push(await register(means, batch))
    return results
  })
}

const BUSY: Refused = {
  status: 'refused',
  code: 'queue_full',
  detail: 'Another card import is running.',
}

const running = new WeakSet<CardDirectory>()

/** One that goes on must not meet one that gives up. */
async function inTurn<T>(directory: CardDirectory, busy: T, work: () => Promise<T>): Promise<T> {
  if (running.has(directory)) return busy
  running.add(directory)
  try {
    return await work()
  } finally {
    running.delete(directory)
  }
}

/** Gives every card its id and its salt, and writes all down before the book learns of the first. */
async function writeBatch(
  order: NewBatchMeans & { readonly plan: CardPlan },
): Promise<Registering> {
  const { plan, directory, hash, newId, nowMs } = order
  const { rows, place, generation, level, fileName } = plan
  if (rows.length === 0) {
    throw new Error('The plan holds no card to register. Nothing was changed. Show its faults.')
  }
  const about = { batch: newId() as BatchId, place, generation, level }
  const name = fileName === undefined ? {} : { fileName }
  directory.beginBatch({ ...about, ...name, createdMs: nowMs })
  try {
    const tree = new MerkleTree(hash)
    for (let offset = 0; offset < rows.length; offset += SLICE) {
      const cards = rows.slice(offset, offset + SLICE).map((row) => toNewCard(order, row))
      for (const { leaf } of cards) tree.append(leaf)
      directory.addCards(about.batch, offset, cards)
      // Between slices the tills have their turn.
      await setImmediate()
    }
    const whole = { root: toHex(tree.root()) as Hex32, count: rows.length }
    directory.endBatch(about.batch, whole)
    return { ...about, ...whole }
  } catch (cause) {
    directory.discard(about.batch)
    throw cause
  }
}

function toNewCard({ hash, newId, random }: NewBatchMeans, row: CardRow): NewCard {
  const { tag, number, qr } = row
  const of = { card: newId() as CardId, tag, number, qr, salt: random(16) }
  return { ...of, leaf: cardLeaf(hash, of) }
}

type Registering = Omit<CardBatch, 'state' | 'createdMs' | 'fileName'>

/** Submits every part from the first: the book answers those it holds already as it did before. */
async function register(
  means: ImportMeans,
  of: Registering,
): Promise<Exclude<CardImportResult, Refused>> {
  const { directory, submit, hash, onProgress } = means
  const { batch, count } = of
  let registered = 0
  while (registered < count) {
    const action = toAction(directory, of, registered)
    const submission = await submit(
      [action],
      deriveId<TxId>(hash, 'cards-register', batch, registered),
    )
    const stop = toStop(submission)
    if (stop?.status === 'rejected') directory.discard(batch)
    if (stop !== undefined) return { batch, registered, count, ...stop }
    registered += action.cards.length
    onProgress?.({ batch, registered, count })
  }
  directory.markRegistered(batch)
  return { batch, registered, count, status: 'registered' }
}

function toAction(directory: CardDirectory, of: Registering, offset: number) {
  const { batch, place, generation, root, count, level } = of
  const cards = directory.cardsOf(batch, { offset, limit: CARDS_PER_TX_MAX })
  const facts = { batch, place, generation, root, count, level }
  return { kind: 'cards-register', ...facts, offset, cards } as const satisfies Action
}

/** Why the import stops after a part, or `undefined` when the book holds it. */
function toStop(submission: Submission) {
  if (submission.status === 'decided') {
    const { outcome } = submission
    if (outcome.status === 'applied') return undefined
    return { status: 'rejected', rejection: outcome.rejection } as const
  }
  const code = submission.status === 'refused' ? submission.code : 'unknown'
  return { status: 'interrupted', code, detail: submission.detail } as const
}
