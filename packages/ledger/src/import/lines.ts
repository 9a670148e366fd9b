/** Lines of the other book: facts in its order, which move nothing here. */
import { findCard } from '../cards/card.ts'
import { dayOf, quotient } from '../commons/calendar.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { OWN_GESTURES } from '../figures/gesture.ts'
import { assetId, cardId, hex32, lineId, type WalletId, walletId } from '../ids.ts'
import { LINE_ACTIONS, type LineDraft } from '../line.ts'
import type { ImportRecord, Wallet } from '../records.ts'
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
type LineRow = Of<typeof lineRow>

/**
 * One line each, with the id and the time that it had. They rise by (time, id) over all parts, so that none comes twice.
 * What they tell of gestures, the wallets of people and cards remember.
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
  const gestures = new Gestures(ctx)
  const drafts = rows.map((row): LineDraft => {
    const { id, hash, previous, timeUs, ...moved } = row
    const isLater = timeUs > last.timeUs || (timeUs === last.timeUs && id > (last.last ?? ''))
    demand(isLater, () => ({ code: 'import_order_refused', id }))
    last = { ...last, timeUs, last: id }
    findAsset(ctx, moved.asset)
    for (const wallet of [moved.from, moved.to]) gestures.look(row, wallet)
    for (const card of [moved.card, moved.primary]) if (card !== undefined) findCard(ctx, card)
    return { ...moved, imported: { id, hash, previous, timeUs } }
  })
  return { changes: gestures.changes(), lines: drafts }
}

/** The last own gestures that the lines of a part tell of. Source: docs/spec/demurrage.md, "Import". */
class Gestures {
  readonly #ctx: Context
  readonly #fed: string
  readonly #wallets = new Map<WalletId, Wallet>()

  constructor(ctx: Context) {
    this.#ctx = ctx
    this.#fed = params(ctx.state).fed
  }

  /** One side of a line. Rejects with: wallet_not_found, wallet_kind_refused. */
  look(row: LineRow, id: WalletId): void {
    const wallet = this.#wallets.get(id) ?? findHolder(this.#ctx, id)
    const isHolder = wallet.kind === 'person' || wallet.kind === 'card'
    if (!isHolder || !this.#isOwn(row, id)) return
    // Clocks of the other book may have been wrong: nobody made a gesture after the import.
    const [now, then] = [dayOf(this.#ctx.timeMs), dayOf(quotient(row.timeUs, 1_000))]
    const activeDay = then < now ? then : now
    if (activeDay > (wallet.activeDay ?? -1)) this.#wallets.set(id, { ...wallet, activeDay })
  }

  #isOwn({ action, from, to, asset, card }: LineRow, id: WalletId): boolean {
    const [, side] = OWN_GESTURES.find(([code]) => code === action) ?? []
    // What comes without a card is given, but for federated euros, which their owner paid for.
    if (action === 'REF' && card === undefined && asset !== this.#fed) return false
    return side !== undefined && id === (side === 'from' ? from : to)
  }

  changes(): readonly Change[] {
    return [...this.#wallets].map(([id, record]): Change => ({ kind: 'wallet', id, record }))
  }
}
