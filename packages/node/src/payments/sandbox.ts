/**
 * A provider of our own in which no real money moves, so that a refill can be tried from end to end without an
 * account anywhere. Its page offers by name what real payers, cards and banks do.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { SandboxOrder, SandboxOrders } from '../store/sandbox-orders.ts'
import {
  type OpenedRefill,
  type Provider,
  ProviderError,
  type ProviderPayment,
  type ProviderPayout,
  type ProviderState,
  type ProviderTransfer,
  type RefillOrder,
  type TransferOrder,
} from './provider.ts'
import type {
  ProviderDispute,
  ProviderRefund,
  Refundable,
  RefundOrder,
} from './provider-refunds.ts'
import type { MadeIntent, Presented, Reader, TerminalOrder } from './provider-terminal.ts'
import { makeRefund, readDisputes, readRefund, readRefundable } from './sandbox-refunds.ts'
import {
  cancelOrder,
  demandReader,
  endAction,
  isAtTerminal,
  isWaitedFor,
  pushOrder,
  sandboxReader,
} from './sandbox-terminal.ts'

/**
 * `later`: the bank says yes two days later. `never`: paid, and the payer does not come back; at the reader, nobody
 * presents a card. `twice`: paid, and told
 * twice at the same time. `disputed`: paid, and claimed back by the payer at once.
 */
export const SANDBOX_OUTCOMES = ['paid', 'declined', 'later', 'never', 'twice', 'disputed'] as const
export type SandboxOutcome = (typeof SANDBOX_OUTCOMES)[number]

/** What the page of an order shows. */
export interface SandboxPage {
  readonly reference: string
  readonly state: ProviderState
  /** Cents; undefined: the payer chooses. */
  readonly amount: bigint | undefined
  readonly returnUrl: string
  /** Milliseconds since 1970, by the sandbox's clock. */
  readonly nowMs: number
  /** Whether the reader asks for it; undefined: it is paid on the page. */
  readonly isWaitedFor: boolean | undefined
}

export interface SandboxMeans {
  readonly orders: SandboxOrders
  readonly now: () => number
  /** Such as http://127.0.0.1:8080. */
  readonly origin: () => string
}

/** As a provider of real payments takes of a card of this continent. */
const FEE_PPM = 15_000n
const FEE_FIXED = 25n
const EXPIRES_MS = 24 * 3_600_000
const SETTLES_MS = 2 * 24 * 3_600_000
/** Cents. */
const AMOUNT_MIN = 50n
const AMOUNT_MAX = 100_000n

const SANDBOX_TRANSFER = /^sandbox_transfer_(\d{1,15})_[0-9a-f]{16}_(\w{1,64})$/

export class SandboxProvider implements Provider {
  readonly name = 'sandbox'
  readonly #means: SandboxMeans

  constructor(means: SandboxMeans) {
    this.#means = means
  }

  async openRefill(order: RefillOrder, idempotencyKey: string): Promise<OpenedRefill> {
    const { orders } = this.#means
    const there = orders.byKey(idempotencyKey)
    if (there !== undefined) return this.#opened(there)
    const { amount, returnUrl } = order
    const made = { reference: newReference('order'), idempotencyKey, amount, returnUrl }
    return this.#opened(this.#begin({ ...made, metadata: {} }))
  }

