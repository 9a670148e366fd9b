/** What answers have shown of things that change beside the money, and since which line of the book. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

export class V1Shown {
  readonly #last: StatementSync
  readonly #at: StatementSync
  readonly #put: StatementSync

  constructor(db: DatabaseSync) {
    this.#last = db.prepare(
      'SELECT since, text FROM shown WHERE name = ? ORDER BY since DESC LIMIT 1',
    )
    this.#at = db.prepare(
      'SELECT text FROM shown WHERE name = ? AND since <= ? ORDER BY since DESC LIMIT 1',
    )
    this.#put = db.prepare('INSERT OR REPLACE INTO shown (name, since, text) VALUES (?, ?, ?)')
  }

  /** The newest text, and since which line it is shown. */
  last(name: string): { readonly since: number; readonly text: string } | undefined {
    const row = this.#last.get(name)
    return row && { since: Number(row['since']), text: String(row['text']) }
  }

  /** The text that answers about the line of this number have. */
  at(name: string, line: number): string | undefined {
    return this.#at.get(name, line)?.['text'] as string | undefined
  }

  put(name: string, since: number, text: string): void {
    this.#put.run(name, since, text)
  }
}
