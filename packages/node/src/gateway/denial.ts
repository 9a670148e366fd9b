import type { PlaceId, WalletId } from '@fedow/ledger'

/** Why a request of a caller is not made a tx, or not answered: nothing has reached the order. */
export type Denial =
  | { readonly code: 'credential_missing' }
  | { readonly code: 'operator_only' }
  | { readonly code: 'capability_missing'; readonly can: string }
  | { readonly code: 'place_out_of_reach'; readonly place: PlaceId }
  | { readonly code: 'wallet_out_of_reach'; readonly wallet: WalletId }
  | { readonly code: 'line_out_of_reach' }
  | { readonly code: 'role_missing'; readonly can: string }
  | { readonly code: 'card_unknown' }
  | { readonly code: 'idempotency_key_reused' }
  | { readonly code: 'malformed'; readonly where: string; readonly expected: string }
  | { readonly code: 'invalid_request'; readonly where: string; readonly expected: string }

/** Thrown by the gateway; the door that the caller came through says it in its own words. */
export class Denied extends Error {
  readonly denial: Denial

  constructor(denial: Denial) {
    super(denial.code)
    this.name = 'Denied'
    this.denial = denial
  }
}

/** Refuses a request before it is anything. */
export function deny(denial: Denial): never {
  throw new Denied(denial)
}
