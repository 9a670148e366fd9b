/** Why euros do not go back to whoever paid for them, in words. One entry a code. */
import { hindranceSentence } from './payment-problems.ts'

const WHY: Readonly<Record<string, string>> = {
  nothing_left: 'No federated euros are left in the wallet that are not held already.',
  no_payment:
    'No payment by bank card through this node is behind them: they go back where they were paid for.',
  not_online:
    'It was not paid by bank card through this node. The place that took the money, or the operator, pays it back.',
  disputed: 'Its payer claims the money back at their bank: the bank decides.',
  not_paid: 'The payment provider says that it was not paid.',
  other_currency: 'It was paid in another currency than the euro.',
  all_refunded: 'All of it has gone back already.',
  unknown_there: 'The payment provider knows no such payment.',
  provider_off: 'It was paid through a provider that is not in use any more.',
  reserve_short:
    'The reserve has not so much at the payment provider now. The operator moves money there.',
  ended_by_hand: 'Somebody has ended it by hand.',
  refund_failed: 'The bank of the payer did not take the money. It is in the wallet again.',
  provider_refused: 'The payment provider has refused the refund. Nothing has left the wallet.',
  was_given: 'It was given, not bought: it is never paid out.',
  is_time: 'It is time, not euros: it is given back as time, and never paid out.',
  is_points: 'They are points of loyalty, not euros: they are never paid out.',
  is_free_money: 'Its members make it, and nobody paid euros for it: it is never paid out.',
  is_credit: 'It is credit between members, not euros: it is paid back in goods and work.',
  never_refundable: 'Its issuer has said from the first day that it is never paid out.',
  at_the_issuer: 'The place that issued it pays it back.',
}

/** What stands in the way of a payout to a payer. */
export function payoutSentence(code: string): string {
  return WHY[code] ?? hindranceSentence(code)
}
