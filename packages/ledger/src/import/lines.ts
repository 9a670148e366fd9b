/** Lines of the other book: facts in its order, which move nothing here. */
import { findCard } from '../cards/card.ts'
import type { Context, Effects } from '../context.ts'
import { assetId, cardId, hex32, lineId, walletId } from '../ids.ts'
import { LINE_ACTIONS, type LineDraft } from '../line.ts'
import type { ImportRecord } from '../records.ts'
import { findAsset } from '../registry/asset.ts'
import { demand } from '../rejection.ts'
import { amount, array, type Of, object, oneOf, optional, timeUs } from '../shape.ts'
import { findHolder, ROWS } from './wallets.ts'

/** What v1 wrote: our own codes stand after these. */
const V1_ACTIONS = LINE_ACTIONS.slice(0, LINE_ACTIONS.indexOf('HLD'))

const lineRow = object({
  id: lineId,
  hash: hex32,
  previous: lineId,
  timeUs,
  action: oneOf(V1_ACTIONS),
  asset: assetId,
  from: walletId,
  to: walletId,
  amount,
  card: optional(cardId),
  primary: optional(cardId),
})

export const lineRows = { rows: array(lineRow, ROWS) } as const
const lines = object(lineRows)

/**
 * One line each, with the id and the time that it had. They rise by (time, id) over all parts, so that none comes twice.
 *
 * Rejects with, in this order for each: import_order_refused, asset_not_found, then for sender and receiver
 * wallet_not_found, wallet_kind_refused (issuance, reserve), then card_not_found.
 */
export function importLines(
  ctx: Context,
  { rows }: Of<typeof lines>,
  before: ImportRecord,
): Effects {
  let last = before
  return {
    lines: rows.map(({ id, hash, previous, timeUs, ...moved }): LineDraft => {
      const isLater = timeUs > last.timeUs || (timeUs === last.timeUs && id > (last.last ?? ''))
      demand(isLater, () => ({ code: 'import_order_refused', id }))
      last = { ...last, timeUs, last: id }
      findAsset(ctx, moved.asset)
      for (const wallet of [moved.from, moved.to]) findHolder(ctx, wallet)
      for (const card of [moved.card, moved.primary]) if (card !== undefined) findCard(ctx, card)
      return { ...moved, imported: { id, hash, previous, timeUs } }
    }),
  }
}
