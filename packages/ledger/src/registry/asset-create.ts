import { ZERO } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { demandLawful } from '../commons/demurrage.ts'
import { askedDividend } from '../commons/dividend-terms.ts'
import { startDividend } from '../commons/membership.ts'
import { type Context, type Effects, lawOf } from '../context.ts'
import { assetId, issuanceWalletId, placeId } from '../ids.ts'
import { type Asset, type AssetKind, assetCode, assetName } from '../records.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object, oneOf, optional, timeUs } from '../shape.ts'
import { demandFreeName } from './asset-name.ts'
import { openPlace } from './place.ts'
import { type PolicyTerms, policyTerms } from './policy.ts'

/** A place makes its own money, points, badge or membership. Source: docs/spec/assets.md. */
export const assetCreateAction = object({
  kind: literal('asset-create'),
  asset: assetId,
  place: placeId,
  assetKind: oneOf(['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'LIB', 'MUT']),
  name: assetName,
  code: assetCode,
  /** Absent: the usual terms of the kind. */
  terms: optional(policyTerms),
  /** Of free money alone, which has it always. */
  dividend: optional(askedDividend),
  /** When its issuer made it elsewhere, earlier; block time when that is earlier, or when absent. Orders nothing. */
  createdUs: optional(timeUs),
})
export type AssetCreate = Of<typeof assetCreateAction>

/** The terms of a kind, when its issuer says nothing else. */
export function usualTerms(kind: AssetKind): PolicyTerms {
  const refund = kind === 'TLF' ? 'issuer' : kind === 'FED' ? 'payout' : 'never'
  const personToPerson = kind === 'TIM' || kind === 'LIB' || kind === 'MUT'
  return { personToPerson, spendAt: { accepted: true }, refund, limits: {}, dayStartUtcMinutes: 0 }
}

/**
 * One FST line. FED cannot be asked for: it is made with the network.
 *
 * Rejects with, in this order: place_not_found, place_suspended, not_authorised, id_taken (of the asset, or of its
 * issuance wallet), name_taken, dividend_refused, those of `demandLawful`.
 */
export function assetCreate(ctx: Context, action: AssetCreate): Effects {
  const { asset: id, place: placeId, assetKind: kind, name, code } = action
  const place = openPlace(ctx, placeId)
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(placeId) })
  demand(ctx.state.get('asset', id) === undefined, () => ({ code: 'id_taken', id }))
  const issuance = issuanceWalletId(ctx.hash, id)
  demand(ctx.state.get('wallet', issuance) === undefined, () => ({
    code: 'id_taken',
    id: issuance,
  }))
  demandFreeName(ctx, name, [{ id: placeId, record: place }])
  const series = startDividend(ctx, { id, kind, asked: action.dividend })
  const terms = action.terms ?? usualTerms(kind)
  demandLawful(kind, terms.demurrage, lawOf(ctx.state))
  const nowUs = ctx.timeMs * 1_000
  const { createdUs = nowUs } = action
  const record: Asset = {
    kind,
    name,
    code,
    issuer: placeId,
    minorPerUnit: 100,
    archived: false,
    sharedIn: [],
    policies: [{ version: 1, fromMs: ctx.timeMs, ...terms }],
    createdUs: createdUs < nowUs ? createdUs : nowUs,
  }
  return {
    changes: [
      ...counters,
      { kind: 'asset', id, record },
      ...series,
      {
        kind: 'wallet',
        id: issuance,
        record: { kind: 'issuance', assets: [] },
      },
    ],
    lines: [{ action: 'FST', asset: id, from: place.wallet, to: place.wallet, amount: ZERO }],
  }
}
