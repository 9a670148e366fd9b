import { setPrimaryCards } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { command, flag, many, needed } from '../command.ts'
import { Misuse } from '../failure.ts'

export const cardPrimary = command({
  name: 'card primary',
  summary: 'Let cards open the tills of a place, or no longer',
  options: {
    place: needed('place', 'its name or id'),
    card: many('card', 'a card by tag, printed number, QR code or id'),
    remove: flag('the cards open its tills no longer'),
  },
  examples: [
    'card primary --place "La Raffinerie" --card 9F9984F8 --card 83E0F2A3',
    'card primary --place "La Raffinerie" --card 9F9984F8 --remove --json',
  ],
  async run({ client, send, screen }, { place: text, card: cards, remove }) {
    if (cards.length === 0) throw new Misuse('Name at least one card (--card). Nothing was sent.')
    const place = await placeNamed(client, text)
    const done = await send(setPrimaryCards, {
      body: { place: place.id, cards: [...cards], primary: !remove },
    })
    screen.done(done, () => {
      const verb = remove ? 'no longer open' : 'now open'
      return `${cards.length} card(s) ${verb} the tills of ${place.name}.`
    })
  },
})
