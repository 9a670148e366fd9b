import { getClearing, toDecimal } from '@fedow/api'
import { readMoment } from '../book/time.ts'
import { command, text } from '../command.ts'
import { toTable } from '../text/table.ts'

export const clearing = command({
  name: 'clearing',
  summary: 'Who would pay whom, so that no place holds local money of another unpaid',
  details:
    'A proposal: nothing moves by it. Counts local money alone, of which each place holds what it took for others.',
  options: { since: text('moment', 'only what came and went since, such as 2026-11-01') },
  examples: ['clearing', 'clearing --since 2026-11-01 --json'],
  async run({ client, screen }, { since }) {
    const query = since === undefined ? {} : { since: readMoment(since) }
    const found = await client.call(getClearing, { query })
    screen.answer(found, () => {
      if (found.positions.length === 0) return 'No place holds local money of another.'
      const names = new Map(found.positions.map(({ place, name }) => [place, name]))
      const rows = found.positions.map(({ name, holds, owes, net }) => [
        name,
        toDecimal(holds),
        toDecimal(owes),
        toDecimal(net),
      ])
      const head = ['place', 'holds of others', 'others hold', 'net']
      const transfers = found.transfers.map(
        ({ from, to, amount }) =>
          `${names.get(from) ?? from} pays ${names.get(to) ?? to} ${toDecimal(amount)}.`,
      )
      return [toTable([head, ...rows], { right: [1, 2, 3] }), ...transfers].join('\n')
    })
  },
})
