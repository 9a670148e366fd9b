/** What each reward of Lespass was for: asked again with the same key, it is given once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromUuidBytes, type LineId, type PlaceId, type TxId, toUuidBytes } from '@fedow/ledger'
import { inSqlTransaction } from '../../store/database.ts'

/** Names of the keys in the metadata of a reward. */
export const REWARD_KEYS = [
  'idempotency_key',
  'ligne_article_uuid',
  'checkout_session_id_stripe',
  'invoice_stripe_id',
] as const
export type RewardKeyName = (typeof REWARD_KEYS)[number]

/** A key counts within its place. */
export interface RewardKey {
  readonly place: PlaceId
  readonly name: RewardKeyName
  readonly text: string
}

export class V1Rewards {
  readonly #db: DatabaseSync
  readonly #find: StatementSync
  readonly #put: StatementSync
  readonly #keep: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#find = db.prepare('SELECT tx FROM reward WHERE place = ? AND name = ? AND text = ?')
    this.#put = db.prepare(
      `INSERT INTO reward (place, name, text, tx) VALUES (?, ?, ?, ?)
       ON CONFLICT (place, name, text) DO UPDATE SET tx = excluded.tx`,
    )
    this.#keep = db.prepare(
      'INSERT OR IGNORE INTO reward (place, name, text, tx) VALUES (?, ?, ?, ?)',
    )
  }

  /**
   * The tx that was to give the reward of this key. The book knows whether it did. Of a reward that was imported, it is
   * the id of its line.
   */
  find({ place, name, text }: RewardKey): TxId | undefined {
    const tx = this.#find.get(toUuidBytes(place), name, text)?.['tx']
    return tx === undefined ? undefined : (fromUuidBytes(tx as Uint8Array) as TxId)
  }

  /** Notes before a tx is ordered what it is for. */
  note(keys: readonly RewardKey[], tx: TxId): void {
    inSqlTransaction(this.#db, () => {
      for (const { place, name, text } of keys) {
        this.#put.run(toUuidBytes(place), name, text, toUuidBytes(tx))
      }
    })
  }

  /** Takes the line of an imported reward; the first one of a key stands. */
  keepLine({ place, name, text }: RewardKey, line: LineId): void {
    this.#keep.run(toUuidBytes(place), name, text, toUuidBytes(line))
  }
}
