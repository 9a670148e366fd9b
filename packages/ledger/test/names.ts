/** Names of vectors and what they stand for. Source: docs/spec/vectors.md, "Names". */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import {
  type CardId,
  cardWalletId,
  concat,
  deriveId,
  encodePayload,
  type Id,
  issuanceWalletId,
  type Json,
  type Kid,
  nobleHash,
  reserveWalletId,
  type StateReader,
  toBase64url,
  toHex,
  toKid,
  toSigningInput,
  toUtf8,
  type UnsignedTx,
  type WalletId,
} from '../src/index.ts'

/** Where offsets of vectors count from: 2026-01-01T00:00:00Z. */
export const START_MS = 1_767_225_600_000

export interface VectorKey {
  readonly x: string
  readonly kid: Kid
  readonly sign: (text: string) => Uint8Array
}

/** The id that a name stands for: a UUIDv8 of H("vector" | name). */
export function toId<T extends Id<string>>(name: string): T {
  return deriveId<T>(nobleHash, 'vector', toUtf8(name))
}

const PKCS8 = Uint8Array.fromHex('302e020100300506032b657004220420')

/** The Ed25519 key whose seed is H("vector key" | name). */
export function toKey(name: string): VectorKey {
  return fromSeed(nobleHash(concat(toUtf8('vector key'), toUtf8(name))))
}

export function fromSeed(seed: Uint8Array): VectorKey {
  const der = Buffer.from(concat(PKCS8, seed))
  const secret: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(secret).export({ format: 'jwk' })
  return { x, kid: toKid(nobleHash, x), sign: (text) => sign(null, toUtf8(text), secret) }
}

/** A compact JWS over a payload, and its payload. */
export function signTx(key: VectorKey, tx: UnsignedTx): { jws: string; json: string } {
  const json = encodePayload(tx)
  return { jws: signText(key, json), json }
}

export function signText(key: VectorKey, json: string): string {
  const input = toSigningInput(key.kid, json)
  return `${input}.${toBase64url(key.sign(input))}`
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }

/** Milliseconds of `7d+1ms`. */
export function toOffset(text: string): number {
  const parts = text.matchAll(/([+-]?)(\d+)(ms|s|m|h|d)/g)
  let total = 0
  let length = 0
  for (const [whole, minus, count, unit = ''] of parts) {
    total += (minus === '-' ? -1 : 1) * Number(count) * (UNIT_MS[unit] ?? 0)
    length += whole.length
  }
  if (length !== text.length) throw new Error(`"${text}" is no time offset, such as 7d+1ms`)
  return total
}

/** Replaces names by what they stand for, and remembers them to name lines again. */
export class Names {
  readonly #seen = new Set(['keeper', 'FED', 'EUR'])

  fill(value: Json | undefined, count = 1): Json {
    if (typeof value === 'string') return this.#fillText(value.replaceAll('{n}', String(count)))
    if (Array.isArray(value)) return value.map((one) => this.fill(one, count))
    if (value === null || typeof value !== 'object') return value as Json
    const entries = Object.entries(value).map(([name, member]) => [
      this.fill(name, count),
      this.fill(member, count),
    ])
    return Object.fromEntries(entries) as Json
  }

  #fillText(text: string): Json {
    if (text.startsWith('@')) return START_MS + toOffset(text.slice(1))
    return text.replaceAll(/\$(?:([a-z]+):)?([^/$]+)/g, (_, kind, name: string) => {
      if (kind !== undefined) return toDerived(kind, name)
      this.#seen.add(name)
      return toId(name)
    })
  }

  /** The wallet of a holder: a place, a card (`card-1#1`: after one void), a reserve account, a wallet. */
  walletOf(state: StateReader, holder: string): WalletId {
    if (holder.includes('/') || holder === 'due-from-keeper')
      return reserveWalletId(nobleHash, holder)
    const [name = ''] = holder.split('#')
    const place = state.get('place', toId(name))
    if (place !== undefined) return place.wallet
    return state.get('card', toId(name)) ? toCardWallet(holder) : toId(holder)
  }

  /** The name of a wallet as vectors write it. */
  nameOf(state: StateReader, wallet: WalletId): string {
    for (const name of this.#seen) {
      const counter = state.get('card', toId(name))?.counter ?? 0
      const holders = Array.from({ length: counter + 1 }, (_, n) =>
        n === 0 ? name : `${name}#${n}`,
      )
      const found = holders.find((holder) => this.walletOf(state, holder) === wallet)
      if (found !== undefined) return found
    }
    return state.get('wallet', wallet)?.name ?? wallet
  }

  /** The name that stands for a card or a line. */
  nameOfId(id: string): string {
    return [...this.#seen].find((name) => toId(name) === id) ?? id
  }

  /** The asset of a code. */
  assetOf(state: StateReader, code: string): Id<'asset'> {
    const ids = [...this.#seen].map((name) => toId<Id<'asset'>>(name))
    const found = ids.filter((id) => state.get('asset', id)?.code === code)
    if (found.length !== 1 || found[0] === undefined) {
      throw new Error(`${found.length} assets of this vector have the code ${code}`)
    }
    return found[0]
  }
}

function toDerived(kind: string, name: string): string {
  switch (kind) {
    case 'key':
      return toKey(name).kid
    case 'x':
      return toKey(name).x
    case 'sha':
      return toHex(nobleHash(toUtf8(name)))
    case 'own':
      return toCardWallet(name)
    case 'bank':
      return reserveWalletId(nobleHash, `bank/${name}`)
    case 'issuance':
      return issuanceWalletId(nobleHash, toId(name))
    default:
      throw new Error(`$${kind}: stands for nothing`)
  }
}

function toCardWallet(holder: string): WalletId {
  const [name = '', counter = '0'] = holder.split('#')
  return cardWalletId(nobleHash, toId<CardId>(name), Number(counter))
}
