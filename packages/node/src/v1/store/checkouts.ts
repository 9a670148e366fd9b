/** Payments through Stripe: what v1 recorded of them, so that none is credited, or refunded, twice. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type AssetId, fromUuidBytes, toUuidBytes, type WalletId } from '@fedow/ledger'

/**
 * N created, O open, G in progress, P paid, V loaded at a terminal, F refunded, R refused by the ledger, L paid in
 * Lespass; E, W and C are names that v1 never set.
 */
export const CHECKOUT_STATUSES = ['N', 'O', 'G', 'P', 'V', 'F', 'R', 'L', 'E', 'W', 'C'] as const
export type V1CheckoutStatus = (typeof CHECKOUT_STATUSES)[number]

export interface V1Checkout {
  /** UUID. */
  readonly id: string
  /** In microseconds since 1970. */
  readonly timeUs: number
  readonly status: V1CheckoutStatus
  readonly asset: AssetId
  /** The wallet of who pays. */
  readonly person: WalletId | null
  /** Of a session, a payment or a transfer: no two checkouts have the same. */
  readonly stripeId: string | null
  readonly intent: string | null
  readonly invoice: string | null
  /** What v1 kept beside: the text that it signed, or the event. */
  readonly metadata: string
}

export class V1Checkouts {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #byStripeId: StatementSync
  readonly #byIntent: StatementSync
  readonly #ofPerson: StatementSync
  readonly #setStatus: StatementSync
  readonly #setIntent: StatementSync

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO checkout (id, time_us, status, asset, person, stripe_id, intent, invoice, metadata)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#find = db.prepare('SELECT * FROM checkout WHERE id = ?')
    this.#byStripeId = db.prepare('SELECT * FROM checkout WHERE stripe_id = ?')
    this.#byIntent = db.prepare('SELECT * FROM checkout WHERE intent = ? ORDER BY time_us LIMIT 1')
    this.#ofPerson = db.prepare('SELECT * FROM checkout WHERE person = ? ORDER BY time_us, id')
    this.#setIntent = db.prepare('UPDATE checkout SET intent = ? WHERE id = ?')
    this.#setStatus = db.prepare('UPDATE checkout SET status = ? WHERE id = ?')
  }

  /** Throws when there is one with this id, or of the same payment. */
  add(checkout: V1Checkout): void {
    const { id, timeUs, status, asset, person, stripeId, intent, invoice, metadata } = checkout
    const ids = { id: toUuidBytes(id), asset: toUuidBytes(asset), person: toBytes(person) }
    const facts = [stripeId, intent, invoice, metadata] as const
    this.#add.run(ids.id, BigInt(timeUs), status, ids.asset, ids.person, ...facts)
  }

  find(id: string): V1Checkout | undefined {
    return toCheckout(this.#find.get(toUuidBytes(id)))
  }

  byStripeId(stripeId: string): V1Checkout | undefined {
    return toCheckout(this.#byStripeId.get(stripeId))
  }

  byIntent(intent: string): V1Checkout | undefined {
    return toCheckout(this.#byIntent.get(intent))
  }

  /** Oldest first. */
  ofPerson(wallet: WalletId): readonly V1Checkout[] {
    return this.#ofPerson.all(toUuidBytes(wallet)).flatMap((row) => toCheckout(row) ?? [])
  }

  /** The payment that was made on the page of a checkout. */
  setIntent(id: string, intent: string): void {
    this.#setIntent.run(intent, toUuidBytes(id))
  }

  setStatus(id: string, status: V1CheckoutStatus): void {
    this.#setStatus.run(status, toUuidBytes(id))
  }
}

function toBytes(id: string | null): Uint8Array | null {
  return id === null ? null : toUuidBytes(id)
}

function toCheckout(row: ReturnType<StatementSync['get']>): V1Checkout | undefined {
  if (row === undefined) return undefined
  const text = (name: string) => row[name] as string | null
  const person = row['person'] as Uint8Array | null
  return {
    id: fromUuidBytes(row['id'] as Uint8Array),
    timeUs: Number(row['time_us']),
    status: row['status'] as V1CheckoutStatus,
    asset: fromUuidBytes(row['asset'] as Uint8Array) as AssetId,
    person: person === null ? null : (fromUuidBytes(person) as WalletId),
    stripeId: text('stripe_id'),
    intent: text('intent'),
    invoice: text('invoice'),
    metadata: String(row['metadata']),
  }
}
