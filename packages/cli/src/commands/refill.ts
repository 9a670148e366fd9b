import { postRefill } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { handValues, readHand } from '../book/hand.ts'
import { assetNamed, placeNamed } from '../book/named.ts'
import { readPositive } from '../book/price.ts'
import { command, needed, text } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const refill = command({
  name: 'refill',
  summary: 'An issuer puts its own money on a card or in a wallet',
  details:
    'Federated euros are made by nobody but the keeper, see "fedow issue". With --place, a place sells those that it has, for cash; "fedow refund" buys them back. With --cash or --transfer the place says how it was paid: it takes each reference once.',
  options: {
    asset: needed('asset', 'what is given: its name, code or id'),
    ...bearerValues,
    amount: needed('amount', 'such as 20.00; hours also as 1:30'),
    place: text('place', 'federated euros alone: who sells them; its name or id'),
    primary: text('card', 'the primary card that opened the till'),
    ...handValues,
  },
  examples: [
    'refill --asset Peaksu --card 9F9984F8 --amount 20.00',
    'refill --asset FED --place "Bar du Port" --card 9F9984F8 --amount 20.00',
    'refill --asset Peaksu --card 9F9984F8 --amount 50.00 --transfer "VIR 2026-11-22 0042"',
    'refill --asset HRE --card CB9F9C4A --amount 1:30 --json',
  ],
  async run({ client, send, screen }, values) {
    const bearer = readBearer(values)
    const asset = await assetNamed(client, values.asset)
    const amount = readPositive(values.amount, asset.kind)
    const primary = values.primary === undefined ? {} : { primary: values.primary }
    const seller = values.place === undefined ? undefined : await placeNamed(client, values.place)
    const place = seller === undefined ? {} : { place: seller.id }
    const hand = readHand(values)
    const evidence = hand === undefined ? {} : { evidence: hand }
    const done = await send(postRefill, {
      body: { asset: asset.id, ...bearer, amount, ...primary, ...place, ...evidence },
    })
    const moved = toMoved(done, seller === undefined ? 'REF' : 'TRF')
    screen.done(done, () => `Refilled with ${moved} (${toReceipt(done)}).`)
  },
})
