/** The sandbox as its page sees it: a payer's gesture, and the events that a provider would tell. */
import type { Payments } from './payments.ts'
import type { SandboxOutcome, SandboxPage, SandboxProvider } from './sandbox.ts'

export class SandboxDesk {
  readonly #sandbox: SandboxProvider
  readonly #payments: Payments

  constructor(sandbox: SandboxProvider, payments: Payments) {
    this.#sandbox = sandbox
    this.#payments = payments
  }

  /** Undefined when no order has this reference. */
  page(reference: string): SandboxPage | undefined {
    return this.#sandbox.page(reference)
  }

  /** What the reader asks for now. */
  waitedFor(): string | undefined {
    return this.#sandbox.waitedFor()
  }

  /** Answers where the payer's browser goes; undefined when it stays. */
  async pay(
    reference: string,
    outcome: SandboxOutcome,
    chosen: bigint | undefined,
  ): Promise<string | undefined> {
    const next = this.#sandbox.pay(reference, outcome, chosen)
    const times = outcome === 'twice' ? 2 : 1
    await Promise.all(Array.from({ length: times }, () => this.#tell(reference)))
    if (outcome === 'disputed') await this.#tell(reference, 'charge.dispute.created')
    return next
  }

  async moveClock(reference: string, byMs: number): Promise<void> {
    this.#sandbox.moveClock(byMs)
    await this.#tell(reference)
  }

  async #tell(reference: string, type = 'sandbox.changed'): Promise<void> {
    await this.#payments.hear({ id: '', type, references: [reference], metadata: {} })
  }
}
