import { allPlaces } from '../book/pages.ts'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const placeList = command({
  name: 'place list',
  summary: 'Places of the network',
  examples: ['place list', 'place list --json'],
  async run({ client, screen }) {
    const places = await allPlaces(client)
    screen.answer({ places }, () => {
      const rows = places.map(({ id, name, suspended }) => [id, name, suspended ? 'suspended' : ''])
      return rows.length === 0 ? 'No place yet: fedow place create <name>' : toTable(rows)
    })
  },
})
