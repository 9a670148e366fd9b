import type { Migration } from './database.ts'

/** Payments at a terminal that this node asks for, in payments.db, and the terminal of the sandbox. */
export const READER_MIGRATION: Migration = {
  name: 'payments at terminals',
  sql: `
ALTER TABLE payment ADD COLUMN reader TEXT;                        -- where a till of ours asks for the card
ALTER TABLE payment ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;    -- how often it has asked
ALTER TABLE payment ADD COLUMN pushes INTEGER NOT NULL DEFAULT 0;  -- the last ask that is dealt with
ALTER TABLE payment ADD COLUMN asked_ms INTEGER;                   -- when it asked last
ALTER TABLE payment ADD COLUMN cancel_ms INTEGER;                  -- since when it is to be given up
CREATE INDEX payment_reader ON payment (reader)
  WHERE reader IS NOT NULL AND state IN ('intended', 'opened');

ALTER TABLE sandbox_order ADD COLUMN metadata TEXT;  -- JSON
CREATE TABLE sandbox_reader (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  reference TEXT,                    -- the order that it was last asked to take
  action    TEXT CHECK (action IN ('waiting', 'done', 'failed')),
  failure   TEXT,
  CHECK ((reference IS NULL) = (action IS NULL))
) STRICT;
INSERT INTO sandbox_reader VALUES (1, NULL, NULL, NULL);
`,
}
