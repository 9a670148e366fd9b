import { placeNamed } from '../book/named.ts'
import { allAssets, allOffers, allPlaces } from '../book/pages.ts'
import { command, text } from '../command.ts'
import { formatAmount } from '../text/amount.ts'
import { toTable } from '../text/table.ts'

export const offerList = command({
  name: 'offer list',
  summary: 'What places offer to exchange, or one of them',
  options: { place: text('place', 'only its offers') },
  examples: ['offer list', 'offer list --place "Bar du Port" --json'],
  async run({ client, screen }, { place }) {
    const at = place === undefined ? undefined : (await placeNamed(client, place)).id
    const offers = await allOffers(client, at)
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id, name]))
    const assets = new Map((await allAssets(client)).map((asset) => [asset.id, asset]))
    screen.answer({ offers }, () => {
      const unitOf = (id: (typeof offers)[number]['give']) =>
        assets.get(id) ?? { kind: '', code: id }
      const rows = offers.map(({ offer, place: id, give, take, rate, perPersonDay, open }) => [
        offer,
        names.get(id) ?? id,
        `${rate.give} ${unitOf(give).code} for ${rate.take} ${unitOf(take).code}`,
        perPersonDay === undefined ? '' : `${formatAmount(perPersonDay, unitOf(give))} a day`,
        open ? '' : 'not now',
      ])
      const head = ['id', 'place', 'gives', 'at most', '']
      return toTable([head, ...rows], {})
    })
  },
})
