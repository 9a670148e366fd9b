/**
 * Databases of v1 of any size, on v1's own tables: the same rows for the same seed. Hashes, chains and balances are
 * right, but for the defects that are asked for, which are counted.
 *
 * @module
 */
import { hash } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { v1Hash } from '../src/v1/import/hash.ts'
import type { V1Line } from '../src/v1/import/rows.ts'
import { v1File } from './v1-file.ts'

export interface V1Order {
  readonly path: string
  readonly seed: number
  readonly lines: number
  readonly cards: number
  /** Length of what tills write beside a sale. */
  readonly metadataLength?: number
  readonly onProgress?: (done: number, total: number) => void
}

/** The defects that were put in, in cents where they are money. */
export interface Planted {
  forks: number
  undelivered: number
  undeliveredAmount: bigint
  drifts: number
  driftAmount: bigint
  /** Wallets of nobody, all empty. */
  orphans: number
}

const START_MS = Date.UTC(2023, 0, 1)
const STEP_MS_MAX = 400_000
const REFILL = 2_000n
const SALE = 350n

/** Makes a database; answers what is wrong in it. */
export function makeV1Database(order: V1Order): Planted {
  // The storm has what a place needs: configuration, keys, origins, assets and their first lines.
  copyFileSync(v1File('storm'), order.path)
  using db = new DatabaseSync(order.path, { enableForeignKeyConstraints: false })
  db.exec('PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN')
  const planted = new Maker(db, order).make()
  db.exec('COMMIT; PRAGMA journal_mode=DELETE')
  return planted
}

interface Card {
  readonly id: string
  readonly wallet: string
  balance: bigint
}

