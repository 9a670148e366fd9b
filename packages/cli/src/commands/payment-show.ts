import { getPayment } from '@fedow/api'
import { readPayment } from '../book/payment.ts'
import { command, needed } from '../command.ts'
import { toPaymentText } from '../text/payments.ts'

export const paymentShow = command({
  name: 'payment show',
  summary: 'What became of a payment: the provider is asked, and what is paid is credited',
  arguments: { payment: needed('payment', 'its id') },
  examples: [
    'payment show 0198f3a0-1111-7000-8000-000000000001',
    'payment show 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { payment: text }) {
    const payment = readPayment(text)
    const found = await client.call(getPayment, { params: { payment } })
    screen.answer(found, () => toPaymentText(found))
  },
})
