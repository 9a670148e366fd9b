import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type Migration, openDatabase } from './database.ts'
import { PAYER_MIGRATION } from './payer-store.ts'
import { REMINDER_MIGRATION } from './reminder-migration.ts'

export const PEOPLE_FILE = 'people.db'

/** The file of what only this node knows, step by step. Forward only; a step that was released is never edited. */
export const PEOPLE_MIGRATIONS: readonly Migration[] = [
  {
    name: 'card directory and API keys',
    sql: `
CREATE TABLE card_batch (
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  place      BLOB NOT NULL CHECK (length(place) = 16),
  generation INTEGER NOT NULL,
  level      TEXT NOT NULL,
  root       BLOB CHECK (length(root) = 32),  -- RFC 9162 root over the leaves, as in the book
  count      INTEGER CHECK (count > 0),
  file_name  TEXT,
  created_ms INTEGER NOT NULL,
  -- 'writing': cards come in, the book knows nothing; 'pending': the book is told; 'registered': it holds all
  state      TEXT NOT NULL CHECK (state IN ('writing', 'pending', 'registered')),
  CHECK (state = 'writing' OR (root IS NOT NULL AND count IS NOT NULL))
) STRICT;

CREATE TABLE card (              -- an erased card keeps its place and its leaf, so that the others stay provable
  batch    INTEGER NOT NULL REFERENCES card_batch (number),
  position INTEGER NOT NULL,     -- in its batch, from 0
  leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
  id       BLOB UNIQUE CHECK (length(id) = 16),
  tag      TEXT,                 -- 8, 14 or 20 hex digits, upper case
  number   TEXT UNIQUE,          -- 8 hex digits, upper case
  qr       BLOB UNIQUE CHECK (length(qr) = 16),
  salt     BLOB CHECK (length(salt) = 16),
  PRIMARY KEY (batch, position),
  CHECK ((tag IS NULL) = (id IS NULL) AND (number IS NULL) = (id IS NULL)
    AND (qr IS NULL) = (id IS NULL) AND (salt IS NULL) = (id IS NULL))
) STRICT, WITHOUT ROWID;
-- Older tills know a tag by its first 8 digits, so no two cards share them.
CREATE UNIQUE INDEX card_tag ON card (substr(tag, 1, 8));

CREATE TABLE api_key (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  place        BLOB CHECK (length(place) = 16),  -- null: all places
  secret_hash  BLOB NOT NULL CHECK (length(secret_hash) = 32),
  can          TEXT NOT NULL,    -- JSON list
  limits       TEXT,             -- JSON, as in the book
  spent        TEXT,             -- JSON, counters of the running windows
  expires_ms   INTEGER,
  created_ms   INTEGER NOT NULL,
  last_used_ms INTEGER,
  revoked_ms   INTEGER
) STRICT, WITHOUT ROWID;
`,
  },
  {
    name: 'witnesses',
    sql: `
CREATE TABLE watched_log (       -- what was co-signed stays known when a log is no longer watched
  origin     TEXT PRIMARY KEY,
  vkey       TEXT NOT NULL,
  is_watched INTEGER NOT NULL CHECK (is_watched IN (0, 1)),
  size       INTEGER CHECK (size >= 0),  -- of the latest checkpoint that was co-signed; null before the first
  root       BLOB CHECK (length(root) = 32),
  note       TEXT,               -- that checkpoint, signed by the log
  time_s     INTEGER,            -- when it was co-signed, in seconds since 1970
  CHECK ((size IS NULL) = (root IS NULL) AND (size IS NULL) = (note IS NULL) AND (size IS NULL) = (time_s IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE refused_checkpoint (  -- signed by the key of a watched log, and yet not co-signed
  origin   TEXT NOT NULL REFERENCES watched_log (origin),
  -- 'conflict': of the size that was co-signed, with another root: both notes together prove two histories.
  -- 'unproven': larger, and the proof that came with it does not lead to it.
  kind     TEXT NOT NULL CHECK (kind IN ('conflict', 'unproven')),
  cosigned TEXT NOT NULL,        -- the latest co-signed checkpoint of then
  refused  TEXT NOT NULL,
  time_ms  INTEGER NOT NULL,
  PRIMARY KEY (origin, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE witness (           -- one that is no longer asked stays known, with what it co-signed
  number   INTEGER PRIMARY KEY,
  vkey     TEXT NOT NULL UNIQUE,
  url      TEXT NOT NULL,
  is_asked INTEGER NOT NULL CHECK (is_asked IN (0, 1)),
  size     INTEGER NOT NULL,     -- leaves of our history that it is known to have seen
  problem  TEXT,                 -- JSON, since its last good answer
  since_ms INTEGER,              -- when that problem came up
  tried_ms INTEGER               -- when it was last asked
) STRICT;

CREATE TABLE cosignature (
  height    INTEGER NOT NULL,    -- of our block
  witness   INTEGER NOT NULL REFERENCES witness (number),
  time_s    INTEGER NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  PRIMARY KEY (witness, height)
) STRICT, WITHOUT ROWID;
CREATE INDEX cosignature_height ON cosignature (height);
`,
  },
  {
    name: 'money out to venues',
    sql: `
CREATE TABLE bank_account (      -- in no book, log or backup of the book
  wallet     BLOB PRIMARY KEY CHECK (length(wallet) = 16),  -- of a place, or the keeper's own
  holder     TEXT,
  iban       TEXT,
  reserve    TEXT,               -- the keeper's: which account of the reserve it is
  connect    TEXT,               -- a place's account at the payment provider
  changed_ms INTEGER NOT NULL,
  CHECK ((holder IS NULL) = (iban IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE transfer_file (     -- for the bank, kept as it was written
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  reserve    TEXT NOT NULL,      -- the account of the reserve that pays
  day        TEXT NOT NULL,      -- when the bank is to pay
  xml        TEXT NOT NULL,
  sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
  -- 'made': the bank may have it; 'done': a person attests that the bank has paid
  state      TEXT NOT NULL CHECK (state IN ('made', 'done', 'cancelled')),
  reference  TEXT,               -- the bank's, as that person gave it
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE venue_transfer (
  number      INTEGER PRIMARY KEY,
  id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  file        INTEGER REFERENCES transfer_file (number),  -- null: through the payment provider
  provider    TEXT,              -- null: through the bank
  place       BLOB NOT NULL CHECK (length(place) = 16),
  amount      INTEGER NOT NULL CHECK (amount > 0),        -- cents
  destination TEXT,              -- a place's account at the payment provider
  reference   TEXT UNIQUE,       -- the end-to-end id, or the provider's: its hash is the evidence
  -- 'intended': before the call, or in a file; 'sent': the money has left; 'deposited': the book knows
  state       TEXT NOT NULL CHECK (state IN ('intended', 'sent', 'deposited', 'failed', 'cancelled')),
  tx          BLOB CHECK (length(tx) = 16),
  attempts    INTEGER NOT NULL DEFAULT 0,  -- answers of the provider that spoilt an idempotency key
  rejections  INTEGER NOT NULL DEFAULT 0,  -- txs that the book refused
  problem     TEXT,
  created_ms  INTEGER NOT NULL,
  changed_ms  INTEGER NOT NULL,
  CHECK ((file IS NULL) <> (provider IS NULL)),
  CHECK (state NOT IN ('sent', 'deposited') OR reference IS NOT NULL)
) STRICT;
CREATE INDEX venue_transfer_open ON venue_transfer (place) WHERE state IN ('intended', 'sent');
`,
  },
  REMINDER_MIGRATION,
  PAYER_MIGRATION,
]

/** Opens or makes the file, readable by its owner alone; what is erased in it is overwritten. */
export function openPeopleDb(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: PEOPLE_MIGRATIONS })
  db.exec('PRAGMA secure_delete=ON')
  return db
}
