/**
 * The records of the state: what every node must agree on, one JSON value under one key.
 * Key = kind, '/', ids as text. Source: docs/spec/state.md.
 */
import { assert } from './assert.ts'
import { meltLaw } from './commons/demurrage.ts'
import { dividend } from './commons/dividend.ts'
import { EPOCH_DAYS, VOTE_STEP_MS } from './commons/parameters.ts'
import { agenda, ballot, electorate, proposal, vote } from './commons/voting-records.ts'
import { upgradePlan } from './commons/what.ts'
import {
  assetId,
  batchId,
  cardId,
  chainId,
  federationId,
  hex32,
  kid,
  lineId,
  nodeId,
  offerId,
  placeId,
  txId,
  walletId,
} from './ids.ts'
import { counter, limits, spent } from './limits.ts'
import { policy } from './registry/policy.ts'
import { CAPABILITIES } from './rejection.ts'
import {
  amount,
  array,
  boolean,
  day,
  integer,
  literal,
  map,
  name,
  type Of,
  object,
  oneOf,
  optional,
  type Shape,
  signedAmount,
  timeMs,
  timeUs,
} from './shape.ts'
import { publicKey } from './signature.ts'

/** Limits on everything: the most elements that one record holds. */
export const KEYS_MAX = 32
export const ACCOUNTS_PER_WALLET_MAX = 512
export const FEDERATIONS_PER_PLACE_MAX = 64
export const PLACES_PER_FEDERATION_MAX = 512
export const ASSETS_PER_FEDERATION_MAX = 256
export const FEDERATIONS_PER_ASSET_MAX = 16
export const POLICIES_PER_ASSET_MAX = 32
export const PRIMARIES_PER_CARD_MAX = 64
export const CARDS_PER_TX_MAX = 1_000
export const RESERVE_ACCOUNTS_MAX = 64
export const OFFERS_PER_PLACE_MAX = 64
/** Largest number of a rate: exact with any amount, and finer than any money. */
export const RATE_MAX = 1_000_000_000

export const ASSET_KINDS = [
  'FED',
  'TLF',
  'TNF',
  'TIM',
  'FID',
  'BDG',
  'SUB',
  'MVO',
  'LIB',
  'MUT',
] as const
export type AssetKind = (typeof ASSET_KINDS)[number]

/** Kinds that v1 knows: its clients see no other, and an import brings no other. */
export const V1_KINDS = ['FED', 'TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB'] as const

export const assetName = name(100)
export const assetCode = name(3)
export const placeName = name(100)
export const capabilities = array(oneOf(CAPABILITIES), { min: 0, max: CAPABILITIES.length })

const keyRole = object({
  on: name(64),
  can: capabilities,
  limits: optional(limits),
  spent: optional(spent),
})

const account = object({
  balance: signedAmount,
  /** Reserved by holds; available = balance - held. */
  held: amount,
  /** Number of the last line of this account, 0 before the first: histories walk back from here. */
  last: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  /** Of money that melts: the day on which it came where there was none. */
  sinceDay: optional(day),
  /** The mean time since which it is there, weighted by amounts, rounded up; only where a policy counts age. */
  ageMs: optional(timeMs),
  /** The end of the last period in which it slept. */
  meltedDay: optional(day),
})
export type Account = Of<typeof account>

const wallet = object({
  kind: oneOf(['person', 'place', 'card', 'fund', 'keeper', 'issuance', 'reserve', 'pool']),
  place: optional(placeId),
  /** The name of a reserve account or fund. */
  name: optional(name(64)),
  /** The node that opened it (persons). */
  node: optional(nodeId),
  /** The place of its first card's batch: its place of origin. */
  origin: optional(placeId),
  /** Keys with a role on it (persons). */
  keys: optional(array(kid, { min: 0, max: KEYS_MAX })),
  /** The UTC day, counted from 1970, of its holder's last own gesture (persons and cards). */
  activeDay: optional(day),
  /** Nothing in it melts by a period that begins before this day (import). */
  keptUntilDay: optional(day),
  /** Assets of its accounts, oldest first. */
  assets: array(assetId, { min: 0, max: ACCOUNTS_PER_WALLET_MAX }),
})
export type Wallet = Of<typeof wallet>

const place = object({
  name: placeName,
  wallet: walletId,
  node: nodeId,
  keys: array(kid, { min: 0, max: KEYS_MAX }),
  federations: array(federationId, { min: 0, max: FEDERATIONS_PER_PLACE_MAX }),
  suspended: boolean,
  openedMs: timeMs,
  /** What it offers to exchange, oldest first; absent for none. */
  offers: optional(array(offerId, { min: 1, max: OFFERS_PER_PLACE_MAX })),
  /** Since when it votes, where all places do. */
  admittedMs: optional(timeMs),
})
export type Place = Of<typeof place>

