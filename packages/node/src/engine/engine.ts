import type { Outcome, SignedTx, VoidCode } from '@fedow/ledger'
import type { SealedBlock } from '../store/book-reader.ts'

/** Why a tx was not ordered: no trace of it is kept, and its id is still free. */
export type RefusalCode = VoidCode | 'queue_full' | 'stopping' | 'clock_jumped'

/** The answer to a tx. `unknown` only when the process loses sight of it: asking again with the same bytes finds the truth. */
export type Submission =
  | {
      readonly status: 'decided'
      readonly outcome: Outcome
      /** True when these very bytes had been decided before: nothing happened a second time. */
      readonly isRepeat: boolean
    }
  | { readonly status: 'refused'; readonly code: RefusalCode; readonly detail: string }
  | { readonly status: 'unknown'; readonly detail: string }

/** How a tx comes to the engine. */
export interface SubmitOptions {
  /** True when this process has just signed the tx itself, so that checking it again would prove nothing. */
  readonly isOwn: boolean
}

/** Puts txs in an order that all nodes share, durably. The ledger knows no engine. */
export interface Engine {
  /** Answers after the outcome is durable. Never throws for what a stranger can send. */
  submit(tx: SignedTx, options?: SubmitOptions): Promise<Submission>
  /** Sealed blocks from a height on, as they come; ends when the engine closes. */
  blocks(fromHeight: number): AsyncIterable<SealedBlock>
  /** Decides what is queued, closes and seals the running block, stops. */
  close(): Promise<void>
}
