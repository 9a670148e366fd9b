/**
 * What a till writes: sales, refills, memberships, badges. A till does not say which; its request does, by who sends
 * and who receives (WIRE.md 4.7):
 *
 *   from the place's own wallet   SUB asset -> membership, BDG asset -> badge, else a refill of a card
 *   to the place's own wallet     a sale
 *   anything else                 refused
 *
 * v1 also let a till fuse any anonymous card with any person's wallet. No client does, and neither of them has signed:
 * that is refused here, as is everything about the primary wallet and about checkouts.
 */
import {
  type Action,
  type Amount,
  type Asset,
  type AssetId,
  available,
  type BearerId,
  isAccepted,
  type Place,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import {
  amount,
  check,
  choice,
  datetime,
  type Field,
  json,
  key,
  nullable,
  optional,
  readFields,
  text,
  uuid,
} from '../codec/fields.ts'
import { isMap, type Json } from '../codec/json.ts'
import { unknownKey } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { isV1Kind } from '../objects/labels.ts'
import { refuseRule } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Call, type V1Route } from '../route.ts'
import { cardByTag, cardKey, cardTag, isPrimaryAt, type NamedCard } from './card-fields.ts'
import { idOf, linesOf } from './ordered.ts'

const NOT_AUTHORIZED = 'No action authorized'
export const NOT_PRIMARY = 'Primary card must be in place primary cards'

export const ACTIONS = [
  ...['FST', 'CRE', 'REF', 'SAL', 'QRS', 'SUB', 'BDG'],
  ...['FUS', 'RFD', 'BNK', 'COR', 'TRF', 'VID'],
] as const

interface Fields {
  readonly amount: bigint
  readonly sender: WalletId
  readonly receiver: WalletId
  readonly asset: AssetId
  readonly subscription_start_datetime: number | undefined
  readonly action: string | null | undefined
  readonly first_token_uuid: string | undefined
  readonly comment: string | null | undefined
  readonly metadata: Json | undefined
  readonly checkout_stripe: string | null | undefined
  readonly primary_card_uuid: NamedCard | undefined
  readonly primary_card_fisrtTagId: NamedCard | undefined
  readonly user_card_uuid: NamedCard | undefined
  readonly user_card_firstTagId: NamedCard | undefined
}

/** A request whose fields hold. */
interface Asked {
  readonly means: V1Means
  readonly placeId: PlaceId
  readonly place: Place
  readonly assetId: AssetId
  readonly asset: Asset
  readonly sender: WalletId
  readonly receiver: WalletId
  readonly amount: Amount
  readonly startUs: number | undefined
  readonly primary: NamedCard | undefined
  readonly card: NamedCard | undefined
}

export interface TransactionOrder {
  /** The place that the key of the request belongs to. */
  readonly place: PlaceId
  readonly body: Json
  /** What else must hold; refuses by itself. Asked once, before the tx is made. */
  readonly demand?: (fields: Pick<Fields, 'asset' | 'sender' | 'receiver'>) => void
}

/** Makes the tx of a body and answers its line: `POST /transaction/`, and what Lespass sends of the same form. */
export async function writeTransaction(call: V1Call, order: TransactionOrder): Promise<V1Answer> {
  const { place } = order
  const actions = () => [toAction(call.means, order)]
  const stored = await call.order(actions, { id: idOf(call), isPure: true })
  // Of the two lines of a refill, the second is what happened to the card.
  const line = linesOf(stored).findLast((one) => call.means.objects.isShown(one))
  if (line === undefined) return refuseRule(NOT_AUTHORIZED)
  const body = call.means.objects.transaction(line, { place, at: line.number })
  return { status: 201, body }
}

