import { getPayout } from '@fedow/api'
import { payoutValue, readPayout } from '../book/payout.ts'
import { command } from '../command.ts'
import { toPayoutText } from '../text/payouts.ts'

export const payoutShow = command({
  name: 'payout show',
  summary: 'What became of a payout: the provider is asked',
  arguments: payoutValue,
  examples: [
    'payout show 0198f3a0-2222-8000-8000-000000000001',
    'payout show 0198f3a0-2222-8000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { payout }) {
    const found = await client.call(getPayout, { params: { payout: readPayout(payout) } })
    screen.answer(found, () => toPayoutText(found))
  },
})
