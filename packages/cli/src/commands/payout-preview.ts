import { previewPayout } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { readPositive } from '../book/price.ts'
import { command, text } from '../command.ts'
import { toPreviewText } from '../text/payouts.ts'

export const payoutPreview = command({
  name: 'payout preview',
  summary: 'What would go back to the bank cards that paid for a wallet, and why not the rest',
  options: {
    ...bearerValues,
    amount: text('amount', 'in euros; as much as can go back if absent'),
  },
  examples: [
    'payout preview --card 9F9984F8',
    'payout preview --wallet 0198f3a0-1111-7000-8000-000000000001 --amount 12.50 --json',
  ],
  async run({ client, screen }, { amount, ...values }) {
    const wished = amount === undefined ? {} : { amount: readPositive(amount) }
    const body = { ...readBearer(values), ...wished }
    const plan = await client.call(previewPayout, { body })
    screen.answer(plan, () => toPreviewText(plan))
  },
})
