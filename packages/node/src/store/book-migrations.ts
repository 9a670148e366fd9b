import type { Migration } from './database.ts'

/** The book's file, step by step. Forward only; a step that was released is never edited. */
export const BOOK_MIGRATIONS: readonly Migration[] = [
  {
    name: 'log and records',
    sql: `
CREATE TABLE mark (              -- what the book knows about itself
  name  TEXT PRIMARY KEY,        -- 'genesis': its JWS; 'checkpoint': height up to which records are complete
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  height  INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  first   INTEGER NOT NULL,      -- seq of its first tx or system entry
  count   INTEGER,               -- entries, null while the block is open
  txs     BLOB                   -- RFC 9162 root over their bytes, null while the block is open
) STRICT;

CREATE TABLE signer (            -- keys that signed, by number
  number INTEGER PRIMARY KEY,
  kid    TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE name (              -- UUIDs of wallets, assets and cards, by number
  number INTEGER PRIMARY KEY,
  id     BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE tx (                -- decided txs and system entries: with block and void, the log
  seq       INTEGER PRIMARY KEY,
  height    INTEGER NOT NULL,
  position  INTEGER NOT NULL,    -- in its block
  id        BLOB NOT NULL,
  signer    INTEGER,             -- null for genesis and system entries
  json      TEXT NOT NULL,       -- payload, system entry or genesis
  signature BLOB,
  rejected  TEXT,                -- outcome of a rejected tx; an applied one is derived from its lines
  line      INTEGER NOT NULL,    -- number of its first line
  lines     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tx_id ON tx (id, signer);

CREATE TABLE void (              -- bytes in a block that have no effect (engines that take blocks from elsewhere)
  height   INTEGER NOT NULL,
  position INTEGER NOT NULL,
  code     INTEGER NOT NULL,
  bytes    BLOB NOT NULL,
  PRIMARY KEY (height, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE line (
  number        INTEGER PRIMARY KEY,
  tx            INTEGER NOT NULL REFERENCES tx (seq),
  action_index  INTEGER NOT NULL,
  line_index    INTEGER NOT NULL,
  action        INTEGER NOT NULL, -- position in LINE_ACTIONS
  asset         INTEGER NOT NULL,
  seq           INTEGER NOT NULL, -- in the asset's chain
  sender        INTEGER NOT NULL,
  receiver      INTEGER NOT NULL,
  amount        INTEGER NOT NULL CHECK (amount >= 0),
  time_us       INTEGER NOT NULL,
  card          INTEGER,
  primary_card  INTEGER,
  previous_from INTEGER NOT NULL,
  previous_to   INTEGER NOT NULL,
  hash          BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX line_chain ON line (asset, seq);

CREATE TABLE line_id (            -- ids of lines that are not the first of their tx
  id     BLOB PRIMARY KEY,
  number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (             -- the state, written behind the log
  id       TEXT PRIMARY KEY,
  value    TEXT,                  -- canonical JSON, null when removed
  height   INTEGER NOT NULL,      -- block up to which the value holds
  previous TEXT                   -- value at the checkpoint, when height is above it
) STRICT, WITHOUT ROWID;
`,
  },
  {
    name: 'seals and tiles',
    sql: `
CREATE TABLE seal (               -- blocks whose roots are known and signed, each after the one before
  height    INTEGER PRIMARY KEY REFERENCES block (height),
  size      INTEGER NOT NULL,     -- leaves of the history tree up to this block
  state     BLOB NOT NULL,        -- root of the records, which are complete on disk up to the last seal
  history   BLOB NOT NULL,        -- root of the history tree
  hash      BLOB NOT NULL,        -- of the header: parent of the next
  signature BLOB NOT NULL         -- of the checkpoint
) STRICT;
CREATE INDEX seal_size ON seal (size);

CREATE TABLE tile (               -- the history tree: up to 256 hashes each
  id     INTEGER PRIMARY KEY,     -- level * 2^40 + number in its level
  hashes BLOB NOT NULL
) STRICT;

-- Records of a book without seals are made again from the log.
DELETE FROM record;
DELETE FROM mark WHERE name = 'checkpoint';
`,
  },
  {
    name: 'imported lines',
    sql: `
-- What a line was in the book that it was imported from: id (16), hash (32), the line before (16).
ALTER TABLE line ADD COLUMN imported BLOB CHECK (length(imported) = 64);
`,
  },
  {
    name: 'melts that fall due',
    sql: `
-- Days on which accounts may melt, as of some state at or after the last seal. One account may have several: those that
-- do not hold any more are passed over. Made from the records; no hash covers it.
CREATE TABLE melt_due (
  day     INTEGER NOT NULL,       -- UTC, from 1970
  account BLOB NOT NULL CHECK (length(account) = 32), -- wallet, asset
  PRIMARY KEY (day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE melt_survey (        -- assets with a new policy whose accounts are still to be looked at
  asset BLOB PRIMARY KEY CHECK (length(asset) = 16),
  after TEXT NOT NULL             -- record id up to which that is done
) STRICT, WITHOUT ROWID;
`,
  },
]
