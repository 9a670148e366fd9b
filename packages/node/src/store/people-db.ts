import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type Migration, openDatabase } from './database.ts'

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
]

/** Opens or makes the file, readable by its owner alone; what is erased in it is overwritten. */
export function openPeopleDb(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase({ path, migrations: PEOPLE_MIGRATIONS })
  db.exec('PRAGMA secure_delete=ON')
  return db
}
