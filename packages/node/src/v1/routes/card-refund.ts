/** `POST /card/refund/`: a till gives cash for what is on a card (RFD), or also takes the card back (VID). */
import { type Action, assert, type Line, type PlaceId } from '@fedow/ledger'
import type { StoredTx } from '../../store/book-reader.ts'
import { check, choice, optional, readFields } from '../codec/fields.ts'
import type { Json } from '../codec/json.ts'
import type { V1Means } from '../means.ts'
import { refuseRule } from '../refusal.ts'
import type { PlaceCall, V1Answer } from '../route.ts'
import { cardKey, cardTag, isPrimaryAt } from './card-fields.ts'
import { cardAround, noteCard } from './card-then.ts'
import { actionsOf, idOf, lastLineAt, linesOf } from './ordered.ts'
import { ACTIONS, NOT_PRIMARY } from './transactions.ts'

/** The status says that it is done; its body is what the till shows. */
export async function refundCard(call: PlaceCall): Promise<V1Answer> {
  const { means, place, body } = call
  const id = idOf(call)
  const stored = await call.order(
    () => {
      const { primary, card, isVoid } = readRefund(means, place, body)
      noteCard(means, id, card)
      const refund: Action = { kind: 'refund', card, place, primary }
      return isVoid ? [refund, { kind: 'card-void', card, place }] : [refund]
    },
    { id },
  )
  return { status: 205, body: toAnswer(means, place, stored) }
}

function readRefund(means: V1Means, place: PlaceId, body: Json) {
  const fields = readFields(body, {
    primary_card_uuid: optional(cardKey(means)),
    primary_card_fisrtTagId: optional(cardTag(means)),
    user_card_uuid: optional(cardKey(means)),
    user_card_firstTagId: optional(cardTag(means)),
    action: optional(
      check(choice(ACTIONS), (action) =>
        action === 'RFD' || action === 'VID' ? undefined : 'Action must be REFUND or VOID',
      ),
    ),
  })
  const primary = fields.primary_card_fisrtTagId ?? fields.primary_card_uuid
  const card = fields.user_card_firstTagId ?? fields.user_card_uuid
  if (primary === undefined || !isPrimaryAt(primary, place)) return refuseRule(NOT_PRIMARY)
  if (card === undefined) return refuseRule('User card is required for void or refund')
  return { primary: primary.id, card: card.id, isVoid: fields.action === 'VID' }
}

function toAnswer(means: V1Means, place: PlaceId, stored: StoredTx): Json {
  const { objects, book } = means
  const refund = actionsOf(stored).find((action) => action.kind === 'refund')
  const around = refund && cardAround(means, stored, refund.card)
  assert(refund !== undefined && around !== undefined, 'a refund is of a card of the book')
  const { before, after } = around
  const lines = linesOf(stored)
  const at = lastLineAt(book, stored)
  const shown = { place, at }
  const card = {
    ...(objects.card(refund.card, { ...shown, wallet: after.wallet }) as Members),
    is_primary: after.primary.includes(place),
  }
  return {
    serialized_card: card,
    before_refund_serialized_wallet: objects.wallet(before.wallet, {
      place,
      at: (lines[0]?.number ?? at + 1) - 1,
      isOfCard: true,
    }),
    serialized_transactions: lines.filter(isRefund).map((line) => ({
      ...(objects.transaction(line, shown) as Members),
      card,
    })),
  }
}

/** What came due before it is none of the refund. */
function isRefund({ action }: Line): boolean {
  return action === 'RFD'
}

type Members = Readonly<Record<string, Json>>
