/** What people and places want of the book, in the words of the story: names and tags, no id. Pure, and the same in every book. */

import type { Choice } from '@fedow/ledger'
import type { Wish } from './motions.ts'

/** The federated euro, among assets by their name. */
export const FED = 'FED'

/** A card that is shown, or a person with a phone, by their number. */
export type Bearer = { readonly card: string } | { readonly person: number }

/** Minor units of an asset. */
export interface Part {
  readonly asset: string
  readonly amount: number
}

/** One action of a tx. A `till` is the place whose till it is done at, with one of its primary cards. */
export type Deed =
  | { readonly kind: 'wallet'; readonly person: number }
  | { readonly kind: 'link'; readonly person: number; readonly card: string }
  | {
      readonly kind: 'replace'
      readonly person: number
      readonly lost: string
      readonly card: string
    }
  | { readonly kind: 'restore'; readonly card: string }
  | { readonly kind: 'void'; readonly card: string; readonly place: string }
  | ({ readonly kind: 'refill'; readonly to: Bearer; readonly till?: string } & Part)
  | {
      readonly kind: 'sale'
      readonly place: string
      readonly card: string
      readonly parts: readonly Part[]
    }
  | {
      readonly kind: 'phone-sale'
      readonly place: string
      readonly person: number
      readonly parts: readonly Part[]
    }
  | { readonly kind: 'refund'; readonly place: string; readonly card: string }
  | ({ readonly kind: 'give'; readonly from: Giver; readonly to: Giver } & Part & {
        readonly invoice?: string
      })
  | ({ readonly kind: 'hand-in'; readonly place: string } & Part)
  | {
      readonly kind: 'badge'
      readonly place: string
      readonly card: string
      readonly asset: string
    }
  | ({
      readonly kind: 'membership'
      readonly place: string
      readonly card: string
      readonly startMs: number
    } & Part)
  | { readonly kind: 'enrol' | 'admit'; readonly place: string }
  | {
      readonly kind: 'propose'
      readonly place: string
      readonly motion: string
      readonly wish: Wish
      readonly putMs: number
    }
  | {
      readonly kind: 'vote'
      readonly place: string
      readonly motion: string
      readonly choice: Choice
    }
  | { readonly kind: 'issue'; readonly to: Bearer; readonly paid: Payment }
  | { readonly kind: 'payout'; readonly place: string; readonly paid: Payment }

/** Whose gesture it is, as docs/spec/demurrage.md counts them: whoever shows a card, pays, or loses one. */
export function gestureOf(deed: Deed): Bearer | undefined {
  switch (deed.kind) {
    case 'sale':
    case 'refund':
    case 'badge':
    case 'membership':
      return { card: deed.card }
    case 'phone-sale':
    case 'link':
    case 'replace':
      return { person: deed.person }
    case 'issue':
      return deed.to
    case 'refill':
      return 'card' in deed.to ? deed.to : undefined
    case 'give':
      return 'person' in deed.from ? deed.from : undefined
    default:
      return undefined
  }
}

/** Who gives or receives without a card. */
export type Giver = { readonly person: number } | { readonly place: string }

/** Euros outside of the book: to the network for an issue, to a place for a payout. */
export interface Payment {
  /** The reserve account. */
  readonly account: string
  readonly reference: string
  readonly gross: number
  readonly fee: number
}

/** What somebody comes for: one tx. */
export interface Errand {
  /** Unique in a life. */
  readonly name: string
  readonly deeds: readonly Deed[]
  /** True when the book is known to refuse it: somebody has not enough on the card. */
  readonly isRefused: boolean
}
