/**
 * What this node knows of euros that go back to payers. A wish is of one wallet; each payment that it draws on becomes
 * a payout of its own:
 *
 *   wish    wished -> planned | over
 *   payout  planned -> held -> asked -> paid -> returned
 *                 |        |       '-> released
 *                 |        '-> released
 *                 '-> released
 *
 * What is held, paid and released is true in the book; these are marks that say what to do next.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import {
  type CardId,
  fromUuidBytes,
  type Id,
  type PayoutId,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'
import type { ProviderName } from './payment-store.ts'

export type WishId = Id<'payout-wish'>

/** Amounts in cents, times in milliseconds since 1970. */
export interface PayoutWish {
  readonly id: WishId
  readonly wallet: WalletId
  /** The card that holds the wallet, when no person does. */
  readonly card: CardId | undefined
  /** Undefined: as much as can go back. */
  readonly amount: bigint | undefined
  readonly state: 'wished' | 'planned' | 'over'
  readonly problem: string | undefined
  readonly tries: number
  readonly createdMs: number
  /** When to look again; undefined: never. */
  readonly nextMs: number | undefined
}

/**
 * `planned`: nothing has happened. `held`: nobody can spend it. `asked`: the provider has made the refund. `paid`: out
 * of circulation. `released`: nothing was paid. `returned`: it was paid, came back, and is in the wallet again.
 */
export const PAYOUT_STATES = ['planned', 'held', 'asked', 'paid', 'released', 'returned'] as const
export type PayoutState = (typeof PAYOUT_STATES)[number]

export interface PayerPayout {
  readonly id: PayoutId
  readonly wish: WishId
  readonly wallet: WalletId
  readonly card: CardId | undefined
  readonly provider: ProviderName
  /** What is refunded, at the provider. */
  readonly payment: string
  readonly amount: bigint
  readonly state: PayoutState
  /** The refund, at the provider. */
  readonly reference: string | undefined
  /** How the provider last said that it stands. */
  readonly refund: 'pending' | 'succeeded' | 'failed' | undefined
  /** How often the provider was asked to make it. */
  readonly asks: number
  /** Answers of the provider that spoilt an idempotency key. */
  readonly spoilt: number
  /** Txs that the book refused. */
  readonly rejections: number
  /** Looks since something last changed. */
  readonly tries: number
  readonly problem: string | undefined
  readonly createdMs: number
  readonly changedMs: number
  readonly nextMs: number | undefined
}

export interface PayoutCounts {
  /** Not ended yet. */
  readonly underWay: number
  /** Cents of those. */
  readonly underWayAmount: bigint
  /** When the oldest of those began. */
  readonly oldestMs: number | undefined
}

const UNDER_WAY = `('planned', 'held', 'asked')`

type Row = Record<string, SQLOutputValue>

