import type { Migration } from '../../store/database.ts'

/** The file of what only v1's clients know, step by step. Forward only; a step that was released is never edited. */
export const V1_MIGRATIONS: readonly Migration[] = [
  {
    name: 'keys, places and people of v1',
    sql: `
CREATE TABLE key (
  prefix     TEXT PRIMARY KEY,   -- 8 signs, the first part of the text
  hash       TEXT NOT NULL,      -- 'sha512$$' and hex; of an imported one perhaps Django's PBKDF2, until its first use
  kind       TEXT NOT NULL CHECK (kind IN ('creation', 'organisation', 'handshake')),
  name       TEXT NOT NULL,
  place      BLOB CHECK (length(place) = 16),
  person     BLOB CHECK (length(person) = 16),  -- wallet of the admin for whom it was made
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  used_ms    INTEGER,            -- when it was first used
  revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE place (             -- what v1 knows of a place beside what the book does
  id             BLOB PRIMARY KEY CHECK (length(id) = 16),
  lespass_domain TEXT,
  laboutik_pem   TEXT,
  laboutik_url   TEXT,
  laboutik_ip    TEXT,
  dokos_id       TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE place_admin (
  place  BLOB NOT NULL CHECK (length(place) = 16),
  wallet BLOB NOT NULL CHECK (length(wallet) = 16),
  PRIMARY KEY (place, wallet)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  wallet BLOB PRIMARY KEY CHECK (length(wallet) = 16),
  email  TEXT NOT NULL UNIQUE,   -- lower case
  pem    TEXT                    -- trimmed; null until somebody presents one
) STRICT, WITHOUT ROWID;

CREATE TABLE token (             -- the name that LaBoutik gave to an account; the others derive theirs
  wallet BLOB NOT NULL CHECK (length(wallet) = 16),
  asset  BLOB NOT NULL CHECK (length(asset) = 16),
  id     BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  PRIMARY KEY (wallet, asset)
) STRICT, WITHOUT ROWID;

CREATE TABLE mark (
  name TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reward (            -- the keys by which Lespass tells one reward from another
  place BLOB NOT NULL CHECK (length(place) = 16),
  name  TEXT NOT NULL,
  text  TEXT NOT NULL,
  tx    BLOB NOT NULL CHECK (length(tx) = 16),
  PRIMARY KEY (place, name, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (           -- kept for ever: comments and metadata of lines, and what a signature was for
  number  INTEGER PRIMARY KEY,
  id      BLOB NOT NULL UNIQUE CHECK (length(id) = 16),  -- of its tx
  route   TEXT NOT NULL,         -- method, path, and who signed
  body    TEXT NOT NULL,         -- as received
  time_ms INTEGER NOT NULL,
  status  INTEGER,               -- of an answer without a tx, such as a refusal; null: the book knows
  answer  TEXT,
  CHECK ((status IS NULL) = (answer IS NULL))
) STRICT;

CREATE TABLE seen (              -- signatures of requests that change nothing, and where they were used
  period INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 16),
  route  BLOB NOT NULL CHECK (length(route) = 8),
  PRIMARY KEY (period, digest)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    name: 'what v1 knew, and checkouts',
    sql: `
CREATE TABLE past_line (         -- what v1 said of a line that was imported, beyond what the book keeps
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  is_right   INTEGER NOT NULL CHECK (is_right IN (0, 1)),  -- whether the hash is that of the line
  checked_us INTEGER,
  comment    TEXT,
  metadata   TEXT,               -- JSON as v1 stored it
  checkout   BLOB CHECK (length(checkout) = 16),
  type       TEXT,               -- of a subscription; null: 'NO'
  first_us   INTEGER,
  start_us   INTEGER
) STRICT;
CREATE INDEX past_line_hash ON past_line (hash);

CREATE TABLE past_membership (   -- what members had paid in all when the book began
  asset  BLOB NOT NULL CHECK (length(asset) = 16),
  wallet BLOB NOT NULL CHECK (length(wallet) = 16),
  total  INTEGER NOT NULL CHECK (total > 0),
  PRIMARY KEY (asset, wallet)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_asset (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  updated_us INTEGER NOT NULL    -- v1's last_update
) STRICT, WITHOUT ROWID;

CREATE TABLE past_federation (
  id          BLOB PRIMARY KEY CHECK (length(id) = 16),
  description TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE checkout (          -- payments through Stripe, in v1's codes
  id        BLOB PRIMARY KEY CHECK (length(id) = 16),
  time_us   INTEGER NOT NULL,
  status    TEXT NOT NULL,
  asset     BLOB NOT NULL CHECK (length(asset) = 16),
  person    BLOB CHECK (length(person) = 16),  -- wallet of who pays
  stripe_id TEXT UNIQUE,         -- of a session, a payment or a transfer
  intent    TEXT,
  invoice   TEXT,
  metadata  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
  {
    name: 'what answers have shown',
    sql: `
CREATE TABLE shown (             -- what changes beside the money, so that answers can be given again
  name  TEXT NOT NULL,           -- of an asset, a place, a card at a till, an asset at a place
  since INTEGER NOT NULL,        -- number of the first line of which answers show it so
  text  TEXT NOT NULL,
  PRIMARY KEY (name, since)
) STRICT, WITHOUT ROWID;
`,
  },
]
