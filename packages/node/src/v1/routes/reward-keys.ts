/** What the metadata of a reward must say, and the keys in it by which one reward is told from another. */
import { isList, isMap, type Json, PythonFloat, printPython } from '../codec/json.ts'
import { tooLong } from '../codec/messages.ts'
import { parseUuid } from '../codec/scalars.ts'
import type { RewardKeyName } from '../store/rewards.ts'

export type Metadata = ReadonlyMap<string, Json>

const NEEDED = ['ligne_article_uuid', 'membership_uuid', 'product_uuid', 'price_uuid']
const STRIPE: readonly RewardKeyName[] = ['checkout_session_id_stripe', 'invoice_stripe_id']
const KEY_MAX = 255

/** What is wrong with the metadata of a reward, if anything. */
export function metadataFault(metadata: Json): string | undefined {
  if (!isMap(metadata)) return 'Metadata must be an object'
  const keys = [...onceKeys(metadata), ...stripeKeys(metadata)]
  if (keys.some(({ text }) => text.length > KEY_MAX)) return tooLong(KEY_MAX)
  if (isForTicket(metadata)) return undefined
  for (const name of NEEDED) {
    const value = metadata.get(name)
    if (!isTruthy(value)) return `No data in metadata for ${name}`
    if (parseUuid(value ?? null) === undefined) return `No UUID in metadata for ${name}`
  }
  return undefined
}

export interface KeyText {
  readonly name: RewardKeyName
  readonly text: string
}

/**
 * Keys that name the very reward: a second request with one of them is a repeat. Of an order line that was paid for,
 * there is one reward; of one whose tickets are scanned, there is one for each ticket.
 */
export function onceKeys(metadata: Metadata): readonly KeyText[] {
  return keysOf(
    metadata,
    isForTicket(metadata) ? ['idempotency_key'] : ['idempotency_key', 'ligne_article_uuid'],
  )
}

/** Keys of the payment that a reward comes from: another reward for it is refused. */
export function stripeKeys(metadata: Metadata): readonly KeyText[] {
  return isForTicket(metadata) ? [] : keysOf(metadata, STRIPE)
}

function keysOf(metadata: Metadata, names: readonly RewardKeyName[]): readonly KeyText[] {
  return names.flatMap((name) => {
    const value = metadata.get(name)
    if (value === undefined || !isTruthy(value)) return []
    return [{ name, text: typeof value === 'string' ? value : printPython(value) }]
  })
}

function isForTicket(metadata: Metadata): boolean {
  return isTruthy(metadata.get('rewarded_from_ticket_scanned'))
}

/** As Python sees it: nothing, zero and what is empty are false. */
function isTruthy(value: Json | undefined): boolean {
  if (value instanceof PythonFloat) return value.value !== 0
  if (isMap(value)) return value.size > 0
  if (isList(value)) return value.length > 0
  return Boolean(value)
}
