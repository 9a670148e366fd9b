/** What a provider of payments must do, and nothing more: whoever moves the money is behind this. */
import type { PaymentId, ProviderName } from '../store/payment-store.ts'
import type { RefundProvider } from './provider-refunds.ts'
import type { TerminalProvider } from './provider-terminal.ts'

/** A page that somebody pays on. */
export interface RefillOrder {
  readonly payment: PaymentId
  /** Cents; undefined: the payer chooses. */
  readonly amount: bigint | undefined
  readonly email: string | undefined
  /** Where the payer comes back to, paid or not. */
  readonly returnUrl: string
  /** What is bought, as the payer reads it. */
  readonly label: string
  /** Comes back with every event and answer about it. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface OpenedRefill {
  readonly reference: string
  /** The page. */
  readonly url: string
}

/**
 * Where a payment stands at its provider. `open`: may still be paid. `pending`: the payer has done their part, the
 * bank has not. `failed` and `expired` are final.
 */
export type ProviderState = 'open' | 'pending' | 'paid' | 'failed' | 'expired'

export interface ProviderPayment {
  readonly reference: string
  readonly state: ProviderState
  /** What moves the money: one mints once. Undefined until there is one. */
  readonly paymentReference: string | undefined
  /** In the smallest unit of the currency. */
  readonly gross: bigint
  /** In lower case, such as eur. */
  readonly currency: string
  /** What the provider kept and what is left; undefined until it tells. */
  readonly fees: { readonly fee: bigint; readonly net: bigint } | undefined
  /** True when some of the money has gone back, or somebody claims it. */
  readonly isClaimed: boolean
  /** True when a card is to be presented at a terminal. */
  readonly isAtTerminal: boolean
  readonly metadata: Readonly<Record<string, string>>
}

/** Money that goes to the account of a venue at the provider. */
export interface TransferOrder {
  /** Cents. */
  readonly amount: bigint
  readonly destination: string
  /** Of this transfer alone: by it the provider finds it again. */
  readonly group: string
  /** True when it may have been made under another key: the provider looks before it makes one. */
  readonly isRepeat: boolean
  /** Comes back with every event and answer about it. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface ProviderTransfer {
  readonly reference: string
  /** In the smallest unit of the currency, without what came back. */
  readonly amount: bigint
  /** In lower case, such as eur. */
  readonly currency: string
  /** The account that it went to. */
  readonly destination: string | undefined
}

/** Money that the provider has sent to our bank. */
export interface ProviderPayout {
  readonly reference: string
  readonly state: 'open' | 'paid' | 'failed'
  readonly amount: bigint
  readonly currency: string
}

export interface Provider extends RefundProvider, TerminalProvider {
  readonly name: ProviderName
  /** The same key again answers the same page. Throws ProviderError. */
  openRefill(order: RefillOrder, idempotencyKey: string): Promise<OpenedRefill>
  /** As it stands now, asked anew. Throws ProviderError. */
  read(reference: string): Promise<ProviderPayment>
  /** The same key again answers the same transfer. Throws ProviderError. */
  transfer(order: TransferOrder, idempotencyKey: string): Promise<ProviderTransfer>
  /** Throws ProviderError. */
  readTransfer(reference: string): Promise<ProviderTransfer>
  /** Throws ProviderError. */
  readBankPayout(reference: string): Promise<ProviderPayout>
}

/**
 * `unreachable`: no answer came, so what was asked may have happened. `failing`: it answered that it cannot now, and
 * keeps that answer for the key. `busy`: not now, and nothing has happened. `unknown`: it knows no such thing.
 * `misconfigured`: our key is refused. `refused`: what was asked is.
 */
export type ProviderFault =
  | 'unreachable'
  | 'failing'
  | 'busy'
  | 'unknown'
  | 'misconfigured'
  | 'refused'

export class ProviderError extends Error {
  readonly fault: ProviderFault

  constructor(fault: ProviderFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'ProviderError'
    this.fault = fault
  }
}

/**
 * `busy`: it asks for another payment, or reads a card. `offline`: it is off. `unknown`: there is none, or not for this
 * place. `faulty`: it cannot.
 */
export type ReaderHindrance = 'busy' | 'offline' | 'unknown' | 'faulty'

/** The reader does not do what it is told, and has not begun to. */
export class ReaderError extends ProviderError {
  readonly hindrance: ReaderHindrance

  constructor(hindrance: ReaderHindrance, message: string, cause?: unknown) {
    super('busy', message, cause)
    this.name = 'ReaderError'
    this.hindrance = hindrance
  }
}

/** An event as its provider told it, once its signature was found right. Says what to look at, never what is true. */
export interface ProviderEvent {
  readonly id: string
  readonly type: string
  /** What it is about, most telling first: references of sessions or payments. */
  readonly references: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
}

/** The signature of an event is missing, wrong or old. */
export class EventSignatureError extends Error {}
