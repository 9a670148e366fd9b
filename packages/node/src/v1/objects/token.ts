import {
  type AssetId,
  deriveId,
  type Hash,
  type Id,
  type Line,
  params,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { printWire, RawJson } from '../codec/json.ts'
import type { V1Store } from '../store/v1-store.ts'
import { accountThen } from './account-then.ts'
import type { AssetObjects } from './asset.ts'
import type { AccountName, Lines } from './lines.ts'
import { Recent } from './recent.ts'
import type { SimpleObjects } from './transaction-simple.ts'

export interface TokenMeans {
  readonly book: BookReader
  readonly hash: Hash
  readonly store: Pick<V1Store, 'tokens' | 'past'>
  readonly lines: Lines
  readonly assets: AssetObjects
  readonly simple: SimpleObjects
}

/** Accounts whose ids are kept in one generation. */
const IDS_KEPT = 8_000

/** Token, section 3.3 of the wire: an account of a wallet in an asset. */
export class TokenObjects {
  readonly #means: TokenMeans
  readonly #ids = new Recent<string, string>(IDS_KEPT)

  constructor(means: TokenMeans) {
    this.#means = means
  }

  /** As after the line of number `at`, or as it stands. Undefined when nothing had happened in it by then. */
  find(name: AccountName, at?: number): RawJson | undefined {
    const then = accountThen(this.#means, name, at)
    return then && this.#print(name, then, at)
  }

  /** The same, and one that LaBoutik named beforehand, which is empty until its first line. */
  shown(name: AccountName, at?: number): RawJson | undefined {
    const { tokens } = this.#means.store
    const isGiven = () => tokens.idOf(name.wallet, name.asset) !== undefined
    return this.find(name, at) ?? (isGiven() ? this.json(name, at) : undefined)
  }

  /** The assets of the accounts that LaBoutik named in a wallet. */
  givenTo(wallet: WalletId): readonly AssetId[] {
    return this.#means.store.tokens.assetsOf(wallet)
  }

  /** The same; one that was never used is empty. */
  json(name: AccountName, at?: number): RawJson {
    return this.find(name, at) ?? this.#print(name, { value: 0n, last: undefined }, at)
  }

  #print(
    { wallet, asset }: AccountName,
    { value, last }: { readonly value: bigint; readonly last: Line | undefined },
    at: number | undefined,
  ): RawJson {
    const { book, assets, simple } = this.#means
    const record = assets.find(asset)
    const { fed, keeper } = params(book.state)
    const time = last === undefined ? null : simple.time(last)
    const start = last === undefined ? null : (simple.notes(last).start ?? time)
    const text = printWire({
      uuid: this.#idOf(wallet, asset),
      name: record?.name,
      value,
      asset: assets.json(asset, at),
      asset_uuid: asset,
      asset_name: record?.name,
      asset_category: record?.kind,
      is_primary_stripe_token: asset === fed && wallet === keeper,
      last_transaction: last === undefined ? null : simple.json(last),
      last_transaction_datetime: time,
      start_membership_date: record?.kind === 'SUB' ? start : null,
    })
    return new RawJson(text)
  }

  /** What LaBoutik named it, else an id that follows from wallet and asset: the same for ever. */
  #idOf(wallet: WalletId, asset: AssetId): string {
    const key = `${wallet}${asset}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const { store, hash } = this.#means
    const id =
      store.tokens.idOf(wallet, asset) ?? deriveId<Id<'account'>>(hash, 'account', wallet, asset)
    this.#ids.set(key, id)
    return id
  }
}
