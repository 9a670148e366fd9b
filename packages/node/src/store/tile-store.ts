import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ChangedTile, Tiles } from '@fedow/ledger'

/** Tiles of one level at most; a level above holds fewer. */
const LEVEL = 2n ** 40n

/** The tiles of the history tree in the book's file. */
export class TileStore implements Tiles {
  readonly #read: StatementSync
  readonly #write: StatementSync

  constructor(db: DatabaseSync) {
    this.#read = db.prepare('SELECT hashes FROM tile WHERE id = ?')
    this.#write = db.prepare('INSERT OR REPLACE INTO tile VALUES (?, ?)')
  }

  tile(level: number, number: number): Uint8Array | undefined {
    const row = this.#read.get(tileKey(level, number))
    return row?.['hashes'] as Uint8Array | undefined
  }

  /** Inside the SQL transaction of the seal that the tiles belong to. */
  write(tiles: readonly ChangedTile[]): void {
    for (const { level, number, hashes } of tiles) this.#write.run(tileKey(level, number), hashes)
  }
}

export function tileKey(level: number, number: number): bigint {
  return BigInt(level) * LEVEL + BigInt(number)
}
