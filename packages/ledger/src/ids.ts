import { toU64 } from './bytes.ts'
import { type Hash, hashParts } from './hash.ts'
import { matching, type Shape } from './shape.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A UUID, lower case with hyphens, of any version. Brands keep a card from standing where a wallet is meant. */
export type Id<Name extends string> = Branded<Name>
export type WalletId = Id<'wallet'>
export type AssetId = Id<'asset'>
export type PlaceId = Id<'place'>
export type CardId = Id<'card'>
export type BatchId = Id<'batch'>
export type FederationId = Id<'federation'>
export type HoldId = Id<'hold'>
export type NodeId = Id<'node'>
export type OfferId = Id<'offer'>
export type PayoutId = Id<'payout'>
export type ProposalId = Id<'proposal'>
export type TillId = Id<'till'>
export type TxId = Id<'tx'>
export type LineId = Id<'line'>

/** The RFC 7638 thumbprint of an Ed25519 public key: 43 characters of base64url. */
export type Kid = Branded<'kid'>

/** SHA-256 in lower-case hexadecimal. */
export type Hex32 = Branded<'sha256'>

/** The chain: 16 bytes of the genesis hash, in lower-case hexadecimal. */
export type ChainId = Branded<'chain'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The shape of an id of this name. */
export function id<Name extends string>(): Shape<Id<Name>> {
  return matching<Id<Name>>(UUID, 'a UUID in lower case')
}

/** Narrows untrusted text to an id, or `undefined` when the shape is wrong. */
export function parseId<T extends Id<string>>(text: string): T | undefined {
  return UUID.test(text) ? (text as T) : undefined
}

export const walletId = id<'wallet'>()
export const assetId = id<'asset'>()
export const placeId = id<'place'>()
export const cardId = id<'card'>()
export const batchId = id<'batch'>()
export const federationId = id<'federation'>()
export const holdId = id<'hold'>()
export const nodeId = id<'node'>()
export const offerId = id<'offer'>()
export const payoutId = id<'payout'>()
export const proposalId = id<'proposal'>()
export const tillId = id<'till'>()
export const txId = id<'tx'>()
export const lineId = id<'line'>()
export const kid: Shape<Kid> = matching(/^[A-Za-z0-9_-]{43}$/, 'a key thumbprint')
export const hex32: Shape<Hex32> = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')
export const chainId: Shape<ChainId> = matching(/^[0-9a-f]{32}$/, 'a chain id')

/** What hexadecimal digits are worth, by their character code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = String.fromCharCode(code)
  return /[0-9a-f]/.test(digit) ? Number.parseInt(digit, 16) : 0
})

/** The 16 bytes of a UUID. Every payment reads some: the engine's reader of hexadecimal needs a text without hyphens first. */
export function toUuidBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  let at = 0
  for (let index = 0; index < 16; index += 1) {
    if (text[at] === '-') at += 1
    const high = DIGITS[text.charCodeAt(at)] ?? 0
    bytes[index] = high * 16 + (DIGITS[text.charCodeAt(at + 1)] ?? 0)
    at += 2
  }
  return bytes
}

/** The text of 16 bytes as they are. */
export function fromUuidBytes(bytes: Uint8Array): string {
  const hex = bytes.toHex()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * A UUID of version 8 (RFC 9562) derived by hash: the first 16 bytes with version and variant set.
 *
 * Parts: quoted words as ASCII text, ids and hashes as raw bytes, integers as 8 bytes big-endian.
 * Source: docs/spec/hashing.md.
 */
export function deriveId<T extends Id<string>>(hash: Hash, ...parts: readonly IdPart[]): T {
  const bytes = Uint8Array.from(hashParts(hash, ...parts.map(toBytes)).subarray(0, 16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return fromUuidBytes(bytes) as T
}

type IdPart = string | number | Uint8Array

function toBytes(part: IdPart): Uint8Array | string {
  if (typeof part === 'number') return toU64(part)
  if (typeof part !== 'string') return part
  return UUID.test(part) ? toUuidBytes(part) : part
}

/** The wallet of a card that no person holds, until the card is voided again. */
export function cardWalletId(hash: Hash, card: CardId, counter: number): WalletId {
  return deriveId<WalletId>(hash, 'card', card, counter)
}

/** The wallet whose account is an asset's issuance: the only one without a floor. */
export function issuanceWalletId(hash: Hash, asset: AssetId): WalletId {
  return deriveId<WalletId>(hash, 'issuance', asset)
}
