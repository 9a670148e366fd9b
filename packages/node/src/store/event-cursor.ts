/** Until when the events of a provider are known here, so that what it told while nobody listened is asked for. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Migration } from './database.ts'
import type { ProviderName } from './payment-store.ts'

export const EVENT_MIGRATION: Migration = {
  name: 'events of providers',
  sql: `
CREATE TABLE provider_events (
  provider TEXT PRIMARY KEY CHECK (provider IN ('stripe', 'sandbox')),
  until_ms INTEGER NOT NULL      -- each event before has been heard
) STRICT, WITHOUT ROWID;
`,
}

export class EventCursor {
  readonly #until: StatementSync
  readonly #set: StatementSync

  constructor(db: DatabaseSync) {
    const set = 'INSERT OR REPLACE INTO provider_events (provider, until_ms) VALUES (?, ?)'
    this.#until = db.prepare('SELECT until_ms FROM provider_events WHERE provider = ?')
    this.#set = db.prepare(set)
  }

  /** In milliseconds since 1970; undefined: nothing was asked for yet. */
  untilMs(provider: ProviderName): number | undefined {
    const until = this.#until.get(provider)?.['until_ms']
    return until === undefined ? undefined : Number(until)
  }

  setUntilMs(provider: ProviderName, untilMs: number): void {
    this.#set.run(provider, BigInt(untilMs))
  }
}
