import { listPayments, PAYMENT_STATES } from '@fedow/api'
import { readChoices } from '../book/choice.ts'
import { command, text } from '../command.ts'
import { toPaymentsStanding, toPaymentTable } from '../text/payments.ts'

export const paymentList = command({
  name: 'payment list',
  summary: 'Online payments, newest first, and what is paid and not credited yet',
  options: { state: text('state', `only those that are ${PAYMENT_STATES.join(', ')}`) },
  examples: ['payment list', 'payment list --state paid --json'],
  async run({ client, screen }, values) {
    const asked = values.state === undefined ? [] : [values.state]
    const [state] = readChoices(asked, { of: PAYMENT_STATES, what: 'state of a payment' })
    const query = state === undefined ? {} : { state }
    const found = await client.call(listPayments, { query })
    screen.answer(found, () =>
      [...toPaymentsStanding(found.status), toPaymentTable(found.payments)].join('\n').trimEnd(),
    )
  },
})
