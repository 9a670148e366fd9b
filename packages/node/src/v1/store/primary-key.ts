import { createPublicKey, generateKeyPair } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { writeNewFile } from '../../store/durable-file.ts'

const generate = promisify(generateKeyPair)

/** Among the keys of the data folder. */
export const PRIMARY_KEY_FILE = 'v1.pem'

/**
 * The RSA key of the primary wallet, of which Lespass keeps the public half. Made when it is first asked for, unless it was
 * brought over from v1, perhaps without its private half.
 */
export class PrimaryKey {
  readonly #path: string
  #pem: Promise<string> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** SubjectPublicKeyInfo, 451 characters. */
  publicPem(): Promise<string> {
    this.#pem ??= this.#read().catch((cause) => {
      this.#pem = undefined
      throw cause
    })
    return this.#pem
  }

  async #read(): Promise<string> {
    if (!existsSync(this.#path)) {
      const { privateKey } = await generate('rsa', { modulusLength: 2_048 })
      const text = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
      writeNewFile(this.#path, { text, mode: 0o600 })
    }
    const key = createPublicKey(readFileSync(this.#path, 'utf8'))
    return String(key.export({ type: 'spki', format: 'pem' }))
  }
}
