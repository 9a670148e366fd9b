import { listVenues, toDecimal } from '@fedow/api'
import { allPlaces } from '../book/pages.ts'
import { toTransferRow } from '../book/transfer-file.ts'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const venueList = command({
  name: 'venue list',
  summary: 'What venues have earned in federated euros, and what is on its way to them',
  examples: ['venue list', 'venue list --json'],
  async run({ client, screen }) {
    const found = await client.call(listVenues, {})
    const names = new Map((await allPlaces(client)).map(({ id, name }) => [id as string, name]))
    screen.answer(found, () => {
      const { venues, transfers, files } = found
      if (venues.length === 0) return 'No venue has earned federated euros, or can be paid.'
      const rows = venues.map(({ name, left, underWay, iban = '', connect = '' }) => [
        ...[name, toDecimal(left), toDecimal(underWay), iban, connect],
      ])
      const made = files.map(({ file, day, state, amount }) => [
        file,
        day,
        state,
        toDecimal(amount),
      ])
      return [
        toTable([['venue', 'earned', 'on its way', 'bank', 'provider'], ...rows], {
          right: [1, 2],
        }),
        ...(transfers.length === 0
          ? []
          : [
              toTable(
                [
                  ['venue', 'amount', 'by', 'state', 'problem'],
                  ...transfers.map((one) => toTransferRow(one, names)),
                ],
                { right: [1] },
              ),
            ]),
        ...(files.length === 0
          ? []
          : [toTable([['file', 'day', 'state', 'amount'], ...made], { right: [3] })]),
      ].join('\n\n')
    })
  },
})
