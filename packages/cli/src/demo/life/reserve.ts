/** Euros behind the federated money, within the rules of the reserve: what may still be issued, and what pays a place. */
import { DUE_CAP_USUAL, FED_CAP_USUAL } from '@fedow/ledger'
import type { Payment } from './deed.ts'

export const PROVIDER = 'provider/demo'
export const BANK = 'bank/demo'
export const DESK = 'transit/desk'

/** What is left free below the caps, so that nobody is refused for them, and a visitor can try an issue. */
const SPARE = 150_000
const FEE_SPARE = 2_000

export class Reserve {
  readonly #accounts = new Map<string, number>()
  #issued: number
  #due: number

  /** From what was issued before, and the fees of it, both in cents. */
  constructor({ issued, due }: { readonly issued: number; readonly due: number }) {
    this.#issued = issued
    this.#due = due
  }

  hasRoom(gross: number): boolean {
    return this.#issued + gross + SPARE <= Number(FED_CAP_USUAL)
  }

  /** True while the keeper may owe the reserve another fee. */
  hasRoomForFee(fee: number): boolean {
    return this.#due + fee + FEE_SPARE <= Number(DUE_CAP_USUAL)
  }

  issue({ account, gross, fee }: Payment): void {
    this.#issued += gross
    this.#due += fee
    this.#accounts.set(account, (this.#accounts.get(account) ?? 0) + gross - fee)
  }

  /** The account that has most, and what it has: a payout comes from one account. */
  get fullest(): { readonly account: string; readonly amount: number } {
    const [first = [BANK, 0] as const, ...others] = this.#accounts
    const most = others.reduce((best, one) => (one[1] > best[1] ? one : best), first)
    return { account: most[0], amount: most[1] }
  }

  payOut(account: string, amount: number): void {
    this.#issued -= amount
    this.#accounts.set(account, (this.#accounts.get(account) ?? 0) - amount)
  }
}
