import { cancelPayment } from '@fedow/api'
import { readPayment } from '../book/payment.ts'
import { command, needed } from '../command.ts'
import { toTerminalText } from '../text/payments.ts'

export const paymentCancel = command({
  name: 'payment cancel',
  summary: 'Give up a payment at a terminal, unless it was paid before',
  arguments: { payment: needed('payment', 'its id') },
  examples: [
    'payment cancel 0198f3a0-1111-7000-8000-000000000001',
    'payment cancel 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { payment: text }) {
    const done = await client.call(cancelPayment, { params: { payment: readPayment(text) } })
    screen.answer(done, () => toTerminalText(done))
  },
})
