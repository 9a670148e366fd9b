import { getReserve, getStatus, toDecimal } from '@fedow/api'
import { command } from '../command.ts'
import { toPaymentsStanding } from '../text/payments.ts'
import { toPayoutsStanding } from '../text/payouts.ts'
import { toRemindersStanding } from '../text/reminders.ts'
import { toTable } from '../text/table.ts'
import { toAsked } from '../text/witnesses.ts'

export const status = command({
  name: 'status',
  summary: 'How far the book goes, and how many federated euros it holds',
  examples: ['status', 'status --json'],
  async run({ client, screen }) {
    const [status, reserve] = await Promise.all([
      client.call(getStatus, {}),
      client.call(getReserve, {}),
    ])
    screen.answer({ ...status, reserve: reserve.accounts }, () => {
      const rows = [
        ['network', status.network],
        ['chain', status.chain],
        [
          'node',
          `${status.node.name} (${status.node.id}), version ${status.version}, ${status.engine}`,
        ],
        ['book', `block ${status.height}, ${status.txs} txs, ${status.lines} lines`],
        ['time', status.time],
        [
          'federated euros',
          `${toDecimal(status.fed.issued)} issued, ${toDecimal(status.fed.eur)} euros behind them`,
        ],
        ...reserve.accounts.map(({ name, balance }) => [`  ${name}`, toDecimal(balance)]),
      ]
      const witnesses = (status.witnesses ?? []).flatMap(toAsked)
      const payments = status.payments === undefined ? [] : toPaymentsStanding(status.payments)
      const payouts = status.payouts === undefined ? [] : [toPayoutsStanding(status.payouts)]
      const reminders =
        status.reminders === undefined ? [] : [toRemindersStanding(status.reminders)]
      return [toTable(rows), ...payments, ...payouts, ...reminders, ...witnesses].join('\n')
    })
  },
})
