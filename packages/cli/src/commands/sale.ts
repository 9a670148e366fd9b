import { postQrSale, postSale } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { placeNamed } from '../book/named.ts'
import { priceValues, readPrice } from '../book/price.ts'
import { command, needed, text } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const sale = command({
  name: 'sale',
  summary: 'A card, or a person from a phone, pays at a place',
  options: {
    place: needed('place', 'who is paid: its name or id'),
    ...bearerValues,
    ...priceValues,
    primary: text('card', 'the primary card that opened the till'),
  },
  examples: [
    'sale --place "Bar du Port" --card 9F9984F8 --amount 3.50',
    'sale --place "Manapany Festival" --card CB9F9C4A --part CAD=2.00 --part FED=1.50 --json',
  ],
  async run({ client, send, screen }, values) {
    const bearer = readBearer(values)
    const place = await placeNamed(client, values.place)
    const price = await readPrice(client, values)
    const primary = values.primary === undefined ? {} : { primary: values.primary }
    const sold =
      'card' in bearer
        ? await send(postSale, { body: { place: place.id, ...bearer, ...price, ...primary } })
        : await send(postQrSale, { body: { place: place.id, ...bearer, ...price } })
    screen.done(sold, () => `${place.name} was paid ${toMoved(sold)} (${toReceipt(sold)}).`)
  },
})