const asset = object({
  kind: oneOf([...ASSET_KINDS, 'EUR']),
  name: assetName,
  code: assetCode,
  /** The place that issues it; none for FED and the reserve's EUR. */
  issuer: optional(placeId),
  minorPerUnit: literal(100),
  archived: boolean,
  sharedIn: array(federationId, { min: 0, max: FEDERATIONS_PER_ASSET_MAX }),
  policies: array(policy, { min: 1, max: POLICIES_PER_ASSET_MAX }),
  createdUs: timeUs,
})
export type Asset = Of<typeof asset>

/** The end of an asset's chain. */
const head = object({ seq: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), hash: hex32 })
export type Head = Of<typeof head>

const federation = object({
  name: name(100),
  places: array(placeId, { min: 0, max: PLACES_PER_FEDERATION_MAX }),
  invited: array(placeId, { min: 0, max: PLACES_PER_FEDERATION_MAX }),
  assets: array(assetId, { min: 0, max: ASSETS_PER_FEDERATION_MAX }),
})
export type Federation = Of<typeof federation>

const card = object({
  batch: batchId,
  status: oneOf(['live', 'lost']),
  /** How many times it was voided or lost: its own wallet derives from it. */
  counter: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  /** The person's wallet it is linked to. */
  person: optional(walletId),
  /** Its own wallet, when that is not the derived one (import). */
  own: optional(walletId),
  /** Places whose till it opens. */
  primary: array(placeId, { min: 0, max: PRIMARIES_PER_CARD_MAX }),
  /** What was spent per asset in the current window, only where a policy limits it. */
  spent: optional(map(spent, ACCOUNTS_PER_WALLET_MAX)),
})
export type Card = Of<typeof card>

const batch = object({
  place: placeId,
  generation: integer({ min: 0, max: 1_000_000 }),
  root: hex32,
  count: integer({ min: 1, max: 1_000_000 }),
  registered: integer({ min: 0, max: 1_000_000 }),
  level: oneOf(['L0', 'L1', 'L2', 'L3']),
})
export type Batch = Of<typeof batch>

const hold = object({
  from: walletId,
  place: placeId,
  asset: assetId,
  amount,
  expiresMs: timeMs,
  card: optional(name(36)),
})
export type Hold = Of<typeof hold>

/** What melted in one epoch from wallets of one origin, until it is shared out. */
const pool = object({ amount, dueMs: timeMs })
export type Pool = Of<typeof pool>

/** What became of all that ever melted of an asset. What is not in a share yet is in the pools. */
const melted = object({
  melted: amount,
  places: amount,
  commons: amount,
  maintenance: amount,
  burnt: amount,
})
export type Melted = Of<typeof melted>

const rateNumber = integer({ min: 1, max: RATE_MAX })
/** So many minor units are given for so many taken. */
export const rate = object({ give: rateNumber, take: rateNumber })

/** What a place gives for what, out of its own wallet. */
const offer = object({
  place: placeId,
  give: assetId,
  take: assetId,
  rate,
  perPersonDay: optional(amount),
  minimum: optional(amount),
  untilMs: optional(timeMs),
  openedMs: timeMs,
})
export type Offer = Of<typeof offer>

/** What one wallet was given by an offer in the running day. */
const offerUse = object({ spent })

/** Federated euros held until their payment to a person is certain. */
const payout = object({ wallet: walletId, amount, openedMs: timeMs })
export type Payout = Of<typeof payout>

const key = object({ x: publicKey, roles: array(keyRole, { min: 0, max: 256 }) })
export type Key = Of<typeof key>
export type KeyRole = Of<typeof keyRole>

const node = object({
  name: name(100),
  can: capabilities,
  keys: array(kid, { min: 0, max: KEYS_MAX }),
})
export type NodeRecord = Of<typeof node>

const grant = object({
  can: capabilities,
  limits: optional(limits),
  spent: optional(spent),
})
export type Grant = Of<typeof grant>

/** What an opaque till behind a node has taken, against the limits of the node's grant. */
const till = object({ spent })
export type TillRecord = Of<typeof till>

/** What a place has taken in the running hour, when the network has a ceiling. */
const takings = object({ spent })

/** What a wallet has spent of an asset in the running day, when a policy caps it. */
const spending = object({ spent })

/** What a place has granted an account of mutual credit, and what the account ever earned. */
const credit = object({ limit: amount, earned: amount })

const subscription = object({
  total: amount,
  startMs: timeMs,
  count: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
})
export type Subscription = Of<typeof subscription>

/** Who takes part in free money: the place that admitted them, and what of all dividends they have had. */
const member = object({ place: placeId, sinceMs: timeMs, sum: amount })
export type Member = Of<typeof member>

