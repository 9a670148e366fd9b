import {
  type AssetId,
  deriveId,
  type HoldId,
  type PlaceId,
  refuse,
  type TillId,
  type TxId,
} from '@fedow/ledger'
import { type Caller, demandCan, demandOnPlace, demandOnWallet, walletNamed } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import { type BearerRef, bearerNamed, type Means, toAction, toTimeMs } from './means.ts'

export interface HoldText extends BearerRef {
  readonly place: PlaceId
  readonly asset: AssetId
  readonly amount: number
  readonly expires: string
  readonly till?: TillId | undefined
}

/** The hold that the request of an id opens. */
export function holdIdOf({ hash }: Pick<Means, 'hash'>, id: TxId): HoldId {
  return deriveId<HoldId>(hash, 'hold', id)
}

/** Reserves money of a card or a person for a place. */
export function holdIntent(means: Means, caller: Caller, request: HoldText & { id: TxId }): Intent {
  const { id, place, asset, amount, wallet, till } = request
  const from = bearerNamed(means, request)
  if (wallet === undefined) demandOnPlace(caller, place, 'sell')
  else {
    const record = walletNamed(means.book.state, wallet)
    demandOnWallet(caller, { id: wallet, record }, 'spend')
  }
  const expiresMs = toTimeMs(request.expires, '/expires')
  const hold = holdIdOf(means, id)
  const action = toAction('hold', { hold, from, to: place, asset, amount, expiresMs, till })
  return intentOf(id, [action], BigInt(amount))
}

/** How a hold is ended. */
export interface HoldEnd {
  readonly id: TxId
  readonly hold: HoldId
  readonly amount?: number | undefined
}

/** Pays from a hold. */
export function captureIntent(means: Means, caller: Caller, request: HoldEnd): Intent {
  const { id, hold, amount } = request
  demandOnHold(means, caller, request)
  return intentOf(id, [toAction('capture', { hold, amount })])
}

/** Ends a hold without payment. */
export function releaseIntent(means: Means, caller: Caller, request: HoldEnd): Intent {
  demandOnHold(means, caller, request)
  return intentOf(request.id, [toAction('release', { hold: request.hold })])
}

/**
 * An ended hold is gone from the book. Its place is then read from the lines of the tx that ended it, so that the
 * same request is answered again. Refuses with: hold_not_found.
 */
function demandOnHold(means: Means, caller: Caller, end: HoldEnd): void {
  const open = means.book.state.get('hold', end.hold)
  const place = open === undefined ? placeOfEnded(means, end) : open.place
  if (place === undefined) demandCan(caller, 'sell')
  else demandOnPlace(caller, place, 'sell')
}

function placeOfEnded({ book }: Means, { id, hold }: HoldEnd): PlaceId | undefined {
  const outcome = book.tx(id)?.outcome ?? refuse({ code: 'hold_not_found', hold })
  const to = outcome.status === 'applied' ? outcome.lines[0]?.to : undefined
  return to && book.state.get('wallet', to)?.place
}
