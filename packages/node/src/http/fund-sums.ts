/** What each fund ever had and gave: summed up from its own lines, and remembered up to the last one that was counted. */
import { setImmediate } from 'node:timers/promises'
import type { AssetId, LineAction, WalletId } from '@fedow/ledger'
import type { AccountFlow, BookReader } from '../store/book-reader.ts'

/** Lines that are summed up at a time: other requests are answered in between. */
const LINES_AT_ONCE = 20_000

/** In minor units. collected + other = melted + paid + balance. */
export interface FundSum {
  /** Shares of what melted. */
  readonly collected: bigint
  /** Whatever else came in. */
  readonly other: bigint
  /** What melted in the fund itself. */
  readonly melted: bigint
  /** Grants, and whatever else went out. */
  readonly paid: bigint
}

const NOTHING: FundSum = { collected: 0n, other: 0n, melted: 0n, paid: 0n }

interface Counted {
  /** The last line of the account that is counted. */
  readonly last: number
  readonly sum: FundSum
}

/** An account of a fund: both as the book has them at one moment. */
export interface FundAccount extends FundSum {
  readonly balance: bigint
}

export class FundSums {
  readonly #book: BookReader
  readonly #counted = new Map<string, Counted>()

  constructor(book: BookReader) {
    this.#book = book
  }

  async of(wallet: WalletId, asset: AssetId): Promise<FundAccount> {
    const key = `${wallet}/${asset}`
    const { balance = 0n, last = 0 } = this.#book.state.get('account', key) ?? {}
    const known = this.#counted.get(key) ?? { last: 0, sum: NOTHING }
    let { sum } = known
    let from = last
    while (from > known.last) {
      const range = { from, after: known.last, limit: LINES_AT_ONCE }
      const { flows, next } = this.#book.flowsOfAccount({ wallet, asset }, range)
      sum = flows.reduce(add, sum)
      from = next
      if (next > 0) await setImmediate()
    }
    if ((this.#counted.get(key)?.last ?? 0) <= last) this.#counted.set(key, { last, sum })
    return { ...sum, balance }
  }
}

function add(sum: FundSum, { action, isReceived, amount }: AccountFlow): FundSum {
  const figure = figureOf(action, isReceived)
  return { ...sum, [figure]: sum[figure] + amount }
}

function figureOf(action: LineAction, isReceived: boolean): keyof FundSum {
  if (isReceived) return action === 'RDS' ? 'collected' : 'other'
  return action === 'MLT' ? 'melted' : 'paid'
}
