/** Requests on the v1 wire, signed as a LaBoutik till signs them: made before the clock starts, each sent once. */
import { constants, createSign, generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { type Hex32, walletOf } from '@fedow/ledger'
import { Book } from '../../packages/node/src/store/book.ts'
import { CardDirectory } from '../../packages/node/src/store/card-directory.ts'
import { sha256 } from '../../packages/node/src/store/hash.ts'
import { openPeopleDb, PEOPLE_FILE } from '../../packages/node/src/store/people-db.ts'
import { openV1Store, V1_FILE } from '../../packages/node/src/v1/store/v1-store.ts'
import type { FilledBook } from './books.ts'
import { cardOf, type Till } from './till.ts'

/** A till of v1 and its cards, as its node knows them. */
export interface V1Till {
  readonly till: Till
  readonly apiKey: string
  readonly privateKey: KeyObject
  /** By the number of the card. */
  readonly wallets: readonly string[]
}

/** Gives the first till of a book its keys on the v1 wire, and its cards their tags; the first is primary. The node must be stopped. */
export function connectV1({ network, till }: Pick<FilledBook, 'network' | 'till'>): V1Till {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  using store = openV1Store(join(network.folder, V1_FILE))
  const laboutikPem = String(publicKey.export({ type: 'spki', format: 'pem' })).trim()
  store.places.put(till.place, { laboutikPem })
  const key = { kind: 'organisation', name: 'bench', place: till.place, person: null } as const
  const apiKey = store.keys.issue({ ...key, nowMs: Date.now() }, (count) =>
    crypto.getRandomValues(new Uint8Array(count)),
  )
  return { till, apiKey, privateKey, wallets: nameCards({ network, till }) }
}

function nameCards({ network, till }: Pick<FilledBook, 'network' | 'till'>): readonly string[] {
  using book = new Book({ folder: network.folder, genesis: network.genesis })
  const people = openPeopleDb(join(network.folder, PEOPLE_FILE))
  const directory = new CardDirectory(people)
  const records = Array.from({ length: till.cards }, (_, index) => {
    const card = cardOf(till, index)
    const record = book.state.get('card', card)
    if (record === undefined) throw new Error(`the book has no card ${index} of the till`)
    return { card, record }
  })
  const batch = records[0]?.record.batch
  if (batch === undefined) throw new Error('a till of the benchmarks has cards')
  const { place } = till
  directory.beginBatch({ batch, place, generation: 1, level: 'L0', createdMs: Date.now() })
  directory.addCards(
    batch,
    0,
    records.map(({ card }, index) => ({
      ...{ card, tag: tagOf(index), number: tagOf(index), qr: card },
      ...{ salt: new Uint8Array(16), leaf: new Uint8Array(32) },
    })),
  )
  directory.endBatch(batch, { root: 'a'.repeat(64) as Hex32, count: till.cards })
  directory.markRegistered(batch)
  people.close()
  return records.map(({ card, record }) => walletOf(sha256, card, record))
}

function tagOf(index: number): string {
  return (0xa0000000 + index).toString(16).toUpperCase()
}

/** What to ask for. */
export type V1Question = 'sale' | 'card'

export class V1Requests {
  readonly #v1: V1Till
  readonly #question: V1Question
  #ready: Buffer[] = []

  constructor(v1: V1Till, question: V1Question) {
    this.#v1 = v1
    this.#question = question
  }

  /** Signs until so many are ready. */
  prepare(count: number): void {
    while (this.#ready.length < count) {
      this.#ready.push(this.#question === 'sale' ? this.#sale() : this.#card())
    }
  }

  /** The next request, or `undefined` when all that are ready were taken. */
  next(): Buffer | undefined {
    return this.#ready.pop()
  }

  /** Makes the first card open the till. */
  primary(): Buffer {
    const body = `{"first_tag_id": "${tagOf(0)}", "delete": false}`
    return this.#post('/card/set_primary/', body)
  }

  #card(): Buffer {
    const { apiKey, till } = this.#v1
    const signature = this.#sign(apiKey)
    return toRequest(`GET /card/${tagOf(randomInt(till.cards))}/`, { apiKey, signature })
  }

  #sale(): Buffer {
    const { till, wallets } = this.#v1
    const index = randomInt(1, till.cards)
    // As Python prints it: LaBoutik sends an order of a few kilobytes along, as text.
    const metadata = `{\\"data\\": \\"${'eyJhIjoxfQ'.repeat(200)}:1abc\\"}`
    const body = `{"amount": 1, "sender": "${wallets[index]}", "receiver": "${till.wallet}", "asset": "${till.asset}", "comment": null, "metadata": "${metadata}", "user_card_firstTagId": "${tagOf(index)}", "primary_card_fisrtTagId": "${tagOf(0)}"}`
    return this.#post('/transaction/', body)
  }

  #post(path: string, body: string): Buffer {
    const signature = this.#sign(Buffer.from(body).toBase64({ alphabet: 'base64url' }))
    return toRequest(`POST ${path}`, { apiKey: this.#v1.apiKey, signature, body })
  }

  #sign(text: string): string {
    const { RSA_PKCS1_PSS_PADDING: padding } = constants
    const key = { key: this.#v1.privateKey, padding, saltLength: 222 }
    return createSign('sha256').update(text).sign(key).toBase64({ alphabet: 'base64url' })
  }
}

function toRequest(
  line: string,
  { apiKey, signature, body = '' }: { apiKey: string; signature: string; body?: string },
): Buffer {
  const head = [
    `${line} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Api-Key ${apiKey}`,
    `signature: ${signature}`,
    ...(body === '' ? [] : ['content-type: application/json', `content-length: ${body.length}`]),
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}
