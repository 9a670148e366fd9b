/** Filled data folders. Each is made once a run, when the first benchmark asks for it; nothing is kept between runs. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Children } from './children.ts'
import { BenchNetwork } from './network.ts'
import { newTill, type Till } from './till.ts'

/** What a book is filled with. */
export interface Filling {
  readonly tills: readonly Till[]
  /** Sales at the first till. */
  readonly sales: number
  /** True when the money of the tills melts for the first time today: the book is so many days old. */
  readonly isMelting?: boolean
}

/** A filled folder, with no program at work on it. */
export interface FilledBook extends Filling {
  readonly network: BenchNetwork
  /** Its first till. */
  readonly till: Till
}

/** A book that several benchmarks use: of many payments with few cards, or of many cards, each with a wallet and money. */
export type SharedBook = 'payments' | 'wallets'

export interface BooksOptions {
  readonly folder: string
  readonly children: Children
  /** How many payments or wallets a shared book has. */
  readonly size: number
  readonly progress: (text: string) => void
}

/** Cards of a book that is about payments. */
export const CARDS = 1_000

export class Books {
  readonly #options: BooksOptions
  readonly #shared = new Map<SharedBook, Promise<FilledBook>>()
  #folders = 0

  constructor(options: BooksOptions) {
    this.#options = options
  }

  /** An empty folder on the disk of the benchmarks. */
  newFolder(): string {
    this.#folders += 1
    const folder = join(this.#options.folder, String(this.#folders))
    mkdirSync(folder)
    return folder
  }

  /** The shared book of a kind, filled at the first call. */
  shared(kind: SharedBook): Promise<FilledBook> {
    const known = this.#shared.get(kind)
    if (known !== undefined) return known
    const { size } = this.#options
    const filled =
      kind === 'payments'
        ? this.fill(`${size} payments`, { tills: [newTill(CARDS)], sales: size })
        : this.fill(`${size} wallets`, { tills: [newTill(size)], sales: 0 })
    // The benchmark that waits for it says what went wrong.
    filled.catch(() => {})
    this.#shared.set(kind, filled)
    return filled
  }

  /** A new book of so many payments. */
  withPayments(sales: number): Promise<FilledBook> {
    return this.fill(`${sales} payments`, { tills: [newTill(CARDS)], sales })
  }

  /** Fills a new folder. */
  async fill(name: string, filling: Filling): Promise<FilledBook> {
    const [till] = filling.tills
    if (till === undefined) throw new Error('a book of the benchmarks has a till')
    const { children, progress } = this.#options
    const folder = this.newFolder()
    const start = performance.now()
    progress(`filling a book: ${name}`)
    const onProgress = (txs: number) => progress(`filling a book: ${name}, ${txs} txs`)
    await using program = children.start('fill', {
      args: [folder, JSON.stringify(filling)],
      onProgress,
    })
    await program.result
    progress(`filled a book: ${name}, ${Math.round((performance.now() - start) / 1_000)} s`)
    return { ...filling, till, network: new BenchNetwork(folder) }
  }
}
