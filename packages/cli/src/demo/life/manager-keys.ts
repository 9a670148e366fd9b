/** A key for the manager of each place, in a file of the data folder: only a key of a person votes. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { SigningKey } from '@fedow/node'

const FOLDER = 'demo-managers'

export class ManagerKeys {
  readonly #folder: string
  readonly #known = new Map<string, SigningKey>()

  constructor(folder: string) {
    this.#folder = join(folder, FOLDER)
  }

  /** The key of a place; a new one when its manager has none yet. */
  of(place: string): SigningKey {
    const known = this.#known.get(place)
    if (known !== undefined) return known
    const path = join(this.#folder, `${fileName(place)}.pem`)
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    if (!existsSync(path)) SigningKey.generate().write(path)
    const key = SigningKey.read(path)
    this.#known.set(place, key)
    return key
  }
}

function fileName(place: string): string {
  const plain = place.normalize('NFD').replace(/[^a-zA-Z0-9]+/g, '-')
  return plain.toLowerCase()
}
