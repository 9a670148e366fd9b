/** What a card import works with: a card directory in a temporary file, and the rules over a state in memory. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import {
  type Action,
  applyTx,
  type BatchId,
  Block,
  type ChainId,
  encode,
  type Kid,
  MemoryState,
  merkleRoot,
  type NodeId,
  type Outcome,
  type PlaceId,
  type TxId,
  type WalletId,
} from '@fedow/ledger'
import { expect } from 'vitest'
import type { Submission } from '../src/engine/engine.ts'
import { type CardPlan, planCardImport } from '../src/people/card-import.ts'
import { CardDirectory } from '../src/store/card-directory.ts'
import { sha256 } from '../src/store/hash.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { makeCardFile } from './card-file-maker.ts'

const PLACE = randomUUID() as PlaceId
const KID = 'A'.repeat(43) as Kid

export function cardFile(count: number, seed = 1): Uint8Array {
  return makeCardFile({ seed, count, tagBytes: 7 })
}

/** Behind the promise of an engine: an id is decided once, and answers alike for the same actions. */
export class MemoryBook {
  readonly state = new MemoryState()
  readonly #decided = new Map<TxId, { readonly actions: string; readonly outcome: Outcome }>()

  constructor() {
    const node = randomUUID() as NodeId
    const wallet = randomUUID() as WalletId
    const facts = { node, wallet, keys: [KID], federations: [], suspended: false, openedMs: 0 }
    this.state.put('place', PLACE, { name: 'Bar', ...facts })
    this.grant()
  }

  grant(): void {
    this.state.put('key', KID, { x: 'x', roles: [{ on: `place/${PLACE}`, can: ['cards'] }] })
  }

  revoke(): void {
    this.state.put('key', KID, { x: 'x', roles: [] })
  }

  submit = async (list: readonly Action[], id: TxId): Promise<Submission> => {
    const actions = encode(list)
    const before = this.#decided.get(id)
    if (before?.actions === actions) {
      return { status: 'decided', outcome: before.outcome, isRepeat: true }
    }
    if (before) return { status: 'refused', code: 'id_used', detail: 'other actions' }
    const chain = '0'.repeat(32) as ChainId
    const payload = { v: 1, chain, id, actions: list, notAfter: 1 } as const
    const block = new Block({ chain, height: 1, timeMs: 0 }, sha256)
    const { outcome } = applyTx(this.state, block, { kid: KID, payload, bytes: randomBytes(8) })
    this.#decided.set(id, { actions, outcome })
    return { status: 'decided', outcome, isRepeat: false }
  }

  has(id: TxId): boolean {
    return this.#decided.has(id)
  }

  get txs(): number {
    return this.#decided.size
  }

  /** Cards by batch. */
  cards(): ReadonlyMap<BatchId, readonly string[]> {
    const entries = [...this.state.entries('card')]
    const byBatch = Map.groupBy(entries, ({ record }) => record.batch)
    return new Map([...byBatch].map(([batch, of]) => [batch, of.map(({ id }) => id).toSorted()]))
  }
}

export class CardImportWorld implements Disposable {
  readonly order = { place: PLACE, generation: 1, level: 'L0' } as const
  readonly book = new MemoryBook()
  readonly #folder = mkdtempSync(join(tmpdir(), 'fedow-import-'))
  #db: DatabaseSync
  directory: CardDirectory

  constructor() {
    this.#db = openPeopleDb(join(this.#folder, 'people.db'))
    this.directory = new CardDirectory(this.#db)
  }

  get isClosed(): boolean {
    return !this.#db.isOpen
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  /** What a crash leaves: the files. */
  reopen(): void {
    this.close()
    this.#db = openPeopleDb(join(this.#folder, 'people.db'))
    this.directory = new CardDirectory(this.#db)
  }

  means() {
    return {
      directory: this.directory,
      submit: this.book.submit,
      hash: sha256,
      newId: (): string => randomUUID(),
      random: (count: number): Uint8Array => randomBytes(count),
      nowMs: 7,
    }
  }

  plan(file: Uint8Array | string, options: { readonly skipFaulty?: boolean } = {}): CardPlan {
    const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
    const { directory, order } = this
    return planCardImport({ ...order, directory, bytes, skipFaulty: false, ...options })
  }

  /** The book and the directory hold the same cards, each once, all of whole batches. */
  expectAgreement(count: number): void {
    const batches = this.directory.batches()
    expect(batches.every(({ state }) => state === 'registered')).toBe(true)
    expect(batches.reduce((total, batch) => total + batch.count, 0)).toBe(count)
    for (const { batch, root, count: size } of batches) {
      const cards = this.directory.cardsOf(batch, { offset: 0, limit: 1_000_000 })
      expect(this.book.cards().get(batch)).toEqual(cards.toSorted())
      const record = this.book.state.get('batch', batch)
      expect(record).toMatchObject({ root, count: size, registered: size })
      expect(merkleRoot(sha256, this.directory.leavesOf(batch)).toHex()).toBe(root)
    }
  }

  [Symbol.dispose](): void {
    this.close()
    rmSync(this.#folder, { recursive: true })
  }
}
