import { getAsset, postExchange, previewExchange } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { offerNamed } from '../book/offer.ts'
import { allOffers } from '../book/pages.ts'
import { readPositive } from '../book/price.ts'
import { command, flag, needed } from '../command.ts'
import { Refused } from '../failure.ts'
import { formatAmount } from '../text/amount.ts'
import { toReceipt } from '../text/applied.ts'

export const exchange = command({
  name: 'exchange',
  summary: 'Exchange one asset for another by the offer of a place',
  options: {
    offer: needed('offer', 'its id, as "fedow offer list" tells it'),
    ...bearerValues,
    take: needed('amount', 'what is handed over, such as 20.00'),
    preview: flag('only say what would be given; nothing is sent to the book'),
  },
  examples: [
    'exchange --offer 0198f3a0-1111-7000-8000-000000000001 --card 9F9984F8 --take 20 --preview',
    'exchange --offer 0198f3a0-1111-7000-8000-000000000001 --card 9F9984F8 --take 20',
  ],
  async run({ client, send, screen }, { preview, ...values }) {
    const bearer = readBearer(values)
    const offer = offerNamed(values.offer)
    const terms = (await allOffers(client)).find((one) => one.offer === offer)
    if (terms === undefined) {
      throw new Refused(`No open offer has the id ${offer}. Nothing was exchanged.`, {
        code: 'offer_not_found',
      })
    }
    const [give, taken] = await Promise.all(
      [terms.give, terms.take].map((asset) => client.call(getAsset, { params: { asset } })),
    )
    if (give === undefined || taken === undefined) throw new Error('an offer has two assets')
    const take = readPositive(values.take, taken.kind)
    if (preview) {
      const shown = await client.call(previewExchange, { params: { offer }, query: { take } })
      screen.answer(
        shown,
        () => `${formatAmount(take, taken)} would become ${formatAmount(shown.give, give)}.`,
      )
      return
    }
    const done = await send(postExchange, { body: { offer, ...bearer, take } })
    const out = done.lines.at(-1)?.amount ?? 0
    screen.done(
      done,
      () => `${formatAmount(take, taken)} became ${formatAmount(out, give)} (${toReceipt(done)}).`,
    )
  },
})
