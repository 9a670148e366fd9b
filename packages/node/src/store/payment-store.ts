/**
 * What this node knows of each payment:
 *
 *   intended -> opened -> paid -> credited
 *      |          |-> failed
 *      '-> expired '-> expired
 *
 * `credited` is a mark to spare a look: that a payment is credited is true when its evidence is burnt in the book.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import {
  type CardId,
  fromUuidBytes,
  type Id,
  type PlaceId,
  type TxId,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'

export type PaymentId = Id<'payment'>
export type ProviderName = 'stripe' | 'sandbox'
export type PaymentKind = 'refill' | 'terminal'
export const PAYMENT_STATES = [
  'intended',
  'opened',
  'paid',
  'credited',
  'failed',
  'expired',
] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/** How a card is asked for at a terminal. */
export interface AtReader {
  /** The terminal, as the provider names it. */
  readonly reader: string
  /** How often a till has asked for the card. */
  readonly asks: number
  /** The last of these that the reader is known to have got, or will never get. */
  readonly pushes: number
  /** When the till asked last. */
  readonly askedMs: number
  /** Since when the payment is to be given up. */
  readonly cancelMs: number | undefined
}

/** Amounts in cents, times in milliseconds since 1970. */
export interface Payment {
  readonly id: PaymentId
  readonly provider: ProviderName
  readonly kind: PaymentKind
  readonly state: PaymentState
  /** Who gets the money, as it was when the payment began; undefined when nobody could be found. */
  readonly wallet: WalletId | undefined
  /** The card that was named for it. */
  readonly card: CardId | undefined
  /** Who asked for it. */
  readonly place: PlaceId | undefined
  /** Undefined: the payer chooses. */
  readonly amount: bigint | undefined
  readonly returnUrl: string
  /** JSON, of the door that asked for it. */
  readonly note: string | undefined
  /** When this node asks for the card at a terminal. */
  readonly atReader: AtReader | undefined
  /** What the provider is asked about. */
  readonly reference: string | undefined
  /** Where the payer pays. */
  readonly url: string | undefined
  /** What moved the money: its hash is the evidence. */
  readonly paymentReference: string | undefined
  readonly gross: bigint | undefined
  /** Undefined until the provider tells what it kept. */
  readonly fees: { readonly fee: bigint; readonly net: bigint } | undefined
  readonly tx: TxId | undefined
  /** Answers of the provider that spoilt an idempotency key. */
  readonly openings: number
  /** Txs that the book refused. */
  readonly rejections: number
  /** Looks since something last changed. */
  readonly tries: number
  /** Code of what stands in its way. */
  readonly problem: string | undefined
  readonly createdMs: number
  readonly changedMs: number
  readonly paidMs: number | undefined
  /** When to look again; undefined: never. */
  readonly nextMs: number | undefined
}

export type NewPayment = Pick<
  Payment,
  'id' | 'provider' | 'kind' | 'wallet' | 'card' | 'place' | 'amount' | 'returnUrl'
> &
  Pick<Payment, 'note' | 'reference' | 'createdMs'> & {
    /** The terminal at which a till asks for the card. */
    readonly reader?: string | undefined
  }

/** How many payments stand where. */
export interface PaymentCounts {
  /** Begun, and not paid yet. */
  readonly waiting: number
  /** Paid, and not credited yet. */
  readonly owed: number
  /** Cents of those. */
  readonly owedAmount: bigint
  /** When the oldest of those was first seen paid. */
  readonly oldestPaidMs: number | undefined
  /** Of those owed: how many wait for a second keeper, and for the next day. */
  readonly awaitingKeeper: number
  readonly awaitingDay: number
}

const COLUMNS = `state, wallet, card, note, url, reference, payment_reference, gross, fee, net, tx, openings,
  rejections, tries, problem, changed_ms, paid_ms, next_ms, pushes`

