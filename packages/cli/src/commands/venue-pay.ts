import { payVenue, toDecimal } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, needed } from '../command.ts'

export const venuePay = command({
  name: 'venue pay',
  summary: 'Transfer what a venue has earned to its account at the payment provider',
  details:
    'The euros leave first, then the federated ones: a node that dies in between goes on by itself. The same --idempotency-key pays once.',
  options: {
    place: needed('place', 'the venue: its name or id'),
    amount: needed('amount', 'in euros'),
  },
  examples: [
    'venue pay --place "Bar du Port" --amount 150.00',
    'venue pay --place "Bar du Port" --amount 80 --json',
  ],
  async run({ client, send, screen }, values) {
    const place = await placeNamed(client, values.place)
    const body = { amount: readPositive(values.amount) }
    const done = await send(payVenue, { params: { place: place.id }, body })
    screen.done(done, () => {
      const { state, problem, reference, amount, transfer } = done
      const euros = `${toDecimal(amount)} euros`
      if (state === 'deposited') return `${place.name} was paid ${euros} (${reference}).`
      if (state === 'failed') return `Nothing was paid: ${problem}.`
      return `${euros} are on their way to ${place.name} (${state}): see fedow venue list. Transfer ${transfer}.`
    })
  },
})
