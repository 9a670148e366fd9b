/** Keys of a place, a person's wallet, a node or the network. Source: docs/spec/keys.md. */
import { authorise, isOver, type Subject } from '../authority.ts'
import { type Change, type Context, type Effects, params } from '../context.ts'
import { type Kid, kid, type NodeId, type PlaceId, type WalletId } from '../ids.ts'
import { limits } from '../limits.ts'
import { capabilities, KEYS_MAX, type KeyRole, ONLY } from '../records.ts'
import { demand, refuse } from '../rejection.ts'
import { array, literal, matching, type Of, object, optional } from '../shape.ts'
import { isStrictKey, publicKey, toKid } from '../signature.ts'

/** `network`, or `place/`, `wallet/` or `node/` and an id. */
export const subject = matching<Subject>(
  /^(?:network|(?:place|wallet|node)\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  'network, place/…, wallet/… or node/… with a UUID',
)

const newKey = object({ x: publicKey, can: capabilities, limits: optional(limits) })
export type NewKey = Of<typeof newKey>

/** Adds and removes keys of one subject. */
export const keysChangeAction = object({
  kind: literal('keys-change'),
  on: subject,
  add: array(newKey, { min: 0, max: 8 }),
  remove: array(kid, { min: 0, max: 8 }),
})
export type KeysChange = Of<typeof keysChangeAction>

/**
 * By an admin key of the subject, or a node's own key for itself; the very first admin key comes from the node that
 * holds `enrol`, alone.
 *
 * Rejects with, in this order: subject_not_found, not_authorised, key_not_found (to remove), key_refused,
 * attester_may_not_issue, key_already_there, too_many, last_admin_key.
 */
export function keysChange(ctx: Context, action: KeysChange): Effects {
  const { on, add, remove } = action
  const before = keysOf(ctx, on)
  const hasAdmin = before.some((one) => isLastingAdmin(roleOn(ctx, one, on)))
  const isEnrolment = !hasAdmin && add.length === 1 && isLastingAdmin(add[0]) && remove.length === 0
  const counters = isOwnNode(ctx, on)
    ? []
    : authorise(ctx, { can: isEnrolment ? 'enrol' : 'admin', on })
  const removed = remove.map((one) => removeKey(ctx, one, on))
  const added = add.map((one) => addKey(ctx, one, on))
  const ids = added.map(({ id }) => id)
  demand(new Set([...ids, ...remove]).size === ids.length + remove.length, () => ({
    code: 'key_already_there',
    kid: ids[0] ?? remove[0] ?? '',
  }))
  const after = [...before.filter((one) => !remove.includes(one)), ...ids]
  demand(after.length <= KEYS_MAX, () => ({ code: 'too_many', what: 'keys', max: KEYS_MAX }))
  demandLastKey(ctx, { on, after, add, hadAdmin: hasAdmin })
  return { changes: [...counters, ...removed, ...added, keyList(ctx, on, after)] }
}

function demandLastKey(
  ctx: Context,
  {
    on,
    after,
    add,
    hadAdmin,
  }: { on: Subject; after: readonly Kid[]; add: readonly NewKey[]; hadAdmin: boolean },
): void {
  if (on.startsWith('node/')) {
    demand(after.length > 0, () => ({ code: 'last_admin_key', on }))
    return
  }
  const isKept =
    add.some(isLastingAdmin) || after.some((one) => isLastingAdmin(roleOn(ctx, one, on)))
  demand(!hadAdmin || isKept, () => ({ code: 'last_admin_key', on }))
}

/** A node rotates its key with the one it has; the operator may do it for it. */
function isOwnNode(ctx: Context, on: Subject): boolean {
  if (!on.startsWith('node/')) return false
  const roles = ctx.state.get('key', ctx.signer)?.roles
  if (roles?.some((role) => role.on === on && !isOver(role, ctx.timeMs))) return true
  authorise(ctx, { can: 'admin', on: 'network' })
  return true
}

type KeyChange = Change & { readonly kind: 'key'; readonly id: Kid }

/**
 * The record of a key with one more role.
 *
 * Rejects with, in this order: key_refused, attester_may_not_issue, key_already_there, too_many.
 */
export function addKey(ctx: Context, added: NewKey, on: Subject): KeyChange {
  demand(isStrictKey(added.x), () => ({ code: 'key_refused', x: added.x }))
  const id = toKid(ctx.hash, added.x)
  const isTwofold = added.can.includes('issue') && added.can.includes('attest')
  demand(on !== 'network' || !isTwofold, () => ({ code: 'attester_may_not_issue', kid: id }))
  const roles = ctx.state.get('key', id)?.roles ?? []
  demand(!roles.some((role) => role.on === on), () => ({ code: 'key_already_there', kid: id }))
  demand(roles.length < 256, () => ({ code: 'too_many', what: 'roles of a key', max: 256 }))
  const { x, can, limits } = added
  const role = { on, can, ...(limits && { limits }) }
  return { kind: 'key', id, record: { x, roles: [...roles, role] } }
}

function removeKey(ctx: Context, id: Kid, on: Subject): Change {
  const key = ctx.state.get('key', id)
  if (key === undefined || !keysOf(ctx, on).includes(id)) refuse({ code: 'key_not_found', kid: id })
  return { kind: 'key', id, record: { ...key, roles: key.roles.filter((role) => role.on !== on) } }
}

function roleOn(ctx: Context, id: Kid, on: Subject): KeyRole | undefined {
  return ctx.state.get('key', id)?.roles.find((role) => role.on === on)
}

/** An admin key that ends at a date must not be the last one: nobody could follow it. */
function isLastingAdmin(key: Pick<NewKey, 'can' | 'limits'> | undefined): boolean {
  return key?.can.includes('admin') === true && key.limits?.untilMs === undefined
}

/** The keys with a role on a subject. Rejects with: subject_not_found. */
export function keysOf(ctx: Context, on: Subject): readonly Kid[] {
  if (on === 'network') return params(ctx.state).keys
  const { kind, id } = parts(on)
  const record = ctx.state.get(kind, id)
  if (record === undefined || (kind === 'wallet' && 'kind' in record && record.kind !== 'person')) {
    refuse({ code: 'subject_not_found', on })
  }
  return record.keys ?? []
}

function keyList(ctx: Context, on: Subject, keys: readonly Kid[]): Change {
  if (on === 'network') {
    return { kind: 'params', id: ONLY, record: { ...params(ctx.state), keys } }
  }
  const { kind, id } = parts(on)
  const record = ctx.state.get(kind, id)
  return { kind, id, record: { ...record, keys } } as Change
}

function parts(on: Subject) {
  const [kind, id] = on.split('/') as ['place' | 'wallet' | 'node', PlaceId & WalletId & NodeId]
  return { kind, id }
}
