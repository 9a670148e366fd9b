import { authorise } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { type NodeId, nodeId } from '../ids.ts'
import type { NodeRecord } from '../records.ts'
import { type Capability, demand, refuse } from '../rejection.ts'
import { array, literal, name, type Of, object, oneOf } from '../shape.ts'
import { publicKey } from '../signature.ts'
import { addKey } from './keys.ts'

/** What the network lets a node do by itself. */
const NODE_CAPABILITIES = ['host'] as const satisfies readonly Capability[]

/** The operator admits a node. Source: docs/spec/keys.md, "Nodes". */
export const nodeOpenAction = object({
  kind: literal('node-open'),
  node: nodeId,
  name: name(100),
  x: publicKey,
  can: array(oneOf(NODE_CAPABILITIES), { min: 0, max: NODE_CAPABILITIES.length }),
})
export type NodeOpen = Of<typeof nodeOpenAction>

/** Rejects with, in this order: not_authorised, id_taken, key_refused, key_already_there, too_many. */
export function nodeOpen(ctx: Context, { node: id, name, x, can }: NodeOpen): Effects {
  const counters = authorise(ctx, { can: 'admin', on: 'network' })
  demand(ctx.state.get('node', id) === undefined, () => ({ code: 'id_taken', id }))
  const key = addKey(ctx, { x, can: ['spend'] }, `node/${id}`)
  const record: NodeRecord = { name, can, keys: [key.id] }
  return { changes: [...counters, key, { kind: 'node', id, record }] }
}

/** Rejects with: node_not_found. */
export function findNode(ctx: Context, id: NodeId): NodeRecord {
  return ctx.state.get('node', id) ?? refuse({ code: 'node_not_found', node: id })
}
