/** What requests about offers and exchange ask the book for, and which offers can be taken. */
import { setImmediate } from 'node:timers/promises'
import {
  type AssetId,
  deriveId,
  isAccepted,
  type Offer,
  type OfferId,
  type PlaceId,
  refuse,
  type StateReader,
  type TillId,
  type TxId,
} from '@fedow/ledger'
import { type Caller, demandCan, demandOnPlace, demandOnWallet, walletNamed } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import {
  type BearerRef,
  bearerNamed,
  type Means,
  optionalCard,
  toAction,
  toTimeMs,
} from './means.ts'
import type { LiveOffer } from './offer-loops.ts'

/** The offer that the request of an id opens. */
export function offerIdOf({ hash }: Pick<Means, 'hash'>, id: TxId): OfferId {
  return deriveId<OfferId>(hash, 'offer', id)
}

export interface OfferText {
  readonly place: PlaceId
  readonly give: AssetId
  readonly take: AssetId
  readonly rate: { readonly give: number; readonly take: number }
  readonly perPersonDay?: number | undefined
  readonly minimum?: number | undefined
  readonly until?: string | undefined
}

/** A place opens an offer. */
export function offerIntent(
  means: Means,
  caller: Caller,
  { id, until, ...terms }: OfferText & { readonly id: TxId },
): Intent {
  demandOnPlace(caller, terms.place, 'spend')
  const untilMs = until === undefined ? undefined : toTimeMs(until, '/until')
  return intentOf(id, [toAction('offer-open', { offer: offerIdOf(means, id), ...terms, untilMs })])
}

/** A place takes an offer back. */
export function offerEndIntent(
  means: Means,
  caller: Caller,
  { id, offer }: { readonly id: TxId; readonly offer: OfferId },
): Intent {
  demandAtOffer(means, caller, { id, offer, can: 'spend' })
  return intentOf(id, [toAction('offer-close', { offer })])
}

export interface ExchangeText extends BearerRef {
  readonly offer: OfferId
  readonly take: number
  readonly primary?: string | undefined
  readonly till?: TillId | undefined
}

/** Somebody takes an offer. */
export function exchangeIntent(
  means: Means,
  caller: Caller,
  request: ExchangeText & { readonly id: TxId },
): Intent {
  const { id, offer, wallet, take, till } = request
  const bearer = bearerNamed(means, request)
  if (wallet === undefined) demandAtOffer(means, caller, { id, offer, can: 'sell' })
  else {
    const record = walletNamed(means.book.state, wallet)
    demandOnWallet(caller, { id: wallet, record }, 'spend')
  }
  const primary = optionalCard(means, request.primary)
  return intentOf(id, [toAction('exchange', { offer, bearer, take, primary, till })], BigInt(take))
}

/** A request that was decided is answered again though its offer is closed by now. Refuses with: offer_not_found. */
function demandAtOffer(
  { book }: Means,
  caller: Caller,
  {
    id,
    offer,
    can,
  }: { readonly id: TxId; readonly offer: OfferId; readonly can: 'sell' | 'spend' },
): void {
  const open = book.state.get('offer', offer)
  if (open !== undefined) demandOnPlace(caller, open.place, can)
  else if (book.tx(id) !== undefined) demandCan(caller, can)
  else refuse({ code: 'offer_not_found', offer })
}

/** True when an offer can be taken, as far as place, assets and time say. */
export function isLive(
  state: StateReader,
  { place: id, give, take, untilMs }: Offer,
  timeMs: number,
): boolean {
  const record = state.get('place', id)
  const [given, taken] = [state.get('asset', give), state.get('asset', take)]
  if (record === undefined || record.suspended || given === undefined || given.archived)
    return false
  if (untilMs !== undefined && timeMs >= untilMs) return false
  return taken !== undefined && isAccepted(taken, { id, record })
}

/** Offers of one read: between them the thread belongs to payments. */
const STRETCH = 500

/** Every offer that can be taken. */
export async function liveOffers({ book, now }: Means): Promise<readonly LiveOffer[]> {
  const live: LiveOffer[] = []
  let after: string | undefined
  for (;;) {
    const page = book.records('offer', { after, limit: STRETCH })
    for (const { id, record } of page) {
      if (isLive(book.state, record, now())) live.push({ id: id as OfferId, ...record })
    }
    after = page.at(-1)?.id
    if (after === undefined || page.length < STRETCH) return live
    await setImmediate()
  }
}
