/** What requests about money ask the book for, and who may ask. */
import {
  type Action,
  type Amount,
  type AssetId,
  available,
  type HandProvider,
  type Hex32,
  isRefundedAt,
  type PlaceId,
  type StateReader,
  type TillId,
  type TxId,
  toHex,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import {
  type Caller,
  demandOnPlace,
  demandOnWallet,
  demandOperator,
  issuerNamed,
  reachesPlace,
  walletNamed,
} from './caller.ts'
import { deny } from './denial.ts'
import { type Intent, intentOf } from './intent.ts'
import {
  type BearerRef,
  bearerNamed,
  cardNamed,
  type Means,
  optionalCard,
  type PartText,
  toAction,
  toTimeMs,
  walletOfCard,
} from './means.ts'
import { isSameSale, splitPrice, total } from './split.ts'

/** A price alone, or its parts: exactly one of the two. */
interface PriceText {
  readonly amount?: number | undefined
  readonly parts?: readonly PartText[] | undefined
}

interface TillText {
  readonly primary?: string | undefined
  readonly till?: TillId | undefined
}

export interface SaleText extends PriceText, TillText {
  readonly place: PlaceId
  readonly card: string
}

/** A card pays at a till. */
export function saleIntent(means: Means, caller: Caller, request: SaleText & { id: TxId }): Intent {
  const { id, place, till } = request
  demandOnPlace(caller, place, 'sell')
  const card = cardNamed(means, request.card)
  const members = { to: place, card, primary: optionalCard(means, request.primary), till }
  return priced(means, request, {
    id,
    place,
    wallet: walletOfCard(means, card),
    toSale: (parts) => toAction('sale', { ...members, parts }) as SaleAction,
  })
}

export interface QrSaleText extends PriceText {
  readonly place: PlaceId
  readonly wallet: WalletId
}

/** A person pays from a phone. */
export function qrSaleIntent(
  means: Means,
  caller: Caller,
  request: QrSaleText & { id: TxId },
): Intent {
  const { id, place, wallet } = request
  const record = walletNamed(means.book.state, wallet)
  demandOnWallet(caller, { id: wallet, record }, 'spend')
  return priced(means, request, {
    id,
    place,
    wallet,
    toSale: (parts) => toAction('qr-sale', { from: wallet, to: place, parts }) as SaleAction,
  })
}

type SaleAction = Extract<Action, { kind: 'sale' | 'qr-sale' }>

interface Priced {
  readonly id: TxId
  readonly place: PlaceId
  readonly wallet: WalletId | undefined
  readonly toSale: (parts: readonly PartText[]) => SaleAction
}

function priced(means: Means, { amount, parts }: PriceText, sale: Priced): Intent {
  if ((amount === undefined) === (parts === undefined)) {
    deny({ code: 'invalid_request', where: '/', expected: 'exactly one of amount and parts' })
  }
  if (parts !== undefined) {
    const action = sale.toSale(parts)
    return intentOf(sale.id, [action], total(action.parts))
  }
  const price = BigInt(amount ?? 0) as Amount
  const { wallet, place, id, toSale } = sale
  const split = () => {
    const { state } = means.book
    // An unknown card has no wallet; the book refuses it by its own words.
    const of = wallet ?? (place as string as WalletId)
    const found = splitPrice(state, { place, wallet: of, amount: price, timeMs: means.now() })
    return toSale(found.map((part) => ({ asset: part.asset, amount: Number(part.amount) })))
  }
  const { fed } = means.book.genesis
  const whole = toSale([{ asset: fed.id, amount: Number(price) }])
  return {
    id,
    signer: 'node',
    amount: price,
    actions: () => [split()],
    isSame: (logged) => isSameSale(logged, whole),
  }
}

export interface RefillText extends BearerRef, TillText {
  readonly asset: AssetId
  readonly amount: number
  /** Federated euros: the place that sells them. */
  readonly place?: PlaceId | undefined
  /** How the place was paid, when a reference shows it. */
  readonly evidence?: { readonly provider: HandProvider; readonly reference: string } | undefined
}

/** An issuer creates its own money, or a place sells federated euros that it has. */
export function refillIntent(
  means: Means,
  caller: Caller,
  request: RefillText & { id: TxId },
): Intent {
  const { id, asset, amount, till, place } = request
  demandOnPlace(caller, place ?? issuerNamed(means.book.state, asset, 'refill'), 'issue')
  const to = bearerNamed(means, request)
  const primary = optionalCard(means, request.primary)
  const evidence = request.evidence && {
    provider: request.evidence.provider,
    reference: shaOf(means, handReference(request.evidence.reference)),
  }
  const action = toAction('refill', { asset, to, amount, primary, till, place, evidence })
  return intentOf(id, [action], BigInt(amount))
}

/** A reference as it is hashed, so that nobody enters it twice by other spaces or letters. Source: docs/spec/refill.md. */
function handReference(text: string): string {
  const reference = text.normalize('NFC').trim().replace(/\s+/gu, ' ').toUpperCase()
  if (reference !== '') return reference
  return deny({ code: 'invalid_request', where: '/evidence/reference', expected: 'a reference' })
}

export interface RefundText extends TillText {
  readonly place: PlaceId
  readonly card: string
  readonly parts?: readonly PartText[] | undefined
  readonly void?: boolean | undefined
}

/** A place gives cash for what is on a card; with `void`, the card is like new afterwards. */
export function refundIntent(
  means: Means,
  caller: Caller,
  request: RefundText & { id: TxId },
): Intent {
  const { id, place, parts, till } = request
  demandOnPlace(caller, place, 'issue')
  if (request.void === true) demandOnPlace(caller, place, 'cards')
  const card = cardNamed(means, request.card)
  const primary = optionalCard(means, request.primary)
  const actions = [toAction('refund', { card, place, parts, primary, till })]
  if (request.void === true) actions.push(toAction('card-void', { card, place }))
  const amount =
    parts === undefined
      ? refundable(means.book.state, {
          place,
          wallet: walletOfCard(means, card),
          timeMs: means.now(),
        })
      : parts.reduce((sum, part) => sum + BigInt(part.amount), 0n)
  return intentOf(id, actions, amount)
}

function refundable(
  state: StateReader,
  { place, wallet, timeMs }: { place: PlaceId; wallet: WalletId | undefined; timeMs: number },
): bigint {
  let whole = 0n
  for (const id of (wallet && state.get('wallet', wallet)?.assets) ?? []) {
    const asset = state.get('asset', id)
    if (asset === undefined || !isRefundedAt(asset, place, timeMs)) continue
    whole += available(state.get('account', `${wallet}/${id}`))
  }
  return whole
}

export interface TransferText extends PartText {
  readonly from: WalletId
  readonly to: WalletId
  readonly invoice?: string | undefined
}

/** Money from one wallet to another. */
export function transferIntent(
  means: Means,
  caller: Caller,
  request: TransferText & { id: TxId },
): Intent {
  const { id, ...members } = request
  const record = walletNamed(means.book.state, request.from)
  demandOnWallet(caller, { id: request.from, record }, 'spend')
  return intentOf(id, [toAction('transfer', { ...members })], BigInt(request.amount))
}

export interface EvidenceText {
  readonly account: string
  readonly reference: string
  readonly gross: number
  readonly fee: number
  readonly net: number
}

/** The keeper issues federated euros for a payment. */
export function issueIntent(
  means: Means,
  caller: Caller,
  request: BearerRef & { readonly evidence: EvidenceText; readonly id: TxId },
): Intent {
  demandOperator(caller)
  const to = bearerNamed(means, request)
  const action = toAction('issue', { to, evidence: toEvidence(means, request.evidence) })
  return { ...intentOf(request.id, [action]), signer: 'keeper' }
}

/** The reference of a payment enters the book as its SHA-256. */
export function toEvidence({ hash }: Means, evidence: EvidenceText): object {
  return { ...evidence, reference: shaOf({ hash }, evidence.reference) }
}

function shaOf({ hash }: Pick<Means, 'hash'>, text: string): Hex32 {
  return toHex(hash(toUtf8(text))) as Hex32
}

export interface DepositText extends PartText {
  readonly place: PlaceId
  readonly evidence?: EvidenceText | undefined
}

/** A place hands money in. Federated euros are paid out by the keeper. */
export function depositIntent(
  means: Means,
  caller: Caller,
  request: DepositText & { id: TxId },
): Intent {
  const { id, place, asset, amount } = request
  const isFed = asset === means.book.genesis.fed.id
  if (isFed) demandOperator(caller)
  else demandHolderOrIssuer(means, caller, { place, asset })
  const evidence = request.evidence && toEvidence(means, request.evidence)
  const action = toAction('deposit', { place, asset, amount, evidence })
  return { ...intentOf(id, [action], BigInt(amount)), signer: isFed ? 'keeper' : 'node' }
}

function demandHolderOrIssuer(
  { book }: Means,
  caller: Caller,
  { place, asset }: { place: PlaceId; asset: AssetId },
): void {
  const issuer = issuerNamed(book.state, asset, 'deposit')
  if (reachesPlace(caller, issuer) && !reachesPlace(caller, place)) {
    demandOnPlace(caller, issuer, 'issue')
  } else if (issuer === place) {
    demandOnPlace(caller, place, 'spend', 'issue')
  } else {
    demandOnPlace(caller, place, 'spend')
  }
}

export interface SubscriptionText extends BearerRef, TillText, PartText {
  readonly place: PlaceId
  readonly start: string
}

/** A place records a paid membership. */
export function subscriptionIntent(
  means: Means,
  caller: Caller,
  request: SubscriptionText & { id: TxId },
): Intent {
  const { id, place, asset, amount, till } = request
  demandOnPlace(caller, place, 'sell')
  const to = bearerNamed(means, request)
  const primary = optionalCard(means, request.primary)
  const startMs = toTimeMs(request.start, '/start')
  const action = toAction('subscribe', { place, to, asset, amount, startMs, primary, till })
  return intentOf(id, [action], BigInt(amount))
}

export interface BadgeText extends BearerRef {
  readonly place: PlaceId
  readonly asset: AssetId
  readonly primary?: string | undefined
}

/** Somebody clocks in or out. */
export function badgeIntent(
  means: Means,
  caller: Caller,
  request: BadgeText & { id: TxId },
): Intent {
  const { id, place, asset } = request
  demandOnPlace(caller, place, 'sell')
  const from = bearerNamed(means, request)
  const primary = optionalCard(means, request.primary)
  return intentOf(id, [toAction('badge', { place, from, asset, primary })])
}
