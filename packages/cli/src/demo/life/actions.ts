/** From deeds to actions of the ledger: names and tags become the ids that they have in one book. */
import {
  type Action,
  type Amount,
  type AssetId,
  type BearerId,
  type CardId,
  type Hex32,
  type NodeId,
  nobleHash,
  type PlaceId,
  type ProposalId,
  toHex,
  toUtf8,
  type WalletId,
  type What,
} from '@fedow/ledger'
import { type Bearer, type Deed, FED, type Giver, type Part, type Payment } from './deed.ts'
import { termsOf, type Wish } from './motions.ts'

/** The ids of one book. */
export interface Ids {
  readonly node: NodeId
  readonly place: (name: string) => PlaceId
  readonly asset: (name: string) => AssetId
  readonly card: (tag: string) => CardId
  /** The wallet of a place. */
  readonly wallet: (place: string) => WalletId
  /** The wallet of a person, by their number. */
  readonly person: (number: number) => WalletId
  /** The primary card of a till of a place; one card meets the same till each time. */
  readonly till: (place: string, card: string) => CardId
  /** The public key of the manager of a place. */
  readonly manager: (place: string) => string
  readonly proposal: (motion: string) => ProposalId
  /** The fund of the commons, and how many cents it has now. */
  readonly commons: { readonly wallet: WalletId; readonly cents: () => number }
}

export function toAction(deed: Deed, ids: Ids): Action {
  switch (deed.kind) {
    case 'wallet':
      return { kind: 'wallet-open', wallet: ids.person(deed.person), node: ids.node }
    case 'link':
    case 'replace':
    case 'restore':
    case 'void':
      return toCardAction(deed, ids)
    case 'badge':
    case 'membership':
      return toMemberAction(deed, ids)
    case 'sale':
    case 'phone-sale':
    case 'refund':
      return toTillAction(deed, ids)
    case 'enrol':
    case 'admit':
    case 'propose':
    case 'vote':
      return toVoterAction(deed, ids)
    default:
      return toMoneyAction(deed, ids)
  }
}

type OfKind<K extends Deed['kind']> = Extract<Deed, { readonly kind: K }>

function toCardAction(deed: OfKind<'link' | 'replace' | 'restore' | 'void'>, ids: Ids): Action {
  const card = ids.card(deed.card)
  switch (deed.kind) {
    case 'link':
      return { kind: 'card-link', card, wallet: ids.person(deed.person) }
    case 'replace': {
      const lost = ids.card(deed.lost)
      return { kind: 'card-replace', lost, card, wallet: ids.person(deed.person) }
    }
    case 'restore':
      return { kind: 'card-restore', card }
    case 'void':
      return { kind: 'card-void', card, place: ids.place(deed.place) }
  }
}

function toMemberAction(deed: OfKind<'badge' | 'membership'>, ids: Ids): Action {
  const asset = ids.asset(deed.asset)
  const place = ids.place(deed.place)
  const primary = ids.till(deed.place, deed.card)
  const bearer = { card: ids.card(deed.card) }
  if (deed.kind === 'badge') return { kind: 'badge', place, from: bearer, asset, primary }
  const amount = toAmount(deed.amount)
  return { kind: 'subscribe', place, to: bearer, asset, amount, startMs: deed.startMs, primary }
}

function toTillAction(deed: OfKind<'sale' | 'phone-sale' | 'refund'>, ids: Ids): Action {
  const place = ids.place(deed.place)
  if (deed.kind === 'phone-sale') {
    const parts = toParts(deed.parts, ids)
    return { kind: 'qr-sale', from: ids.person(deed.person), to: place, parts }
  }
  const card = ids.card(deed.card)
  const primary = ids.till(deed.place, deed.card)
  if (deed.kind === 'refund') return { kind: 'refund', card, place, primary }
  return { kind: 'sale', card, to: place, parts: toParts(deed.parts, ids), primary }
}

