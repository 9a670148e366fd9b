/**
 * The tables of v1 as typed rows, under our names. UUIDs are 32 hex digits, moments UTC text to the microsecond, JSON
 * is text, as v1 stores them in SQLite.
 */
import type { Cell } from '../../store/foreign-file-reader.ts'

type Read<T> = (cell: Cell) => T
type Columns = Readonly<Record<string, readonly [column: string, read: Read<unknown>]>>

/** A table of v1, and how its columns are read. */
export interface V1Table<C extends Columns = Columns> {
  readonly name: string
  readonly columns: C
}

/** A row of a table. What v1 leaves empty is undefined. */
export type RowOf<T> =
  T extends V1Table<infer C> ? { readonly [K in keyof C]: ReturnType<C[K][1]> } : never

/** A value that v1 itself would not have stored there. */
export class OddCell extends Error {}

const ID = /^[0-9a-f]{32}$/
const SHA256 = /^[0-9a-f]{64}$/
const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?$/

function text(cell: Cell): string {
  if (typeof cell === 'string') return cell
  throw new OddCell('no text')
}

function id(cell: Cell): string {
  if (typeof cell === 'string' && ID.test(cell)) return cell
  throw new OddCell('no UUID')
}

function moment(cell: Cell): string {
  if (typeof cell === 'string' && MOMENT.test(cell)) return cell
  throw new OddCell('no date and time')
}

function sha256(cell: Cell): string {
  if (typeof cell === 'string' && SHA256.test(cell)) return cell
  throw new OddCell('no SHA-256')
}

function whole(cell: Cell): bigint {
  if (typeof cell === 'bigint') return cell
  throw new OddCell('no whole number')
}

function yesOrNo(cell: Cell): boolean {
  if (cell === 0n || cell === 1n) return cell === 1n
  throw new OddCell('neither yes nor no')
}

function maybe<T>(read: Read<T>): Read<T | undefined> {
  return (cell) => (cell === null ? undefined : read(cell))
}

function table<const C extends Columns>(name: string, columns: C): V1Table<C> {
  return { name: `fedow_core_${name}`, columns }
}

export const CONFIGURATION = table('configuration', {
  name: ['name', text],
  domain: ['domain', text],
  primaryWallet: ['primary_wallet_id', id],
  placeCreationKey: ['create_place_apikey_id', maybe(text)],
  stripeKeyClosed: ['stripe_api_key', maybe(text)],
  stripeEndpointSecretClosed: ['stripe_endpoint_secret_enc', maybe(text)],
})

export const WALLET = table('wallet', {
  id: ['uuid', id],
  name: ['name', maybe(text)],
  publicPem: ['public_pem', maybe(text)],
  privatePem: ['private_pem', maybe(text)],
  ip: ['ip', text],
})

export const PERSON = table('fedowuser', {
  id: ['uuid', id],
  email: ['email', text],
  wallet: ['wallet_id', maybe(id)],
  stripeCustomer: ['stripe_customer_id', maybe(text)],
  isActive: ['is_active', yesOrNo],
  joined: ['date_joined', moment],
})

export const PLACE = table('place', {
  id: ['uuid', id],
  name: ['name', text],
  description: ['description', maybe(text)],
  wallet: ['wallet_id', id],
  dokosId: ['dokos_id', maybe(text)],
  laboutikIp: ['cashless_server_ip', maybe(text)],
  laboutikUrl: ['cashless_server_url', maybe(text)],
  laboutikPem: ['cashless_rsa_pub_key', maybe(text)],
  laboutikKeyClosed: ['cashless_admin_apikey', maybe(text)],
  lespassDomain: ['lespass_domain', maybe(text)],
})

export const PLACE_ADMIN = table('place_admins', {
  place: ['place_id', id],
  person: ['fedowuser_id', id],
})

export const ASSET = table('asset', {
  id: ['uuid', id],
  name: ['name', text],
  code: ['currency_code', text],
  category: ['category', text],
  createdAt: ['created_at', moment],
  updatedAt: ['last_update', moment],
  origin: ['wallet_origin_id', id],
  isArchived: ['archive', yesOrNo],
  comment: ['comment', maybe(text)],
  stripePrice: ['id_price_stripe', maybe(text)],
})

/** What one wallet has of one asset: v1 says token. */
export const ACCOUNT = table('token', {
  id: ['uuid', id],
  wallet: ['wallet_id', id],
  asset: ['asset_id', id],
  value: ['value', whole],
})

export const FEDERATION = table('federation', {
  id: ['uuid', id],
  name: ['name', text],
  description: ['description', maybe(text)],
})

