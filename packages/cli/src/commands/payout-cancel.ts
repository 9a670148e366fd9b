import { cancelPayout } from '@fedow/api'
import { payoutValue, readPayout } from '../book/payout.ts'
import { command, needed } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const payoutCancel = command({
  name: 'payout cancel',
  summary: 'Release a payout of which nothing was paid',
  details: 'Signed with the keeper’s key of the data folder.',
  arguments: payoutValue,
  options: {
    reference: needed('text', 'what shows that nothing was paid; the book keeps its SHA-256'),
  },
  examples: [
    'payout cancel 0198f3a0-2222-8000-8000-000000000001 --reference "re_3Q failed"',
    'payout cancel 0198f3a0-2222-8000-8000-000000000001 --reference "never sent" --json',
  ],
  async run({ send, screen }, { payout, reference }) {
    const params = { payout: readPayout(payout) }
    const done = await send(cancelPayout, { params, body: { reference } })
    screen.done(done, () => `Released ${toMoved(done)} (${toReceipt(done)}).`)
  },
})
