/** What people do on a day of payments, and what goes wrong on the way. */
import type { How } from './fake-stripe/faults.ts'
import type { Fate } from './fake-stripe/webhooks.ts'

/** `page-*`: a page of ours that payments.db does not know; `twice`: two pages of one wish, both paid. */
const KINDS = [
  ...['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'declined', 'declined-then-paid'],
  ...['expired', 'never', 'twice', 'zero', 'page-paid', 'page-pending', 'page-unpaid'],
  ...['page-dollars', 'till', 'till', 'till', 'till-declined', 'till-nobody', 'till-dollars'],
] as const
type Kind = (typeof KINDS)[number]

const FAULTS: readonly How[] = [
  ...(['reset-before', 'reset-after', '429', '500', '500-after', 'slow', 'slow-after'] as const),
]
export const FATES: readonly Fate[] = ['told', 'told', 'lost', 'held', { copies: 3 }]
export const PATHS = [
  ...['/v1/checkout/sessions', '/v1/checkout/sessions/*', '/v1/payment_intents/*', '/v1/events'],
  ...['/v1/refunds', '/v1/refunds/*', '/v1/disputes'],
]

export interface Plan {
  readonly kind: Kind
  /** Which card. */
  readonly card: number
  readonly amount: number
  readonly fault: { readonly how: How; readonly path: string } | undefined
  readonly fate: Fate
  readonly isReturning: boolean
}

/** Follows from what is random. */
export function planFor(random: () => number, card: number): Plan {
  return {
    kind: pick(KINDS, random()),
    card,
    amount: 50 + Math.floor(random() * 400),
    fault:
      random() < 0.4 ? { how: pick(FAULTS, random()), path: pick(PATHS, random()) } : undefined,
    fate: pick(FATES, random()),
    isReturning: random() < 0.5,
  }
}

export function pick<T>(among: readonly T[], at: number): T {
  const found = among[Math.floor(at * among.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}
