/** Payments through a provider: one SQLite file in the data folder, of the keeper's node alone. */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Migration, openDatabase } from './database.ts'
import { DisputeStore } from './dispute-store.ts'
import { EVENT_MIGRATION, EventCursor } from './event-cursor.ts'
import { LINE_MIGRATION, LineStore } from './line-store.ts'
import { PaymentStore } from './payment-store.ts'
import { PAYOUT_MIGRATION } from './payout-migration.ts'
import { PayoutStore } from './payout-store.ts'
import { READER_MIGRATION } from './reader-migration.ts'
import { SandboxOrders } from './sandbox-orders.ts'

export const PAYMENTS_FILE = 'payments.db'

/** The file, step by step. Forward only; a step that was released is never edited. */
export const PAYMENTS_MIGRATIONS: readonly Migration[] = [
  {
    name: 'payments, prices, sandbox',
    sql: `
CREATE TABLE payment (
  number            INTEGER PRIMARY KEY,
  id                BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  provider          TEXT NOT NULL CHECK (provider IN ('stripe', 'sandbox')),
  kind              TEXT NOT NULL CHECK (kind IN ('refill', 'terminal')),
  state             TEXT NOT NULL
    CHECK (state IN ('intended', 'opened', 'paid', 'credited', 'failed', 'expired')),
  wallet            BLOB CHECK (length(wallet) = 16),  -- who gets the money, as it was when the payment began
  card              BLOB CHECK (length(card) = 16),    -- the card that was named for it
  place             BLOB CHECK (length(place) = 16),   -- who asked for it
  amount            INTEGER,        -- cents asked for; null: the payer chooses
  email             TEXT,
  return_url        TEXT NOT NULL,
  note              TEXT,           -- JSON, of the door that asked for it
  reference         TEXT,           -- at the provider: what is asked about
  url               TEXT,           -- where the payer pays
  payment_reference TEXT,           -- at the provider: what moved the money; its hash is the evidence
  gross             INTEGER,        -- cents
  fee               INTEGER,
  net               INTEGER,
  tx                BLOB CHECK (length(tx) = 16),      -- what credited it
  openings          INTEGER NOT NULL DEFAULT 0,  -- answers of the provider that spoilt an idempotency key
  rejections        INTEGER NOT NULL DEFAULT 0,  -- txs that the book refused
  tries             INTEGER NOT NULL DEFAULT 0,  -- since something last changed
  problem           TEXT,           -- code of what stands in its way
  created_ms        INTEGER NOT NULL,
  changed_ms        INTEGER NOT NULL,            -- when the state last changed
  paid_ms           INTEGER,                     -- when it was first seen paid
  next_ms           INTEGER,                     -- when to look again; null: never
  UNIQUE (provider, reference),
  UNIQUE (provider, payment_reference),
  CHECK (state IN ('intended', 'failed', 'expired') OR reference IS NOT NULL),
  CHECK (state NOT IN ('paid', 'credited') OR (payment_reference IS NOT NULL AND gross > 0)),
  CHECK (state <> 'credited' OR tx IS NOT NULL),
  CHECK ((fee IS NULL) = (net IS NULL))
) STRICT;
CREATE INDEX payment_payment_reference ON payment (payment_reference);
CREATE INDEX payment_next ON payment (next_ms) WHERE next_ms IS NOT NULL;
CREATE INDEX payment_state ON payment (state) WHERE state IN ('intended', 'opened', 'paid');

CREATE TABLE provider_price (    -- what a refill of any amount is called at the provider
  account TEXT PRIMARY KEY,      -- hash of the key
  price   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sandbox_order (
  reference         TEXT PRIMARY KEY,
  idempotency_key   TEXT NOT NULL UNIQUE,
  state             TEXT NOT NULL CHECK (state IN ('open', 'pending', 'paid', 'failed', 'expired')),
  amount            INTEGER,        -- cents asked for, then those that were paid; null: the payer chooses
  return_url        TEXT NOT NULL,
  payment_reference TEXT UNIQUE,
  is_disputed       INTEGER NOT NULL DEFAULT 0 CHECK (is_disputed IN (0, 1)),
  created_ms        INTEGER NOT NULL,  -- by the sandbox's clock
  settles_ms        INTEGER            -- when a pending one is paid
) STRICT, WITHOUT ROWID;

CREATE TABLE sandbox_clock (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  moved_ms INTEGER NOT NULL
) STRICT;
INSERT INTO sandbox_clock VALUES (1, 0);
`,
  },
  PAYOUT_MIGRATION,
  EVENT_MIGRATION,
  READER_MIGRATION,
  LINE_MIGRATION,
  { name: 'payers are in people.db', sql: 'ALTER TABLE payment DROP COLUMN email;' },
]

/** What the file holds. */
export class PaymentsFile implements Disposable {
  readonly payments: PaymentStore
  readonly payouts: PayoutStore
  readonly disputes: DisputeStore
  readonly sandbox: SandboxOrders
  readonly events: EventCursor
  readonly lines: LineStore
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.payments = new PaymentStore(db)
    this.payouts = new PayoutStore(db)
    this.disputes = new DisputeStore(db)
    this.sandbox = new SandboxOrders(db)
    this.events = new EventCursor(db)
    this.lines = new LineStore(db)
    this.#db = db
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}

/** Opens or makes the file of a data folder, readable by its owner alone; what is erased in it is overwritten. */
export function openPaymentsFile(folder: string): PaymentsFile {
  const path = join(folder, PAYMENTS_FILE)
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: PAYMENTS_MIGRATIONS })
  try {
    db.exec('PRAGMA secure_delete=ON')
    return new PaymentsFile(db)
  } catch (cause) {
    db.close()
    throw cause
  }
}
