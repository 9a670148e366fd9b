import type Stripe from 'stripe'
import type { FakeClock } from './clock.ts'
import type { Ids } from './ids.ts'
import { Shelf } from './shelf.ts'

/** A balance transaction: one line of an account's money at Stripe. */
export type BalanceLine = Stripe.BalanceTransaction

/** The account that the API key belongs to, as the others write it: no `Stripe-Account`. */
export const PLATFORM = ''

export interface NewLine {
  readonly account?: string
  readonly type: BalanceLine['type']
  readonly category?: string
  /** Signed, before fees. */
  readonly amount: number
  readonly fee?: number
  readonly currency: string
  readonly source: string
  readonly description?: string
  /** When the money can be spent; now unless said. */
  readonly availableOn?: number
}

export interface Sum {
  readonly available: bigint
  readonly pending: bigint
  readonly total: bigint
}

/** Every account's lines. A balance is never kept: it is always their sum. */
export class Books {
  readonly lines = new Shelf<BalanceLine>('balance_transaction')
  readonly #clock: FakeClock
  readonly #ids: Ids
  readonly #byAccount = new Map<string, BalanceLine[]>()
  #pending: BalanceLine[] = []

  constructor(clock: FakeClock, ids: Ids) {
    this.#clock = clock
    this.#ids = ids
  }

  post(line: NewLine): BalanceLine {
    const { fee = 0, amount, currency, type, account = PLATFORM } = line
    const now = this.#clock.now()
    const availableOn = Math.max(line.availableOn ?? now, now)
    const posted: BalanceLine = {
      id: this.#ids.next('txn'),
      object: 'balance_transaction',
      amount,
      available_on: availableOn,
      balance_type: 'payments',
      created: now,
      currency,
      description: line.description ?? null,
      exchange_rate: null,
      fee,
      fee_details: fee === 0 ? [] : [feeDetail(fee, currency, type)],
      net: amount - fee,
      reporting_category: line.category ?? type,
      source: line.source,
      status: availableOn > now ? 'pending' : 'available',
      type,
    }
    this.#byAccount.set(account, this.#byAccount.get(account) ?? [])
    this.#byAccount.get(account)?.push(posted)
    if (posted.status === 'pending') this.#pending.push(posted)
    return this.lines.add(posted)
  }

  /** Lines whose day has come become available. */
  refresh(): void {
    const now = this.#clock.now()
    for (const line of this.#pending) if (line.available_on <= now) line.status = 'available'
    this.#pending = this.#pending.filter(({ status }) => status === 'pending')
  }

  of(account: string): readonly BalanceLine[] {
    return this.#byAccount.get(account) ?? []
  }

  sum(account: string, currency = 'eur'): Sum {
    this.refresh()
    let [available, pending] = [0n, 0n]
    for (const line of this.of(account)) {
      if (line.currency !== currency) continue
      if (line.status === 'available') available += BigInt(line.net)
      else pending += BigInt(line.net)
    }
    return { available, pending, total: available + pending }
  }

  currenciesOf(account: string): readonly string[] {
    return [...new Set(['eur', ...this.of(account).map(({ currency }) => currency)])]
  }
}

function feeDetail(
  fee: number,
  currency: string,
  type: string,
): Stripe.BalanceTransaction.FeeDetail {
  const description = type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees'
  return { amount: fee, application: null, currency, description, type: 'stripe_fee' }
}
