import { postOnlineRefill } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { readPositive } from '../book/price.ts'
import { command, text } from '../command.ts'

export const paymentOpen = command({
  name: 'payment open',
  summary: 'Open a page on which somebody refills a card or a wallet with a bank card',
  details:
    'The same --idempotency-key answers the same page again. Without a key of a payment provider, a node on its own machine answers the sandbox: no real money moves.',
  options: {
    ...bearerValues,
    amount: text('amount', 'such as 20.00; the payer chooses when absent'),
    email: text('address', 'of the payer, filled in on the page'),
    returnUrl: text('address', 'where the payer comes back to; a page of this node when absent'),
  },
  examples: ['payment open --card 9F9984F8 --amount 20.00', 'payment open --card 9F9984F8 --json'],
  async run({ send, screen }, values) {
    const { amount, email, returnUrl } = values
    const done = await send(postOnlineRefill, {
      body: {
        ...readBearer(values),
        ...(amount !== undefined && { amount: readPositive(amount) }),
        ...(email !== undefined && { email }),
        ...(returnUrl !== undefined && { returnUrl }),
      },
    })
    screen.answer(done, () => {
      const note = done.sandbox ? '\nThis is the sandbox: no real money moves.' : ''
      return `To be paid at ${done.url}\nThen: fedow payment show ${done.payment}${note}`
    })
  },
})
