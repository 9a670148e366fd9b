/** Makes the payments of a node from its settings and its book. */
import { reserveWalletId } from '@fedow/ledger'
import type { PaymentsFile } from '../store/payments-db.ts'
import type { VenueStore } from '../store/venue-store.ts'
import { AccountLines } from './account-lines.ts'
import { Disputes } from './disputes.ts'
import type { PaymentDoors } from './doors.ts'
import { MissedEvents } from './missed-events.ts'
import { type OffReason, type PaymentMeans, Payments } from './payments.ts'
import type { PayoutPoint } from './payout-steps.ts'
import { Payouts } from './payouts.ts'
import type { Provider, ProviderEvent } from './provider.ts'
import type { EarlierPayments } from './refundable.ts'
import { SandboxProvider } from './sandbox.ts'
import { SandboxDesk } from './sandbox-desk.ts'
import { StripeProvider, type StripeSettings } from './stripe.ts'
import { Terminals } from './terminals.ts'
import { TransferFiles } from './transfer-files.ts'
import { type VenueMeans, VenueTransfers } from './venue-transfers.ts'

export interface PaymentParts
  extends Omit<PaymentMeans, 'store' | 'provider' | 'readEvent' | 'onPoint'>,
    Partial<Pick<PaymentMeans, 'onPoint'>> {
  readonly file: PaymentsFile
  /** Money out to venues: what only this node knows of it. */
  readonly venues: VenueStore
  readonly onVenuePoint?: VenueMeans['onPoint']
  readonly onPayoutPoint?: (point: PayoutPoint) => void
  /** What another program has credited before this node was there. */
  readonly earlier?: EarlierPayments | undefined
  readonly stripe: Omit<StripeSettings, 'key'> & { readonly key: string | undefined }
  /** True when whoever reaches this node is trying it out. */
  readonly isTryOut: boolean
  readonly origin: () => string
}

type Doors = Pick<PaymentDoors, 'payments' | 'terminals' | 'sandbox' | 'origin'>

/** Payments, and money out to venues with the same provider. */
export function openPayments({
  venues: store,
  onVenuePoint,
  onPayoutPoint,
  earlier,
  ...parts
}: PaymentParts): PaymentDoors {
  const others: { hear?: (event: ProviderEvent) => Promise<void> } = {}
  const alsoHear = async (event: ProviderEvent) => others.hear?.(event)
  const { provider, doors } = openProvider({ ...parts, alsoHear })
  const { book, gateway, hash, keeper, now, warn } = parts
  const means = { book, gateway, hash, keeper, now, warn, store, provider, onPoint: onVenuePoint }
  const venues = new VenueTransfers(means)
  const { payments, payouts: kept, disputes: claimed } = parts.file
  const reading = { book, gateway, hash, keeper, now, warn, payments, provider, earlier }
  const disputes = new Disputes({ ...reading, disputes: claimed })
  const refunding = { ...reading, disputes: claimed, payouts: kept }
  const payouts = new Payouts({ ...refunding, ...(onPayoutPoint && { onPoint: onPayoutPoint }) })
  const list = provider instanceof StripeProvider ? provider : undefined
  const lines = new AccountLines({
    ...{ ...reading, disputes: claimed, lines: parts.file.lines, provider: list, desk: disputes },
    isUnderWay: (transfer) => store.isSent(transfer),
  })
  others.hear = async (event) => {
    await payouts.hear(event)
    await disputes.hear(event)
    lines.hear(event)
  }
  const missed = new MissedEvents({ list, cursor: parts.file.events, now, warn })
  return {
    ...doors,
    missed,
    payouts,
    disputes,
    lines,
    venues,
    files: new TransferFiles(means, venues),
  }
}

/** A key decides for Stripe; without one, a try-out has the sandbox, and anything else has nothing. */
function openProvider({ file, stripe, isTryOut, origin, ...parts }: Omit<PaymentParts, 'venues'>): {
  readonly provider: Provider | OffReason
  readonly doors: Doors
} {
  const store = file.payments
  const { now } = parts
  const { key } = stripe
  const open = (means: PaymentMeans) => {
    const payments = new Payments(means)
    return { payments, terminals: new Terminals(means, payments), origin }
  }
  if (key !== undefined) {
    const provider = new StripeProvider({ settings: { ...stripe, key }, prices: store, now })
    const readEvent = provider.readEvent.bind(provider)
    const opened = open({ ...parts, store, provider, readEvent })
    return { provider, doors: { ...opened, sandbox: undefined } }
  }
  const off = offReason(parts, isTryOut)
  if (off !== undefined) {
    return {
      provider: off,
      doors: { ...open({ ...parts, store, provider: off }), sandbox: undefined },
    }
  }
  const provider = new SandboxProvider({ orders: file.sandbox, now, origin })
  const opened = open({ ...parts, store, provider })
  const sandbox = new SandboxDesk(provider, opened.payments)
  return { provider, doors: { ...opened, sandbox } }
}

function offReason(
  { book, hash }: Pick<PaymentMeans, 'book' | 'hash'>,
  isTryOut: boolean,
): OffReason | undefined {
  if (!isTryOut) return 'no_key'
  const real = reserveWalletId(hash, 'provider/stripe')
  return book.state.get('wallet', real) === undefined ? undefined : 'real_money'
}
