/** What accounts hold at the end of v1, and what its lines tell of memberships. */
import type { AssetId, ImportOf, WalletId } from '@fedow/ledger'
import { ACCOUNT, toMicroseconds, toUuid, type V1Account, type V1Line } from './rows.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

type Opening = ImportOf<'openings'>['rows'][number]
type Membership = ImportOf<'memberships'>['rows'][number]

/** Payments of one membership. */
interface Payments {
  readonly count: number
  readonly startUs: number
}

export class BookAccounts {
  readonly #db: V1Database
  readonly #world: V1World
  /** Accounts that a line has named: the others have to be opened. */
  readonly #named = new Set<string>()
  readonly #payments = new Map<string, Payments>()

  constructor(db: V1Database, world: V1World) {
    this.#db = db
    this.#world = world
  }

  /** Each line, in order. */
  see(line: V1Line): void {
    const { from, to, asset, action } = line
    this.#named.add(`${from}${asset}`)
    this.#named.add(`${to}${asset}`)
    if (!this.#isMembership(asset)) return
    if (action === 'SUB') this.#paid(line)
    if (action === 'FUS') this.#fused(line)
  }

  #paid({ to, asset, at, subscriptionStart }: V1Line): void {
    const before = this.#payments.get(`${to}${asset}`)
    const startUs = toMicroseconds(subscriptionStart ?? at)
    this.#payments.set(`${to}${asset}`, { count: (before?.count ?? 0) + 1, startUs })
  }

  #fused({ from, to, asset }: V1Line): void {
    const moved = this.#payments.get(`${from}${asset}`)
    if (moved === undefined) return
    const there = this.#payments.get(`${to}${asset}`)
    this.#payments.delete(`${from}${asset}`)
    this.#payments.set(`${to}${asset}`, {
      count: moved.count + (there?.count ?? 0),
      startUs: Math.max(moved.startUs, there?.startUs ?? 0),
    })
  }

  /** A member's record says what they have paid in all: it is no balance. */
  *memberships(): IterableIterator<Membership> {
    for (const account of this.#db.rows(ACCOUNT)) {
      const { wallet, asset, value } = account
      const paid = this.#payments.get(`${wallet}${asset}`)
      if (!this.#isMembership(asset) || (value === 0n && paid === undefined)) continue
      const createdAt = this.#world.assets.get(asset)?.createdAt ?? ''
      const { count, startUs } = paid ?? { count: 1, startUs: toMicroseconds(createdAt) }
      const startMs = Math.floor(startUs / 1_000)
      yield { ...toName(account), total: value as Membership['total'], startMs, count }
    }
  }

  /** All federated money, in cents. */
  federated(): bigint {
    let total = 0n
    for (const { asset, value } of this.#db.rows(ACCOUNT)) {
      if (this.#world.isFederated(asset)) total += value
    }
    return total
  }

  /** One for each balance; and of zero, where an issuer has no line by which its account were opened. */
  *openings(): IterableIterator<Opening> {
    for (const account of this.#db.rows(ACCOUNT)) {
      const { wallet, asset, value } = account
      // What the primary wallet has of it stays there: all of it is opened at the keeper.
      if (this.#world.isPrimary(wallet) && this.#world.isFederated(asset)) continue
      if (value === 0n || this.#isMembership(asset)) continue
      yield { ...toName(account), amount: value as Opening['amount'] }
    }
    for (const { id: asset, origin: wallet, category } of this.#world.assets.values()) {
      if (category === 'FED' || this.#named.has(`${wallet}${asset}`)) continue
      if (this.#hasBalance(wallet, asset)) continue
      yield { ...toName({ wallet, asset }), amount: 0n as Opening['amount'] }
    }
  }

  #hasBalance(wallet: string, asset: string): boolean {
    const sql = `SELECT 1 FROM ${ACCOUNT.name} WHERE wallet_id = '${wallet}' AND asset_id = '${asset}' AND value > 0`
    return [...this.#db.query(sql)].length > 0
  }

  #isMembership(asset: string): boolean {
    return this.#world.assets.get(asset)?.category === 'SUB'
  }
}

function toName({ wallet, asset }: Pick<V1Account, 'wallet' | 'asset'>): {
  readonly wallet: WalletId
  readonly asset: AssetId
} {
  return { wallet: toUuid(wallet) as WalletId, asset: toUuid(asset) as AssetId }
}
