import { authorise } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { cardId, walletId } from '../ids.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object } from '../shape.ts'
import { liveCard } from './card.ts'
import { fuse } from './link.ts'
import { linkedCard, toLost } from './lost.ts'

/** A person's new card takes the place of an old one, which is lost from then on. Source: docs/spec/cards.md. */
export const cardReplaceAction = object({
  kind: literal('card-replace'),
  lost: cardId,
  card: cardId,
  wallet: walletId,
})
export type CardReplace = Of<typeof cardReplaceAction>

/**
 * What was on the new card moves to the person's wallet, as with a link.
 *
 * Rejects with, in this order: the old card's refusals, card_not_linked, the new card's refusals,
 * not_authorised, card_already_linked, then those of a link.
 */
export function cardReplace(ctx: Context, { lost, card: id, wallet }: CardReplace): Effects {
  const old = linkedCard(ctx, lost, wallet)
  const card = liveCard(ctx, id)
  const counters = authorise(ctx, { can: 'spend', on: `wallet/${wallet}` })
  demand(card.person === undefined, () => ({ code: 'card_already_linked', card: id }))
  const fused = fuse(ctx, { id, card, wallet })
  const replaced = { kind: 'card', id: lost, record: toLost(old) } as const
  const changes = [...counters, ...fused.changes, replaced]
  return { changes, active: [wallet], lines: fused.lines }
}
