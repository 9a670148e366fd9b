/**
 * Payers who claim their money back at their bank. What a dispute takes, and gives back when it is won, is between the
 * provider and the keeper: whoever holds the federated euros by then has not caused it.
 */
import type { Kid } from '@fedow/ledger'
import { Rounds } from '../rounds.ts'
import type { DisputeStore, WatchedDispute } from '../store/dispute-store.ts'
import type { PaymentStore } from '../store/payment-store.ts'
import { bookDueMoves, type DueMeans, owe } from './due-moves.ts'
import { evidenceOf } from './keeper-tx.ts'
import type { OffReason } from './payments.ts'
import { type Provider, ProviderError, type ProviderEvent } from './provider.ts'
import type { ProviderDispute } from './provider-refunds.ts'
import type { EarlierPayments } from './refundable.ts'
import { SharedRuns } from './shared-runs.ts'

export interface DisputesMeans extends Omit<DueMeans, 'keeper'> {
  readonly disputes: DisputeStore
  readonly payments: PaymentStore
  readonly earlier: EarlierPayments | undefined
  readonly provider: Provider | OffReason
  readonly keeper: Kid | undefined
  readonly warn: (what: string, facts: object) => void
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A bank decides within weeks; after four months nothing more comes. */
const TRIES_MAX = 120
const LOOK_AFTER_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS]

export class Disputes implements AsyncDisposable {
  readonly #means: DisputesMeans
  readonly #runs = new SharedRuns<void>()
  readonly #rounds = new Rounds()

  constructor(means: DisputesMeans) {
    this.#means = means
  }

  /** Acts on an event about a dispute of one of our payments, which is only a hint where to look. */
  async hear({ type, references }: ProviderEvent): Promise<void> {
    if (!type.startsWith('charge.dispute.')) return
    if (typeof this.#means.provider === 'string') return
    const [payment] = references.flatMap((reference) => this.#ours(reference) ?? [])
    if (payment === undefined) return
    this.#watch(payment)
    await this.#look()
  }

  /** A payment of which a dispute has moved money, though nobody has told of it. */
  suspect(reference: string): void {
    const payment = this.#ours(reference)
    if (payment !== undefined) this.#watch(payment)
  }

  /** Looks at every dispute that is due, and books what can be booked, once. */
  reconcile(): Promise<void> {
    return this.#look()
  }

  /** Looks after all disputes until this is closed. */
  work(): void {
    this.#rounds.begin({
      round: () => this.reconcile(),
      onFailed: (cause) => this.#means.warn('Disputes could not be looked after', { cause }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
    await this.#runs.idle()
  }

  #watch(payment: string): void {
    const { provider, disputes, now } = this.#means
    if (typeof provider === 'string') return
    const watched = { payment, provider: provider.name, tries: 0, problem: undefined }
    disputes.watch({ ...watched, nextMs: now() })
  }

  #ours(reference: string): string | undefined {
    const { payments, provider, earlier } = this.#means
    if (typeof provider === 'string') return undefined
    const { name } = provider
    const known =
      payments.byPaymentReference(name, reference) ?? payments.byReference(name, reference)
    return known?.paymentReference ?? (earlier?.has(reference) ? reference : undefined)
  }

  /** One at a time, so that no part of a move is made twice. */
  #look(): Promise<void> {
    return this.#runs.after('all', async () => {
      const { provider, keeper, disputes, now } = this.#means
      if (typeof provider === 'string' || keeper === undefined) return
      const means = { ...this.#means, provider, keeper }
      for (const watched of disputes.due(now())) {
        if (this.#rounds.isStopped) return
        await look(means, watched)
      }
      await bookDueMoves(means)
    })
  }
}

type Means = DisputesMeans & { readonly provider: Provider; readonly keeper: Kid }

async function look(means: Means, watched: WatchedDispute): Promise<void> {
  const { provider, payment } = watched
  // Before its euros are issued, nothing of it is in the reserve.
  const isIssued = evidenceOf(means, payment) !== undefined || means.earlier?.has(payment) === true
  if (provider !== means.provider.name) return later(means, watched, 'provider_off')
  try {
    const found = await means.provider.readDisputes(payment)
    if (!isIssued) return later(means, watched, 'not_credited')
    for (const dispute of found) note(means, watched, dispute)
    if (found.length === 0 || found.some(({ isOpen }) => isOpen)) return later(means, watched)
    means.disputes.watch({ ...watched, problem: undefined, nextMs: undefined })
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    later(means, watched, `provider_${cause.fault}`)
  }
}

function note(
  means: Means,
  { payment, provider }: WatchedDispute,
  { reference: dispute, movements }: ProviderDispute,
): void {
  for (const { reference, taken, currency } of movements) {
    if (currency !== 'eur' || means.disputes.move(reference) !== undefined) continue
    means.warn(
      taken > 0n
        ? 'A payer has claimed money back at their bank: the keeper owes it to the reserve'
        : 'A dispute was won: the money is back in the reserve',
      { payment, dispute, cents: Number(taken) },
    )
    owe(means, { reference, provider, amount: taken, why: 'dispute' })
  }
}

function later({ disputes, now }: Means, watched: WatchedDispute, problem?: string): void {
  const tries = watched.tries + 1
  const pause = LOOK_AFTER_MS[Math.min(watched.tries, LOOK_AFTER_MS.length - 1)] ?? HOUR_MS
  const nextMs = tries > TRIES_MAX ? undefined : now() + pause
  disputes.watch({ ...watched, tries, problem, nextMs })
}
