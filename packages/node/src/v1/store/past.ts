/** What v1 said of its own objects, and the book does not keep: its answers go on word by word. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type AssetId,
  type FederationId,
  fromUuidBytes,
  type Hex32,
  type LineId,
  toHex,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'

/** Times are microseconds since 1970. */
export interface PastLine {
  readonly id: LineId
  /** As v1 computed it. */
  readonly hash: Hex32
  /** Whether it follows from the line as v1 last had it. */
  readonly isRight: boolean
  readonly checkedUs: number | null
  readonly comment: string | null
  /** JSON as v1 stored it. */
  readonly metadata: string | null
  /** The checkout that paid for it. */
  readonly checkout: string | null
  /** `NO`, but for rows that somebody wrote by hand. */
  readonly subscriptionType: string
  readonly subscriptionFirstUs: number | null
  readonly subscriptionStartUs: number | null
}

const USUAL_TYPE = 'NO'

export class V1Past {
  readonly #addLine: StatementSync
  readonly #line: StatementSync
  readonly #byHash: StatementSync
  readonly #byCheckout: StatementSync
  readonly #addMembership: StatementSync
  readonly #paidBy: StatementSync
  readonly #paidFor: StatementSync
  readonly #addAsset: StatementSync
  readonly #asset: StatementSync
  readonly #addFederation: StatementSync
  readonly #federation: StatementSync

  constructor(db: DatabaseSync) {
    this.#addLine = db.prepare(
      `INSERT INTO past_line (id, hash, is_right, checked_us, comment, metadata, checkout, type, first_us, start_us)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#line = db.prepare('SELECT * FROM past_line WHERE id = ?')
    this.#byHash = db.prepare('SELECT id FROM past_line WHERE hash = ? ORDER BY number LIMIT 1')
    this.#byCheckout = db.prepare(
      'SELECT id FROM past_line WHERE checkout = ? ORDER BY number DESC LIMIT 1',
    )
    this.#addMembership = db.prepare(
      'INSERT INTO past_membership (asset, wallet, total) VALUES (?, ?, ?)',
    )
    this.#paidBy = db.prepare('SELECT total FROM past_membership WHERE asset = ? AND wallet = ?')
    this.#paidFor = db.prepare('SELECT sum(total) AS total FROM past_membership WHERE asset = ?')
    this.#addAsset = db.prepare('INSERT INTO past_asset (id, updated_us) VALUES (?, ?)')
    this.#asset = db.prepare('SELECT updated_us FROM past_asset WHERE id = ?')
    this.#addFederation = db.prepare('INSERT INTO past_federation (id, description) VALUES (?, ?)')
    this.#federation = db.prepare('SELECT description FROM past_federation WHERE id = ?')
    for (const sums of [this.#paidBy, this.#paidFor]) sums.setReadBigInts(true)
  }

  addLine(line: PastLine): void {
    const { id, hash, isRight, checkedUs, comment, metadata, checkout } = line
    const { subscriptionType, subscriptionFirstUs, subscriptionStartUs } = line
    this.#addLine.run(
      toUuidBytes(id),
      Uint8Array.fromHex(hash),
      isRight ? 1n : 0n,
      toWhole(checkedUs),
      comment,
      metadata,
      checkout === null ? null : toUuidBytes(checkout),
      subscriptionType === USUAL_TYPE ? null : subscriptionType,
      toWhole(subscriptionFirstUs),
      toWhole(subscriptionStartUs),
    )
  }

  line(id: LineId): PastLine | undefined {
    const row = this.#line.get(toUuidBytes(id))
    if (row === undefined) return undefined
    const checkout = row['checkout'] as Uint8Array | null
    return {
      id,
      hash: toHex(row['hash'] as Uint8Array) as Hex32,
      isRight: row['is_right'] === 1,
      checkedUs: row['checked_us'] as number | null,
      comment: row['comment'] as string | null,
      metadata: row['metadata'] as string | null,
      checkout: checkout === null ? null : fromUuidBytes(checkout),
      subscriptionType: (row['type'] as string | null) ?? USUAL_TYPE,
      subscriptionFirstUs: row['first_us'] as number | null,
      subscriptionStartUs: row['start_us'] as number | null,
    }
  }

  /** The line to which v1 gave a hash. */
  lineOfHash(hash: Hex32): LineId | undefined {
    const id = this.#byHash.get(Uint8Array.fromHex(hash))?.['id']
    return id === undefined ? undefined : (fromUuidBytes(id as Uint8Array) as LineId)
  }

  /** The last line that a checkout paid for. */
  lineOfCheckout(checkout: string): LineId | undefined {
    const id = this.#byCheckout.get(toUuidBytes(checkout))?.['id']
    return id === undefined ? undefined : (fromUuidBytes(id as Uint8Array) as LineId)
  }

  addMembership(wallet: WalletId, asset: AssetId, total: bigint): void {
    this.#addMembership.run(toUuidBytes(asset), toUuidBytes(wallet), total)
  }

  /** What a member had paid in all, in cents, when the book began. */
  paidBy(wallet: WalletId, asset: AssetId): bigint {
    const row = this.#paidBy.get(toUuidBytes(asset), toUuidBytes(wallet))
    return (row?.['total'] as bigint | undefined) ?? 0n
  }

  /** What all members had paid. */
  paidFor(asset: AssetId): bigint {
    return (this.#paidFor.get(toUuidBytes(asset))?.['total'] as bigint | null) ?? 0n
  }

  addAsset(asset: AssetId, updatedUs: number): void {
    this.#addAsset.run(toUuidBytes(asset), BigInt(updatedUs))
  }

  /** When v1 last changed it. */
  assetUpdatedUs(asset: AssetId): number | undefined {
    return this.#asset.get(toUuidBytes(asset))?.['updated_us'] as number | undefined
  }

  addFederation(federation: FederationId, description: string): void {
    this.#addFederation.run(toUuidBytes(federation), description)
  }

  federationDescription(federation: FederationId): string | undefined {
    return this.#federation.get(toUuidBytes(federation))?.['description'] as string | undefined
  }
}

function toWhole(value: number | null): bigint | null {
  return value === null ? null : BigInt(value)
}
