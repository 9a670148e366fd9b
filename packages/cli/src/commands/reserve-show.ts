import { getReserve, toDecimal } from '@fedow/api'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

export const reserveShow = command({
  name: 'reserve show',
  summary: 'Where the euros behind federated euros are, who says so, and whether more are issued',
  examples: ['reserve show', 'reserve show --json'],
  async run({ client, screen }) {
    const reserve = await client.call(getReserve, {})
    screen.answer(reserve, () => {
      const { accounts, attestedUntil, attesters, stopped } = reserve
      const rows = accounts.map(({ name, balance, statement }) => [
        name,
        toDecimal(balance),
        statement === undefined ? '' : toDecimal(statement.balance),
        statement?.at ?? '',
        statement?.until ?? '',
      ])
      const head = ['account', 'book', 'statement', 'of', 'holds until']
      const vouched =
        attestedUntil === undefined ? 'Not attested' : `Attested until ${attestedUntil}`
      return [
        toTable([head, ...rows], { right: [1, 2] }),
        `Federated euros in circulation: ${toDecimal(reserve.fedIssued)}.`,
        `${vouched}; keys that may attest: ${attesters.length}. Statements minus book: ${toDecimal(reserve.gap)}.`,
        ...(stopped === undefined ? [] : [`${stopped.title}. ${stopped.detail} ${stopped.fix}`]),
      ].join('\n')
    })
  },
})