export class PaymentStore {
  readonly #add: StatementSync
  readonly #save: StatementSync
  readonly #find: StatementSync
  readonly #byReference: StatementSync
  readonly #byPaymentReference: StatementSync
  readonly #byTx: StatementSync
  readonly #ask: StatementSync
  readonly #askAgain: StatementSync
  readonly #cancel: StatementSync
  readonly #openAt: StatementSync
  readonly #due: StatementSync
  readonly #next: StatementSync
  readonly #page: StatementSync
  readonly #counts: StatementSync
  readonly #price: StatementSync
  readonly #setPrice: StatementSync
  readonly #forgetPrice: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#add = prepare(
      `INSERT INTO payment (id, provider, kind, state, wallet, card, place, amount, return_url, note,
         reference, created_ms, changed_ms, next_ms, reader, asks, asked_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    const values = COLUMNS.split(',').map(() => '?')
    this.#save = prepare(`UPDATE payment SET (${COLUMNS}) = (${values.join(', ')}) WHERE id = ?`)
    this.#find = prepare('SELECT * FROM payment WHERE id = ?')
    this.#byReference = prepare('SELECT * FROM payment WHERE provider = ? AND reference = ?')
    this.#byPaymentReference = prepare(
      'SELECT * FROM payment WHERE provider = ? AND payment_reference = ?',
    )
    this.#byTx = prepare('SELECT * FROM payment WHERE tx = ?')
    this.#ask = prepare(
      `UPDATE payment SET asked_ms = ? WHERE id = ? AND state = 'intended' AND pushes < asks
         AND cancel_ms IS NULL`,
    )
    this.#askAgain = prepare(
      `UPDATE payment SET asks = asks + 1, asked_ms = ?1, next_ms = ?1 WHERE id = ?2
         AND state = 'opened' AND pushes = asks AND reader IS NOT NULL AND cancel_ms IS NULL`,
    )
    this.#cancel = prepare(
      `UPDATE payment SET cancel_ms = ?1, next_ms = ?1 WHERE id = ?2
         AND state IN ('intended', 'opened') AND reader IS NOT NULL AND cancel_ms IS NULL`,
    )
    this.#openAt = prepare(
      `SELECT * FROM payment WHERE provider = ? AND reader = ? AND state IN ('intended', 'opened')`,
    )
    this.#due = prepare('SELECT * FROM payment WHERE next_ms <= ? ORDER BY next_ms, number LIMIT ?')
    this.#next = prepare('SELECT min(next_ms) AS next_ms FROM payment')
    this.#page = prepare(
      `SELECT * FROM payment WHERE number < ? AND (?2 IS NULL OR state = ?2)
       ORDER BY number DESC LIMIT ?3`,
    )
    this.#counts = prepare(
      `SELECT count(*) FILTER (WHERE state <> 'paid') AS waiting,
         count(*) FILTER (WHERE state = 'paid') AS owed,
         coalesce(sum(gross) FILTER (WHERE state = 'paid'), 0) AS owed_amount,
         min(paid_ms) FILTER (WHERE state = 'paid') AS oldest_ms,
         count(*) FILTER (WHERE state = 'paid' AND problem = 'second_keeper_needed') AS awaiting_keeper,
         count(*) FILTER (WHERE state = 'paid' AND problem = 'issue_day') AS awaiting_day
       FROM payment WHERE state IN ('intended', 'opened', 'paid')`,
    )
    this.#price = prepare('SELECT price FROM provider_price WHERE account = ?')
    this.#setPrice = prepare('INSERT OR REPLACE INTO provider_price (account, price) VALUES (?, ?)')
    this.#forgetPrice = prepare('DELETE FROM provider_price WHERE account = ?')
  }

  /** Adds a payment and answers it, or the one that has its id or its reference already. */
  add(made: NewPayment): { readonly payment: Payment; readonly isNew: boolean } {
    const { id, provider, kind, wallet, card, place, amount, returnUrl, note } = made
    const { reference, createdMs, reader } = made
    const state = reference === undefined ? 'intended' : 'opened'
    const ids = [wallet, card, place].map(toBlob)
    const texts = [returnUrl, note, reference].map((text) => text ?? null)
    const times = [BigInt(createdMs), BigInt(createdMs), BigInt(createdMs)]
    const row = [toUuidBytes(id), provider, kind, state, ...ids, amount ?? null, ...texts, ...times]
    const asked = reader === undefined ? [null, 0n, null] : [reader, 1n, BigInt(createdMs)]
    const { changes } = this.#add.run(...row, ...asked)
    const there =
      this.find(id) ?? (reference === undefined ? undefined : this.byReference(provider, reference))
    if (there === undefined) throw new Error('a payment that was added is not there')
    return { payment: there, isNew: Number(changes) > 0 }
  }

  /** Writes what may change of a payment. Durable when it returns. */
  save(payment: Payment): Payment {
    const { state, wallet, card, note, url, reference, paymentReference } = payment
    const { gross, fees, tx } = payment
    const { openings, rejections, tries, problem, changedMs, paidMs, nextMs, id } = payment
    this.#save.run(
      ...[state, toBlob(wallet), toBlob(card), note ?? null],
      ...[url ?? null, reference ?? null],
      ...[paymentReference ?? null, gross ?? null, fees?.fee ?? null, fees?.net ?? null],
      ...[toBlob(tx), BigInt(openings), BigInt(rejections), BigInt(tries), problem ?? null],
      ...[BigInt(changedMs), toInteger(paidMs), toInteger(nextMs)],
      ...[BigInt(payment.atReader?.pushes ?? 0), toUuidBytes(id)],
    )
    return payment
  }

  /** The till still waits for the first answer of the reader. These three write what `save` leaves alone. */
  ask(id: PaymentId, nowMs: number): void {
    this.#ask.run(BigInt(nowMs), toUuidBytes(id))
  }

  /** The till wants the card once more. False when the last ask is on its way, or nothing is to be paid any more. */
  askAgain(id: PaymentId, nowMs: number): boolean {
    return Number(this.#askAgain.run(BigInt(nowMs), toUuidBytes(id)).changes) > 0
  }

  /** From now on the payment is to be given up, unless it is paid. */
  cancel(id: PaymentId, nowMs: number): void {
    this.#cancel.run(BigInt(nowMs), toUuidBytes(id))
  }

  /** Those that are not over at a terminal. */
  openAt(provider: ProviderName, reader: string): readonly Payment[] {
    return this.#openAt.all(provider, reader).flatMap((row) => toPayment(row) ?? [])
  }

  find(id: PaymentId): Payment | undefined {
    return toPayment(this.#find.get(toUuidBytes(id)))
  }

  byReference(provider: ProviderName, reference: string): Payment | undefined {
    return toPayment(this.#byReference.get(provider, reference))
  }

  byPaymentReference(provider: ProviderName, reference: string): Payment | undefined {
    return toPayment(this.#byPaymentReference.get(provider, reference))
  }

  /** The payment that a tx has credited. */
  byTx(tx: TxId): Payment | undefined {
    return toPayment(this.#byTx.get(toUuidBytes(tx)))
  }

  /** Those to look at by now, the longest due first. */
  due(nowMs: number, limit: number): readonly Payment[] {
    return this.#due.all(BigInt(nowMs), BigInt(limit)).flatMap((row) => toPayment(row) ?? [])
  }

  /** When the next one is to be looked at. */
  nextMs(): number | undefined {
    const next = this.#next.get()?.['next_ms']
    return typeof next === 'bigint' ? Number(next) : undefined
  }

  /** Newest first, below a number that the page before answered. */
  page({
    before = Number.MAX_SAFE_INTEGER,
    state,
    limit,
  }: {
    readonly before?: number | undefined
    readonly state?: PaymentState | undefined
    readonly limit: number
  }): { readonly payments: readonly Payment[]; readonly next: number | undefined } {
    const rows = this.#page.all(BigInt(before), state ?? null, BigInt(limit))
    const payments = rows.flatMap((row) => toPayment(row) ?? [])
    const last = rows.at(-1)?.['number']
    return { payments, next: rows.length < limit ? undefined : Number(last) }
  }

  counts(): PaymentCounts {
    const row = this.#counts.get() ?? {}
    const oldest = row['oldest_ms']
    return {
      waiting: Number(row['waiting']),
      owed: Number(row['owed']),
      owedAmount: row['owed_amount'] as bigint,
      oldestPaidMs: typeof oldest === 'bigint' ? Number(oldest) : undefined,
      awaitingKeeper: Number(row['awaiting_keeper']),
      awaitingDay: Number(row['awaiting_day']),
    }
  }

  /** What a refill of any amount is called in an account at the provider. */
  price(account: string): string | undefined {
    return this.#price.get(account)?.['price'] as string | undefined
  }

  setPrice(account: string, price: string): void {
    this.#setPrice.run(account, price)
  }

  forgetPrice(account: string): void {
    this.#forgetPrice.run(account)
  }
}

function toBlob(id: Id<string> | undefined): Uint8Array | null {
  return id === undefined ? null : toUuidBytes(id)
}

function toInteger(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

function toPayment(row: Record<string, SQLOutputValue> | undefined): Payment | undefined {
  if (row === undefined) return undefined
  const text = (name: string) => (row[name] ?? undefined) as string | undefined
  const big = (name: string) => (row[name] ?? undefined) as bigint | undefined
  const count = (name: string) => Number(row[name])
  const time = (name: string) => (row[name] === null ? undefined : Number(row[name]))
  const id = <T extends Id<string>>(name: string) => {
    const bytes = row[name]
    return bytes instanceof Uint8Array ? (fromUuidBytes(bytes) as T) : undefined
  }
  const [fee, net] = [big('fee'), big('net')]
  return {
    id: fromUuidBytes(row['id'] as Uint8Array) as PaymentId,
    provider: row['provider'] as ProviderName,
    kind: row['kind'] as PaymentKind,
    state: row['state'] as PaymentState,
    ...{ wallet: id<WalletId>('wallet'), card: id<CardId>('card'), place: id<PlaceId>('place') },
    ...{ amount: big('amount'), returnUrl: String(row['return_url']) },
    atReader: toAtReader(row),
    ...{ note: text('note'), reference: text('reference'), url: text('url') },
    ...{ paymentReference: text('payment_reference'), gross: big('gross') },
    fees: fee === undefined || net === undefined ? undefined : { fee, net },
    tx: id<TxId>('tx'),
    ...{ openings: count('openings'), rejections: count('rejections'), tries: count('tries') },
    problem: text('problem'),
    ...{ createdMs: count('created_ms'), changedMs: count('changed_ms') },
    ...{ paidMs: time('paid_ms'), nextMs: time('next_ms') },
  }
}

function toAtReader(row: Record<string, SQLOutputValue>): AtReader | undefined {
  const { reader, cancel_ms: cancelMs } = row
  if (typeof reader !== 'string') return undefined
  return {
    reader,
    ...{ asks: Number(row['asks']), pushes: Number(row['pushes']) },
    askedMs: Number(row['asked_ms']),
    cancelMs: cancelMs === null ? undefined : Number(cancelMs),
  }
}
