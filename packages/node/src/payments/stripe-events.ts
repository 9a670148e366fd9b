/** Events of Stripe: what they say of us, and those that Stripe has kept. */
import type Stripe from 'stripe'
import type { ProviderEvent } from './provider.ts'
import type { EventPage, EventQuery } from './provider-events.ts'

/** Most that Stripe answers at once. */
const PAGE = 100

/** Money that came in, went back, or went to our bank. */
const TYPES = [
  ...['checkout.session.completed', 'checkout.session.async_payment_succeeded'],
  // Of a terminal too; the event of its reader comes only where a server has pushed the payment.
  ...['payment_intent.succeeded', 'payout.paid', 'payout.failed'],
  // What payers get back, and what they claim.
  ...['refund.updated', 'refund.failed', 'charge.dispute.created', 'charge.dispute.closed'],
  ...['charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated'],
]

export function toEvent({ id, type, account, data }: Stripe.Event): ProviderEvent {
  // Of a connected account: not ours to credit.
  if (account !== undefined) return { id, type, references: [], metadata: {} }
  const object = data.object as unknown as Readonly<Record<string, unknown>>
  // What is noted of a reader is about no payment.
  const noted = object['object'] === 'terminal.reader' ? {} : object['metadata']
  const metadata = (noted ?? {}) as Readonly<Record<string, string>>
  return { id, type, references: referencesOf(object), metadata }
}

export async function keptEvents(
  stripe: Stripe,
  { sinceMs, after }: EventQuery,
): Promise<EventPage> {
  const { data, has_more: hasMore } = await stripe.events.list({
    created: { gte: Math.floor(sinceMs / 1_000) },
    types: TYPES,
    limit: PAGE,
    ...(after !== undefined && { starting_after: after }),
  })
  const events = data.map((event) => ({ ...toEvent(event), createdMs: event.created * 1_000 }))
  return { events, isLast: !hasMore }
}

/** The session, the payment or the payout that an object is, or belongs to. */
function referencesOf(object: Readonly<Record<string, unknown>>): readonly string[] {
  const action = object['action'] as Readonly<Record<string, unknown>> | null | undefined
  const pushed = action?.['process_payment_intent'] as Readonly<Record<string, unknown>> | undefined
  const found = [object['id'], object['payment_intent'], pushed?.['payment_intent']]
  return found.flatMap((one) => (typeof one === 'string' && /^(cs|pi|po)_/.test(one) ? [one] : []))
}