function toAction(means: V1Means, { place: placeId, body, demand }: TransactionOrder): Action {
  const fields = readFields<Fields>(body, shapeOf(means, placeId, body))
  demand?.(fields)
  const { state } = means.book
  const place = state.get('place', placeId)
  const asset = state.get('asset', fields.asset)
  if (place === undefined || asset === undefined) return refuseRule(NOT_AUTHORIZED)
  const asked: Asked = {
    means,
    placeId,
    place,
    assetId: fields.asset,
    asset,
    sender: fields.sender,
    receiver: fields.receiver,
    amount: fields.amount as Amount,
    startUs: fields.subscription_start_datetime,
    primary: fields.primary_card_fisrtTagId ?? fields.primary_card_uuid,
    card: fields.user_card_firstTagId ?? fields.user_card_uuid,
  }
  const { wallet: primary } = means.book.genesis
  const isOfPrimaryWallet = asked.sender === primary || asked.receiver === primary
  if (isOfPrimaryWallet || isThere(fields.checkout_stripe)) return refuseRule(NOT_AUTHORIZED)
  if (asked.sender === place.wallet) return fromPlace(asked)
  return asked.receiver === place.wallet ? toSale(asked) : refuseRule(NOT_AUTHORIZED)
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

const AMOUNT = amount({ negative: 'Amount cannot be negative' })
const START = optional(datetime())
const ACTION = optional(nullable(choice(ACTIONS)))
const TOKEN = optional(uuid())
const COMMENT = optional(nullable(text()))
const METADATA = optional(nullable(json()))
const CHECKOUT = optional(nullable(key()))

function shapeOf(means: V1Means, place: PlaceId, body: Json) {
  const isFusion = isMap(body) && body.get('action') === 'FUS'
  const wallet = walletKey(means, body)
  const ofId = optional(cardKey(means))
  const ofTag = cardTag(means)
  return {
    amount: AMOUNT,
    sender: wallet,
    receiver: wallet,
    asset: liveAssetKey(means, isFusion),
    subscription_start_datetime: START,
    action: ACTION,
    first_token_uuid: TOKEN,
    comment: COMMENT,
    metadata: METADATA,
    checkout_stripe: CHECKOUT,
    primary_card_uuid: ofId,
    primary_card_fisrtTagId: optional(
      check(ofTag, (card) => (isPrimaryAt(card, place) ? undefined : 'Carte primaire non valide')),
    ),
    user_card_uuid: ofId,
    user_card_firstTagId: optional(ofTag),
  }
}

/** A wallet of the book, or the one that the user card of the request would pay from: reading a card wrote nothing. */
function walletKey(means: V1Means, body: Json): Field<WalletId> {
  const { state } = means.book
  const kinds: ReadonlySet<string> = new Set(['person', 'place', 'card', 'keeper'])
  return check(key<WalletId>(), (id) => {
    const kind = state.get('wallet', id)?.kind
    const isKnown = kind === undefined ? id === userWallet(means, body) : kinds.has(kind)
    return isKnown ? undefined : unknownKey(id)
  })
}

function userWallet(means: V1Means, body: Json): WalletId | undefined {
  if (!isMap(body)) return undefined
  const tag = body.get('user_card_firstTagId')
  const byTag = typeof tag === 'string' ? cardByTag(means, tag.trim()) : undefined
  if (byTag !== undefined) return byTag.wallet
  const reading = cardKey(means).read(body.get('user_card_uuid'))
  return reading.errors === undefined ? reading.value.wallet : undefined
}

/** Of an archived asset, only a fusion may be asked for. */
function liveAssetKey({ book }: V1Means, isFusion: boolean): Field<AssetId> {
  return check(key<AssetId>(), (id) => {
    const asset = book.state.get('asset', id)
    const isKnown = isV1Kind(asset?.kind) && (isFusion || asset?.archived === false)
    return isKnown ? undefined : unknownKey(id)
  })
}

function fromPlace(asked: Asked): Action {
  const { asset, receiver, place } = asked
  if (asset.kind === 'SUB') return toMembership(asked)
  if (asset.kind === 'BDG') return toBadge(asked)
  if (receiver !== place.wallet) return toRefill(asked)
  return refuseRule(
    asset.issuer === asked.placeId
      ? 'no longuer implemented for REFILL. Send user wallet instead'
      : 'Unauthorized wallet_origin',
  )
}

function toRefill(asked: Asked): Action {
  const { primary, card, placeId, assetId, asset, receiver, amount: cents } = asked
  if (primary === undefined || card === undefined) {
    return refuseRule('Primary card and user card are required for refill transaction')
  }
  if (asset.issuer !== placeId) refuseRule('Unauthorized wallet_origin')
  demandPrimary(asked)
  if (card.wallet !== receiver) refuseRule('User card wallet must be the receiver')
  const to = { card: card.id }
  return { kind: 'refill', asset: assetId, to, amount: cents, primary: primary.id }
}

function toSale(asked: Asked): Action {
  const { means, primary, card, placeId, place, assetId, asset, sender, amount: cents } = asked
  if (primary === undefined) return refuseRule('Primary card is required for sale transaction')
  demandPrimary(asked)
  if (card === undefined) return refuseRule('User card is required for sale transaction')
  if (!isAccepted(asset, { id: placeId, record: place })) refuseRule('Asset not accepted')
  const account = means.book.state.get('account', `${sender}/${assetId}`)
  if (account === undefined && cents > 0n) refuseRule('Sender token does not exist')
  if (available(account) < cents) refuseRule('Not enough token on sender wallet')
  if (card.wallet !== sender) refuseRule('User card wallet must be the sender')
  const parts = [{ asset: assetId, amount: cents }]
  return { kind: 'sale', card: card.id, to: placeId, parts, primary: primary.id }
}

function toMembership(asked: Asked): Action {
  const { means, placeId, assetId, amount: cents, startUs } = asked
  demandSold(asked)
  const startMs = startUs === undefined ? means.now() : Math.floor(startUs / 1_000)
  return {
    kind: 'subscribe',
    place: placeId,
    to: receiverOf(asked),
    asset: assetId,
    amount: cents,
    startMs: Math.min(Math.max(startMs, 0), START_MAX_MS),
    ...primaryOf(asked),
  }
}

/** Latest start of a membership that the book can say: in the year 2255. */
const START_MAX_MS = 9_000_000_000_000

function toBadge(asked: Asked): Action {
  const { placeId, assetId } = asked
  demandSold(asked)
  const from = receiverOf(asked)
  return { kind: 'badge', place: placeId, from, asset: assetId, ...primaryOf(asked) }
}

function demandSold(asked: Asked): void {
  const { placeId, place, asset } = asked
  if (!isAccepted(asset, { id: placeId, record: place })) refuseRule('Asset not accepted')
  demandPrimary(asked)
}

function demandPrimary({ primary, placeId }: Asked): void {
  if (primary !== undefined && !isPrimaryAt(primary, placeId)) refuseRule(NOT_PRIMARY)
}

function primaryOf({ primary }: Asked) {
  return primary === undefined ? {} : { primary: primary.id }
}

function receiverOf({ card, receiver }: Asked): BearerId {
  if (card === undefined) return { wallet: receiver }
  if (card.wallet !== receiver) refuseRule('User card wallet must be the receiver')
  return { card: card.id }
}

export const transactionRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/transaction/',
    access: 'place-signature',
    answer: (call: PlaceCall) => writeTransaction(call, { place: call.place, body: call.body }),
  }),
]