class Maker {
  readonly #db: DatabaseSync
  readonly #order: V1Order
  readonly #random: () => number
  readonly #insert: StatementSync
  readonly #planted: Planted = {
    ...{ forks: 0, undelivered: 0, undeliveredAmount: 0n },
    ...{ drifts: 0, driftAmount: 0n, orphans: 0 },
  }
  readonly #place: string
  readonly #asset: string
  readonly #primary: string
  readonly #metadata: string
  #cards: Card[] = []
  #placeBalance = 0n
  #timeUs = START_MS * 1_000
  #lines = 0
  #last: Tail
  #before: Tail

  constructor(db: DatabaseSync, order: V1Order) {
    this.#db = db
    this.#order = order
    this.#random = randomOf(order.seed)
    const { place, asset } = this.#clear()
    this.#place = place
    this.#asset = asset
    this.#primary = String(only(db, 'SELECT card_id FROM fedow_core_card_primary_places'))
    this.#metadata = 'x'.repeat(order.metadataLength ?? 400)
    const first = only(
      db,
      `SELECT uuid || hash FROM fedow_core_transaction WHERE asset_id = '${asset}'`,
    )
    this.#last = { id: String(first).slice(0, 32), hash: String(first).slice(32) }
    this.#before = this.#last
    this.#insert = db.prepare(
      `INSERT INTO fedow_core_transaction (uuid, hash, ip, datetime, amount, metadata, subscription_type, last_check,
         action, asset_id, card_id, previous_transaction_id, primary_card_id, receiver_id, sender_id)
       VALUES (?, ?, '127.0.0.1', ?, ?, ?, 'NO', ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  make(): Planted {
    this.#makeCards()
    this.#lines = Number(only(this.#db, 'SELECT count(*) FROM fedow_core_transaction'))
    while (this.#lines < this.#order.lines) {
      this.#gesture()
      if (this.#lines % 1_000 === 0) this.#order.onProgress?.(this.#lines, this.#order.lines)
    }
    this.#store()
    return this.#planted
  }

  /** Leaves the first lines, one place with its primary card, and nothing that was paid. */
  #clear(): { place: string; asset: string } {
    this.#db.exec(`
      DELETE FROM fedow_core_transaction WHERE action <> 'FST';
      DELETE FROM fedow_core_token WHERE wallet_id NOT IN (SELECT wallet_id FROM fedow_core_place);
      UPDATE fedow_core_token SET value = 0;
      DELETE FROM fedow_core_wallet WHERE uuid IN (SELECT wallet_ephemere_id FROM fedow_core_card);
      DELETE FROM fedow_core_card WHERE uuid NOT IN (SELECT card_id FROM fedow_core_card_primary_places);
      UPDATE fedow_core_card SET wallet_ephemere_id = NULL;
      UPDATE fedow_core_transaction SET datetime = '2022-12-31 00:00:00'`)
    const place = String(
      only(this.#db, 'SELECT wallet_id FROM fedow_core_place ORDER BY name DESC'),
    )
    const sql = `SELECT uuid FROM fedow_core_asset WHERE wallet_origin_id = '${place}'`
    return { place, asset: String(only(this.#db, sql)) }
  }

  #makeCards(): void {
    const wallet = this.#db.prepare(
      "INSERT INTO fedow_core_wallet (uuid, ip) VALUES (?, '0.0.0.0')",
    )
    const card = this.#db.prepare(
      `INSERT INTO fedow_core_card (uuid, first_tag_id, qrcode_uuid, number_printed, origin_id, wallet_ephemere_id)
       VALUES (?, ?, ?, ?, 1, ?)`,
    )
    this.#cards = Array.from({ length: this.#order.cards }, (_, index) => {
      const made = { id: this.#id(), wallet: this.#id(), balance: 0n }
      wallet.run(made.wallet)
      card.run(made.id, digitsOf(index, 0), this.#id(), digitsOf(index, 1), made.wallet)
      return made
    })
  }

  #gesture(): void {
    const card = this.#cards[Math.floor(this.#random() * this.#cards.length)] as Card
    if (card.balance < SALE) this.#refill(card)
    else this.#sale(card)
  }

  #refill(card: Card): void {
    this.#write({ action: 'CRE', from: this.#place, to: this.#place, amount: REFILL, card })
    this.#placeBalance += REFILL
    if (this.#random() < 0.002) {
      this.#planted.undelivered += 1
      this.#planted.undeliveredAmount += REFILL
      return
    }
    this.#write({ action: 'REF', from: this.#place, to: card.wallet, amount: REFILL, card })
    this.#placeBalance -= REFILL
    card.balance += REFILL
  }

  #sale(card: Card): void {
    const order = `{"order": ${this.#lines}, "signed": "${this.#metadata}"}`
    const metadata = JSON.stringify(order)
    this.#write({ action: 'SAL', from: card.wallet, to: this.#place, amount: SALE, card, metadata })
    this.#placeBalance += SALE
    card.balance -= SALE
  }

  /** Now and then it names the same line before it as the one written just before: two tills at once. */
  #write({ card, ...facts }: Written): void {
    const isFork = this.#random() < 0.01 && this.#before !== this.#last
    if (isFork) this.#planted.forks += 1
    const previous = isFork ? this.#before : this.#last
    this.#timeUs += 1 + Math.floor(this.#random() * STEP_MS_MAX * 1_000)
    const at = toMoment(this.#timeUs)
    const line: V1Line = {
      ...{ id: this.#id(), hash: '', ip: '127.0.0.1', at, checkedAt: at, ...facts },
      ...{ metadata: facts.metadata, comment: undefined, checkout: undefined },
      ...{ asset: this.#asset, card: card.id, primary: this.#primary, previous: previous.id },
      ...{ subscriptionType: 'NO', subscriptionFirst: undefined, subscriptionStart: undefined },
    }
    const own = v1Hash(line, { previousHash: previous.hash, stripeId: undefined })
    const { id, amount, action, asset, primary, to, from, metadata = null } = line
    this.#insert.run(
      id,
      own,
      at,
      amount,
      metadata,
      at,
      action,
      asset,
      card.id,
      previous.id,
      primary ?? null,
      to,
      from,
    )
    // No fork right after a fork: it would be a third branch of the same one.
    const written = { id, hash: own }
    this.#before = isFork ? written : this.#last
    this.#last = written
    this.#lines += 1
  }

  #store(): void {
    const account = this.#db.prepare(
      'INSERT INTO fedow_core_token (uuid, value, asset_id, wallet_id) VALUES (?, ?, ?, ?)',
    )
    for (const [index, { wallet, balance }] of this.#cards.entries()) {
      const lost = index % 5_000 === 7 ? 25n : 0n
      if (lost > 0n) {
        this.#planted.drifts += 1
        this.#planted.driftAmount += lost
      }
      account.run(this.#id(), balance + lost, this.#asset, wallet)
    }
    const own = `wallet_id = '${this.#place}' AND asset_id = '${this.#asset}'`
    this.#db.exec(`UPDATE fedow_core_token SET value = ${this.#placeBalance} WHERE ${own}`)
    const stray = this.#id()
    this.#db.exec(`INSERT INTO fedow_core_wallet (uuid, ip) VALUES ('${stray}', '0.0.0.0')`)
    this.#planted.orphans += 1
  }

  #id(): string {
    const words = Array.from({ length: 4 }, () => Math.floor(this.#random() * 2 ** 32))
    return words.map((word) => word.toString(16).padStart(8, '0')).join('')
  }
}

interface Tail {
  readonly id: string
  readonly hash: string
}

type Written = Pick<V1Line, 'action' | 'from' | 'to' | 'amount'> & {
  readonly card: Card
  readonly metadata?: string
}

function only(db: DatabaseSync, sql: string): unknown {
  return Object.values(db.prepare(sql).get() ?? {})[0]
}

/** Eight digits that no other index has in this column. */
function digitsOf(index: number, column: number): string {
  return (Math.imul(index * 2 + column, 0x9e3779b1) >>> 0)
    .toString(16)
    .padStart(8, '0')
    .toUpperCase()
}

function toMoment(timeUs: number): string {
  const text = new Date(Math.floor(timeUs / 1_000)).toISOString().replace('T', ' ').slice(0, 19)
  const fraction = timeUs % 1_000_000
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let block = 0
  let words: number[] = []
  return () => {
    if (words.length === 0) {
      const bytes = Buffer.from(hash('sha512', `${seed} ${block}`), 'hex')
      words = Array.from({ length: 16 }, (_, index) => bytes.readUInt32BE(index * 4))
      block += 1
    }
    return (words.pop() ?? 0) / 2 ** 32
  }
}
