/** What tills write about cards. */
import { assert } from '@fedow/ledger'
import { check, flag, nullable, optional, readFields, text, uuid } from '../codec/fields.ts'
import { notFound, unknownKey } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route } from '../route.ts'
import { cardByTag, isPrimaryAt, type NamedCard } from './card-fields.ts'
import { registerCards } from './card-orders.ts'
import { refundCard } from './card-refund.ts'
import { actionsOf, idOf } from './ordered.ts'
import { assetKey, lineShown } from './request-parts.ts'

function cardNamed(means: V1Means, tag: string): NamedCard {
  return cardByTag(means, tag) ?? refuseWithDetail(404, notFound('Card'))
}

/** LaBoutik takes 200, 205 and 208 for done, and fails in the middle of a void with anything else. */
async function setPrimary(call: PlaceCall): Promise<V1Answer> {
  const { means, place, body } = call
  const stored = await call.order(
    () => {
      const fields = readFields(body, { first_tag_id: text(), delete: optional(flag()) })
      const card = cardNamed(means, fields.first_tag_id)
      const primary = fields.delete !== true
      if (primary && isPrimaryAt(card, place)) throw new V1Refusal(208, 'Déja OK')
      return [{ kind: 'card-primary', place, cards: [card.id], primary }]
    },
    { id: idOf(call) },
  )
  const [action] = actionsOf(stored)
  assert(action?.kind === 'card-primary', 'the tx of the request is of its kind')
  return action.primary ? { status: 200, body: 'OK' } : { status: 205, body: 'remove ok' }
}

/** Somebody clocks in or out with a card. */
async function badge(call: PlaceCall): Promise<V1Answer> {
  const { means, place, body } = call
  const eight = { min: 8, max: 8 }
  const stored = await call.order(
    () => {
      const fields = readFields(body, {
        first_tag_id: text(eight),
        primary_card_firstTagId: text(eight),
        asset: check(assetKey(means.book), (id) =>
          means.book.state.get('asset', id)?.kind === 'BDG' ? undefined : unknownKey(id),
        ),
        pos_uuid: optional(nullable(uuid())),
        pos_name: optional(nullable(text())),
      })
      const card = cardNamed(means, fields.first_tag_id)
      const second = cardNamed(means, fields.primary_card_firstTagId)
      // The second card may be any one; the book notes it when it opens the till of the place.
      const primary = isPrimaryAt(second, place) ? { primary: second.id } : {}
      return [{ kind: 'badge', place, from: { card: card.id }, asset: fields.asset, ...primary }]
    },
    { id: idOf(call) },
  )
  return { status: 201, body: lineShown(call, stored) }
}

const access = 'place-signature'

export const cardRoutes: readonly V1Route[] = [
  route({ method: 'POST', path: '/card/', access, answer: registerCards }),
  route({ method: 'POST', path: '/card/refund/', access, answer: refundCard }),
  route({ method: 'POST', path: '/card/set_primary/', access, answer: setPrimary }),
  route({ method: 'POST', path: '/card/badge/', access, answer: badge }),
]
