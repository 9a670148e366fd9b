/** What several routes of Lespass have: fields, headers, and the line that they answer. */
import { type AssetId, assert, type PlaceId, type WalletId } from '@fedow/ledger'
import type { BookReader, StoredTx } from '../../store/book-reader.ts'
import { check, type Field, key, text } from '../codec/fields.ts'
import type { Json } from '../codec/json.ts'
import { unknownKey } from '../codec/messages.ts'
import { isUsablePem } from '../codec/signature.ts'
import { isV1Kind } from '../objects/labels.ts'
import type { PlaceCall, V1Call } from '../route.ts'
import { linesOf } from './ordered.ts'

export const NOT_A_KEY = 'Public key not valid, must be 2048 min rsa key'

/** The text of a public key. */
export function publicPem(max: number): Field<string> {
  return check(text({ max }), (pem) => (isUsablePem(pem) ? undefined : NOT_A_KEY))
}

/** A place of the book. */
export function placeKey({ state }: BookReader): Field<PlaceId> {
  return known((id) => state.get('place', id) !== undefined)
}

/** A wallet of the book. */
export function walletKey({ state }: BookReader): Field<WalletId> {
  return known((id) => state.get('wallet', id) !== undefined)
}

/** An asset that v1 sees, archived or not. */
export function assetKey({ state }: BookReader): Field<AssetId> {
  return known((id) => isV1Kind(state.get('asset', id)?.kind))
}

function known<Name extends string>(isThere: (id: Name) => boolean): Field<Name> {
  return check(key<Name>(), (id) => (isThere(id as Name) ? undefined : unknownKey(id)))
}

/** A header as it came, or nothing. */
export function headerOf({ headers }: V1Call, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** The last line of a tx as v1 shows it: of a refill the one that reaches the wallet. */
export function lineShown({ means, place }: PlaceCall, stored: StoredTx): Json {
  const line = linesOf(stored).findLast((one) => means.objects.isShown(one))
  assert(line !== undefined, 'a tx that moves something has a line')
  return means.objects.transaction(line, { place, at: line.number })
}
