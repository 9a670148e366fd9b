/** Cards with what they had: a person, a wallet of their own, tills that they open. */

import { batchPart, openPart } from '../cards/register.ts'
import type { Change, Context, Effects } from '../context.ts'
import { cardId, placeId, type WalletId, walletId } from '../ids.ts'
import { CARDS_PER_TX_MAX, type Card, PRIMARIES_PER_CARD_MAX, type Wallet } from '../records.ts'
import { findPlace } from '../registry/place.ts'
import { demand, refuse } from '../rejection.ts'
import { array, type Of, object, optional } from '../shape.ts'
import { Fresh } from './fresh.ts'

const primary = optional(array(placeId, { min: 1, max: PRIMARIES_PER_CARD_MAX }))

const cardRow = object({
  card: cardId,
  /** The wallet of the person whose card it is. */
  person: optional(walletId),
  /** Its own wallet; absent, the one that is derived from its id. */
  own: optional(walletId),
  primary,
})

/** A part of a batch, as `cards-register` has them. */
export const cardPart = {
  ...batchPart,
  rows: array(cardRow, { min: 1, max: CARDS_PER_TX_MAX }),
} as const
const cards = object(cardPart)
type CardRow = Of<typeof cardRow>

/**
 * Rejects with, in this order: place_not_found, batch_part_refused, then for each row id_taken, place_not_found (of a
 * till), wallet_not_found and wallet_kind_refused (an own wallet that is no card's, then a person that is none).
 */
export function importCards(ctx: Context, { rows, ...part }: Of<typeof cards>): Effects {
  findPlace(ctx, part.place)
  const batch = openPart(ctx, part, rows.length)
  const fresh = new Fresh(ctx)
  const people = new Map<WalletId, Wallet>()
  const changes = rows.map((row): Change => {
    fresh.demand('card', row.card)
    for (const place of row.primary ?? []) findPlace(ctx, place)
    if (row.own !== undefined) demandWallet(ctx, row.own, 'card')
    if (row.person !== undefined) {
      const person = people.get(row.person) ?? demandWallet(ctx, row.person, 'person')
      people.set(row.person, { ...person, origin: person.origin ?? part.place })
    }
    return { kind: 'card', id: row.card, record: toCard(row, part.batch) }
  })
  const origins = [...people].map(([id, record]): Change => ({ kind: 'wallet', id, record }))
  return { changes: [batch, ...changes, ...origins] }
}

function toCard({ person, own, primary = [] }: CardRow, batch: Card['batch']): Card {
  const links = { ...(person && { person }), ...(own && { own }) }
  return { batch, status: 'live', counter: 0, ...links, primary: [...new Set(primary)] }
}

function demandWallet(ctx: Context, wallet: WalletId, kind: Wallet['kind']): Wallet {
  const record = ctx.state.get('wallet', wallet)
  if (record === undefined) return refuse({ code: 'wallet_not_found', wallet })
  demand(record.kind === kind, () => ({
    code: 'wallet_kind_refused',
    wallet,
    kind: record.kind,
  }))
  return record
}
