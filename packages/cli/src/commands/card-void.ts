import { voidCard } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'

export const cardVoid = command({
  name: 'card void',
  summary: 'Make a card like new, to hand it to somebody else',
  details:
    'What is on it stays in the wallet that it had: refund it first, see "fedow refund --void".',
  arguments: { card: needed('card', 'its tag, printed number, QR code or id') },
  options: { place: needed('place', 'the place that takes it back') },
  examples: [
    'card void 9F9984F8 --place "La Raffinerie"',
    'card void CB9F9C4A --place "La Raffinerie" --json',
  ],
  async run({ client, send, screen }, { card, place }) {
    const body = { place: (await placeNamed(client, place)).id }
    const done = await send(voidCard, { params: { card }, body })
    screen.done(done, () => 'The card is like new.')
  },
})
