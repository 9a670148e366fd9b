/** What the doors of a node get of its payments. */
import type { AccountLines } from './account-lines.ts'
import type { Disputes } from './disputes.ts'
import type { MissedEvents } from './missed-events.ts'
import type { Payments } from './payments.ts'
import type { Payouts } from './payouts.ts'
import type { SandboxDesk } from './sandbox-desk.ts'
import type { Terminals } from './terminals.ts'
import type { TransferFiles } from './transfer-files.ts'
import type { VenueTransfers } from './venue-transfers.ts'

export interface PaymentDoors {
  readonly payments: Payments
  /** Payments at a terminal, as tills ask for them. */
  readonly terminals: Terminals
  /** What a provider told while nobody listened. */
  readonly missed: MissedEvents
  /** When the provider is the sandbox. */
  readonly sandbox: SandboxDesk | undefined
  /** Money out to venues, through the provider and in files for the bank. */
  readonly venues: VenueTransfers
  readonly files: TransferFiles
  /** Euros back to payers: because the holder wants it, and because a bank does. */
  readonly payouts: Payouts
  readonly disputes: Disputes
  /** What the provider has done of itself, or at somebody else's wish. */
  readonly lines: AccountLines
  /** Where people reach this node, such as http://127.0.0.1:8080. */
  readonly origin: () => string
}
