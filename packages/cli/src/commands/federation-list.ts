import { allAssets, allFederations, allPlaces } from '../book/pages.ts'
import { command } from '../command.ts'

export const federationList = command({
  name: 'federation list',
  summary: 'Federations: their members, the invited, the assets they share',
  examples: ['federation list', 'federation list --json'],
  async run({ client, screen }) {
    const [federations, places, assets] = await Promise.all([
      allFederations(client),
      allPlaces(client),
      allAssets(client),
    ])
    const names = new Map<string, string>([...places, ...assets].map(({ id, name }) => [id, name]))
    const list = (ids: readonly string[]): string =>
      ids.map((id) => names.get(id) ?? id).join(', ') || 'none'
    screen.answer({ federations }, () => {
      const texts = federations.map(
        (one) => `${one.id}  ${one.name}
  members: ${list(one.places)}
  invited: ${list(one.invited)}
  shared:  ${list(one.assets)}`,
      )
      return texts.join('\n') || 'No federation yet: fedow federation create <name> --place <place>'
    })
  },
})
