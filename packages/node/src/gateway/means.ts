/** What every request is turned into actions with. */
import {
  type Action,
  type ActionKind,
  type AssetId,
  action,
  type BearerId,
  type CardId,
  type Hash,
  Malformed,
  type NodeId,
  parseId,
  type WalletId,
  walletOf,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import type { CardDirectory } from '../store/card-directory.ts'
import { deny } from './denial.ts'

export interface Means {
  readonly book: BookReader
  readonly directory: Pick<CardDirectory, 'find'>
  /** This node. */
  readonly node: NodeId
  readonly hash: Hash
  readonly now: () => number
}

/** A card or a wallet, as a request names them: exactly one of the two. */
export interface BearerRef {
  readonly card?: string | undefined
  readonly wallet?: WalletId | undefined
}

/** An amount of an asset as JSON has it, in minor units. */
export interface PartText {
  readonly asset: AssetId
  readonly amount: number
}

/** An action from the members of its JSON; those that are `undefined` are left out. Denies with: malformed. */
export function toAction(kind: ActionKind, members: Readonly<Record<string, unknown>>): Action {
  const present = Object.entries(members).filter(([, value]) => value !== undefined)
  try {
    return action({ kind, ...Object.fromEntries(present) }, '')
  } catch (cause) {
    if (cause instanceof Malformed) {
      deny({ code: 'malformed', where: cause.path, expected: cause.expected })
    }
    throw cause
  }
}

/** The card that a text names: in this node's directory, or by its id in the book. Denies with: card_unknown. */
export function cardNamed({ book, directory }: Means, ref: string): CardId {
  const entry = directory.find(ref)
  if (entry !== undefined) return entry.card
  const id = parseId<CardId>(ref)
  if (id !== undefined && book.state.get('card', id) !== undefined) return id
  return deny({ code: 'card_unknown' })
}

/** The same, when a request names a card at all. */
export function optionalCard(means: Means, ref: string | undefined): CardId | undefined {
  return ref === undefined ? undefined : cardNamed(means, ref)
}

/** Denies with: card_unknown, invalid_request. */
export function bearerNamed(means: Means, { card, wallet }: BearerRef): BearerId {
  if (card !== undefined && wallet === undefined) return { card: cardNamed(means, card) }
  if (wallet !== undefined && card === undefined) return { wallet }
  return deny({ code: 'invalid_request', where: '/', expected: 'exactly one of card and wallet' })
}

/** The wallet that a card pays from, as the book stands. */
export function walletOfCard({ book, hash }: Means, card: CardId): WalletId | undefined {
  const record = book.state.get('card', card)
  return record && walletOf(hash, card, record)
}

/** A moment of a request in milliseconds. Denies with: invalid_request. */
export function toTimeMs(text: string, where: string): number {
  const timeMs = Date.parse(text)
  if (Number.isNaN(timeMs)) deny({ code: 'invalid_request', where, expected: 'a day that exists' })
  return timeMs
}
