import {
  closeOffer,
  listOffers,
  type OfferView,
  openOffer,
  postExchange,
  previewExchange,
  type Static,
  toDecimal,
} from '@fedow/api'
import { AMOUNT_MAX, given, leastTaken, type Offer, type OfferId, refuse } from '@fedow/ledger'
import {
  exchangeIntent,
  isLive,
  liveOffers,
  offerEndIntent,
  offerIdOf,
  offerIntent,
} from '../../gateway/offer-intents.ts'
import { type LosingLoops, losingLoops, lossOf, type OfferLoop } from '../../gateway/offer-loops.ts'
import { namesOf } from '../names.ts'
import { readRecords } from '../page.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { answerIntent } from '../tx-answer.ts'

export function offerRoutes(http: Http): void {
  const { means, parts } = http
  const { book } = parts

  serve(http, listOffers, ({ query: { place, ...page } }) => {
    const toView = (id: OfferId, record: Offer) => offerView(http, id, record)
    if (place !== undefined) {
      const found = book.state.get('place', place) ?? refuse({ code: 'place_not_found', place })
      return { offers: (found.offers ?? []).map((id) => toView(id, offerNamed(http, id))) }
    }
    const { rows, next } = readRecords<'offer', OfferId>(book, 'offer', page)
    return { offers: rows.map(({ id, record }) => toView(id, record)), ...next }
  })

  serve(http, openOffer, async ({ caller, id, body }) => {
    const answer = await answerIntent(http, caller, offerIntent(means, caller, { id, ...body }))
    const offer = offerIdOf(means, id)
    return { ...answer, offer, warnings: await warningsAbout(http, offer) }
  })

  serve(http, closeOffer, ({ caller, id, params }) =>
    answerIntent(http, caller, offerEndIntent(means, caller, { id, ...params })),
  )

  serve(http, previewExchange, ({ params: { offer }, query: { take } }) => {
    const record = offerNamed(http, offer)
    const least = leastTaken(record)
    const give = BigInt(take) < least ? 0n : given(record, BigInt(take))
    return {
      take,
      give: toCount(give),
      least: toCount(least),
      open: isLive(book.state, record, parts.now()),
    }
  })

  serve(http, postExchange, ({ caller, id, body }) =>
    answerIntent(http, caller, exchangeIntent(means, caller, { id, ...body })),
  )
}

function offerNamed({ parts }: Http, offer: OfferId): Offer {
  return parts.book.state.get('offer', offer) ?? refuse({ code: 'offer_not_found', offer })
}

function offerView({ parts }: Http, offer: OfferId, record: Offer): Static<typeof OfferView> {
  const { perPersonDay, minimum, untilMs, openedMs, ...terms } = record
  return {
    offer,
    ...terms,
    ...(perPersonDay !== undefined && { perPersonDay: Number(perPersonDay) }),
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(untilMs !== undefined && { until: toIsoMs(untilMs) }),
    opened: toIsoMs(openedMs),
    open: isLive(parts.book.state, record, parts.now()),
  }
}

/** An amount of any size as JSON can say it. */
function toCount(amount: bigint): number {
  return Number(amount < AMOUNT_MAX ? amount : AMOUNT_MAX)
}

/** What is looked at a loop with: 100.00. */
const TURNED = 10_000n

async function warningsAbout(http: Http, id: OfferId) {
  const live = await liveOffers(http.means)
  const added = live.find((one) => one.id === id)
  const loops: LosingLoops = added === undefined ? {} : losingLoops(added, live)
  return [
    ...(loops.own ? [warningOf(http, 'loop_loses', loops.own)] : []),
    ...(loops.across ? [warningOf(http, 'loop_across', loops.across)] : []),
  ]
}

function warningOf({ parts }: Http, code: 'loop_loses' | 'loop_across', loop: OfferLoop) {
  const nameOf = namesOf(parts.book.state)
  const [first] = loop.offers
  const assets = [...loop.offers.map(({ take }) => take), ...(first ? [first.take] : [])]
  const loss = toCount(lossOf(loop, TURNED))
  const way = assets.map((asset) => nameOf(asset)).join(' -> ')
  const more = `${way} makes ${toDecimal(TURNED + BigInt(loss))} of 100.00`
  const sentence =
    code === 'loop_loses'
      ? `Whoever takes these offers in turn gains by it: ${more}. ${nameOf(first?.place ?? '')} loses ${toDecimal(loss)} each time. Close one of them, or lower a rate.`
      : `With offers of other places, whoever takes them in turn gains by it: ${more}. The place with the better rate loses it. Talk to each other, or limit what one person is given in a day.`
  const offers = loop.offers.map((one) => one.id)
  return { code, sentence, offers, assets, loss }
}
