/** What a passed proposal does, and what stands in its way. Source: docs/spec/governance.md, "What is voted". */
import { encode } from '../codec.ts'
import { type Change, type Effects, params, type SystemContext } from '../context.ts'
import { ONLY, type Params } from '../records.ts'
import { liveAsset } from '../registry/asset.ts'
import { findPlace } from '../registry/place.ts'
import { withPolicy } from '../registry/policy-change.ts'
import { demand, refuse } from '../rejection.ts'
import { joinElectorate } from './electorate.ts'
import { grantLine } from './fund.ts'
import type { ParameterName, ParameterValue } from './parameters.ts'
import { plannedUpgrade, versionAt } from './upgrade.ts'
import type { KeptWhat, KeptWhatOf, What, WhatKind } from './what.ts'

type Enactments = {
  readonly [K in WhatKind]: (ctx: SystemContext, what: KeptWhatOf<K>) => Effects
}

/** One function per kind; `ctx.timeMs` is when the proposal applies. */
const ENACT: Enactments = {
  parameter: changeParameter,
  policy: addPolicy,
  grant: (ctx, what) => ({ lines: [grantLine(ctx, what)] }),
  admit: (ctx, { place }) => ({ changes: joinElectorate(ctx, place) }),
  suspend: suspendPlace,
  upgrade: planUpgrade,
}

/**
 * The effects of a proposal at `ctx.timeMs`; throws Refusal when it cannot be. Its opening asks for them too, so what
 * cannot be is not voted on.
 *
 * Rejects with: nothing_changes, changed_meanwhile, asset_not_found, asset_archived, asset_not_shared, too_many,
 * policy_too_early, those of `grantLine` and `joinElectorate`, place_not_found, upgrade_refused.
 */
export function enact(ctx: SystemContext, what: KeptWhat): Effects {
  const rule = ENACT[what.kind] as (ctx: SystemContext, what: KeptWhat) => Effects
  return rule(ctx, what)
}

/** What is proposed, with what is in force now. Rejects with: asset_not_found, asset_archived. */
export function keep(ctx: SystemContext, what: What): KeptWhat {
  switch (what.kind) {
    case 'parameter':
      return { ...what, before: parameter(params(ctx.state), what.name) }
    case 'policy':
      return { ...what, version: liveAsset(ctx, what.asset).policies.at(-1)?.version ?? 1 }
    case 'upgrade': {
      const before = plannedUpgrade(ctx.state)
      return before === undefined ? what : { ...what, before }
    }
    default:
      return what
  }
}

/** The value of a parameter, null for none. */
export function parameter(record: Params, name: ParameterName): ParameterValue {
  return record[name] ?? null
}

function changeParameter(
  ctx: SystemContext,
  { name, value, before }: KeptWhatOf<'parameter'>,
): Effects {
  const { [name]: current = null, ...others } = params(ctx.state)
  demand(encode(current) === encode(before), () => ({ code: 'changed_meanwhile', name }))
  demand(encode(current) !== encode(value), () => ({ code: 'nothing_changes', name }))
  const record = (value === null ? others : { ...others, [name]: value }) as Params
  return { changes: [{ kind: 'params', id: ONLY, record }] }
}

function addPolicy(ctx: SystemContext, what: KeptWhatOf<'policy'>): Effects {
  const { asset: id, version } = what
  const asset = liveAsset(ctx, id)
  const isVoted = asset.issuer === undefined || asset.sharedIn.length > 0
  demand(isVoted, () => ({ code: 'asset_not_shared', asset: id }))
  const last = asset.policies.at(-1)?.version
  demand(last === version, () => ({ code: 'changed_meanwhile', name: id }))
  return { changes: [{ kind: 'asset', id, record: withPolicy(ctx, asset, what) }] }
}

function suspendPlace(ctx: SystemContext, what: KeptWhatOf<'suspend'>): Effects {
  const { place: id, suspended } = what
  const place = findPlace(ctx, id)
  demand(place.suspended !== suspended, () => ({ code: 'nothing_changes', name: id }))
  return { changes: [{ kind: 'place', id, record: { ...place, suspended } }] }
}

/** Versions come one after the other; a plan that is not reached yet may be put off or brought forward. */
function planUpgrade(ctx: SystemContext, what: KeptWhatOf<'upgrade'>): Effects {
  const { rules, height, before } = what
  const planned = plannedUpgrade(ctx.state)
  const isSame = encode(planned ?? null) === encode(before ?? null)
  demand(isSame, () => ({ code: 'changed_meanwhile', name: 'upgrade' }))
  const next = versionAt(ctx.state, ctx.height) + 1
  if (rules !== next || height <= ctx.height) {
    refuse({ code: 'upgrade_refused', rules: next, afterHeight: ctx.height })
  }
  const record = { rules, height }
  demand(encode(planned ?? null) !== encode(record), () => ({
    code: 'nothing_changes',
    name: 'upgrade',
  }))
  return { changes: [{ kind: 'upgrade', id: ONLY, record } satisfies Change] }
}