export class PayoutStore {
  readonly #db: DatabaseSync
  readonly #putWish: StatementSync
  readonly #wish: StatementSync
  readonly #wished: StatementSync
  readonly #dueWishes: StatementSync
  readonly #put: StatementSync
  readonly #find: StatementSync
  readonly #ofWish: StatementSync
  readonly #ofPayment: StatementSync
  readonly #ofWallet: StatementSync
  readonly #since: StatementSync
  readonly #due: StatementSync
  readonly #next: StatementSync
  readonly #page: StatementSync
  readonly #counts: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#db = db
    this.#putWish = prepare(
      `INSERT INTO payout_wish (id, wallet, card, amount, state, problem, tries, created_ms, next_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
       ON CONFLICT (id) DO UPDATE SET state = ?5, problem = ?6, tries = ?7, next_ms = ?9`,
    )
    this.#wish = prepare('SELECT * FROM payout_wish WHERE id = ?')
    this.#wished = prepare(
      "SELECT * FROM payout_wish WHERE wallet = ? AND state = 'wished' ORDER BY number",
    )
    this.#dueWishes = prepare(
      'SELECT * FROM payout_wish WHERE next_ms <= ? ORDER BY next_ms LIMIT ?',
    )
    this.#put = prepare(
      `INSERT INTO payout (id, wish, wallet, card, provider, payment, amount, created_ms,
         state, reference, refund, asks, spoilt, rejections, tries, problem, changed_ms, next_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
       ON CONFLICT (id) DO UPDATE SET state = ?9, reference = ?10, refund = ?11, asks = ?12,
         spoilt = ?13, rejections = ?14, tries = ?15, problem = ?16, changed_ms = ?17, next_ms = ?18`,
    )
    this.#find = prepare('SELECT * FROM payout WHERE id = ?')
    this.#ofWish = prepare('SELECT * FROM payout WHERE wish = ? ORDER BY number')
    this.#ofPayment = prepare('SELECT * FROM payout WHERE payment = ? ORDER BY number')
    this.#ofWallet = prepare(
      `SELECT * FROM payout WHERE wallet = ? AND state IN ${UNDER_WAY} ORDER BY number`,
    )
    this.#since = prepare(
      'SELECT * FROM payout WHERE wallet = ? AND created_ms >= ? ORDER BY number',
    )
    this.#due = prepare('SELECT * FROM payout WHERE next_ms <= ? ORDER BY next_ms LIMIT ?')
    this.#next = prepare(
      `SELECT min(next_ms) AS next_ms FROM (SELECT next_ms FROM payout_wish
         UNION ALL SELECT next_ms FROM payout)`,
    )
    this.#page = prepare(
      `SELECT * FROM payout WHERE number < ?1 AND (?2 IS NULL OR state = ?2)
       AND (?3 IS NULL OR wallet = ?3) ORDER BY number DESC LIMIT ?4`,
    )
    this.#counts = prepare(
      `SELECT count(*) AS under_way, coalesce(sum(amount), 0) AS amount, min(created_ms) AS oldest
       FROM payout WHERE state IN ${UNDER_WAY}`,
    )
  }

  /** Durable when it returns. */
  saveWish(wish: PayoutWish): PayoutWish {
    const { id, wallet, card, amount, state, problem, tries, createdMs, nextMs } = wish
    this.#putWish.run(
      ...[toUuidBytes(id), toUuidBytes(wallet), toBlob(card), amount ?? null, state],
      ...[problem ?? null, BigInt(tries), BigInt(createdMs), toInteger(nextMs)],
    )
    return wish
  }

  wish(id: WishId): PayoutWish | undefined {
    const row = this.#wish.get(toUuidBytes(id))
    return row === undefined ? undefined : toWish(row)
  }

  /** Those of a wallet that nobody has looked at yet, oldest first. */
  wished(wallet: WalletId): readonly PayoutWish[] {
    return this.#wished.all(toUuidBytes(wallet)).map(toWish)
  }

  dueWishes(nowMs: number, limit: number): readonly PayoutWish[] {
    return this.#dueWishes.all(BigInt(nowMs), BigInt(limit)).map(toWish)
  }

  /** Writes what a wish has become, all at once. */
  plan(wish: PayoutWish, payouts: readonly PayerPayout[]): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      this.saveWish(wish)
      for (const payout of payouts) this.save(payout)
      this.#db.exec('COMMIT')
    } catch (cause) {
      this.#db.exec('ROLLBACK')
      throw cause
    }
  }

  /** Durable when it returns. */
  save(payout: PayerPayout): PayerPayout {
    const { id, wish, wallet, card, provider, payment, amount, createdMs, state } = payout
    const { reference, refund, asks, spoilt, rejections, tries, problem } = payout
    this.#put.run(
      ...[toUuidBytes(id), toUuidBytes(wish), toUuidBytes(wallet), toBlob(card), provider],
      ...[payment, amount, BigInt(createdMs), state, reference ?? null, refund ?? null],
      ...[BigInt(asks), BigInt(spoilt), BigInt(rejections), BigInt(tries), problem ?? null],
      ...[BigInt(payout.changedMs), toInteger(payout.nextMs)],
    )
    return payout
  }

  find(id: PayoutId): PayerPayout | undefined {
    const row = this.#find.get(toUuidBytes(id))
    return row === undefined ? undefined : toPayout(row)
  }

  /** In the order in which they were planned, as all that follow. */
  ofWish(id: WishId): readonly PayerPayout[] {
    return this.#ofWish.all(toUuidBytes(id)).map(toPayout)
  }

  ofPayment(payment: string): readonly PayerPayout[] {
    return this.#ofPayment.all(payment).map(toPayout)
  }

  /** Those of a wallet that have not ended. */
  underWay(wallet: WalletId): readonly PayerPayout[] {
    return this.#ofWallet.all(toUuidBytes(wallet)).map(toPayout)
  }

  /** Those of a wallet that have begun at a time or later. */
  since(wallet: WalletId, timeMs: number): readonly PayerPayout[] {
    return this.#since.all(toUuidBytes(wallet), BigInt(timeMs)).map(toPayout)
  }

  /** Those to look at by now, the longest due first. */
  due(nowMs: number, limit: number): readonly PayerPayout[] {
    return this.#due.all(BigInt(nowMs), BigInt(limit)).map(toPayout)
  }

  /** When the next wish or payout is to be looked at. */
  nextMs(): number | undefined {
    const next = this.#next.get()?.['next_ms']
    return typeof next === 'bigint' ? Number(next) : undefined
  }

  /** Newest first, below a number that the page before answered. */
  page({
    before = Number.MAX_SAFE_INTEGER,
    state,
    wallet,
    limit,
  }: {
    readonly before?: number | undefined
    readonly state?: PayoutState | undefined
    readonly wallet?: WalletId | undefined
    readonly limit: number
  }): { readonly payouts: readonly PayerPayout[]; readonly next: number | undefined } {
    const of = [state ?? null, toBlob(wallet), BigInt(limit)] as const
    const rows = this.#page.all(BigInt(before), ...of)
    const last = rows.at(-1)?.['number']
    return { payouts: rows.map(toPayout), next: rows.length < limit ? undefined : Number(last) }
  }

  counts(): PayoutCounts {
    const row = this.#counts.get() ?? {}
    const oldest = row['oldest']
    return {
      underWay: Number(row['under_way']),
      underWayAmount: row['amount'] as bigint,
      oldestMs: typeof oldest === 'bigint' ? Number(oldest) : undefined,
    }
  }
}