  async readers(): Promise<readonly Reader[]> {
    return [sandboxReader(this.#means.orders, this.#means.origin())]
  }

  async readReader(reader: string): Promise<Reader> {
    demandReader(reader)
    return sandboxReader(this.#means.orders, this.#means.origin())
  }

  async makeIntent(order: TerminalOrder, idempotencyKey: string): Promise<MadeIntent> {
    const { orders, origin } = this.#means
    const there = orders.byKey(idempotencyKey)
    if (there !== undefined) return this.#opened(there)
    const { payment, amount, metadata } = order
    const returnUrl = `${origin()}/payments/${payment}`
    const made = { reference: newReference('intent'), idempotencyKey, amount, returnUrl }
    return this.#opened(this.#begin({ ...made, metadata }))
  }

  async push(to: Presented): Promise<void> {
    pushOrder(this.#means.orders, to)
  }

  async cancelIntent({ reference }: Presented): Promise<void> {
    cancelOrder(this.#means.orders, reference)
  }

  async read(reference: string): Promise<ProviderPayment> {
    const order = this.#find(reference)
    const { state, amount = 0n, paymentReference, isDisputed, metadata } = order
    const fee = (amount * FEE_PPM) / 1_000_000n + FEE_FIXED
    return {
      ...{ reference, state, paymentReference, gross: amount, currency: 'eur', metadata },
      isAtTerminal: isAtTerminal(order),
      fees: state === 'paid' ? { fee, net: amount - fee } : undefined,
      // Who disputes a payment here has been credited first, as it mostly goes.
      isClaimed: isDisputed && state !== 'paid',
    }
  }

  /** Nothing is kept of it: its reference tells all. */
  async transfer(order: TransferOrder, idempotencyKey: string): Promise<ProviderTransfer> {
    const { amount, destination } = order
    const digest = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 16)
    return this.readTransfer(`sandbox_transfer_${amount}_${digest}_${destination}`)
  }

  async readTransfer(reference: string): Promise<ProviderTransfer> {
    const [, amount, destination] = SANDBOX_TRANSFER.exec(reference) ?? []
    if (amount === undefined || destination === undefined) {
      throw new ProviderError('unknown', `no sandbox transfer ${reference}`)
    }
    return { reference, amount: BigInt(amount), currency: 'eur', destination }
  }

  /** It has no bank. */
  async readBankPayout(reference: string): Promise<ProviderPayout> {
    throw new ProviderError('unknown', `no sandbox payout ${reference}`)
  }

  async refund(order: RefundOrder, idempotencyKey: string): Promise<ProviderRefund> {
    return makeRefund(this.#means.orders, order, idempotencyKey)
  }

  async readRefund(reference: string): Promise<ProviderRefund> {
    return readRefund(this.#means.orders, reference)
  }

  async readRefundable(payment: string): Promise<Refundable> {
    return readRefundable(this.#means.orders, payment)
  }

  async readDisputes(payment: string): Promise<readonly ProviderDispute[]> {
    return readDisputes(this.#means.orders, payment)
  }

  /** The machine's clock, and what people have moved this one by. */
  nowMs(): number {
    return this.#means.now() + this.#means.orders.movedMs()
  }

  /** Undefined when no order has this reference. */
  page(reference: string): SandboxPage | undefined {
    const order = this.#means.orders.find(reference)
    if (order === undefined) return undefined
    const { state, amount, returnUrl } = this.#settled(order)
    const shown = { reference: order.reference, state, amount, returnUrl, nowMs: this.nowMs() }
    const isAtReader = isAtTerminal(order)
    return {
      ...shown,
      isWaitedFor: isAtReader ? isWaitedFor(this.#means.orders, order) : undefined,
    }
  }

  /** What the reader asks for now. */
  waitedFor(): string | undefined {
    const action = this.#means.orders.action()
    return action?.state === 'waiting' ? action.reference : undefined
  }

  /** What the payer does. An order that is closed stays as it is. Answers where the payer goes on, if at all. */
  pay(reference: string, outcome: SandboxOutcome, chosen: bigint | undefined): string | undefined {
    const order = this.#find(reference)
    if (isAtTerminal(order) && !this.#meet(order, outcome)) return undefined
    if (order.state === 'open' && outcome !== 'declined') {
      const amount = order.amount ?? demandAmount(chosen)
      if (amount === undefined) return undefined
      const isLater = outcome === 'later'
      this.#means.orders.put({
        ...order,
        amount,
        state: isLater ? 'pending' : 'paid',
        paymentReference: newReference('payment'),
        isDisputed: outcome === 'disputed',
        settlesMs: isLater ? this.nowMs() + SETTLES_MS : undefined,
      })
    }
    return outcome === 'never' || outcome === 'declined' ? undefined : order.returnUrl
  }

  /** The reader meets a card, or nobody. False: nothing is paid by that. */
  #meet(order: SandboxOrder, outcome: SandboxOutcome): boolean {
    const { orders } = this.#means
    if (!isWaitedFor(orders, order)) return false
    const failure = { declined: 'declined', never: 'timed_out' } as const
    const failed = outcome === 'declined' || outcome === 'never' ? failure[outcome] : undefined
    endAction(orders, order.reference, failed)
    return failed === undefined
  }

  /** Time passes: what waits for the bank settles, what nobody has paid expires. */
  moveClock(byMs: number): void {
    this.#means.orders.move(byMs)
  }

  #begin(
    of: Pick<SandboxOrder, 'reference' | 'idempotencyKey' | 'amount' | 'returnUrl' | 'metadata'>,
  ): SandboxOrder {
    const order: SandboxOrder = {
      ...{ ...of, state: 'open', createdMs: this.nowMs() },
      ...{ paymentReference: undefined, isDisputed: false, settlesMs: undefined },
    }
    this.#means.orders.put(order)
    return order
  }

  #opened({ reference }: SandboxOrder): OpenedRefill {
    return { reference, url: `${this.#means.origin()}/sandbox/pay/${reference}` }
  }

  #find(reference: string): SandboxOrder {
    const order = this.#means.orders.find(reference)
    if (order === undefined) throw new ProviderError('unknown', `no sandbox order ${reference}`)
    return this.#settled(order)
  }

  #settled(order: SandboxOrder): SandboxOrder {
    const nowMs = this.nowMs()
    const { state, settlesMs = Number.POSITIVE_INFINITY, createdMs } = order
    const isOver = state === 'open' && nowMs >= createdMs + EXPIRES_MS && !isAtTerminal(order)
    const isPaid = state === 'pending' && nowMs >= settlesMs
    if (!isOver && !isPaid) return order
    const settled = { ...order, state: isOver ? 'expired' : 'paid' } as const
    this.#means.orders.put(settled)
    return settled
  }
}

/** What the payer may choose. */
function demandAmount(chosen = 0n): bigint | undefined {
  return chosen >= AMOUNT_MIN && chosen <= AMOUNT_MAX ? chosen : undefined
}

function newReference(of: 'order' | 'payment' | 'intent'): string {
  return `sandbox_${of}_${randomBytes(12).toString('base64url')}`
}
