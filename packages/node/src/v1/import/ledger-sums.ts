/** Balances and totals as the lines of v1 give them. A correction (COR) is no movement and does not count. */
import type { V1Line } from './rows.ts'
import type { V1World } from './v1-world.ts'

/** What the lines of one asset add up to, in cents. */
export interface AssetSums {
  /** Made (CRE), or for a membership paid (SUB). */
  issued: bigint
  /** Handed in for euros at the bank (BNK). */
  deposited: bigint
  /** Given back to whoever held it, and out of circulation (RFD). */
  burnt: bigint
  lines: number
}

type Move = 'issues' | 'moves' | 'deposits' | 'burns' | 'nothing'

const MOVES: ReadonlyMap<string, Move> = new Map([
  ...(['CRE', 'SUB'] as const).map((action) => [action, 'issues'] as const),
  // v1 itself writes no transfer: those that it has came back from a book of ours.
  ...(['REF', 'SAL', 'QRS', 'FUS', 'TRF'] as const).map((action) => [action, 'moves'] as const),
  ['BNK', 'deposits'],
])

export class LedgerSums {
  readonly #world: V1World
  readonly #assets = new Map<string, AssetSums>()
  readonly #balances = new Map<string, bigint>()

  constructor(world: V1World) {
    this.#world = world
  }

  /** Counts a line. Answers what the sender has left, when it gave something. */
  post(line: V1Line): bigint | undefined {
    const { asset, from, to, amount } = line
    const sums = this.of(asset)
    sums.lines += 1
    const move = this.#moveOf(line)
    if (move === 'nothing') return undefined
    if (move === 'issues') sums.issued += amount
    if (move === 'deposits') sums.deposited += amount
    if (move === 'burns') sums.burnt += amount
    const left = move === 'issues' ? undefined : this.#add(from, asset, -amount)
    if (move === 'issues' || move === 'moves') this.#add(to, asset, amount)
    return left
  }

  /** The totals of an asset. */
  of(asset: string): AssetSums {
    const found = this.#assets.get(asset)
    if (found !== undefined) return found
    const sums = { issued: 0n, deposited: 0n, burnt: 0n, lines: 0 }
    this.#assets.set(asset, sums)
    return sums
  }

  /** What the lines give a wallet in an asset; it is asked for once. */
  takeBalance(wallet: string, asset: string): bigint {
    const key = wallet + asset
    const balance = this.#balances.get(key) ?? 0n
    this.#balances.delete(key)
    return balance
  }

  /** The balances that nobody has asked for. */
  *leftBalances(): IterableIterator<{ wallet: string; asset: string; balance: bigint }> {
    for (const [key, balance] of this.#balances) {
      yield { wallet: key.slice(0, 32), asset: key.slice(32), balance }
    }
  }

  #add(wallet: string, asset: string, amount: bigint): bigint {
    const key = wallet + asset
    const balance = (this.#balances.get(key) ?? 0n) + amount
    this.#balances.set(key, balance)
    return balance
  }

  #moveOf({ action, asset, to }: V1Line): Move {
    if (action !== 'RFD') return MOVES.get(action) ?? 'nothing'
    const isFederated = this.#world.assets.get(asset)?.category === 'FED'
    // The place that paid the cash out gets the federated money; local money is burnt.
    const isPaidByPlace = isFederated && this.#world.isPlace(to) && !this.#world.isPrimary(to)
    return isPaidByPlace ? 'moves' : 'burns'
  }
}
