import { reportCardLost } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { command, needed } from '../command.ts'

export const cardLost = command({
  name: 'card lost',
  summary: 'Report a card lost: it is refused everywhere, the money stays in the wallet',
  arguments: { card: needed('card', 'its tag, printed number, QR code or id') },
  options: { wallet: needed('wallet', 'the id of the person’s wallet') },
  examples: [
    'card lost 9F9984F8 --wallet 0198f3a0-1111-7000-8000-000000000001',
    'card lost CB9F9C4A --wallet 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ send, screen }, { card, wallet }) {
    const body = { wallet: readWallet(wallet) }
    const done = await send(reportCardLost, { params: { card }, body })
    screen.done(done, () => 'The card is lost: nobody can pay with it. The money is in the wallet.')
  },
})
