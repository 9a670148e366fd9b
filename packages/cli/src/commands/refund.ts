import { postRefund } from '@fedow/api'
import { placeNamed } from '../book/named.ts'
import { allAssets } from '../book/pages.ts'
import { readParts } from '../book/price.ts'
import { command, flag, many, needed, text } from '../command.ts'
import { formatAmount } from '../text/amount.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const refund = command({
  name: 'refund',
  summary: 'A place gives cash for what is on a card',
  details:
    'Without parts, everything that this place refunds. The place pays the cash by itself: the book takes the money off the card.',
  options: {
    place: needed('place', 'who gives the cash: its name or id'),
    card: needed('card', 'the card: its tag, printed number, QR code or id'),
    part: many('asset=amount', 'only so much of this asset'),
    void: flag('also make the card like new, to hand it to somebody else'),
    primary: text('card', 'the primary card that opened the till'),
  },
  examples: [
    'refund --place "La Raffinerie" --card 9F9984F8',
    'refund --place "La Raffinerie" --card 9F9984F8 --part PKS=5.00 --json',
  ],
  async run({ client, send, screen }, values) {
    const place = await placeNamed(client, values.place)
    const parts = await readParts(client, values.part)
    const done = await send(postRefund, {
      body: {
        place: place.id,
        card: values.card,
        ...(parts.length > 0 && { parts }),
        ...(values.void && { void: true }),
        ...(values.primary !== undefined && { primary: values.primary }),
      },
    })
    const assets = new Map((await allAssets(client)).map((asset) => [asset.id, asset]))
    screen.done(done, () => {
      const kept = done.kept.flatMap(({ asset, balance, why }) => {
        const unit = assets.get(asset)
        return unit === undefined || balance === 0
          ? []
          : `\n  ${formatAmount(balance, unit)} stay: ${WHY_KEPT[why]}`
      })
      return `Give ${toMoved(done, 'RFD')} in cash (${toReceipt(done)}).${kept.join('')}`
    })
  },
})

const WHY_KEPT = {
  not_refundable: 'this place does not refund them',
  held: 'they are held for a payment',
  not_asked: 'they were not asked for',
} as const
