/** What places can decide together. Source: docs/spec/governance.md, "What is voted". */
import { assetId, placeId, walletId } from '../ids.ts'
import { policyTerms } from '../registry/policy.ts'
import {
  amount,
  boolean,
  integer,
  literal,
  Malformed,
  type Of,
  object,
  optional,
  type Shape,
  timeMs,
} from '../shape.ts'
import { ofParameter } from './parameters.ts'

const height = integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const rules = integer({ min: 1, max: 1_000_000 })

const policyMembers = {
  kind: literal('policy'),
  asset: assetId,
  fromMs: timeMs,
  terms: policyTerms,
} as const
const upgradeMembers = { kind: literal('upgrade'), rules, height } as const

/** From which height which version of the rules holds. */
export const upgradePlan = object({ rules, height })
export type UpgradePlan = Of<typeof upgradePlan>

const unchanging = {
  /** Money of a fund, which goes nowhere but by such a vote, to a place or another fund. */
  grant: object({ kind: literal('grant'), fund: walletId, to: walletId, asset: assetId, amount }),
  /** A place that votes from then on. */
  admit: object({ kind: literal('admit'), place: placeId }),
  suspend: object({ kind: literal('suspend'), place: placeId, suspended: boolean }),
} as const

/** What is proposed, by kind. Kinds are words of the tx format: append, never rename. */
const PROPOSED = {
  parameter: ofParameter('value'),
  policy: object(policyMembers),
  ...unchanging,
  upgrade: object(upgradeMembers),
} as const

/** The same as its record keeps it: beside what will be, what was in force when the vote opened. */
const KEPT = {
  parameter: ofParameter('value', 'before'),
  /** `version`: the last version of the policy at the opening. */
  policy: object({ ...policyMembers, version: integer({ min: 1, max: 1_000_000 }) }),
  ...unchanging,
  /** `before`: the plan at the opening, if there was one. */
  upgrade: object({ ...upgradeMembers, before: optional(upgradePlan) }),
} as const

export type WhatKind = keyof typeof PROPOSED
export const WHAT_KINDS = Object.keys(PROPOSED) as readonly WhatKind[]
export type WhatOf<K extends WhatKind> = Of<(typeof PROPOSED)[K]>
export type What = { [K in WhatKind]: WhatOf<K> }[WhatKind]
export type KeptWhatOf<K extends WhatKind> = Of<(typeof KEPT)[K]>
export type KeptWhat = { [K in WhatKind]: KeptWhatOf<K> }[WhatKind]

export const what: Shape<What> = byKind(PROPOSED)
export const keptWhat: Shape<KeptWhat> = byKind(KEPT)

function byKind<T>(shapes: Readonly<Record<string, Shape<unknown>>>): Shape<T> {
  return (value, path) => {
    const kind = (value as { kind?: unknown } | null)?.kind
    const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined
    if (shape === undefined) throw new Malformed(`${path}.kind`, 'something that is voted')
    return shape(value, path) as T
  }
}
