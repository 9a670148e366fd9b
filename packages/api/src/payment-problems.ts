/** What stands in the way of online refills, in words. One entry a code. */
import { REJECTION_SENTENCES } from './rejection-sentences.ts'

/** Why no refill can be opened. */
export const OFF_SENTENCES: Readonly<Record<string, string>> = {
  no_key:
    'This node has no key of a payment provider. The operator gives it one with FEDOW_STRIPE_KEY.',
  real_money:
    'This node has no key of a payment provider any more, and its book holds real payments, so the sandbox stays closed. The operator gives the key back with FEDOW_STRIPE_KEY.',
  no_keeper:
    'This node does not keep the reserve: online refills are opened at the node that does.',
  key_refused:
    'The payment provider refuses the key of this node. The operator sets the right one with FEDOW_STRIPE_KEY, and starts the node again.',
}

/** Why a terminal cannot ask for a card. */
const READER_SENTENCES: Readonly<Record<string, string>> = {
  busy: 'The terminal {} asks for another payment.',
  offline: 'The terminal {} is off, or has no network.',
  unknown: 'No terminal {} is there for this place.',
  faulty: 'The terminal {} reports a fault.',
}

const HINDRANCES: Readonly<Record<string, string>> = {
  provider_unreachable: 'The payment provider does not answer. It is asked again by itself.',
  provider_failing: 'The payment provider has a fault. It is asked again by itself.',
  provider_busy: 'The payment provider has no time. It is asked again by itself.',
  provider_unknown: 'The payment provider knows no such payment.',
  provider_misconfigured: 'The payment provider refuses the key of this node.',
  provider_refused: 'The payment provider has refused to open the page.',
  provider_off: 'The provider of this payment is not in use any more.',
  bank_pending:
    'The payer has done their part, and the bank has not answered yet. It is asked again by itself.',
  fee_unknown: 'The provider has not told yet what it kept. It is asked again by itself.',
  book_busy: 'The book could not take it at once. It is tried again by itself.',
  other_amount:
    'The provider tells another amount than was asked for. The operator compares the two, and pays it back or issues by hand.',
  other_currency:
    'It was paid in another currency than the euro. The operator pays it back at the provider.',
  not_ours: 'An event names it as ours, and the provider does not. Nothing is credited.',
  nothing_paid: 'The provider tells that nothing was paid.',
  second_keeper_needed:
    'It is received, and waits for a second keeper: somebody else who issues looks at it and signs "fedow issue approve". Then it is credited by itself.',
  issue_day:
    'It is received. The network has issued all that it issues in a day: it is credited by itself tomorrow.',
  above_issue_day:
    'It is more than the network issues in a whole day. The operator has that limit raised, or pays it back at the provider.',
  claimed: 'The money went back to the payer, or is claimed, before it was credited.',
  not_signed:
    'What is noted of it at the provider is not what this node has signed. The operator compares the two, and pays it back or issues by hand.',
  reader_declined: 'The bank has refused the card. Nothing was paid. The till can ask again.',
  reader_cancelled: 'The payer has pressed cancel. Nothing was paid. The till can ask again.',
  reader_timed_out:
    'Nobody has presented a card in time. Nothing was paid. The till can ask again.',
  reader_failed: 'The terminal could not take the card. Nothing was paid. The till can ask again.',
  reader_left:
    'The terminal does not ask for this payment any more. Nothing was paid. The till can ask again.',
  reader_not_asked:
    'The terminal was not told: the node was interrupted, and the till has not asked since. Nothing was paid.',
  reader_busy: 'The terminal asks for another payment. Nothing was paid.',
  reader_offline: 'The terminal is off, or has no network. Nothing was paid.',
  reader_unknown: 'The provider knows no such terminal. Nothing was paid.',
  reader_faulty: 'The terminal reports a fault. Nothing was paid.',
  reader_reading:
    'The terminal reads a card at this moment: it is given up unless that one is paid.',
  cancelled: 'It was given up. Nothing was paid.',
  not_presented: 'Nobody has presented a card, so it was given up. Nothing was paid.',
  disputed: 'The payer claims the money back at their bank.',
  refunded_elsewhere:
    'It was refunded at the provider, not here. The keeper owes it to the reserve; the federated euros stay with whoever has them.',
  nobody_to_credit:
    'The card that was to be refilled was given back since, or was never known here. The operator credits somebody with fedow issue, or pays it back at the provider.',
}

