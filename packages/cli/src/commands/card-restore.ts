import { restoreCard } from '@fedow/api'
import { command, needed } from '../command.ts'

export const cardRestore = command({
  name: 'card restore',
  summary: 'Give a lost card back to circulation, empty',
  arguments: { card: needed('card', 'its tag, printed number, QR code or id') },
  examples: ['card restore 9F9984F8', 'card restore CB9F9C4A --json'],
  async run({ send, screen }, { card }) {
    const done = await send(restoreCard, { params: { card } })
    screen.done(done, () => 'The card works again, empty and linked to nobody.')
  },
})
