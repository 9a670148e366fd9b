import { openHold } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { assetNamed, placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { readMoment } from '../book/time.ts'
import { command, needed, text } from '../command.ts'

export const holdOpen = command({
  name: 'hold open',
  summary: 'Reserve money of a card or a person for a place, for a week at most',
  options: {
    place: needed('place', 'who may capture it: its name or id'),
    ...bearerValues,
    asset: needed('asset', 'its name, code or id'),
    amount: needed('amount', 'such as 30.00'),
    expires: text('when', 'until when: 12h, 7d, or 2026-12-31T18:00:00Z; 1d when absent'),
  },
  examples: [
    'hold open --place "La Raffinerie" --card 9F9984F8 --asset PKS --amount 30.00',
    'hold open --place "La Raffinerie" --card 9F9984F8 --asset PKS --amount 30 --expires 7d --json',
  ],
  async run({ client, send, screen }, { expires = '1d', ...values }) {
    const bearer = readBearer(values)
    const place = await placeNamed(client, values.place)
    const asset = await assetNamed(client, values.asset)
    const amount = readPositive(values.amount, asset.kind)
    const body = {
      place: place.id,
      ...bearer,
      asset: asset.id,
      amount,
      expires: readMoment(expires),
    }
    const done = await send(openHold, { body })
    screen.done(done, () => `Held: ${done.hold}, until ${body.expires}.`)
  },
})
