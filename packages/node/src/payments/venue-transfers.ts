/**
 * Earned federated euros against euros on the venue's account at the payment provider. The wish is written before the
 * provider is asked, and each step can be done again after a crash at any moment:
 *
 *   intended   what the transfer pays is held in the book; then the provider is asked with a key that follows from the
 *              transfer: the same transfer again. What it refuses is released
 *   sent       the money has left: what is held is burnt with the evidence, once for ever
 */
import { type Action, available, type PlaceId, type TxId } from '@fedow/ledger'
import { Rounds } from '../rounds.ts'
import type { TransferId, TransferState, VenueStore, VenueTransfer } from '../store/venue-store.ts'
import type { OffReason } from './payments.ts'
import {
  type Provider,
  ProviderError,
  type ProviderEvent,
  type ProviderTransfer,
} from './provider.ts'
import { bookPayout, isBankPayout } from './provider-payouts.ts'
import { SharedRuns } from './shared-runs.ts'
import { type DepositMeans, depositAction, depositOf, depositPaid } from './venue-deposit.ts'
import {
  holdForVenue,
  isHeldFor,
  payoutOfTransfer,
  releaseForVenue,
  type VenueHold,
} from './venue-hold.ts'
import { within } from './within.ts'

/** Where a process may die without harm; tests make it die there. */
export type VenuePoint =
  | 'intended'
  | 'held'
  | 'transfer_made'
  | 'sent'
  | 'deposited'
  | 'marked'
  | 'released'
  | 'ended'

export interface VenueMeans extends Omit<DepositMeans, 'keeper'> {
  readonly keeper: DepositMeans['keeper'] | undefined
  readonly store: VenueStore
  readonly provider: Provider | OffReason
  /** Something is wrong that the operator should read about. */
  readonly warn: (what: string, facts: object) => void
  readonly onPoint?: ((point: VenuePoint) => void) | undefined
}

/** Why a transfer is not begun. `more_than_earned`: with what is on its way already. */
export type TransferHindrance =
  | { readonly status: 'off'; readonly why: OffReason }
  | { readonly status: 'other' }
  | { readonly status: 'no_account' }
  | { readonly status: 'more_than_earned'; readonly left: bigint }

export type BegunTransfer =
  | { readonly status: 'begun'; readonly transfer: VenueTransfer }
  | TransferHindrance

/** Longest that anybody waits for the provider in a request. */
const PATIENCE_MS = 4_000
/** A provider forgets an idempotency key after a day. */
const ASK_WITHIN_MS = 23 * 3_600_000

export class VenueTransfers implements AsyncDisposable {
  readonly #means: VenueMeans
  readonly #runs = new SharedRuns<VenueTransfer>()
  readonly #rounds = new Rounds()

  constructor(means: VenueMeans) {
    this.#means = means
  }

  get store(): VenueStore {
    return this.#means.store
  }

