/** What requests about places, assets, federations, wallets and keys ask the book for. Ids of new things follow from
 * the id of the tx, so that the same request names the same thing. */
import {
  type AssetId,
  deriveId,
  type FederationId,
  type Kid,
  type PlaceId,
  type Subject,
  type TxId,
  type WalletId,
} from '@fedow/ledger'
import { type Caller, demandCan, demandOnPlace, demandOperator, issuerNamed } from './caller.ts'
import { deny } from './denial.ts'
import { type NewDividend, toAskedDividend } from './dividend-intents.ts'
import { type Intent, intentOf } from './intent.ts'
import { type Means, toAction, toTimeMs } from './means.ts'
import { type TermsText, toTerms } from './terms.ts'

type Hashing = Pick<Means, 'hash'>

/** The place and its wallet that the request of an id opens. */
export function placeIdsOf(
  { hash }: Hashing,
  id: TxId,
): { readonly place: PlaceId; readonly wallet: WalletId } {
  return {
    place: deriveId<PlaceId>(hash, 'place', id),
    wallet: deriveId<WalletId>(hash, 'place-wallet', id),
  }
}

/** The operator opens a place on this node. */
export function placeOpenIntent(
  means: Means,
  caller: Caller,
  { id, name }: { readonly id: TxId; readonly name: string },
): Intent {
  demandOperator(caller)
  const { node } = means
  return intentOf(id, [toAction('place-open', { ...placeIdsOf(means, id), name, node })])
}

/** A place takes another name. */
export function placeNameIntent(
  caller: Caller,
  { id, place, name }: { readonly id: TxId; readonly place: PlaceId; readonly name: string },
): Intent {
  demandOnPlace(caller, place, 'assets')
  return intentOf(id, [toAction('place-update', { place, name })])
}

/** The wallet of a person that the request of an id opens. */
export function walletIdOf({ hash }: Hashing, id: TxId): WalletId {
  return deriveId<WalletId>(hash, 'person', id)
}

/** The node opens the wallet of a person. Needs a key for every place, as the wallet is of none. */
export function walletOpenIntent(
  means: Means,
  caller: Caller,
  { id, x }: { readonly id: TxId; readonly x?: string | undefined },
): Intent {
  const wallet = walletIdOf(means, id)
  demandCan(caller, 'spend')
  if (caller.kind === 'key' && caller.key.place !== null)
    deny({ code: 'wallet_out_of_reach', wallet })
  return intentOf(id, [toAction('wallet-open', { wallet, node: means.node, x })])
}

/** The asset that the request of an id makes. */
export function assetIdOf({ hash }: Hashing, id: TxId): AssetId {
  return deriveId<AssetId>(hash, 'asset', id)
}

export interface AssetText {
  readonly place: PlaceId
  readonly kind: string
  readonly name: string
  readonly code: string
  readonly terms?: TermsText | undefined
  readonly dividend?: NewDividend | undefined
}

/** A place makes an asset. */
export function assetIntent(
  means: Means,
  caller: Caller,
  request: AssetText & { id: TxId },
): Intent {
  const { id, place, kind: assetKind, name, code } = request
  demandOnPlace(caller, place, 'assets')
  const asset = assetIdOf(means, id)
  const terms = request.terms && toTerms(request.terms)
  const dividend = request.dividend && toAskedDividend(request.dividend)
  const members = { asset, place, assetKind, name, code, terms, dividend }
  return intentOf(id, [toAction('asset-create', members)])
}

/** An issuer retires an asset. */
export function archiveIntent(
  { book }: Means,
  caller: Caller,
  { id, asset }: { readonly id: TxId; readonly asset: AssetId },
): Intent {
  demandOnPlace(caller, issuerNamed(book.state, asset, 'asset-archive'), 'assets')
  return intentOf(id, [toAction('asset-archive', { asset })])
}

/** An issuer announces other terms. */
export function policyIntent(
  { book }: Means,
  caller: Caller,
  request: {
    readonly id: TxId
    readonly asset: AssetId
    readonly from: string
    readonly terms: TermsText
  },
): Intent {
  const { id, asset } = request
  demandOnPlace(caller, issuerNamed(book.state, asset, 'policy-change'), 'assets')
  const terms = toTerms(request.terms)
  const fromMs = toTimeMs(request.from, '/from')
  return intentOf(id, [toAction('policy-change', { asset, fromMs, terms })])
}

/** The federation that the request of an id founds. */
export function federationIdOf({ hash }: Hashing, id: TxId): FederationId {
  return deriveId<FederationId>(hash, 'federation', id)
}

/** A place founds a federation. */
export function federationIntent(
  means: Means,
  caller: Caller,
  { id, name, place }: { readonly id: TxId; readonly name: string; readonly place: PlaceId },
): Intent {
  demandOnPlace(caller, place, 'federate')
  const federation = federationIdOf(means, id)
  return intentOf(id, [toAction('federation-create', { federation, name, place })])
}

/** A place in its federation. */
export interface Membership {
  readonly id: TxId
  readonly federation: FederationId
  readonly place: PlaceId
}

/** A member invites a place. */
export function invitationIntent(
  caller: Caller,
  { id, ...members }: Membership & { readonly invited: PlaceId },
): Intent {
  demandOnPlace(caller, members.place, 'federate')
  return intentOf(id, [toAction('federation-invite', members)])
}

/** An invited place joins, or a member leaves. */
export function membershipIntent(
  caller: Caller,
  kind: 'federation-accept' | 'federation-leave',
  { id, ...members }: Membership,
): Intent {
  demandOnPlace(caller, members.place, 'federate')
  return intentOf(id, [toAction(kind, members)])
}

/** An issuer shares an asset in a federation, or no longer. */
export function sharingIntent(
  { book }: Means,
  caller: Caller,
  request: {
    readonly kind: 'federation-share' | 'federation-unshare'
    readonly id: TxId
    readonly federation: FederationId
    readonly asset: AssetId
  },
): Intent {
  const { kind, id, federation, asset } = request
  demandOnPlace(caller, issuerNamed(book.state, asset, kind), 'federate')
  return intentOf(id, [toAction(kind, { federation, asset })])
}

export interface KeyLimitsText {
  readonly perSale?: number
  readonly perHour?: number
  readonly perDay?: number
  readonly until?: string
}

export interface KeysText {
  readonly on: Subject
  readonly add: readonly {
    readonly x: string
    readonly can: readonly string[]
    readonly limits?: KeyLimitsText
  }[]
  readonly remove?: readonly Kid[] | undefined
}

/**
 * The first admin key of a place or wallet, by the node's right to enrol. Keys of the network and of nodes are
 * changed by the operator's own key; any later change of the others is a tx that an admin signs.
 */
export function keysIntent(caller: Caller, request: KeysText & { id: TxId }): Intent {
  demandOperator(caller)
  const { id, on, remove = [] } = request
  const add = request.add.map(({ x, can, limits }) =>
    limits === undefined ? { x, can } : { x, can, limits: toLimits(limits) },
  )
  const isOfNetwork = on === 'network' || on.startsWith('node/')
  const intent = intentOf(id, [toAction('keys-change', { on, add, remove })])
  return { ...intent, signer: isOfNetwork ? 'operator' : 'node' }
}

function toLimits({ until, ...limits }: KeyLimitsText): object {
  return { ...limits, ...(until !== undefined && { untilMs: toTimeMs(until, '/add') }) }
}
