import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** What happened once to this node as a whole, by name. */
export class V1Marks {
  readonly #get: StatementSync
  readonly #set: StatementSync

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT text FROM mark WHERE name = ?')
    this.#set = db.prepare(
      'INSERT INTO mark (name, text) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET text = ?2',
    )
  }

  get(name: string): string | undefined {
    return this.#get.get(name)?.['text'] as string | undefined
  }

  set(name: string, text: string): void {
    this.#set.run(name, text)
  }
}
