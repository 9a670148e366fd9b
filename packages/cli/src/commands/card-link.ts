import { linkCard } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { command, needed } from '../command.ts'
import { toMoved } from '../text/applied.ts'

export const cardLink = command({
  name: 'card link',
  summary: 'Link a card to the wallet of a person; what is on it moves there',
  arguments: { card: needed('card', 'its tag, printed number, QR code or id') },
  options: { wallet: needed('wallet', 'the id of the person’s wallet') },
  examples: [
    'card link 9F9984F8 --wallet 0198f3a0-1111-7000-8000-000000000001',
    'card link CB9F9C4A --wallet 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ send, screen }, { card, wallet }) {
    const done = await send(linkCard, { params: { card }, body: { wallet: readWallet(wallet) } })
    screen.done(done, () => `The card is linked; ${toMoved(done)} moved to the wallet.`)
  },
})
