/** A person makes a card theirs, by its QR code or its printed number. */
import type { Action, CardId, WalletId } from '@fedow/ledger'
import type { CardEntry } from '../../store/card-entry.ts'
import { key, readFields, text, uuid } from '../codec/fields.ts'
import type { Json } from '../codec/json.ts'
import { unknownKey, unknownSlug } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { V1Refusal } from '../refusal.ts'
import { route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { lastLineAt } from './ordered.ts'

const CONFLICT = 'Wallet conflict : target wallet got a card with tokens.'

/** How a request names the card. */
interface CardRef {
  /** The field of the request, and what v1 calls that column. */
  readonly field: string
  readonly column: string
  readonly text: string
  readonly entry: CardEntry | undefined
}

function linkByQr(call: WalletCall): Promise<V1Answer> {
  const fields = { wallet: key<WalletId>(), card_qrcode_uuid: uuid() }
  const { wallet, card_qrcode_uuid: qr } = readFields(call.body, fields)
  const entry = call.means.directory.byQr(qr)
  const ref = { field: 'card_qrcode_uuid', column: 'qrcode_uuid', text: qr, entry }
  return link(call, wallet, ref)
}

function linkByNumber(call: WalletCall): Promise<V1Answer> {
  const fields = { wallet: key<WalletId>(), card_number: text() }
  const { wallet, card_number: number } = readFields(call.body, fields)
  const entry = call.means.directory.byNumber(number)
  const ref = { field: 'card_number', column: 'number_printed', text: number, entry }
  return link(call, wallet, ref)
}

async function link(call: WalletCall, target: WalletId, ref: CardRef): Promise<V1Answer> {
  const { means } = call
  const stored = await call.order(() => linkActions(call, target, ref))
  const card = ref.entry?.card as CardId
  const place = originOf(means, card)
  const at = lastLineAt(means.book, stored)
  const body = means.objects.card(card, { ...(place && { place }), at, wallet: target })
  return { status: 200, body }
}

function linkActions(
  { means, wallet }: WalletCall,
  target: WalletId,
  { field, column, text: of, entry }: CardRef,
): readonly Action[] {
  const { state } = means.book
  const record = entry && state.get('card', entry.card)
  const isFree = record?.status === 'live' && record.person === undefined
  const errors: Record<string, Json> = {}
  // Lespass always names the wallet that signs: nobody puts a card into the wallet of somebody else.
  if (target !== wallet) errors['wallet'] = [unknownKey(target)]
  if (!isFree) errors[field] = [unknownSlug(column, of)]
  if (entry === undefined || Object.keys(errors).length > 0) throw new V1Refusal(400, errors)
  const isUsed = (state.get('wallet', target)?.assets.length ?? 0) > 0
  if (isUsed && means.objects.cardsOf(target).length > 0) throw new V1Refusal(409, CONFLICT)
  return [{ kind: 'card-link', card: entry.card, wallet: target }]
}

/** The place of the card's batch: v1 answers as if that place had asked. */
function originOf({ book }: V1Means, card: CardId) {
  const batch = book.state.get('card', card)?.batch
  return batch && book.state.get('batch', batch)?.place
}

export const cardLinkRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/wallet/linkwallet_cardqrcode/',
    access: 'wallet',
    answer: linkByQr,
  }),
  route({
    method: 'POST',
    path: '/wallet/linkwallet_card_number/',
    access: 'wallet',
    isGuessable: true,
    answer: linkByNumber,
  }),
]
