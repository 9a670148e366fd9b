/** What stands in the way of money out to venues, in words. One entry a code. */
import { OFF_SENTENCES } from './payment-problems.ts'
import { toDecimal } from './sentence.ts'

/** What each problem of money out to venues carries beside its code. */
export interface VenueProblems {
  transfers_off: { readonly why: string }
  bank_account_missing: { readonly place: string }
  own_account_missing: object
  provider_account_missing: { readonly place: string }
  more_than_earned: { readonly place: string; readonly left: number }
  bank_short: { readonly account: string; readonly missing: number }
  nothing_to_transfer: object
  transfer_file_not_found: { readonly file: string }
  transfer_file_over: { readonly state: string }
  keeper_elsewhere: object
  venues_not_held: object
}

/** Status and sentences of the problems of requests about money out to venues. */
export const VENUE_PROBLEMS = {
  transfers_off: {
    status: 409,
    title: 'Transfers through the payment provider are off',
    detail: ({ why }: VenueProblems['transfers_off']) => OFF_SENTENCES[why] ?? why,
    fix: 'Pay the venue through the bank: fedow venue transfer-file.',
  },
  bank_account_missing: {
    status: 409,
    title: 'No bank account of the venue is known',
    detail: ({ place }: VenueProblems['bank_account_missing']) =>
      `This node has no IBAN of the place ${place}.`,
    fix: 'Give it with fedow venue account --place … --iban … --holder ….',
  },
  own_account_missing: {
    status: 409,
    title: 'The keeper’s own bank account is not known',
    detail: () => 'A file for the bank begins with the account that pays.',
    fix: 'Give it with fedow venue account --keeper --iban … --holder … --account bank/main.',
  },
  provider_account_missing: {
    status: 409,
    title: 'No account of the venue at the payment provider is known',
    detail: ({ place }: VenueProblems['provider_account_missing']) =>
      `This node does not know to which account the place ${place} is to be paid.`,
    fix: 'Give it with fedow venue account --place … --connect acct_….',
  },
  more_than_earned: {
    status: 409,
    title: 'More than the venue has earned',
    detail: ({ left }: VenueProblems['more_than_earned']) =>
      `Without what is on its way already, it has ${toDecimal(left)} euros.`,
    fix: 'Ask for no more than that, or cancel a file that the bank never got.',
  },
  bank_short: {
    status: 409,
    title: 'Too little on the bank account',
    detail: ({ account, missing }: VenueProblems['bank_short']) =>
      `By the book, ${toDecimal(missing)} euros are missing on ${account}.`,
    fix: 'Book what the payment provider has paid to the bank, with fedow reserve move, or pay fewer venues.',
  },
  nothing_to_transfer: {
    status: 409,
    title: 'Nothing to transfer',
    detail: () => 'No venue with an IBAN has earned federated euros that are not on their way.',
    fix: 'See fedow venue list.',
  },
  transfer_file_not_found: {
    status: 404,
    title: 'No such file of transfers',
    detail: ({ file }: VenueProblems['transfer_file_not_found']) =>
      `This node has no file of transfers with the id ${file}.`,
    fix: 'Check the id in fedow venue list.',
  },
  transfer_file_over: {
    status: 409,
    title: 'This file of transfers is over',
    detail: ({ state }: VenueProblems['transfer_file_over']) => `It is ${state} already.`,
    fix: 'See fedow venue list.',
  },
  keeper_elsewhere: {
    status: 409,
    title: 'This node does not keep the reserve',
    detail: () => 'Without the keeper’s key nothing that a venue has earned can be held or paid.',
    fix: 'Ask the node that has the keeper’s key.',
  },
  venues_not_held: {
    status: 503,
    title: 'The book could not hold the money now',
    detail: () => 'Not all that the file pays is held yet, so nobody is given the file.',
    fix: 'Ask again with the same Idempotency-Key: what is held stays held.',
  },
} as const
