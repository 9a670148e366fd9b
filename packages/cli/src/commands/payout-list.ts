import { listPayouts, PAYOUT_STATES } from '@fedow/api'
import { readChoices } from '../book/choice.ts'
import { command, text } from '../command.ts'
import { toPayoutsStanding, toPayoutTable } from '../text/payouts.ts'

export const payoutList = command({
  name: 'payout list',
  summary: 'Payouts to the payers of refills, newest first, and what is under way',
  options: { state: text('state', `only those that are ${PAYOUT_STATES.join(', ')}`) },
  examples: ['payout list', 'payout list --state held --json'],
  async run({ client, screen }, values) {
    const asked = values.state === undefined ? [] : [values.state]
    const [state] = readChoices(asked, { of: PAYOUT_STATES, what: 'state of a payout' })
    const found = await client.call(listPayouts, { query: state === undefined ? {} : { state } })
    screen.answer(found, () => {
      return [toPayoutsStanding(found.status), toPayoutTable(found.payouts)].join('\n').trimEnd()
    })
  },
})
