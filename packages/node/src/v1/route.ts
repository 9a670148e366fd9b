/** What a route of v1 is: the seam between its HTTP side and what each route says. */
import type { Action, PlaceId, TxId, WalletId } from '@fedow/ledger'
import type { SignerRole } from '../gateway/intent.ts'
import type { StoredTx } from '../store/book-reader.ts'
import type { Json } from './codec/json.ts'
import type { V1Means } from './means.ts'
import type { V1Key } from './store/keys.ts'

/**
 * Who may call, by the classes of the wire: `open` A0, `creation-key` A1, `key` A2, `place` A3, `place-signature` A4,
 * `wallet` A5, `place-and-wallet` A6.
 */
export type Access =
  | 'open'
  | 'creation-key'
  | 'key'
  | 'place'
  | 'place-signature'
  | 'wallet'
  | 'place-and-wallet'

export interface V1Answer {
  readonly status: number
  /** Absent: no body at all. */
  readonly body?: Json
}

/** A request that may come in: its caller is known, its body is read. */
export interface V1Call {
  readonly means: V1Means
  /** Segments of the address, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The parsed body of a POST; an empty object when there is none. */
  readonly body: Json
  /** The body as it came: what a signature of others covers. */
  readonly bodyText: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Address of the peer. */
  readonly ip: string
  /** The API key of the request, on every route but `open` ones. */
  readonly key: V1Key | undefined
  /** The id of the tx that this request makes: from its signature. Absent on routes without one. */
  readonly id: TxId | undefined
  /**
   * Makes this request's tx, once: when the book has one of its id, that is the answer, and `actions` is not called.
   * All checks of a request with an effect belong in `actions`, since they held when it was first made. Only where `isPure` says
   * so may it be called although the book has the tx; what it refuses then counts for nothing.
   *
   * Throws V1Refusal when the book rejects it, or the node cannot decide now. `id`: for routes without a signature.
   */
  order(actions: () => readonly Action[], options?: OrderOptions): Promise<StoredTx>
}

export interface OrderOptions {
  readonly id?: TxId
  /** Whose key of this node signs; its own when absent. */
  readonly signer?: SignerRole
  /** True when `actions` changes and keeps nothing: for a new request it is called before the book is looked at. */
  readonly isPure?: boolean
}

/** With `place`, `place-signature` or `place-and-wallet`: the place that the key belongs to. */
export interface PlaceCall extends V1Call {
  readonly place: PlaceId
}

/** With `wallet` or `place-and-wallet`: the wallet whose key signed. */
export interface WalletCall extends V1Call {
  readonly wallet: WalletId
}

type CallOf<A extends Access> = A extends 'place' | 'place-signature'
  ? PlaceCall
  : A extends 'wallet'
    ? WalletCall
    : A extends 'place-and-wallet'
      ? PlaceCall & WalletCall
      : V1Call

export interface V1Route {
  readonly method: 'GET' | 'POST'
  /** Such as `/card/:tag/`. */
  readonly path: string
  readonly access: Access
  /** A GET that changes something: a repeat gets the same answer, as with a POST. */
  readonly hasEffect?: boolean
  /** Rare, and what it answers is of no line: the book can't tell it later, so it is kept. */
  readonly keepsAnswer?: boolean
  /** Its body is left unread: nobody looks into it before its signature is checked. */
  readonly isRaw?: boolean
  /** Finds a card by what can be guessed: a key that misses too often must wait. */
  readonly isGuessable?: boolean
  readonly answer: (call: never) => V1Answer | Promise<V1Answer>
}

/** True of a request that is kept for ever: its signature does one thing, once. */
export function hasEffect({ method, hasEffect = method === 'POST' }: V1Route): boolean {
  return hasEffect
}

type RouteOf<A extends Access> = Omit<V1Route, 'access' | 'answer'> & {
  readonly access: A
  readonly answer: (call: CallOf<A>) => V1Answer | Promise<V1Answer>
}

/** A route whose answer gets what its access promises. */
export function route<A extends Access>(of: RouteOf<A>): V1Route {
  return of as V1Route
}
