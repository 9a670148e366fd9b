import { getCard } from '@fedow/api'
import { allPlaces } from '../book/pages.ts'
import { command, needed } from '../command.ts'
import { toAccountLines } from '../text/accounts.ts'
import { toTable } from '../text/table.ts'

export const cardShow = command({
  name: 'card show',
  summary: 'What is on a card',
  arguments: { card: needed('card', 'its tag, printed number, QR code or id') },
  examples: ['card show 9F9984F8', 'card show CB9F9C4A --json'],
  async run({ client, screen }, { card: text }) {
    const card = await client.call(getCard, { params: { card: text } })
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    const name = (id: typeof card.place): string => names.get(id) ?? id
    screen.answer(card, () => {
      const rows = [
        ['card', card.card],
        ['tag', card.tag ?? 'unknown here'],
        ['number', card.number ?? 'unknown here'],
        ['status', card.status],
        ['from', `${name(card.place)}, generation ${card.generation}`],
        ['wallet', card.wallet],
        [
          'holder',
          card.person === undefined ? 'nobody: who has the card has the money' : card.person,
        ],
        ...(card.primaryFor.length === 0 ? [] : [['opens', card.primaryFor.map(name).join(', ')]]),
      ]
      return `${toTable(rows)}\n${toAccountLines(card)}`
    })
  },
})