function toVoterAction(deed: OfKind<'enrol' | 'admit' | 'propose' | 'vote'>, ids: Ids): Action {
  const place = ids.place(deed.place)
  switch (deed.kind) {
    case 'enrol': {
      const add = [{ x: ids.manager(deed.place), can: ['admin'] as const }]
      return { kind: 'keys-change', on: `place/${place}`, add, remove: [] }
    }
    case 'admit':
      return { kind: 'place-admit', place }
    case 'propose': {
      const { motion, wish, putMs } = deed
      const what = toWhat(wish, putMs, ids)
      const text = toHash(`Made-up text of the motion: ${motion}`)
      return { kind: 'propose', proposal: ids.proposal(motion), place, what, text }
    }
    case 'vote':
      return { kind: 'vote', proposal: ids.proposal(deed.motion), place, choice: deed.choice }
  }
}

function toWhat(wish: Wish, putMs: number, ids: Ids): What {
  switch (wish.kind) {
    case 'admit':
      return { kind: 'admit', place: ids.place(wish.place) }
    case 'policy': {
      const { fromMs, ...terms } = termsOf(wish, putMs)
      return { kind: 'policy', asset: ids.asset(wish.asset), fromMs, terms }
    }
    case 'parameter':
      return { kind: 'parameter', name: wish.name, value: BigInt(wish.value) as Amount }
    case 'grant': {
      const { wallet: fund, cents } = ids.commons
      const half = Math.max(1, Math.floor(cents() / 2))
      const amount = toAmount(wish.amount === 'half' ? half : wish.amount)
      return { kind: 'grant', fund, to: ids.wallet(wish.to), asset: ids.asset(FED), amount }
    }
  }
}

function toMoneyAction(
  deed: OfKind<'refill' | 'give' | 'hand-in' | 'issue' | 'payout'>,
  ids: Ids,
): Action {
  switch (deed.kind) {
    case 'refill': {
      const asset = ids.asset(deed.asset)
      const { till, to } = deed
      const primary = till !== undefined && 'card' in to ? ids.till(till, to.card) : undefined
      const order = { asset, to: toBearer(to, ids), amount: toAmount(deed.amount) }
      return { kind: 'refill', ...order, ...(primary && { primary }) }
    }
    case 'give': {
      const { invoice } = deed
      const between = { from: toWallet(deed.from, ids), to: toWallet(deed.to, ids) }
      const order = { ...between, asset: ids.asset(deed.asset), amount: toAmount(deed.amount) }
      return { kind: 'transfer', ...order, ...(invoice && { invoice: toHash(invoice) }) }
    }
    case 'hand-in': {
      const asset = ids.asset(deed.asset)
      return { kind: 'deposit', place: ids.place(deed.place), asset, amount: toAmount(deed.amount) }
    }
    case 'issue':
      return { kind: 'issue', to: toBearer(deed.to, ids), evidence: toEvidence(deed.paid) }
    case 'payout': {
      const evidence = toEvidence(deed.paid)
      const asset = ids.asset('FED')
      const order = { place: ids.place(deed.place), asset, amount: evidence.gross }
      return { kind: 'deposit', ...order, evidence }
    }
  }
}

function toBearer(bearer: Bearer, ids: Ids): BearerId {
  return 'card' in bearer ? { card: ids.card(bearer.card) } : { wallet: ids.person(bearer.person) }
}

function toWallet(giver: Giver, ids: Ids): WalletId {
  return 'place' in giver ? ids.wallet(giver.place) : ids.person(giver.person)
}

function toParts(parts: readonly Part[], ids: Ids) {
  return parts.map(({ asset, amount }) => ({ asset: ids.asset(asset), amount: toAmount(amount) }))
}

function toEvidence({ account, reference, gross, fee }: Payment) {
  const amounts = { gross: toAmount(gross), fee: toAmount(fee), net: toAmount(gross - fee) }
  return { account, reference: toHash(reference), ...amounts }
}

function toAmount(amount: number): Amount {
  return BigInt(amount) as Amount
}

function toHash(text: string): Hex32 {
  return toHex(nobleHash(toUtf8(text))) as Hex32
}
