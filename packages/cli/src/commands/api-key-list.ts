import { listApiKeys } from '@fedow/api'
import { allPlaces } from '../book/pages.ts'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const apiKeyList = command({
  name: 'api-key list',
  summary: 'API keys of this node, without their secrets',
  examples: ['api-key list', 'api-key list --json'],
  async run({ client, screen }) {
    const { apiKeys } = await client.call(listApiKeys, {})
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    screen.answer({ apiKeys }, () => {
      const rows = apiKeys.map(({ id, name, place, can, lastUsed, revoked, expires }) => [
        id,
        name,
        place === null ? 'every place' : (names.get(place) ?? place),
        can.join(', '),
        revoked === undefined ? (expires === undefined ? '' : `until ${expires}`) : 'revoked',
        lastUsed === undefined ? 'never used' : `last used ${lastUsed}`,
      ])
      return rows.length === 0 ? 'No API key.' : toTable(rows)
    })
  },
})