/** What stands in the way of one payment. */
export function hindranceSentence(code: string): string {
  const known = HINDRANCES[code]
  if (known !== undefined) return known
  const rejection = Object.entries(REJECTION_SENTENCES).find(([name]) => name === code)?.[1]
  return `The book refuses it: ${rejection?.title ?? code}. It is tried again by itself.`
}

/** What each problem of a payment carries beside its code. */
export interface PaymentProblems {
  refills_off: { readonly why: string }
  provider_silent: object
  refundable_unknown: object
  provider_refused: object
  payment_not_found: { readonly payment: string }
  payment_over: { readonly state: string }
  reader_unavailable: { readonly reader: string; readonly why: string }
  not_at_reader: { readonly payment: string }
  terminal_silent: object
  readers_unknown: object
  event_refused: object
  event_too_early: object
}

/** Status and sentences of the problems of requests about payments. */
export const PAYMENT_PROBLEMS = {
  refills_off: {
    status: 409,
    title: 'Online refills are off',
    detail: ({ why }: PaymentProblems['refills_off']) => OFF_SENTENCES[why] ?? why,
    fix: 'Refill at a place, or tell the operator of the node.',
  },
  provider_silent: {
    status: 503,
    money: 'Nobody has paid anything: no money moved.',
    title: 'The payment provider does not answer',
    detail: () => 'The page to pay on could not be made in time.',
    fix: 'Send the same request again in a moment, with the same key: it goes on where it is.',
  },
  refundable_unknown: {
    status: 503,
    title: 'The payment provider does not answer',
    detail: () => 'It has not said in time what can go back of the payments.',
    fix: 'Ask again in a moment.',
  },
  provider_refused: {
    status: 409,
    money: 'Nobody has paid anything: no money moved.',
    title: 'The payment provider refuses the payment',
    detail: () => 'It does not make a page for this amount, address or e-mail.',
    fix: 'Correct what is asked, and send it with a new key. The log of the node has the words of the provider.',
  },
  payment_not_found: {
    status: 404,
    title: 'No such payment',
    detail: ({ payment }: PaymentProblems['payment_not_found']) =>
      `This node has no payment with the id ${payment}.`,
    fix: 'Check the id; it is the Idempotency-Key with which the refill was opened.',
  },
  payment_over: {
    status: 409,
    title: 'This payment is over',
    detail: ({ state }: PaymentProblems['payment_over']) => `It is ${state}.`,
    fix: 'For another refill, make a new Idempotency-Key.',
  },
  reader_unavailable: {
    status: 409,
    money: 'Nobody was asked to pay: no money moved.',
    title: 'The terminal cannot ask for a card',
    detail: ({ reader, why }: PaymentProblems['reader_unavailable']) =>
      (READER_SENTENCES[why] ?? READER_SENTENCES['faulty'] ?? '').replace('{}', reader),
    fix: 'See to the terminal or choose another one, and ask with a new key.',
  },
  terminal_silent: {
    status: 503,
    outcome: 'unknown',
    money: 'Who pays there is credited all the same; whether money moved is not known yet.',
    title: 'Whether the terminal asks for the card is not known',
    detail: () => 'The payment provider has not answered in time.',
    fix: 'Send the same request again in a moment, with the same key: it goes on where it is, and asks once.',
  },
  readers_unknown: {
    status: 503,
    title: 'The payment provider does not answer',
    detail: () => 'It has not said in time which terminals there are.',
    fix: 'Ask again in a moment.',
  },
  not_at_reader: {
    status: 409,
    title: 'Not a payment at a terminal',
    detail: ({ payment }: PaymentProblems['not_at_reader']) =>
      `The payment ${payment} is not asked for at a terminal by this node.`,
    fix: 'A page to pay on expires by itself.',
  },
  event_refused: {
    status: 400,
    title: 'Not an event of the payment provider',
    detail: () => 'Its signature is missing, wrong or too old.',
    fix: 'Compare FEDOW_STRIPE_WEBHOOK_SECRET with the secret that the provider shows for this address, and the clocks.',
  },
  event_too_early: {
    status: 503,
    title: 'The event cannot be acted on now',
    detail: () =>
      'The payment provider does not answer, and nothing is believed without asking it.',
    fix: 'Send it again later, as the provider does by itself.',
  },
} as const
