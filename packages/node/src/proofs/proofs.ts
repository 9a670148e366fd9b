/** Everything by which others check this book without believing this node. */
import type { NoteSignature } from '@fedow/ledger'
import type { Book } from '../store/book.ts'
import type { BookReader, SealedBlock, StoredTx } from '../store/book-reader.ts'
import { checkpointNote } from './checkpoint-note.ts'
import { consistencyOf, entryBundleAt, sealedSize, tileAt } from './history.ts'
import { type ReceiptMeans, receiptOf, tlogProofOf } from './receipts.ts'
import { type RecordOrder, type RecordProof, recordProofOf } from './record-proofs.ts'
import { type StatementMeans, type StatementOrder, statementOf } from './statements.ts'

/** What witnesses said of our checkpoints. */
export interface Cosignatures {
  cosignaturesAt(height: number): readonly NoteSignature[]
  /** The newest block at this height or above that somebody co-signed. */
  cosignedHeight(atLeast: number): number | undefined
}

export class Proofs {
  readonly #book: BookReader
  readonly #cosignatures: Cosignatures
  readonly #receipts: ReceiptMeans
  readonly #statements: StatementMeans & { readonly book: BookReader }

  constructor(book: Pick<Book, 'reader' | 'state' | 'prove'>, cosignatures: Cosignatures) {
    const { reader } = book
    const noteOf = (block: SealedBlock) => this.noteOf(block)
    this.#book = reader
    this.#cosignatures = cosignatures
    this.#receipts = { book: reader, noteOf, anchorOf: (height) => this.#anchorOf(height) }
    this.#statements = {
      book: reader,
      noteOf,
      sealed: (key) => book.state.sealed(key),
      prove: (height, key) => book.prove(height, key),
    }
  }

  /** The signed note of a sealed block, with its co-signatures. */
  noteOf(block: SealedBlock): string {
    return checkpointNote(block, this.#book, this.#cosignatures.cosignaturesAt(block.height))
  }

  /** The latest note; `undefined` until the genesis is sealed. */
  checkpoint(): string | undefined {
    const block = this.#book.lastSealed()
    return block && this.noteOf(block)
  }

  /** Witnesses come some time after the seal: a proof ends in the newest checkpoint that one of them has seen. */
  #anchorOf(height: number): SealedBlock | undefined {
    const cosigned = this.#cosignatures.cosignedHeight(height)
    const block = cosigned === undefined ? undefined : this.#book.sealedBlock(cosigned)
    return block ?? this.#book.lastSealed()
  }

  /** Leaves of the history up to the last seal. */
  get size(): number {
    return sealedSize(this.#book)
  }

  /** Hashes of the tile of an address; `undefined` when the sealed history has no such tile. */
  tile(path: string): Uint8Array | undefined {
    return tileAt(this.#book, path)
  }

  /** Leaves of the bundle of an address; `undefined` when the sealed history has no such bundle. */
  entryBundle(path: string): Promise<Uint8Array | undefined> {
    return entryBundleAt(this.#book, path)
  }

  /** Between two sizes, `from <= to <= size`. */
  consistency(sizes: { readonly from: number; readonly to: number }): readonly Uint8Array[] {
    return consistencyOf(this.#book, sizes)
  }

  /** The receipt of a tx; `undefined` while it is not sealed. The genesis has none. */
  receipt(stored: StoredTx): string | undefined {
    return receiptOf(this.#receipts, stored)
  }

  /** The place of a tx in the history; `undefined` while it is not sealed. */
  tlogProof(stored: StoredTx): string | undefined {
    return tlogProofOf(this.#receipts, stored)
  }

  /** The balances of a wallet after the last seal; `undefined` while it is not sealed. */
  statement(order: StatementOrder): Promise<string | undefined> {
    return statementOf(this.#statements, order)
  }

  /** A record at one of the last sealed heights; `undefined` for other heights. */
  record(order: RecordOrder): Promise<RecordProof | undefined> {
    return recordProofOf(this.#statements, order)
  }
}
