import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

type Members = Record<string, unknown>

/** Members that can be shown whole; the last two are left out of an object unless asked for. */
const EXPANDABLE = [
  ...['balance_transaction', 'charge', 'customer', 'default_price', 'destination'],
  ...['failure_balance_transaction', 'latest_charge', 'location', 'payment_intent', 'price'],
  ...['product', 'source', 'source_transaction', 'transfer', 'action', 'process_payment_intent'],
  ...['line_items', 'refunds'],
]

/** Refuses what cannot be expanded: before anything is carried out. */
export function assertExpandable(paths: readonly string[]): void {
  for (const path of paths) {
    const names = path.split('.')
    const isKnown = names.every((name) => name === 'data' || EXPANDABLE.includes(name))
    if (isKnown && names.length <= 4) continue
    throw new Refusal(`This property cannot be expanded (${path}).`, { param: 'expand' })
  }
}

/** A copy of an answer with the objects that `expand[]` names in place of their ids. */
export function expanded(world: World, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer) as Members
  for (const path of paths) expandPath(world, copy, path.split('.'))
  return copy
}

function expandPath(world: World, object: Members, names: readonly string[]): void {
  const [name = '', ...rest] = names
  const { data } = object
  if (name === 'data' && Array.isArray(data)) {
    for (const one of data) expandPath(world, one, rest)
    return
  }
  const value = object[name] ?? included(world, object, name)
  const found = typeof value === 'string' ? structuredClone(world.find(value)) : value
  if (typeof found !== 'object' || found === null) return
  object[name] = found
  if (rest.length > 0) expandPath(world, found as Members, rest)
}

function included(world: World, object: Members, name: string): object | undefined {
  const id = String(object['id'])
  if (name === 'line_items' && object['object'] === 'checkout.session') {
    const data = structuredClone(world.lineItems.get(id) ?? [])
    return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${id}/line_items` }
  }
  if (name === 'refunds' && object['object'] === 'charge') {
    const data = structuredClone(world.refunds.where(({ charge }) => charge === id)).toReversed()
    return { object: 'list', data, has_more: false, url: `/v1/charges/${id}/refunds` }
  }
  return undefined
}
