import { payPayout } from '@fedow/api'
import { payoutValue, readPayout } from '../book/payout.ts'
import { readPositive } from '../book/price.ts'
import { command, needed } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const payoutPay = command({
  name: 'payout pay',
  summary: 'Take what was paid back out of circulation; the rest is released',
  details:
    'Signed with the keeper’s key of the data folder. You attest that the payment was made: one payment counts once.',
  arguments: payoutValue,
  options: {
    amount: needed('amount', 'what was paid, in euros'),
    account: needed('account', 'the reserve account that paid, such as provider/stripe'),
    reference: needed('text', 'the reference of the payment; the book keeps its SHA-256'),
  },
  examples: [
    'payout pay 0198f3a0-2222-8000-8000-000000000001 --amount 12.50 --account provider/stripe --reference re_3Q',
    'payout pay 0198f3a0-2222-8000-8000-000000000001 --amount 10.00 --account bank/main --reference "VIR 0052" --json',
  ],
  async run({ send, screen }, { account, reference, ...values }) {
    const payout = readPayout(values.payout)
    const amount = readPositive(values.amount)
    const evidence = { account, reference, gross: amount, fee: 0, net: amount }
    const done = await send(payPayout, { params: { payout }, body: { evidence, amount } })
    screen.done(done, () => `Paid back ${toMoved(done, 'RFD')} (${toReceipt(done)}).`)
  },
})
