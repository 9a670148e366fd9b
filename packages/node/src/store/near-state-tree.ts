import { StateTree } from '@fedow/ledger/state-tree'
import { sha256 } from './hash.ts'
import { putAll } from './state-tree-records.ts'

/** A state tree on the asker's own thread, for where little is hashed and nobody else waits. */
export class NearStateTree implements Disposable {
  readonly #tree = new StateTree(sha256)

  /** As `StateTreeThread.tell`. */
  tell(records: readonly (string | null)[]): void {
    putAll(this.#tree, records)
  }

  /** As `StateTreeThread.seal`. */
  seal(height: number): Promise<Uint8Array> {
    return Promise.resolve(this.#tree.seal(height))
  }

  [Symbol.dispose](): void {
    // There is no thread to end.
  }
}
