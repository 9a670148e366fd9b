/**
 * What the schemas of both clients demand of answers (WIRE.md 3 and 9.4): every member there, in v1's order, of the
 * right type, null only where it may be. Each function throws with the path of what is wrong.
 */
type Check = (value: unknown, path: string) => void

function fail(path: string, value: unknown, expected: string): never {
  throw new Error(`${path}: expected ${expected}, got ${JSON.stringify(value)?.slice(0, 200)}`)
}

function matching(pattern: RegExp, expected: string): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) fail(path, value, expected)
  }
}

const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000000)\d{6})?Z$/, 'a time in UTC')
const hash = matching(/^[0-9a-f]{64}$/, '64 hex digits')
const digits = matching(/^[0-9A-F]{8}$/, '8 hex digits in capitals')
const category = matching(/^(FED|TLF|TNF|TIM|FID|BDG|SUB)$/, 'a category')
const action = matching(/^(FST|CRE|REF|SAL|QRS|SUB|BDG|FUS|RFD|BNK|COR|TRF)$/, 'an action')
const noSubscription = matching(/^NO$/, 'NO')

function text(max = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) => {
    if (typeof value !== 'string' || value.trim() === '' || value.length > max) {
      fail(path, value, `a text of 1 to ${max} characters, not blank`)
    }
  }
}

const integer: Check = (value, path) => {
  if (!Number.isSafeInteger(value)) fail(path, value, 'a whole number')
}
const amount: Check = (value, path) => {
  integer(value, path)
  if ((value as number) < 0) fail(path, value, 'a number from 0')
}
const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') fail(path, value, 'true or false')
}
const isTrue: Check = (value, path) => {
  if (value !== true) fail(path, value, 'true')
}
const isNull: Check = (value, path) => {
  if (value !== null) fail(path, value, 'null')
}
const anything: Check = (value, path) => {
  if (value === undefined) fail(path, value, 'any JSON')
}

function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path)
  }
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) fail(path, value, 'a list')
    for (const [index, one] of value.entries()) check(one, `${path}[${index}]`)
  }
}

function object(members: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(members)
  return (value, path) => {
    if (typeof value !== 'object' || value === null) fail(path, value, 'an object')
    const there = Object.keys(value)
    if (there.join() !== names.join()) fail(path, there, `the members ${names}`)
    for (const [name, check] of Object.entries(members)) {
      check((value as Record<string, unknown>)[name], `${path}.${name}`)
    }
  }
}

const place = object({
  uuid,
  name: text(100),
  dokos_id: orNull(text(50)),
  wallet: uuid,
  lespass_domain: orNull(text(100)),
})

const assetMembers = {
  uuid,
  name: text(100),
  currency_code: text(3),
  category,
  get_category_display: text(),
  place_origin: orNull(place),
  wallet_origin: uuid,
  created_at: time,
  last_update: time,
  is_stripe_primary: flag,
  place_uuid_federated_with: listOf(uuid),
}
export const asset = object(assetMembers)
export const assetWithTotals = object({
  ...assetMembers,
  total_token_value: amount,
  total_in_place: amount,
  total_in_wallet_not_place: amount,
})

const start = {
  uuid,
  action,
  get_action_display: text(),
  hash,
  datetime: time,
  subscription_first_datetime: isNull,
  subscription_start_datetime: orNull(time),
  subscription_type: noSubscription,
  last_check: orNull(time),
  sender: uuid,
  receiver: uuid,
}
const middle = { asset: uuid, amount, comment: orNull(text()), metadata: anything }
const end = { primary_card: orNull(uuid), previous_transaction: uuid, verify_hash: isTrue }

export const transactionSimple = object({
  ...start,
  sender_name: text(),
  receiver_name: text(),
  ...middle,
  ...end,
})

const token = object({
  uuid,
  name: text(100),
  value: amount,
  asset,
  asset_uuid: uuid,
  asset_name: text(100),
  asset_category: category,
  is_primary_stripe_token: flag,
  last_transaction: orNull(transactionSimple),
  last_transaction_datetime: orNull(time),
  start_membership_date: orNull(time),
})

const tokens: Check = (value, path) => {
  listOf(token)(value, path)
  const all = value as readonly { asset_uuid: string; asset: { is_stripe_primary: boolean } }[]
  const ids = all.map(({ asset_uuid: id }) => id)
  if (new Set(ids).size < ids.length) fail(path, ids, 'one token for each asset')
  const federated = all.filter((one) => one.asset.is_stripe_primary)
  if (federated.length > 1) fail(path, ids, 'one federated token at most')
}

export const wallet = object({ uuid, get_name: text(), tokens, has_user_card: flag })
export const origin = object({ place, generation: integer, img: isNull })

export const card = object({
  first_tag_id: digits,
  wallet,
  origin,
  uuid,
  qrcode_uuid: uuid,
  number_printed: digits,
  is_wallet_ephemere: flag,
  is_primary: flag,
})

export const qrCard = object({ wallet_uuid: uuid, is_wallet_ephemere: flag, origin })

const transactionMembers = { ...start, ...middle, card: orNull(card), ...end }
export const transaction = object(transactionMembers)

const transactionCached = object({
  ...transactionMembers,
  serialized_asset: asset,
  serialized_sender: wallet,
  serialized_receiver: wallet,
})

/** Of a host that a strict validator takes. */
const url = matching(/^https:\/\/([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?\/\S*$/, 'an absolute address')

export const page = object({
  count: amount,
  next: orNull(url),
  previous: orNull(url),
  results: listOf(transactionCached),
})

export const federation = object({
  uuid,
  name: text(100),
  places: listOf(place),
  assets: listOf(asset),
  description: orNull(text()),
})
