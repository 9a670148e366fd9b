/** Addresses of payers, in `people.db`, until the provider has made the page on which they pay. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, toUuidBytes } from '@fedow/ledger'
import type { Migration } from './database.ts'
import type { PaymentId } from './payment-store.ts'

export const PAYER_MIGRATION: Migration = {
  name: 'payers',
  sql: `
CREATE TABLE payer (
  payment BLOB PRIMARY KEY CHECK (length(payment) = 16),
  email   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
}

export class PayerStore {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #forget: StatementSync
  readonly #all: StatementSync

  constructor(db: DatabaseSync) {
    this.#add = db.prepare('INSERT OR REPLACE INTO payer (payment, email) VALUES (?, ?)')
    this.#find = db.prepare('SELECT email FROM payer WHERE payment = ?')
    this.#forget = db.prepare('DELETE FROM payer WHERE payment = ?')
    this.#all = db.prepare('SELECT payment FROM payer')
  }

  add(payment: PaymentId, email: string): void {
    this.#add.run(toUuidBytes(payment), email)
  }

  emailOf(payment: PaymentId): string | undefined {
    return this.#find.get(toUuidBytes(payment))?.['email'] as string | undefined
  }

  forget(payment: PaymentId): void {
    this.#forget.run(toUuidBytes(payment))
  }

  /** The payments whose payers are known. */
  list(): readonly PaymentId[] {
    return this.#all.all().map((row) => fromUuidBytes(row['payment'] as Uint8Array) as PaymentId)
  }
}
