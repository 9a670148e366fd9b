import { toDecimal } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { allAssets, allPlaces } from '../book/pages.ts'
import { command, text } from '../command.ts'
import { toTable } from '../text/table.ts'

export const assetList = command({
  name: 'asset list',
  summary: 'Assets of the network, or those that one place accepts',
  options: { place: text('place', 'only what this place accepts') },
  examples: ['asset list', 'asset list --place "Bar du Port" --json'],
  async run({ client, screen }, { place }) {
    const at = place === undefined ? undefined : (await placeNamed(client, place)).id
    const assets = await allAssets(client, at)
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    screen.answer({ assets }, () => {
      const rows = assets.map(({ id, kind, code, name, issuer, issued, archived }) => [
        id,
        kind,
        code,
        name,
        issuer === undefined ? 'the network' : (names.get(issuer) ?? issuer),
        toDecimal(issued),
        archived ? 'archived' : '',
      ])
      const head = ['id', 'kind', 'code', 'name', 'issuer', 'issued', '']
      return toTable([head, ...rows], { right: [5] })
    })
  },
})
