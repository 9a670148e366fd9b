import { askAgain } from '@fedow/api'
import { readPayment } from '../book/payment.ts'
import { command, needed } from '../command.ts'
import { toTerminalText } from '../text/payments.ts'

export const paymentAgain = command({
  name: 'payment again',
  summary: 'Let the terminal of a payment ask for a card once more',
  arguments: { payment: needed('payment', 'its id') },
  examples: [
    'payment again 0198f3a0-1111-7000-8000-000000000001',
    'payment again 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { payment: text }) {
    const done = await client.call(askAgain, { params: { payment: readPayment(text) } })
    screen.answer(done, () => toTerminalText(done))
  },
})
