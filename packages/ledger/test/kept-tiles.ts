import type { ChangedTile, Tiles } from '../src/index.ts'

/** What a store does with the tiles of a history tree, in memory. */
export class KeptTiles implements Tiles {
  readonly #tiles = new Map<string, Uint8Array>()

  keep(changed: readonly ChangedTile[]): void {
    for (const { level, number, hashes } of changed) this.#tiles.set(`${level}/${number}`, hashes)
  }

  tile(level: number, number: number): Uint8Array | undefined {
    return this.#tiles.get(`${level}/${number}`)
  }

  get names(): readonly string[] {
    return [...this.#tiles.keys()].sort()
  }
}
