import { authorise, NEVER_GRANTED, type Subject } from '../authority.ts'
import type { Change, Context, Effects } from '../context.ts'
import { type NodeId, nodeId } from '../ids.ts'
import { limits } from '../limits.ts'
import { capabilities } from '../records.ts'
import { type Capability, demand } from '../rejection.ts'
import { literal, type Of, object, optional } from '../shape.ts'
import { keysOf, subject } from './keys.ts'
import { findNode } from './node.ts'

/** What a place or person lets a node sign for it; `can` empty takes everything back. Source: docs/spec/keys.md. */
export const grantAction = object({
  kind: literal('grant-to-node'),
  on: subject,
  node: nodeId,
  can: capabilities,
  limits: optional(limits),
})
export type GrantToNode = Of<typeof grantAction>

/** What a node gets on a place that it opens: enough to serve its tills and its managers. */
export const PLACE_GRANT: readonly Capability[] = [
  'sell',
  'cards',
  'issue',
  'assets',
  'federate',
  'spend',
  'enrol',
]

/** What a node gets on the wallet of a person that it opens. */
export const PERSON_GRANT: readonly Capability[] = ['spend', 'enrol']

/**
 * Rejects with, in this order: subject_not_found, not_authorised, node_not_found, capability_not_grantable.
 */
export function grantToNode(ctx: Context, { on, node, can, limits }: GrantToNode): Effects {
  keysOf(ctx, on)
  const counters = authorise(ctx, { can: 'admin', on })
  findNode(ctx, node)
  for (const one of can) {
    const isGrantable = !NEVER_GRANTED.includes(one) && on !== 'network'
    demand(isGrantable, () => ({ code: 'capability_not_grantable', can: one }))
  }
  const record = can.length === 0 ? undefined : { can, ...(limits && { limits }) }
  return { changes: [...counters, { kind: 'grant', id: `${node}/${on}`, record }] }
}

/** The grant that comes with opening a place or a wallet. */
export function firstGrant(node: NodeId, on: Subject, can: readonly Capability[]): Change {
  return { kind: 'grant', id: `${node}/${on}`, record: { can } }
}
