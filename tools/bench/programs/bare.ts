/**
 * The bar that Fedow is measured against: HTTP, one Ed25519 check in the thread pool, one row appended by a group
 * commit, an answer once it is durable. No rule, no reading of the payload, no history.
 *
 * Arguments: a folder; the public key that signs.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { tell } from './tell.ts'

const BATCH_MAX = 256

interface Waiting {
  readonly jws: string
  readonly answer: () => void
}

class GroupCommit {
  readonly #db: DatabaseSync
  readonly #append
  #queue: Waiting[] = []
  #isScheduled = false

  constructor(folder: string) {
    this.#db = new DatabaseSync(join(folder, 'bare.db'))
    this.#db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
    this.#db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, jws TEXT NOT NULL) STRICT')
    this.#append = this.#db.prepare('INSERT INTO entry (jws) VALUES (?)')
  }

  append(jws: string): Promise<void> {
    return new Promise((answer) => {
      this.#queue.push({ jws, answer })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#commit()
    })
  }

  #commit(): void {
    const batch = this.#queue.splice(0, BATCH_MAX)
    this.#db.exec('BEGIN IMMEDIATE')
    for (const { jws } of batch) this.#append.run(jws)
    this.#db.exec('COMMIT')
    for (const { answer } of batch) answer()
    if (this.#queue.length > 0) this.#schedule()
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = ''
    request.setEncoding('latin1')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => resolve(body))
  })
}

function isSigned(key: KeyObject, jws: string): Promise<boolean> {
  const cut = jws.lastIndexOf('.')
  const input = Buffer.from(jws.slice(0, cut), 'latin1')
  const signature = Buffer.from(jws.slice(cut + 1), 'base64url')
  return new Promise((resolve, reject) => {
    verify(null, input, key, signature, (cause, isValid) => {
      if (cause) reject(cause)
      else resolve(isValid)
    })
  })
}

const [folder = '', x = ''] = process.argv.slice(2)
const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
const log = new GroupCommit(folder)
const server = createServer(async (request, response) => {
  const jws = await readBody(request)
  const isValid = await isSigned(key, jws)
  if (isValid) await log.append(jws)
  const body = isValid ? '{"status":"applied"}' : '{"status":"refused"}'
  response.writeHead(isValid ? 200 : 401, {
    'content-type': 'application/json',
    'content-length': body.length,
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  tell({ result: (server.address() as AddressInfo).port })
})
process.on('SIGTERM', () => process.exit(0))
