import { setImmediate } from 'node:timers/promises'
import type { WalletId } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

const PAGE = 500

/**
 * The accounts of the reserve. The book has no list of them, but each begins with a line in EUR: what is new in that
 * chain is read when somebody asks.
 */
export class ReserveAccounts {
  readonly #book: BookReader
  readonly #wallets = new Set<WalletId>()
  #seen = 0

  constructor(book: BookReader) {
    this.#book = book
  }

  /** In the order of their names; balances in cents. */
  async list(): Promise<{ name: string; balance: number }[]> {
    await this.#readNew()
    const { state, genesis } = this.#book
    const accounts = [...this.#wallets].flatMap((id) => {
      const wallet = state.get('wallet', id)
      if (wallet?.kind !== 'reserve' || wallet.name === undefined) return []
      const balance = Number(state.get('account', `${id}/${genesis.eur}`)?.balance ?? 0n)
      return [{ name: wallet.name, balance }]
    })
    return accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  async #readNew(): Promise<void> {
    const { eur } = this.#book.genesis
    const known = this.#seen
    let before: number | undefined
    for (;;) {
      const lines = this.#book.linesOfAsset(eur, { before, limit: PAGE })
      for (const { to, seq } of lines) {
        this.#wallets.add(to)
        this.#seen = Math.max(this.#seen, seq)
      }
      before = lines.at(-1)?.seq
      if (before === undefined || before <= known + 1) return
      // Between pages the thread belongs to payments.
      await setImmediate()
    }
  }
}
