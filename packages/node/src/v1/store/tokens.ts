import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type AssetId, fromUuidBytes, toUuidBytes, type WalletId } from '@fedow/ledger'

/** The UUIDs that LaBoutik gave to the accounts of its cards. */
export class V1Tokens {
  readonly #get: StatementSync
  readonly #list: StatementSync
  readonly #put: StatementSync
  /** Most accounts have no given name, and every card read asks for several: none is given when this is 0. */
  #count: number

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT id FROM token WHERE wallet = ? AND asset = ?')
    this.#list = db.prepare('SELECT asset FROM token WHERE wallet = ?')
    this.#put = db.prepare('INSERT OR IGNORE INTO token (wallet, asset, id) VALUES (?, ?, ?)')
    this.#count = Number(db.prepare('SELECT count(*) AS count FROM token').get()?.['count'])
  }

  /** The assets of which an account of this wallet was given a name, in the order of the names. */
  assetsOf(wallet: WalletId): readonly AssetId[] {
    if (this.#count === 0) return []
    const rows = this.#list.all(toUuidBytes(wallet))
    return rows.map(({ asset }) => fromUuidBytes(asset as Uint8Array) as AssetId)
  }

  idOf(wallet: WalletId, asset: AssetId): string | undefined {
    if (this.#count === 0) return undefined
    const id = this.#get.get(toUuidBytes(wallet), toUuidBytes(asset))?.['id']
    return id === undefined ? undefined : fromUuidBytes(id as Uint8Array)
  }

  /** The first name stands; one that another account has is not given. */
  give(wallet: WalletId, asset: AssetId, id: string): void {
    const { changes } = this.#put.run(toUuidBytes(wallet), toUuidBytes(asset), toUuidBytes(id))
    this.#count += Number(changes)
  }
}
