import { getElectorate } from '@fedow/api'
import { assetNamed } from '../book/named.ts'
import { command, text } from '../command.ts'
import { toTable } from '../text/table.ts'

export const proposalVoters = command({
  name: 'proposal voters',
  summary: 'The places that vote now: on what is everybody’s, or on the terms of one money',
  options: { asset: text('asset', 'a shared money: its name, code or id') },
  examples: ['proposal voters', 'proposal voters --asset Peaksu --json'],
  async run({ client, screen }, { asset }) {
    const query = asset === undefined ? {} : { asset: (await assetNamed(client, asset)).id }
    const electorate = await client.call(getElectorate, { query })
    screen.answer(electorate, () => {
      const { founded, foundedWith, places } = electorate
      const rows = places.map(({ place, name, suspended }) => [
        place,
        name,
        suspended ? 'suspended: does not vote' : '',
      ])
      const next = founded
        ? 'Another place is admitted by a vote: fedow proposal open admit.'
        : `The operator admits the first ${foundedWith}: fedow place admit.`
      return rows.length === 0 ? `No place votes yet. ${next}` : `${toTable(rows)}\n${next}`
    })
  },
})
