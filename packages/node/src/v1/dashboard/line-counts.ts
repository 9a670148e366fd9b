/**
 * What only the lines of the book can tell, counted once and remembered: whoever asks has the lines since the last time
 * counted, a few at a time.
 */
import { setImmediate } from 'node:timers/promises'
import type { AssetId, Line, PlaceId, WalletId } from '@fedow/ledger'
import type { BookReader } from '../../store/book-reader.ts'
import { isShown } from '../objects/lines.ts'

export interface CountingPace {
  /** Lines counted in one go. */
  readonly step: number
  /** Goes that somebody who asks waits for; the rest is counted behind their back. */
  readonly patience: number
}

const PACE_USUAL: CountingPace = { step: 50, patience: 200 }

export interface CountingParts {
  readonly book: BookReader
  /** Something in this node itself failed, such as its disk. */
  readonly onFault: (cause: unknown) => void
  readonly pace?: CountingPace
}

const COUNTED_WALLETS: readonly string[] = ['person', 'card', 'place']

export class LineCounts implements Disposable {
  readonly #parts: CountingParts
  readonly #pace: CountingPace
  readonly #minted = new Map<AssetId, bigint>()
  readonly #deposited = new Map<AssetId, bigint>()
  readonly #received = new Map<PlaceId, number>()
  /** Wallets of places that have a line. */
  readonly #places = new Map<WalletId, PlaceId>()
  readonly #months = new Map<string, number>()
  #wallets = 0
  /** Number of the last line that was counted. */
  #counted = 0
  #run: Promise<void> | undefined
  #isStopped = false

  constructor(parts: CountingParts) {
    this.#parts = parts
    this.#pace = parts.pace ?? PACE_USUAL
  }

  /** Number of the last line that was counted. */
  get counted(): number {
    return this.#counted
  }

  /** Persons, cards and places whose wallet has a line. */
  get wallets(): number {
    return this.#wallets
  }

  /** Ever created, in minor units. */
  minted(asset: AssetId): bigint {
    return this.#minted.get(asset) ?? 0n
  }

  /** Ever handed in, in minor units. */
  deposited(asset: AssetId): bigint {
    return this.#deposited.get(asset) ?? 0n
  }

  /** Lines by which a place got something from another wallet. */
  received(place: PlaceId): number {
    return this.#received.get(place) ?? 0
  }

  /** Places that received the most, most first. */
  busiest(limit: number): readonly { readonly place: PlaceId; readonly received: number }[] {
    const all = [...this.#received].map(([place, received]) => ({ place, received }))
    return all.sort((a, b) => b.received - a.received).slice(0, limit)
  }

  /** Lines of a month such as `2026-11`, without the beginnings of assets. */
  linesIn(month: string): number {
    return this.#months.get(month) ?? 0
  }

  /** The first and the last month with a line that was counted. */
  get span(): { readonly first: string; readonly last: string } | undefined {
    const months = [...this.#months.keys()]
    const [first] = months
    const last = months.at(-1)
    return first === undefined || last === undefined ? undefined : { first, last }
  }

  /** Counts to the end of the book. Answers earlier when that takes long, and counts on. */
  async follow(): Promise<void> {
    this.#run ??= this.#countAll()
      .catch(this.#parts.onFault)
      .finally(() => {
        this.#run = undefined
      })
    for (let turn = 0; turn < this.#pace.patience && this.#run !== undefined; turn += 1)
      await setImmediate()
  }

  /** Nothing is read of the book any more. */
  [Symbol.dispose](): void {
    this.#isStopped = true
  }

  async #countAll(): Promise<void> {
    const { step } = this.#pace
    while (!this.#isStopped) {
      const lines = this.#parts.book.linesAfter(this.#counted, step)
      for (const line of lines) this.#count(line)
      if (lines.length < step) return
      // Between steps the tills have their turn.
      await setImmediate()
    }
  }

  #count(line: Line): void {
    const { number, action, asset, amount, from, to, previousFrom, previousTo } = line
    if (previousFrom === 0) this.#meet(from, asset)
    if (previousTo === 0 && to !== from) this.#meet(to, asset)
    if (action === 'CRE') this.#minted.set(asset, this.minted(asset) + amount)
    if (action === 'BNK') this.#deposited.set(asset, this.deposited(asset) + amount)
    if (action !== 'FST' && isShown(this.#parts.book, line)) this.#countGesture(line)
    this.#counted = number
  }

  #countGesture({ timeUs, from, to }: Line): void {
    const month = monthOf(timeUs / 1_000)
    this.#months.set(month, this.linesIn(month) + 1)
    const place = this.#places.get(to)
    if (place !== undefined && from !== to) this.#received.set(place, this.received(place) + 1)
  }

  /** The first line of an account. The first account of a wallet is where the wallet itself begins. */
  #meet(id: WalletId, asset: AssetId): void {
    const wallet = this.#parts.book.state.get('wallet', id)
    if (wallet === undefined || wallet.assets[0] !== asset) return
    if (COUNTED_WALLETS.includes(wallet.kind)) this.#wallets += 1
    if (wallet.kind === 'place' && wallet.place !== undefined) this.#places.set(id, wallet.place)
  }
}

/** Such as `2026-11`, in UTC. */
export function monthOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 7)
}
