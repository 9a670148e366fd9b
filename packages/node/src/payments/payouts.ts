/**
 * Federated euros back to the bank cards that paid for them. Whoever wishes it, twice or twenty times, comes here; so
 * do the provider's events and this node itself. All of it ends in `advancePayout`, one at a time for each payout.
 */
import { deriveId, type Kid, type PayoutId, toUtf8, type WalletId } from '@fedow/ledger'
import { Rounds } from '../rounds.ts'
import type { PaymentStore } from '../store/payment-store.ts'
import type { PayerPayout, PayoutCounts, PayoutStore, PayoutWish } from '../store/payout-store.ts'
import type { OffReason } from './payments.ts'
import { WISH_WITHIN_MS, wishPauseMs } from './payout-pace.ts'
import { advancePayout, type PayoutMeans } from './payout-steps.ts'
import { type Provider, ProviderError, type ProviderEvent } from './provider.ts'
import { planRefund, type RefundMeans, type RefundPlan } from './refundable.ts'
import { SharedRuns } from './shared-runs.ts'
import { within } from './within.ts'

export interface PayoutsMeans
  extends Omit<PayoutMeans, 'provider' | 'keeper' | 'onPoint'>,
    Pick<RefundMeans, 'payments'>,
    Partial<Pick<PayoutMeans, 'onPoint'>> {
  readonly payments: PaymentStore
  readonly payouts: PayoutStore
  readonly provider: Provider | OffReason
  /** The key that issues, when this node has it. */
  readonly keeper: Kid | undefined
}

/** What somebody wants back. */
export type WishedPayout = Pick<PayoutWish, 'id' | 'wallet' | 'card' | 'amount'>

/**
 * `begun`: what became of it so far; it goes on by itself. `planned` of the wish says whether the provider was asked
 * what can go back. `other`: the id is of another wish.
 */
export type BegunPayout =
  | {
      readonly status: 'begun'
      readonly wish: PayoutWish
      readonly payouts: readonly PayerPayout[]
      /** Of the same wallet, that were under way when it came or have begun since. */
      readonly others: readonly PayerPayout[]
    }
  | { readonly status: 'off'; readonly why: OffReason }
  | { readonly status: 'other' }

/** Longest that anybody waits for a provider in a request. */
const PATIENCE_MS = 4_000
const SOONEST_MS = 1_000
const PASS_MAX = 100
/** Payouts that are looked at together. */
const AT_ONCE = 8

type Means = PayoutMeans & RefundMeans

export class Payouts implements AsyncDisposable {
  readonly #means: PayoutsMeans
  readonly #wallets = new SharedRuns<void>()
  readonly #runs = new SharedRuns<PayerPayout>()
  readonly #rounds = new Rounds()

  constructor(means: PayoutsMeans) {
    this.#means = means
  }

  /** Why nothing can go back now; undefined when it can. */
  get off(): OffReason | undefined {
    const { provider, keeper } = this.#means
    if (typeof provider === 'string') return provider
    return keeper === undefined ? 'no_keeper' : undefined
  }

  /** What would go back of a wallet now, and why not the rest. `silent`: the provider does not say. */
  async preview(
    wish: Pick<WishedPayout, 'wallet' | 'amount'>,
  ): Promise<RefundPlan | OffReason | 'silent'> {
    const means = this.#whole()
    if (means === undefined) return this.off ?? 'no_key'
    try {
      return (await within(planRefund(means, wish), PATIENCE_MS)) ?? 'silent'
    } catch (cause) {
      if (cause instanceof ProviderError) return 'silent'
      throw cause
    }
  }

