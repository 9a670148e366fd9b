/** Texts that people read before they vote, by their hash: one file each, written once. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Hex32, toHex, toUtf8 } from '@fedow/ledger'
import { syncFolder, writeNewFile } from './durable-file.ts'
import { sha256 } from './hash.ts'

/** The folder of the texts in a data folder. */
export const TEXTS_FOLDER = 'texts'

export class TextStore {
  readonly #folder: string
  readonly #path: string

  /** `folder`: the data folder. */
  constructor(folder: string) {
    this.#folder = folder
    this.#path = join(folder, TEXTS_FOLDER)
  }

  /** Keeps a text; again is as once. */
  put(text: string): void {
    const hash = hashOfText(text)
    if (this.get(hash) !== undefined) return
    if (mkdirSync(this.#path, { recursive: true, mode: 0o700 })) syncFolder(this.#folder)
    const path = this.#pathOf(hash)
    // What is there is damaged.
    rmSync(path, { force: true })
    writeNewFile(path, { text, mode: 0o600 })
  }

  /** Whether there is a file for this hash, which nobody has read again. */
  has(hash: Hex32): boolean {
    return existsSync(this.#pathOf(hash))
  }

  /** The text with this hash; undefined when it is not there, or not what it was. */
  get(hash: Hex32): string | undefined {
    const text = readIfThere(this.#pathOf(hash))
    return text !== undefined && hashOfText(text) === hash ? text : undefined
  }

  #pathOf(hash: Hex32): string {
    return join(this.#path, `${hash}.txt`)
  }
}

/** SHA-256 of a text in UTF-8, as a proposal names it. */
function hashOfText(text: string): Hex32 {
  return toHex(sha256(toUtf8(text))) as Hex32
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}
