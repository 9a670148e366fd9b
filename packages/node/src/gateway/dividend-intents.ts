/** What requests about free money ask the book for. */
import {
  type AssetId,
  memberId,
  type PlaceId,
  refuse,
  type TxId,
  type WalletId,
} from '@fedow/ledger'
import { type Caller, demandOnPlace, demandOnWallet, walletNamed } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import { type Means, toAction, toTimeMs } from './means.ts'

/** The terms of a new dividend: its moments are ISO 8601 in requests, and milliseconds in the book. */
export type NewDividend = {
  readonly firstDividend?: string
  readonly firstReeval?: string
} & object

export function toAskedDividend({ firstDividend, firstReeval, ...terms }: NewDividend): object {
  return {
    ...terms,
    ...(firstDividend !== undefined && {
      firstMs: toTimeMs(firstDividend, '/dividend/firstDividend'),
    }),
    ...(firstReeval !== undefined && {
      firstReevalMs: toTimeMs(firstReeval, '/dividend/firstReeval'),
    }),
  }
}

/** A person and free money, in a request. */
export interface MemberRequest {
  readonly id: TxId
  readonly asset: AssetId
  readonly wallet: WalletId
}

/** A member takes the dividends that are due. */
export function claimIntent({ book }: Means, caller: Caller, request: MemberRequest): Intent {
  const { id, asset, wallet } = request
  demandOnWallet(caller, { id: wallet, record: walletNamed(book.state, wallet) }, 'spend')
  return intentOf(id, [toAction('dividend', { asset, wallet })])
}

/** A place admits a person. */
export function admissionIntent(
  caller: Caller,
  { id, ...members }: MemberRequest & { readonly place: PlaceId },
): Intent {
  demandOnPlace(caller, members.place, 'assets')
  return intentOf(id, [toAction('member-admit', members)])
}

/**
 * A membership ends, by who may spend from the wallet, or by the place that admitted. The book judges the key of this
 * node, which keeps the wallets of persons: that it is this place is judged here. Refuses with: not_authorised.
 */
export function leaveIntent(
  { book }: Means,
  caller: Caller,
  request: MemberRequest & { readonly place?: PlaceId | undefined },
): Intent {
  const { id, asset, wallet, place } = request
  if (place === undefined) {
    demandOnWallet(caller, { id: wallet, record: walletNamed(book.state, wallet) }, 'spend')
  } else {
    demandOnPlace(caller, place, 'assets')
    const member = book.state.get('member', memberId({ asset, wallet }))
    if (member !== undefined && member.place !== place) {
      refuse({ code: 'not_authorised', can: 'assets', on: `place/${member.place}` })
    }
  }
  return intentOf(id, [toAction('member-leave', { asset, wallet })])
}
