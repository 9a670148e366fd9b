/** What a provider must do for payments at a terminal: its readers ask for a bank card, nobody opens a page. */

export interface TerminalOrder {
  readonly payment: string
  /** Cents. */
  readonly amount: bigint
  /** What is bought, as the payer reads it. */
  readonly label: string
  /** Comes back with every event and answer about it. */
  readonly metadata: Readonly<Record<string, string>>
}

export interface MadeIntent {
  readonly reference: string
  /** Where a visitor plays the payer; with the sandbox alone. */
  readonly url: string | undefined
}

/** A terminal for bank cards. */
export interface Reader {
  readonly id: string
  readonly label: string
  readonly isOnline: boolean
  /** The only place that may use it; undefined: every place. */
  readonly place: string | undefined
  /** What it does, or did last. */
  readonly action: ReaderAction | undefined
  /** Where a visitor plays the payer; with the sandbox alone. */
  readonly url: string | undefined
}

export interface ReaderAction {
  /** The payment that it asks a card for; undefined when it does something else. */
  readonly reference: string | undefined
  readonly state: 'waiting' | 'done' | 'failed'
  readonly failure: ReaderFailure | undefined
}

/** Why a card was not taken: the bank said no, the payer pressed cancel, nobody came, or something else. */
export type ReaderFailure = 'declined' | 'cancelled' | 'timed_out' | 'failed'

/** An intent at a reader. */
export interface Presented {
  readonly reference: string
  readonly reader: string
}

export interface TerminalProvider {
  /** Throws ProviderError. */
  readers(): Promise<readonly Reader[]>
  /** As it is now, asked anew. Throws ProviderError, `unknown` when there is none. */
  readReader(reader: string): Promise<Reader>
  /** The same key again answers the same intent. Nobody can pay it before it is pushed. Throws ProviderError. */
  makeIntent(order: TerminalOrder, idempotencyKey: string): Promise<MadeIntent>
  /** Lets a reader ask for a card. Throws ProviderError, and ReaderError when the reader was not told. */
  push(to: Presented, idempotencyKey: string): Promise<void>
  /**
   * Gives an intent up. Whether it is over, or was paid before, is for `read` to say. Throws ProviderError, and
   * ReaderError when a card is being read.
   */
  cancelIntent(at: Presented): Promise<void>
}
