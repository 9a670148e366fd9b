import { replaceCard } from '@fedow/api'
import { readWallet } from '../book/bearer.ts'
import { command, needed } from '../command.ts'

export const cardReplace = command({
  name: 'card replace',
  summary: 'Give a person a new card; the old one is lost from then on',
  arguments: { card: needed('card', 'the old card: its tag, printed number, QR code or id') },
  options: {
    by: needed('card', 'the new card, likewise'),
    wallet: needed('wallet', 'the id of the person’s wallet'),
  },
  examples: [
    'card replace 9F9984F8 --by 83E0F2A3 --wallet 0198f3a0-1111-7000-8000-000000000001',
    'card replace 9F9984F8 --by 83E0F2A3 --wallet 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ send, screen }, { card, by, wallet }) {
    const body = { card: by, wallet: readWallet(wallet) }
    const done = await send(replaceCard, { params: { card }, body })
    screen.done(done, () => 'The new card pays from the wallet; the old one is lost.')
  },
})
