/** Stored balances against the lines, and what wallets of nobody hold. */
import { toDecimal } from '@fedow/api'
import { AMOUNT_MAX } from '@fedow/ledger'
import type { Finding } from './findings.ts'
import type { LedgerSums } from './ledger-sums.ts'
import { ACCOUNT, toUuid, type V1Account, WALLET } from './rows.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

/** What v1 stores of one asset, in cents. */
export interface StoredSums {
  inPlaces: bigint
  elsewhere: bigint
  /** Accounts with something in them. */
  accounts: number
}

/** Takes the balances out of the sums, account by account. */
export class AccountReview {
  readonly found: Finding[] = []
  readonly #world: V1World
  readonly #sums: LedgerSums
  readonly #stored = new Map<string, StoredSums>()
  readonly #stranded = new Set<string>()

  constructor(world: V1World, sums: LedgerSums) {
    this.#world = world
    this.#sums = sums
  }

  see(db: V1Database): void {
    for (const account of db.rows(ACCOUNT)) this.#account(account)
    for (const { wallet, asset, balance } of this.#sums.leftBalances()) {
      if (balance !== 0n) this.#drift({ wallet, asset }, { stored: 0n, ledger: balance })
    }
    this.#wallets(db)
  }

  of(asset: string): StoredSums {
    const found = this.#stored.get(asset)
    if (found !== undefined) return found
    const stored = { inPlaces: 0n, elsewhere: 0n, accounts: 0 }
    this.#stored.set(asset, stored)
    return stored
  }

  #account(account: V1Account): void {
    const { wallet, asset, value } = account
    const stored = this.of(asset)
    if (this.#world.isPlace(wallet)) stored.inPlaces += value
    else stored.elsewhere += value
    if (value !== 0n) stored.accounts += 1
    const ledger = this.#sums.takeBalance(wallet, asset)
    if (value !== ledger) this.#drift(account, { stored: value, ledger })
    const subjects = { account: toUuid(account.id), wallet: toUuid(wallet), asset: toUuid(asset) }
    const detail = `${this.#world.nameOfAsset(asset)}, in ${this.#world.nameOfWallet(wallet)}.`
    if (value < 0n || value > AMOUNT_MAX) {
      this.found.push({ code: 'impossible_amount', subjects, amount: value, detail })
    }
    if (value > 0n && this.#world.kindsOf(wallet).length === 0) {
      this.#stranded.add(wallet)
      this.found.push({ code: 'stranded_money', subjects, amount: value, detail })
    }
  }

  #drift(
    { id, wallet, asset }: Pick<V1Account, 'wallet' | 'asset'> & { readonly id?: string },
    { stored, ledger }: { readonly stored: bigint; readonly ledger: bigint },
  ): void {
    const where = `${this.#world.nameOfAsset(asset)}, in ${this.#world.nameOfWallet(wallet)}`
    this.found.push({
      code: 'balance_drift',
      subjects: {
        ...(id !== undefined && { account: toUuid(id) }),
        wallet: toUuid(wallet),
        asset: toUuid(asset),
      },
      amount: stored - ledger,
      detail: `${where}: stored ${toDecimal(stored)}, by the lines ${toDecimal(ledger)}.`,
    })
  }

  #wallets(db: V1Database): void {
    for (const { id } of db.rows(WALLET)) {
      const kinds = this.#world.kindsOf(id)
      const subjects = { wallet: toUuid(id) }
      if (kinds.length > 1) {
        const detail = `It is the wallet of: ${kinds.join(', ')}.`
        this.found.push({ code: 'wallet_of_two', subjects, detail })
      }
      if (kinds.length > 0 || this.#stranded.has(id)) continue
      const detail = 'A card was linked or emptied, and got another wallet.'
      this.found.push({ code: 'orphan_wallet', subjects, amount: 0n, detail })
    }
  }
}
