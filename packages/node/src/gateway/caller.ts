/** Who is calling, and what of the node is in their reach. The book judges the keys of txs by itself. */
import {
  type AssetId,
  type PlaceId,
  refuse,
  type StateReader,
  type Wallet,
  type WalletId,
} from '@fedow/ledger'
import type { ApiCapability, ApiKey } from '../store/api-keys.ts'
import { deny } from './denial.ts'

/**
 * `public`: nobody in particular. `key`: a program with an API key. `operator`: somebody on the machine of the node,
 * who can reach the socket of its data folder.
 */
export type Caller =
  | { readonly kind: 'public' }
  | { readonly kind: 'key'; readonly key: ApiKey }
  | { readonly kind: 'operator' }

export const PUBLIC: Caller = { kind: 'public' }
export const OPERATOR: Caller = { kind: 'operator' }

/** Demands somebody in particular. */
export function demandCredential(caller: Caller): void {
  if (caller.kind === 'public') deny({ code: 'credential_missing' })
}

/** Demands the operator. */
export function demandOperator(caller: Caller): void {
  if (caller.kind !== 'operator') deny({ code: 'operator_only' })
}

/** Demands one of some capabilities, whatever they are used on. */
export function demandCan(caller: Caller, ...can: readonly ApiCapability[]): void {
  if (caller.kind === 'operator') return
  if (caller.kind === 'public') deny({ code: 'credential_missing' })
  const [wanted = ''] = can
  if (!can.some((one) => caller.key.can.includes(one))) {
    deny({ code: 'capability_missing', can: wanted })
  }
}

/** Demands one of some capabilities on a place. */
export function demandOnPlace(
  caller: Caller,
  place: PlaceId,
  ...can: readonly ApiCapability[]
): void {
  demandCan(caller, ...can)
  if (!reachesPlace(caller, place)) deny({ code: 'place_out_of_reach', place })
}

/** True for a key of this place or of every place, and for the operator. */
export function reachesPlace(caller: Caller, place: PlaceId | undefined): boolean {
  if (caller.kind === 'operator') return true
  if (caller.kind === 'public') return false
  return caller.key.place === null || caller.key.place === place
}

/**
 * Demands one of some capabilities on a wallet. The key of a place reaches the wallet of that place alone; wallets of
 * persons need a key for every place: no venue spends the money of another's members.
 */
export function demandOnWallet(
  caller: Caller,
  { id, record }: { readonly id: WalletId; readonly record: Wallet },
  ...can: readonly ApiCapability[]
): void {
  demandCan(caller, ...can)
  if (!reachesPlace(caller, record.place)) deny({ code: 'wallet_out_of_reach', wallet: id })
}

/** The wallet of this id, as early as it is named. Refuses with: wallet_not_found. */
export function walletNamed(state: StateReader, id: WalletId): Wallet {
  return state.get('wallet', id) ?? refuse({ code: 'wallet_not_found', wallet: id })
}

/** The issuer of an asset, whose key is asked for. Refuses with: asset_not_found, kind_refuses_action. */
export function issuerNamed(state: StateReader, id: AssetId, action: string): PlaceId {
  const asset = state.get('asset', id)
  if (asset === undefined || asset.kind === 'EUR') refuse({ code: 'asset_not_found', asset: id })
  const { issuer, kind } = asset
  return issuer ?? refuse({ code: 'kind_refuses_action', asset: id, kind, action })
}

/** The only place whose lines and wallets a caller sees; `undefined` for all of them. */
export function onlyPlaceOf(caller: Caller): PlaceId | undefined {
  return caller.kind === 'key' ? (caller.key.place ?? undefined) : undefined
}
