/** Who may do what: judged for each action from the key that signed. Source: docs/spec/keys.md. */
import type { Change, Context } from './context.ts'
import type { NodeId, PlaceId, TillId, WalletId } from './ids.ts'
import { countUse, type Limits } from './limits.ts'
import type { KeyRole } from './records.ts'
import { type Capability, demand, refuse } from './rejection.ts'

/** What an authority is about: the network, a place, a person's wallet or a node. */
export type Subject = 'network' | `place/${string}` | `wallet/${string}` | `node/${string}`

export function placeSubject(place: PlaceId): Subject {
  return `place/${place}`
}

/** A right that an action needs, and how much of its limits it uses. */
export interface Right {
  readonly can: Capability
  readonly on: Subject
  /** Minor units that count against the limits of the key; 0 when nothing is spent. */
  readonly amount?: bigint
  readonly till?: TillId | undefined
}

/** Capabilities that are never granted to a node: a person signs these with a key of their own. */
export const NEVER_GRANTED: readonly Capability[] = [
  'vote',
  'stake',
  'admin',
  'host',
  'propose',
  'attest',
]

/** Rights on the network that its admin has not: whoever runs it may neither make federated euros nor vouch for them. */
const APART: readonly Capability[] = ['issue', 'attest']

/**
 * Demands that the signer holds a right, by a role of its own key or through its node's grant.
 *
 * Answers the counters that this use changes. Rejects with: not_authorised, limit_exceeded.
 */
export function authorise(ctx: Context, right: Right): readonly Change[] {
  const source = findSource(ctx, right)
  if (source === undefined) refuse({ code: 'not_authorised', can: right.can, on: right.on })
  if (source.limits === undefined || right.amount === undefined) return []
  return source.count(source.limits, right.amount)
}

/**
 * Demands that no node signs: a person decides this, with a key of their own.
 *
 * Rejects with: not_authorised (the key has a role on a node, whatever else it may do).
 */
export function demandOwnKey(ctx: Context, { can, on }: Right): void {
  const roles = ctx.state.get('key', ctx.signer)?.roles ?? []
  const isNode = roles.some((role) => role.on.startsWith('node/'))
  demand(!isNode, () => ({ code: 'not_authorised', can, on }))
}

/** True when `authorise` would not answer not_authorised. */
export function isAuthorised(ctx: Context, right: Right): boolean {
  return findSource(ctx, right) !== undefined
}

interface Source {
  readonly limits: Limits | undefined
  readonly count: (limits: Limits, amount: bigint) => readonly Change[]
}

function findSource(ctx: Context, right: Right): Source | undefined {
  const key = ctx.state.get('key', ctx.signer)
  if (key === undefined) return undefined
  for (const role of key.roles) {
    if (role.on === right.on && allows(role, right, ctx.timeMs)) return ownRole(ctx, role)
  }
  for (const role of key.roles) {
    if (!role.on.startsWith('node/') || isOver(role, ctx.timeMs)) continue
    const source = throughNode(ctx, role.on.slice('node/'.length) as NodeId, right)
    if (source !== undefined) return source
  }
  return undefined
}

function allows(
  right: { readonly can: readonly Capability[]; readonly limits?: Limits },
  { can, on }: Right,
  timeMs: number,
): boolean {
  if (isOver(right, timeMs)) return false
  if (right.can.includes(can)) return true
  return right.can.includes('admin') && !(on === 'network' && APART.includes(can))
}

/** True from the time on at which a role or a grant ends. */
export function isOver({ limits }: { readonly limits?: Limits }, timeMs: number): boolean {
  return limits?.untilMs !== undefined && timeMs >= limits.untilMs
}

function ownRole(ctx: Context, role: KeyRole): Source {
  return {
    limits: role.limits,
    count: (limits, amount) => {
      const spent = countUse(limits, role.spent, { amount, timeMs: ctx.timeMs })
      const key = ctx.state.get('key', ctx.signer)
      if (spent === undefined || key === undefined) return []
      const roles = key.roles.map((one) => (one.on === role.on ? { ...one, spent } : one))
      return [{ kind: 'key', id: ctx.signer, record: { ...key, roles } }]
    },
  }
}

function throughNode(ctx: Context, node: NodeId, right: Right): Source | undefined {
  if (right.on === 'network') {
    const record = ctx.state.get('node', node)
    return record?.can.includes(right.can) ? { limits: undefined, count: () => [] } : undefined
  }
  const id = `${node}/${right.on}`
  const grant = ctx.state.get('grant', id)
  if (grant === undefined || !allows(grant, right, ctx.timeMs)) return undefined
  return {
    limits: grant.limits,
    count: (limits, amount) => {
      const tillRecord = right.till && `${id}/${right.till}`
      const before = tillRecord ? ctx.state.get('till', tillRecord)?.spent : grant.spent
      const spent = countUse(limits, before, { amount, timeMs: ctx.timeMs })
      if (spent === undefined) return []
      if (tillRecord) return [{ kind: 'till', id: tillRecord, record: { spent } }]
      return [{ kind: 'grant', id, record: { ...grant, spent } }]
    },
  }
}

/**
 * The subject whose `spend` right moves money out of a wallet.
 *
 * Rejects with: wallet_not_found, wallet_kind_refused (cards, funds and the reserve have no key).
 */
export function spenderOf(ctx: Context, id: WalletId): Subject {
  const wallet = ctx.state.get('wallet', id)
  if (wallet === undefined) refuse({ code: 'wallet_not_found', wallet: id })
  if (wallet.kind === 'place' && wallet.place !== undefined) return placeSubject(wallet.place)
  demand(wallet.kind === 'person', () => ({
    code: 'wallet_kind_refused',
    wallet: id,
    kind: wallet.kind,
  }))
  return `wallet/${id}`
}