function toBlob(id: Id<string> | undefined): Uint8Array | null {
  return id === undefined ? null : toUuidBytes(id)
}

function toInteger(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

function id<T extends Id<string>>(row: Row, name: string): T {
  return fromUuidBytes(row[name] as Uint8Array) as T
}

function cardOf(row: Row): CardId | undefined {
  return row['card'] === null ? undefined : id<CardId>(row, 'card')
}

function timeOf(row: Row, name: string): number | undefined {
  return row[name] === null ? undefined : Number(row[name])
}

function toWish(row: Row): PayoutWish {
  return {
    ...{ id: id<WishId>(row, 'id'), wallet: id<WalletId>(row, 'wallet'), card: cardOf(row) },
    amount: (row['amount'] ?? undefined) as bigint | undefined,
    state: row['state'] as PayoutWish['state'],
    problem: (row['problem'] ?? undefined) as string | undefined,
    tries: Number(row['tries']),
    createdMs: Number(row['created_ms']),
    nextMs: timeOf(row, 'next_ms'),
  }
}

function toPayout(row: Row): PayerPayout {
  const text = (name: string) => (row[name] ?? undefined) as string | undefined
  const count = (name: string) => Number(row[name])
  return {
    ...{ id: id<PayoutId>(row, 'id'), wish: id<WishId>(row, 'wish') },
    ...{ wallet: id<WalletId>(row, 'wallet'), card: cardOf(row) },
    provider: row['provider'] as ProviderName,
    payment: String(row['payment']),
    amount: row['amount'] as bigint,
    state: row['state'] as PayoutState,
    reference: text('reference'),
    refund: text('refund') as PayerPayout['refund'],
    ...{ asks: count('asks'), spoilt: count('spoilt'), rejections: count('rejections') },
    ...{ tries: count('tries'), problem: text('problem') },
    ...{ createdMs: count('created_ms'), changedMs: count('changed_ms') },
    nextMs: timeOf(row, 'next_ms'),
  }
}
