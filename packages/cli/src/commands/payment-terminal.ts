import { postTerminalPayment } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, needed } from '../command.ts'
import { toTerminalText } from '../text/payments.ts'

export const paymentTerminal = command({
  name: 'payment terminal',
  summary: 'Let a terminal ask for a bank card, to refill a card or a wallet',
  details:
    'The same --idempotency-key asks once, and goes on where it is. What nobody pays is given up after five minutes.',
  options: {
    place: needed('place', 'whose terminal asks: its name or id'),
    reader: needed('reader', 'the terminal, as "fedow reader list" names it'),
    ...bearerValues,
    amount: needed('amount', 'such as 20.00'),
  },
  examples: [
    'payment terminal --place "Bar du Port" --reader sandbox-reader --card 9F9984F8 --amount 20.00',
    'payment terminal --place "Bar du Port" --reader tmr_F1 --card 9F9984F8 --amount 20.00 --json',
  ],
  async run({ client, send, screen }, values) {
    const { reader } = values
    const bearer = readBearer(values)
    const amount = readPositive(values.amount)
    const { id: place } = await placeNamed(client, values.place)
    const done = await send(postTerminalPayment, { body: { place, reader, ...bearer, amount } })
    screen.answer(done, () => toTerminalText(done))
  },
})