  /** Federated euros that a place has earned and that are on no way out. */
  left(place: PlaceId): bigint {
    return leftOf(this.#means, place)
  }

  /** Begins a transfer and goes as far as it goes now. The same id again goes on with it. */
  async open(wish: {
    readonly id: TransferId
    readonly place: PlaceId
    readonly amount: bigint
  }): Promise<BegunTransfer> {
    const { provider, keeper, store, now, onPoint = () => {} } = this.#means
    const there = store.find(wish.id)
    const isOther = there !== undefined && (there.place !== wish.place || !isOf(there, wish.amount))
    if (isOther) return { status: 'other' }
    if (typeof provider === 'string') return { status: 'off', why: provider }
    if (keeper === undefined) return { status: 'off', why: 'no_keeper' }
    if (there === undefined) {
      const destination = accountOf(this.#means, wish.place)
      if (destination === undefined) return { status: 'no_account' }
      const left = this.left(wish.place)
      if (wish.amount > left) return { status: 'more_than_earned', left }
      const nowMs = now()
      store.add({
        ...{ ...wish, destination, provider: provider.name, state: 'intended', file: undefined },
        ...{ reference: undefined, tx: undefined, problem: undefined, attempts: 0, rejections: 0 },
        ...{ createdMs: nowMs, changedMs: nowMs },
      })
      onPoint('intended')
    }
    const transfer = (await within(this.advance(wish.id), PATIENCE_MS)) ?? store.find(wish.id)
    if (transfer === undefined) throw new Error('a transfer that was added is not there')
    return { status: 'begun', transfer }
  }

  /** Takes a transfer as far as it goes now. */
  advance(id: TransferId): Promise<VenueTransfer> {
    return this.#runs.after(id, async () => {
      const transfer = this.store.find(id)
      if (transfer === undefined) throw new Error(`no transfer ${id}`)
      const sent = transfer.state === 'intended' ? await send(this.#means, transfer) : transfer
      return sent.state === 'sent' ? settle(this.#means, sent) : sent
    })
  }

  /** What the provider says of a transfer that somebody else has made; a fault when it says nothing. */
  async look(reference: string): Promise<ProviderTransfer | ProviderError['fault']> {
    const { provider } = this.#means
    if (typeof provider === 'string') return 'misconfigured'
    try {
      const looking = within(provider.readTransfer(reference), PATIENCE_MS)
      return (await looking) ?? 'unreachable'
    } catch (cause) {
      if (cause instanceof ProviderError) return cause.fault
      throw cause
    }
  }

  /** The tx that has deposited what was paid under a reference. */
  depositOf(reference: string): TxId | undefined {
    return depositOf(this.#means, reference)
  }

  /** What deposits a transfer of the provider. */
  toDeposit(paid: {
    readonly place: PlaceId
    readonly reference: string
    readonly amount: bigint
  }): Action {
    const { provider } = this.#means
    const name = typeof provider === 'string' ? 'stripe' : provider.name
    return depositAction(this.#means, { ...paid, account: `provider/${name}` }, paid.amount)
  }

  /**
   * Books what the provider has sent to our bank. Undefined when an event is about nothing of the kind; false when
   * it can't be booked now: the provider has to tell it again.
   */
  async hearPayout(event: ProviderEvent): Promise<boolean | undefined> {
    if (!isBankPayout(event)) return undefined
    const [reference] = event.references
    const { provider } = this.#means
    if (reference === undefined || typeof provider === 'string') return true
    try {
      await bookPayout({ ...this.#means, provider }, reference)
      return true
    } catch (cause) {
      if (cause instanceof ProviderError) return cause.fault === 'unknown'
      throw cause
    }
  }

  /** Looks after every transfer that is under way, once. */
  async reconcile(): Promise<void> {
    const { keeper } = this.#means
    if (keeper === undefined) return
    for (const { id } of this.store.goingOn()) {
      if (this.#rounds.isStopped) return
      await this.advance(id)
    }
    // A process that died between the end of a transfer and its release has left these.
    for (const transfer of this.store.unpaid()) {
      if (this.#rounds.isStopped) return
      await releaseForVenue({ ...this.#means, keeper }, transfer)
    }
  }

  /** Goes on with what the last run left, and looks after all transfers until this is closed. */
  begin(): void {
    this.#rounds.begin({
      round: () => this.reconcile(),
      onFailed: (cause) =>
        this.#means.warn('Transfers to venues could not be looked after', { cause }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]()
    await this.#runs.idle()
  }
}

/** Federated euros that a place has earned and that are on no way out. */
export function leftOf(
  { book, hash, store }: Pick<VenueMeans, 'book' | 'hash' | 'store'>,
  place: PlaceId,
): bigint {
  const { state, genesis } = book
  const wallet = state.get('place', place)?.wallet
  const free = available(state.get('account', `${wallet ?? ''}/${genesis.fed.id}`))
  const open = store.ofPlace(place).filter(({ id }) => !isHeldFor({ book, hash }, id))
  const left = open.reduce((rest, { amount }) => rest - amount, free)
  return left > 0n ? left : 0n
}

function accountOf({ book, store }: VenueMeans, place: PlaceId): string | undefined {
  const wallet = book.state.get('place', place)?.wallet
  return wallet === undefined ? undefined : store.account(wallet)?.connect
}

function isOf({ provider, amount }: VenueTransfer, wished: bigint): boolean {
  return provider !== undefined && amount === wished
}

async function send(means: VenueMeans, transfer: VenueTransfer): Promise<VenueTransfer> {
  const { provider, now, onPoint = () => {} } = means
  const { id, amount, destination, attempts, createdMs } = transfer
  if (typeof provider === 'string' || provider.name !== transfer.provider) {
    return changed(means, transfer, { problem: 'provider_off' })
  }
  const held = await holdFor(means, transfer)
  if (held.status === 'later') return changed(means, transfer, { problem: 'book_busy' })
  if (held.status === 'refused') {
    return changed(means, transfer, { state: 'failed', problem: held.code })
  }
  onPoint('held')
  const order = {
    ...{ amount, destination: destination ?? '', group: `fedow-${id}` },
    isRepeat: attempts > 0 || now() - createdMs > ASK_WITHIN_MS,
    metadata: { fedow_chain: means.book.chain, fedow_place: transfer.place, fedow_transfer: id },
  }
  try {
    const { reference } = await provider.transfer(order, `fedow-${id}-transfer-${attempts}`)
    onPoint('transfer_made')
    const sent = changed(means, transfer, { state: 'sent', reference, problem: undefined })
    onPoint('sent')
    return sent
  } catch (cause) {
    if (cause instanceof ProviderError) return afterFault(means, transfer, cause)
    throw cause
  }
}

function holdFor(means: VenueMeans, transfer: VenueTransfer): Promise<VenueHold> {
  const { keeper } = means
  if (keeper === undefined) return Promise.resolve({ status: 'later' })
  return holdForVenue({ ...means, keeper }, transfer)
}

async function afterFault(
  means: VenueMeans,
  transfer: VenueTransfer,
  { fault, message }: ProviderError,
): Promise<VenueTransfer> {
  const { id, attempts } = transfer
  means.warn('A transfer to a venue is not made', { transfer: id, fault, message })
  const problem = `provider_${fault}`
  const isFinal = fault === 'refused' || fault === 'unknown'
  if (isFinal) {
    const failed = changed(means, transfer, { state: 'failed', problem })
    const { keeper, onPoint = () => {} } = means
    if (keeper !== undefined) await releaseForVenue({ ...means, keeper }, transfer)
    onPoint('released')
    return failed
  }
  // It keeps its answer for the key: another is tried, after a look whether the transfer was made.
  return changed(means, transfer, { problem, attempts: attempts + (fault === 'failing' ? 1 : 0) })
}

/** Deposits what has left. */
export async function settle(means: VenueMeans, transfer: VenueTransfer): Promise<VenueTransfer> {
  const { keeper, hash, onPoint = () => {} } = means
  const { id, place, amount, reference = '', rejections, provider, file } = transfer
  if (keeper === undefined) return transfer
  const reserve = file === undefined ? undefined : means.store.file(file)?.reserve
  const account = reserve ?? `provider/${provider ?? ''}`
  const done = await depositPaid(
    { ...means, keeper },
    { ...{ place, amount, account, reference, rejections }, payout: payoutOfTransfer(hash, id) },
  )
  if (done.status === 'deposited') {
    onPoint('deposited')
    const { tx } = done
    const marked = changed(means, transfer, { state: 'deposited', tx, problem: undefined })
    onPoint('marked')
    return marked
  }
  if (done.status === 'later') return changed(means, transfer, { problem: 'book_busy' })
  if (transfer.problem !== done.code) {
    means.warn('Euros have reached a venue and the book refuses the deposit', {
      ...{ transfer: transfer.id, code: done.code },
    })
  }
  const isKept = done.status === 'rejected'
  return changed(means, transfer, {
    problem: done.code,
    rejections: rejections + (isKept ? 1 : 0),
  })
}

function changed(
  { store, now }: VenueMeans,
  transfer: VenueTransfer,
  changes: Partial<VenueTransfer> & { readonly state?: TransferState },
): VenueTransfer {
  return store.save({ ...transfer, ...changes, changedMs: now() })
}
