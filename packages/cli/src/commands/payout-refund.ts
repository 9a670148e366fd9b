import { refundPayer, toDecimal } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { readPositive } from '../book/price.ts'
import { command, text } from '../command.ts'
import { toPayoutTable } from '../text/payouts.ts'

export const payoutRefund = command({
  name: 'payout refund',
  summary: 'Give federated euros back to the bank cards that paid for them',
  details:
    'Held at once, then refunded by the payment provider, oldest payments first, without fee. What is not done at once goes on by itself: "fedow payout list" shows it.',
  options: {
    ...bearerValues,
    amount: text('amount', 'in euros; as much as can go back if absent'),
  },
  examples: [
    'payout refund --card 9F9984F8',
    'payout refund --wallet 0198f3a0-1111-7000-8000-000000000001 --amount 12.50 --json',
  ],
  async run({ send, screen }, { amount, ...values }) {
    const wished = amount === undefined ? {} : { amount: readPositive(amount) }
    const begun = await send(refundPayer, { body: { ...readBearer(values), ...wished } })
    screen.done(begun, () => {
      const { payouts, why } = begun
      if (payouts.length === 0) return `Nothing goes back now. ${why?.sentence ?? ''}`.trim()
      const sum = payouts.reduce((total, one) => total + one.amount, 0)
      return [`Gives back ${toDecimal(sum)}:`, toPayoutTable(payouts)].join('\n')
    })
  },
})
