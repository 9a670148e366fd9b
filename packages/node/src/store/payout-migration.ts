import type { Migration } from './database.ts'

/** Payouts to payers and disputes, in payments.db. */
export const PAYOUT_MIGRATION: Migration = {
  name: 'payouts to payers, disputes',
  sql: `
CREATE INDEX payment_tx ON payment (tx) WHERE tx IS NOT NULL;

CREATE TABLE payout_wish (
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  wallet     BLOB NOT NULL CHECK (length(wallet) = 16),
  card       BLOB CHECK (length(card) = 16),
  amount     INTEGER CHECK (amount > 0),   -- cents; null: as much as can go back
  state      TEXT NOT NULL CHECK (state IN ('wished', 'planned', 'over')),
  problem    TEXT,
  tries      INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  next_ms    INTEGER                       -- when to look again; null: never
) STRICT;
CREATE INDEX payout_wish_wallet ON payout_wish (wallet) WHERE state = 'wished';
CREATE INDEX payout_wish_next ON payout_wish (next_ms) WHERE next_ms IS NOT NULL;

CREATE TABLE payout (
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  wish       BLOB NOT NULL REFERENCES payout_wish (id),
  wallet     BLOB NOT NULL CHECK (length(wallet) = 16),
  card       BLOB CHECK (length(card) = 16),
  provider   TEXT NOT NULL CHECK (provider IN ('stripe', 'sandbox')),
  payment    TEXT NOT NULL,                -- at the provider: what is refunded
  amount     INTEGER NOT NULL CHECK (amount > 0),
  state      TEXT NOT NULL
    CHECK (state IN ('planned', 'held', 'asked', 'paid', 'released', 'returned')),
  reference  TEXT UNIQUE,                  -- at the provider: the refund
  refund     TEXT CHECK (refund IN ('pending', 'succeeded', 'failed')),
  asks       INTEGER NOT NULL,             -- how often the provider was asked to make it
  spoilt     INTEGER NOT NULL,             -- answers that spoilt an idempotency key
  rejections INTEGER NOT NULL,             -- txs that the book refused
  tries      INTEGER NOT NULL,
  problem    TEXT,
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  next_ms    INTEGER,
  CHECK (state NOT IN ('asked', 'paid', 'returned') OR reference IS NOT NULL)
) STRICT;
CREATE INDEX payout_wish_of ON payout (wish);
CREATE INDEX payout_wallet ON payout (wallet);
CREATE INDEX payout_payment ON payout (payment);
CREATE INDEX payout_next ON payout (next_ms) WHERE next_ms IS NOT NULL;

CREATE TABLE due_move (
  number     INTEGER PRIMARY KEY,
  reference  TEXT NOT NULL UNIQUE,
  provider   TEXT NOT NULL CHECK (provider IN ('stripe', 'sandbox')),
  amount     INTEGER NOT NULL,             -- cents to what the keeper owes; below zero: back
  why        TEXT NOT NULL CHECK (why IN ('dispute', 'fee')),
  is_done    INTEGER NOT NULL CHECK (is_done IN (0, 1)),
  rejections INTEGER NOT NULL
) STRICT;
CREATE INDEX due_move_open ON due_move (number) WHERE is_done = 0;

CREATE TABLE watched_dispute (
  payment  TEXT PRIMARY KEY,
  provider TEXT NOT NULL CHECK (provider IN ('stripe', 'sandbox')),
  tries    INTEGER NOT NULL,
  problem  TEXT,
  next_ms  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sandbox_refund (
  reference       TEXT PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  payment         TEXT NOT NULL,
  amount          INTEGER NOT NULL CHECK (amount > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX sandbox_refund_payment ON sandbox_refund (payment);
`,
}
