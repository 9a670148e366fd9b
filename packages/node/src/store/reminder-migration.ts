import type { Migration } from './database.ts'

/** Reminders of melts in `people.db`: what persons said of them, and the outbox. */
export const REMINDER_MIGRATION: Migration = {
  name: 'reminders',
  sql: `
CREATE TABLE reminder_choice (   -- what is known of a person for reminders alone
  wallet     BLOB PRIMARY KEY CHECK (length(wallet) = 16),
  email      TEXT,               -- null: the one that v1's clients know, if any
  language   TEXT CHECK (language IN ('fr', 'en')),  -- null: French
  code       BLOB UNIQUE CHECK (length(code) = 24),  -- opens the page that stops them; null until the first e-mail
  stopped_ms INTEGER             -- since when there are none; null: they come
) STRICT, WITHOUT ROWID;

CREATE TABLE reminder (          -- one for each wallet, due day and step
  number     INTEGER PRIMARY KEY,
  wallet     BLOB NOT NULL CHECK (length(wallet) = 16),
  due_day    INTEGER NOT NULL,   -- the UTC day, from 1970, at whose first moment it melts
  step       INTEGER NOT NULL CHECK (step IN (30, 7, 1)),  -- days before
  parts      TEXT NOT NULL,      -- JSON, [asset, minor units as text] for each asset, as last computed
  -- 'moved': a gesture came in between; 'superseded': a later step took its place; 'stopped': unsubscribed;
  -- 'over': the day came first; 'failed': the mail server refuses it for good
  state      TEXT NOT NULL
    CHECK (state IN ('waiting', 'sent', 'moved', 'superseded', 'stopped', 'over', 'failed')),
  tries      INTEGER NOT NULL DEFAULT 0,
  problem    TEXT,               -- code of what stands in its way
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  next_ms    INTEGER NOT NULL,   -- when to try next, while it waits
  UNIQUE (wallet, due_day, step)
) STRICT;
CREATE INDEX reminder_next ON reminder (next_ms, number) WHERE state = 'waiting';
CREATE INDEX reminder_state ON reminder (state, number);
CREATE INDEX reminder_due ON reminder (due_day);

CREATE TABLE reminder_round (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  day INTEGER NOT NULL           -- the last day for which all accounts were looked at
) STRICT;
`,
}
