import { getCard, openPayout } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { readPositive } from '../book/price.ts'
import { command, needed } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const payoutOpen = command({
  name: 'payout open',
  summary: 'Hold federated euros of a person or a card that are to be paid back in euros',
  details:
    'Signed with the keeper’s key of the data folder. Then pay, and tell the book with "fedow payout pay"; no time ends it.',
  options: { ...bearerValues, amount: needed('amount', 'in euros') },
  examples: [
    'payout open --card 9F9984F8 --amount 12.50',
    'payout open --wallet 0198f3a0-1111-7000-8000-000000000001 --amount 12.50 --json',
  ],
  async run({ client, send, screen }, { amount, ...values }) {
    const holder = readBearer(values)
    const wallet =
      'wallet' in holder
        ? holder.wallet
        : (await client.call(getCard, { params: { card: holder.card } })).wallet
    const body = { wallet, amount: readPositive(amount) }
    const done = await send(openPayout, { body })
    screen.done(done, () => `Held ${toMoved(done)} as payout ${done.payout} (${toReceipt(done)}).`)
  },
})
