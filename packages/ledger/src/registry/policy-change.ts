import type { Amount } from '../amount.ts'
import { authorise, placeSubject } from '../authority.ts'
import { demandLawful, loosensMelting } from '../commons/demurrage.ts'
import { type Context, type Effects, lawOf, type SystemContext } from '../context.ts'
import { assetId } from '../ids.ts'
import { DAY_MS } from '../limits.ts'
import { type Asset, type AssetKind, POLICIES_PER_ASSET_MAX } from '../records.ts'
import { demand, refuse } from '../rejection.ts'
import { literal, type Of, object, timeMs } from '../shape.ts'
import { liveAsset, policyAt } from './asset.ts'
import { CARD_LEVELS, type LevelLimits, type PolicyTerms, policyTerms } from './policy.ts'

/** Notice before terms that take something from holders apply. */
export const NOTICE_MS = 90 * DAY_MS

/** An issuer announces other terms for its asset. Source: docs/spec/assets.md, "Policies". */
export const policyChangeAction = object({
  kind: literal('policy-change'),
  asset: assetId,
  fromMs: timeMs,
  terms: policyTerms,
})
export type PolicyChange = Of<typeof policyChangeAction>

/**
 * Adds a version. Terms that only loosen may begin at once; others 90 days later. Never before a version
 * that was announced earlier. A shared asset, and FED, change by vote.
 *
 * Rejects with, in this order: asset_not_found, asset_archived, kind_refuses_action (FED), not_authorised,
 * asset_is_shared, too_many, those of `demandLawful`, policy_too_early.
 */
export function policyChange(ctx: Context, action: PolicyChange): Effects {
  const { asset: id } = action
  const asset = liveAsset(ctx, id)
  const { kind, issuer, sharedIn } = asset
  if (issuer === undefined) {
    return refuse({ code: 'kind_refuses_action', asset: id, kind, action: 'policy-change' })
  }
  const counters = authorise(ctx, { can: 'assets', on: placeSubject(issuer) })
  const [federation] = sharedIn
  if (federation) refuse({ code: 'asset_is_shared', asset: id, federation })
  return {
    changes: [...counters, { kind: 'asset', id, record: withPolicy(ctx, asset, action) }],
  }
}

/** Terms of an asset, and when they begin. */
export type NewPolicy = Omit<PolicyChange, 'kind'>

/**
 * The asset with one more version of its policy, announced at `ctx.timeMs` by its issuer or by a vote.
 *
 * Rejects with, in this order: too_many, those of `demandLawful`, policy_too_early.
 */
export function withPolicy(
  { state, timeMs }: SystemContext,
  asset: Asset,
  { asset: id, fromMs, terms }: NewPolicy,
): Asset {
  const { kind, policies } = asset
  demand(policies.length < POLICIES_PER_ASSET_MAX, () => ({
    code: 'too_many',
    what: 'policies of an asset',
    max: POLICIES_PER_ASSET_MAX,
  }))
  demandLawful(kind as AssetKind, terms.demurrage, lawOf(state))
  // Loosening is judged against every version that could be in force until then.
  const rivals = [policyAt(asset, timeMs), ...policies.filter((one) => one.fromMs > timeMs)]
  const isLoosening = rivals.every((rival) => loosens(rival, terms))
  const notice = isLoosening ? 0 : NOTICE_MS
  const last = policies.at(-1)
  const earliestMs = [timeMs + notice, last?.fromMs ?? 0].reduce((a, b) => (a > b ? a : b))
  demand(fromMs >= earliestMs, () => ({ code: 'policy_too_early', asset: id, earliestMs }))
  const version = { version: (last?.version ?? 0) + 1, fromMs, ...terms }
  return { ...asset, policies: [...policies, version] }
}

/** True when no holder loses anything by the new terms. */
function loosens(before: PolicyTerms, after: PolicyTerms): boolean {
  return (
    (after.personToPerson || !before.personToPerson) &&
    (after.refund === before.refund || before.refund === 'never') &&
    after.dayStartUtcMinutes === before.dayStartUtcMinutes &&
    isWider(before.spendAt, after.spendAt) &&
    loosensMelting(before.demurrage, after.demurrage) &&
    hasMoreDays(before.days, after.days) &&
    isHigher(before.dayCap, after.dayCap) &&
    growsMore(before.creditGrowth, after.creditGrowth) &&
    CARD_LEVELS.every((level) => areHigher(before.limits[level], after.limits[level]))
  )
}

function isWider(before: PolicyTerms['spendAt'], after: PolicyTerms['spendAt']): boolean {
  if ('accepted' in after) return true
  return 'only' in before && before.only.every((place) => after.only.includes(place))
}

function hasMoreDays(before: PolicyTerms['days'], after: PolicyTerms['days']): boolean {
  return after === undefined || (before?.every((day) => after.includes(day)) ?? false)
}

/** True when a limit is gone, or was there and is no lower. */
function isHigher(before: Amount | undefined, after: Amount | undefined): boolean {
  return after === undefined || (before !== undefined && after >= before)
}

/** True when no limit of mutual credit grows less than before. */
function growsMore(
  before: PolicyTerms['creditGrowth'],
  after: PolicyTerms['creditGrowth'],
): boolean {
  if (before === undefined) return true
  return after !== undefined && after.ratePpm >= before.ratePpm && after.max >= before.max
}

function areHigher(before: LevelLimits | undefined, after: LevelLimits | undefined): boolean {
  const names = ['balance', 'sale', 'day'] as const
  return names.every((name) => isHigher(before?.[name], after?.[name]))
}