  /** Begins to give back, and goes as far as it goes now. The same id again goes on with it. */
  async begin(wished: WishedPayout): Promise<BegunPayout> {
    const { payouts: store, now } = this.#means
    const there = store.wish(wished.id)
    if (there !== undefined && !isSame(there, wished)) return { status: 'other' }
    const means = this.#whole()
    if (means === undefined) return { status: 'off', why: this.off ?? 'no_key' }
    const before = store.underWay(wished.wallet)
    if (there === undefined) {
      const nowMs = now()
      const made = { ...wished, state: 'wished', problem: undefined, tries: 0 } as const
      store.saveWish({ ...made, createdMs: nowMs, nextMs: nowMs + wishPauseMs(0) })
      means.onPoint('wished')
    }
    await within(this.#fulfil(wished.wallet), PATIENCE_MS)
    const wish = store.wish(wished.id)
    if (wish === undefined) throw new Error('a wish that was written is not there')
    const since = store.since(wish.wallet, wish.createdMs)
    const others = [...before.flatMap(({ id }) => store.find(id) ?? []), ...since]
    const isOther = (one: PayerPayout) => one.wish !== wish.id
    return { status: 'begun', wish, payouts: store.ofWish(wish.id), others: others.filter(isOther) }
  }

  find(id: PayoutId): PayerPayout | undefined {
    return this.#means.payouts.find(id)
  }

  /** What has become of a payout: the provider is asked anew. */
  async look(id: PayoutId): Promise<PayerPayout | undefined> {
    if (this.find(id) === undefined) return undefined
    return (await within(this.#advance(id), PATIENCE_MS)) ?? this.find(id)
  }

  page(of: Parameters<PayoutStore['page']>[0]): ReturnType<PayoutStore['page']> {
    return this.#means.payouts.page(of)
  }

  counts(): PayoutCounts {
    return this.#means.payouts.counts()
  }

  /** Acts on an event about a refund, which is only a hint where to look. */
  async hear({ type, references }: ProviderEvent): Promise<void> {
    if (!type.startsWith('refund.') && !type.startsWith('charge.refund')) return
    const { payouts } = this.#means
    const known = references.flatMap((payment) => payouts.ofPayment(payment))
    const open = known.filter(({ state }) => state === 'asked' || state === 'paid')
    await Promise.all(open.map(({ id }) => this.#advance(id)))
  }

  /** Looks at every wish and payout that is due, once. */
  async reconcile(): Promise<void> {
    const { payouts, now } = this.#means
    if (this.#whole() === undefined) return
    const nowMs = now()
    const wallets = new Set(payouts.dueWishes(nowMs, PASS_MAX).map(({ wallet }) => wallet))
    for (const wallet of wallets) {
      if (this.#rounds.isStopped) return
      await this.#fulfil(wallet)
    }
    const due = payouts.due(nowMs, PASS_MAX)
    for (let at = 0; at < due.length && !this.#rounds.isStopped; at += AT_ONCE) {
      await Promise.all(due.slice(at, at + AT_ONCE).map(({ id }) => this.#advance(id)))
    }
  }

  /** Goes on with what the last run left, and looks after all until this is closed. */
  work(): void {
    this.#rounds.begin({
      round: () => this.reconcile(),
      restMs: () => this.#restMs(),
      onFailed: (cause) => this.#means.warn('Payouts could not be looked after', { cause }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
    await this.#wallets.idle()
    await this.#runs.idle()
  }

  /** Until the next wish or payout is due. */
  #restMs(): number | undefined {
    const { payouts, now } = this.#means
    const nextMs = payouts.nextMs()
    return nextMs === undefined ? undefined : Math.max(nextMs - now(), SOONEST_MS)
  }

  /** Plans every wish of a wallet, one after another, and goes on with all its payouts. */
  #fulfil(wallet: WalletId): Promise<void> {
    return this.#wallets.after(wallet, async () => {
      const means = this.#whole()
      if (means === undefined) return
      for (const wish of means.payouts.wished(wallet)) await plan(means, wish)
      const open = means.payouts.underWay(wallet)
      await Promise.all(open.map(({ id }) => this.#advance(id)))
      this.#rounds.wake()
    })
  }

  #advance(id: PayoutId): Promise<PayerPayout> {
    return this.#runs.after(id, async () => {
      const payout = this.find(id)
      const means = this.#whole()
      if (payout === undefined) throw new Error(`no payout ${id}`)
      return means === undefined ? payout : advancePayout(means, payout)
    })
  }

  #whole(): Means | undefined {
    const { provider, keeper, onPoint = () => {} } = this.#means
    if (typeof provider === 'string' || keeper === undefined) return undefined
    return { ...this.#means, provider, keeper, onPoint }
  }
}

/** Makes the payouts of a wish, all at once; none when nothing can go back. */
async function plan(means: Means, wish: PayoutWish): Promise<void> {
  const { payouts: store, now, provider, hash, onPoint } = means
  try {
    const planned = await planRefund(means, wish)
    const nowMs = now()
    const made = planned.refills.flatMap(({ payment, share }): readonly PayerPayout[] => {
      if (payment === undefined || share <= 0n) return []
      const id = deriveId<PayoutId>(hash, 'payout', wish.id, toUtf8(payment))
      const { wallet, card } = wish
      return [
        {
          ...{ id, wish: wish.id, wallet, card, provider: provider.name, payment, amount: share },
          ...{ state: 'planned', reference: undefined, refund: undefined, asks: 0, spoilt: 0 },
          ...{ rejections: 0, tries: 0, problem: undefined, createdMs: nowMs, changedMs: nowMs },
          nextMs: nowMs + wishPauseMs(0),
        },
      ]
    })
    const problem = made.length > 0 ? undefined : whyNothing(planned)
    store.plan({ ...wish, state: 'planned', problem, nextMs: undefined }, made)
    onPoint('planned')
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause
    notPlanned(means, wish, cause)
  }
}

function whyNothing({ available, refills }: RefundPlan): string {
  if (available === 0n) return 'nothing_left'
  return refills.find(({ payment, why }) => payment !== undefined && why)?.why ?? 'no_payment'
}

function notPlanned(means: Means, wish: PayoutWish, { fault, message }: ProviderError): void {
  const nowMs = means.now()
  means.warn('The provider does not say what can go back', { wish: wish.id, fault, message })
  const tries = wish.tries + 1
  const isOver = nowMs - wish.createdMs > WISH_WITHIN_MS
  means.payouts.saveWish({
    ...{ ...wish, tries, problem: `provider_${fault}`, state: isOver ? 'over' : 'wished' },
    nextMs: isOver ? undefined : nowMs + wishPauseMs(tries),
  })
}

function isSame(there: PayoutWish, { wallet, amount }: WishedPayout): boolean {
  return there.wallet === wallet && there.amount === amount
}
