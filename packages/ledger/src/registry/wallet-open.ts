import { authorise } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import { nodeId, walletId } from '../ids.ts'
import { demand } from '../rejection.ts'
import { literal, type Of, object, optional } from '../shape.ts'
import { publicKey } from '../signature.ts'
import { firstGrant, PERSON_GRANT } from './grant.ts'
import { addKey } from './keys.ts'
import { findNode } from './node.ts'

/** A node opens the wallet of a person, in its custody until the person brings a key. Source: docs/spec/wallets.md. */
export const walletOpenAction = object({
  kind: literal('wallet-open'),
  wallet: walletId,
  node: nodeId,
  /** The person's own key, which then is its admin. */
  x: optional(publicKey),
})
export type WalletOpen = Of<typeof walletOpenAction>

/** Rejects with, in this order: not_authorised, node_not_found, id_taken, key_refused, key_already_there. */
export function walletOpen(ctx: Context, { wallet: id, node, x }: WalletOpen): Effects {
  const counters = authorise(ctx, { can: 'host', on: 'network' })
  findNode(ctx, node)
  demand(ctx.state.get('wallet', id) === undefined, () => ({ code: 'id_taken', id }))
  const on = `wallet/${id}` as const
  const key = x === undefined ? undefined : addKey(ctx, { x, can: ['admin'] }, on)
  return {
    changes: [
      ...counters,
      ...(key ? [key] : []),
      {
        kind: 'wallet',
        id,
        record: { kind: 'person', node, keys: key ? [key.id] : [], assets: [] },
      },
      firstGrant(node, on, PERSON_GRANT),
    ],
  }
}