/** Proof that a payment was used: one payment mints once. */
const evidence = object({ tx: txId, amount })

/** What was issued in the running day: by all, or by one key that nobody else has looked at. */
const issuing = object({
  day: optional(counter),
  /** The last tx in which the key issued without an approval, and how much. */
  tx: optional(object({ id: txId, used: amount })),
})
export type Issuing = Of<typeof issuing>

/** What a second keeper has seen of a payment: the issue that it approves, with its reference as the id. */
const issueApproval = object({
  /** Whom it is issued to: one of the two. */
  card: optional(cardId),
  wallet: optional(walletId),
  account: name(64),
  gross: amount,
  fee: amount,
  net: amount,
  by: kid,
  atMs: timeMs,
})
export type IssueApproval = Of<typeof issueApproval>

/** The accounts of the reserve but for due-from-keeper, in the order of their first use. */
const reserve = object({
  accounts: array(object({ name: name(64), sinceMs: timeMs }), {
    min: 1,
    max: RESERVE_ACCOUNTS_MAX,
  }),
})

/** What a second person says that an account of the reserve had. */
const statement = object({
  balance: signedAmount,
  /** What the book had there when this was posted. */
  book: amount,
  atMs: timeMs,
  /** SHA-256 of what shows it. */
  reference: hex32,
  postedMs: timeMs,
})
export type AccountStatement = Of<typeof statement>

/** A name that only one place may have. */
const placeNameRecord = object({ place: placeId })

/** What was brought from another book, and whether more may come. */
const importRecord = object({
  /** Number of the last line of the import: any other line after it ends the import. */
  line: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  /** Time and id of the last imported line: they rise. */
  timeUs,
  last: optional(lineId),
  /** SHA-256 of the database that it came from, once the import is complete. */
  source: optional(hex32),
})
export type ImportRecord = Of<typeof importRecord>

/** The last line of the book: its number and its time. */
const clock = object({ line: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), timeUs })
export type Clock = Of<typeof clock>

const params = object({
  network: name(100),
  chain: chainId,
  fed: assetId,
  eur: assetId,
  keeper: walletId,
  due: walletId,
  keys: array(kid, { min: 0, max: KEYS_MAX }),
  /** Most FED in circulation while nobody attests the bank's side. */
  fedCap: amount,
  /** Most that the keeper may owe to the reserve. */
  dueCap: amount,
  /** Most that one place may take in FED per hour. */
  placeHourCeiling: optional(amount),
  /** Where shares of what melts go. */
  commons: optional(walletId),
  maintenance: optional(walletId),
  /** Days after which what melted is shared out; 30 when absent. */
  epochDays: optional(EPOCH_DAYS),
  /** What no policy may exceed; the usual one when absent. */
  meltLaw: optional(meltLaw),
  /** Most FED issued in one day of UTC. */
  issueDayMax: optional(amount),
  /** One issue of more needs the approval of a second keeper. */
  twoKeepersAbove: optional(amount),
  /** How long places vote, and how long its result waits to apply; absent: 14 and 7 days. */
  voteMs: optional(VOTE_STEP_MS),
  delayMs: optional(VOTE_STEP_MS),
})
export type Params = Of<typeof params>

/** Every kind of record, with its shape: the complete list of what a state root covers. */
export const RECORDS = {
  account,
  agenda,
  asset,
  ballot,
  batch,
  card,
  clock,
  credit,
  dividend,
  electorate,
  evidence,
  federation,
  grant,
  head,
  hold,
  import: importRecord,
  'issue-approval': issueApproval,
  issuing,
  key,
  melted,
  member,
  node,
  offer,
  'offer-use': offerUse,
  params,
  payout,
  place,
  'place-name': placeNameRecord,
  pool,
  proposal,
  reserve,
  spending,
  statement,
  subscription,
  takings,
  till,
  upgrade: upgradePlan,
  vote,
  wallet,
} as const satisfies Readonly<Record<string, Shape<object>>>

export type RecordKind = keyof typeof RECORDS
export type RecordOf<K extends RecordKind> = Of<(typeof RECORDS)[K]>

/** The key of a record in the state. */
export function toRecordKey(kind: RecordKind, id: string): string {
  return `${kind}/${id}`
}

/** The kind and the id of a key. */
export function fromRecordKey(recordKey: string): { kind: RecordKind; id: string } {
  const slash = recordKey.indexOf('/')
  const kind = recordKey.slice(0, slash)
  assert(Object.hasOwn(RECORDS, kind), `${kind} is a kind of record`)
  return { kind: kind as RecordKind, id: recordKey.slice(slash + 1) }
}

/** The id of the record of which the state has one: agenda, clock, electorate, import, params, reserve, upgrade, and issuing of all keys. */
export const ONLY = 'network'
