/** Between which wallets a line moves money: its entry, without looking at ids line after line. */
import type { Amount } from '../amount.ts'
import { entryOf } from '../entry.ts'
import type { Hash } from '../hash.ts'
import type { AssetId, WalletId } from '../ids.ts'
import type { LineAction } from '../line.ts'
import type { Asset } from '../records.ts'

/** One end of a movement: a wallet of the line, or the asset's issuance. */
export type Side = 'from' | 'to' | 'issuance'

/** Where money comes from and where it goes. */
export interface Flow {
  readonly source: Side
  readonly target: Side
}

/** What of a line decides its flow. */
export interface FlowLine {
  readonly action: LineAction
  /** True when sender and receiver are the same wallet. */
  readonly isSelf: boolean
  /** True when the keeper receives. */
  readonly isToKeeper: boolean
}

const FROM = 'from' as WalletId
const TO = 'to' as WalletId
const NOBODY = 'nobody' as WalletId
const ONE = 1n as Amount

/**
 * The flows of the lines of one asset. Imported lines have one too: where they moved money in the book that they come
 * from, whose codes mean the same.
 *
 * Source: docs/spec/lines.md, by `entryOf`.
 */
export class Flows {
  readonly #asset: AssetId
  readonly #kind: Asset['kind']
  readonly #hash: Hash
  readonly #known = new Map<string, Flow | undefined>()

  constructor({
    asset,
    kind,
    hash,
  }: {
    readonly asset: AssetId
    readonly kind: Asset['kind']
    readonly hash: Hash
  }) {
    this.#asset = asset
    this.#kind = kind
    this.#hash = hash
  }

  /** Undefined for a line that moves nothing, whatever its amount. */
  of(line: FlowLine): Flow | undefined {
    const key = `${line.action} ${line.isSelf} ${line.isToKeeper}`
    if (!this.#known.has(key)) this.#known.set(key, this.#find(line))
    return this.#known.get(key)
  }

  #find({ action, isSelf, isToKeeper }: FlowLine): Flow | undefined {
    const to = isSelf ? FROM : TO
    const moving = { action, asset: this.#asset, from: FROM, to, amount: ONE }
    const keeper = isToKeeper ? to : NOBODY
    const [given, taken] = entryOf(moving, { hash: this.#hash, kind: this.#kind, keeper })
    if (given === undefined || taken === undefined || given.wallet === taken.wallet)
      return undefined
    return { source: toSide(given.wallet), target: toSide(taken.wallet) }
  }
}

function toSide(wallet: WalletId): Side {
  if (wallet === FROM) return 'from'
  return wallet === TO ? 'to' : 'issuance'
}
