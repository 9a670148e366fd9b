import { type AnswerOf, getReserve, toDecimal } from '@fedow/api'
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
        ...toLimits(reserve),
        ...(stopped === undefined ? [] : [`${stopped.title}. ${stopped.detail} ${stopped.fix}`]),
      ].join('\n')
    })
  },
})

/** What the network limits in issuing: a line, or none. */
function toLimits({
  keepers,
  issueDayMax,
  issuedToday = 0,
  twoKeepersAbove,
}: AnswerOf<typeof getReserve>): readonly string[] {
  const day =
    issueDayMax === undefined
      ? []
      : [`Issued today: ${toDecimal(issuedToday)} of ${toDecimal(issueDayMax)} at most.`]
  const two =
    twoKeepersAbove === undefined
      ? []
      : [
          `Above ${toDecimal(twoKeepersAbove)} at once, or by hand in a day, two keepers; keys that may issue: ${keepers.length}.`,
        ]
  return [...day, ...two]
}