export const FEDERATION_PLACE = table('federation_places', {
  federation: ['federation_id', id],
  place: ['place_id', id],
})

export const FEDERATION_ASSET = table('federation_assets', {
  federation: ['federation_id', id],
  asset: ['asset_id', id],
})

/** A generation of cards of a place. */
export const ORIGIN = table('origin', {
  number: ['id', whole],
  place: ['place_id', id],
  generation: ['generation', whole],
})

export const CARD = table('card', {
  id: ['uuid', id],
  tag: ['first_tag_id', text],
  wholeTag: ['complete_tag_id_uuid', maybe(id)],
  qr: ['qrcode_uuid', id],
  number: ['number_printed', text],
  origin: ['origin_id', whole],
  person: ['user_id', maybe(id)],
  wallet: ['wallet_ephemere_id', maybe(id)],
})

/** The places whose tills a card opens. */
export const PRIMARY = table('card_primary_places', {
  card: ['card_id', id],
  place: ['place_id', id],
})

export const CHECKOUT = table('checkoutstripe', {
  id: ['uuid', id],
  at: ['datetime', moment],
  status: ['status', text],
  asset: ['asset_id', id],
  person: ['user_id', maybe(id)],
  /** Of a session, a payment or a transfer. */
  stripeId: ['checkout_session_id_stripe', maybe(text)],
  intent: ['intent_payment_id_stripe', maybe(text)],
  invoice: ['invoice_stripe_id', maybe(text)],
  metadata: ['metadata', text],
})

/** One line of the history: v1 says transaction. */
export const LINE = table('transaction', {
  id: ['uuid', id],
  hash: ['hash', sha256],
  ip: ['ip', text],
  at: ['datetime', moment],
  checkedAt: ['last_check', maybe(moment)],
  action: ['action', text],
  asset: ['asset_id', id],
  from: ['sender_id', id],
  to: ['receiver_id', id],
  amount: ['amount', whole],
  card: ['card_id', maybe(id)],
  primary: ['primary_card_id', maybe(id)],
  checkout: ['checkout_stripe_id', maybe(id)],
  previous: ['previous_transaction_id', id],
  comment: ['comment', maybe(text)],
  metadata: ['metadata', maybe(text)],
  subscriptionType: ['subscription_type', text],
  subscriptionFirst: ['subscription_first_datetime', maybe(moment)],
  subscriptionStart: ['subscription_start_datetime', maybe(moment)],
})

/** Keys of Lespass and LaBoutik, each of one place. */
export const PLACE_KEY = table('organizationapikey', {
  id: ['id', text],
  prefix: ['prefix', text],
  hash: ['hashed_key', text],
  name: ['name', text],
  created: ['created', moment],
  isRevoked: ['revoked', yesOrNo],
  expiry: ['expiry_date', maybe(moment)],
  place: ['place_id', id],
  person: ['user_id', id],
})

export const CREATION_KEY = table('createplaceapikey', {
  id: ['id', text],
  prefix: ['prefix', text],
  hash: ['hashed_key', text],
  name: ['name', text],
  created: ['created', moment],
  isRevoked: ['revoked', yesOrNo],
  expiry: ['expiry_date', maybe(moment)],
})

export type V1Line = RowOf<typeof LINE>
export type V1Account = RowOf<typeof ACCOUNT>
export type V1Asset = RowOf<typeof ASSET>
export type V1Card = RowOf<typeof CARD>
export type V1Place = RowOf<typeof PLACE>
export type V1Person = RowOf<typeof PERSON>
export type V1Wallet = RowOf<typeof WALLET>
export type V1Checkout = RowOf<typeof CHECKOUT>
export type V1PlaceKey = RowOf<typeof PLACE_KEY>

export const TABLES: readonly V1Table[] = [
  ...[CONFIGURATION, WALLET, PERSON, PLACE, PLACE_ADMIN, ASSET, ACCOUNT],
  ...[FEDERATION, FEDERATION_PLACE, FEDERATION_ASSET, ORIGIN, CARD, PRIMARY],
  ...[CHECKOUT, LINE, PLACE_KEY, CREATION_KEY],
]

/** As people and clients write it: with hyphens. */
export function toUuid(id: string): string {
  const parts = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)]
  return parts.join('-')
}

/** A stored moment as microseconds since 1970. */
export function toMicroseconds(moment: string): number {
  const [seconds = '', fraction = ''] = moment.split('.')
  return Date.parse(`${seconds.replace(' ', 'T')}Z`) * 1_000 + Number(fraction.padEnd(6, '0'))
}
