import { listReaders } from '@fedow/api'
import { allPlaces } from '../book/pages.ts'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const readerList = command({
  name: 'reader list',
  summary: 'Terminals for bank cards, and whether they can ask for a card now',
  details:
    'A terminal is for one place alone when its metadata at the provider have that place’s id as fedow_place.',
  examples: ['reader list', 'reader list --json'],
  async run({ client, screen }) {
    const found = await client.call(listReaders, {})
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id as string, name]))
    screen.answer(found, () => {
      if (found.readers.length === 0) return 'The payment provider knows no terminal.'
      const rows = found.readers.map(({ reader, label, online, busy, place, url = '' }) => [
        ...[reader, label, online ? (busy ? 'asks for a card' : 'free') : 'off'],
        ...[place === undefined ? 'every place' : (names.get(place) ?? place), url],
      ])
      return toTable([['reader', 'label', 'state', 'for', ''], ...rows])
    })
  },
})
