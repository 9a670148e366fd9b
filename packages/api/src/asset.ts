import {
  ASSET_KINDS,
  type AssetId,
  type FederationId,
  type PlaceId,
  type WalletId,
} from '@fedow/ledger'
import Type from 'typebox'
import { NewDividendText } from './dividend.ts'
import { MeltingTermsView } from './melting.ts'
import { DemurrageText } from './melting-terms.ts'
import { IdempotencyHeaders, idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import {
  AmountText,
  Count,
  closed,
  IdPageQuery,
  idText,
  named,
  nameText,
  oneOf,
  ref,
  SignedAmount,
  Time,
} from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'

const Asset = idText<AssetId>('An asset.')
const Place = idText<PlaceId>('A place.')

const levelLimits = closed({
  balance: Type.Optional(AmountText),
  sale: Type.Optional(AmountText),
  day: Type.Optional(AmountText),
})

const termMembers = {
  personToPerson: Type.Boolean({ description: 'Whether persons may give it to each other.' }),
  spendAt: Type.Union(
    [
      closed({ only: Type.Array(Place, { minItems: 1, maxItems: 64 }) }),
      closed({ accepted: Type.Literal(true) }),
    ],
    { description: 'Where it is spent: wherever it is accepted, or only at these places.' },
  ),
  refund: oneOf(['never', 'issuer', 'payer', 'payout'], 'Who gives euros back for it.'),
  limits: closed({
    L0: Type.Optional(levelLimits),
    L1: Type.Optional(levelLimits),
    L2: Type.Optional(levelLimits),
    L3: Type.Optional(levelLimits),
  }),
  dayStartUtcMinutes: Type.Integer({
    minimum: 0,
    maximum: 1_439,
    description: 'When its days start, in minutes after midnight UTC.',
  }),
  demurrage: Type.Optional(DemurrageText),
  days: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description:
        'The days of the week on which it is spent, from 0 (Monday) to 6 (Sunday), rising. Absent: every day.',
    }),
  ),
  dayCap: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most that one wallet spends of it in a day, in minor units.',
    }),
  ),
  creditGrowth: Type.Optional(
    closed(
      { ratePpm: Type.Integer({ minimum: 1, maximum: 1_000_000 }), max: AmountText },
      {
        description:
          'Mutual credit: a granted limit grows by this many millionths of what the account ever earned, up to max.',
      },
    ),
  ),
}

/** What an issuer decides about its asset. */
export const PolicyTermsText = closed(termMembers)

/** A version of an asset's policy. */
export const PolicyView = named(
  'Policy',
  closed({
    version: Count,
    from: Time,
    ...termMembers,
    /** Its demurrage in words and figures. */
    melting: Type.Optional(ref(MeltingTermsView)),
  }),
)

/** What the public sees of an asset. */
export const AssetView = named(
  'Asset',
  closed({
    id: Asset,
    kind: oneOf(ASSET_KINDS),
    name: Type.String(),
    code: Type.String(),
    issuer: Type.Optional(Place),
    minorPerUnit: Type.Literal(100),
    archived: Type.Boolean(),
    sharedIn: Type.Array(idText<FederationId>('A federation.')),
    policy: ref(PolicyView),
    /** Versions that are announced and have not begun. */
    announced: Type.Array(ref(PolicyView)),
    issued: SignedAmount,
    created: Time,
  }),
)

/** Assets in the order of their ids, or those that a place accepts. */
export const listAssets = {
  method: 'GET',
  url: `${PREFIX}/assets`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'listAssets',
    summary: 'Assets of the network, or those that one place accepts',
    tags: ['assets'],
    querystring: closed({ ...IdPageQuery.properties, place: Type.Optional(Place) }),
    response: { 200: closed({ assets: Type.Array(ref(AssetView)), next: Type.Optional(Asset) }) },
  },
} as const satisfies Route

/** One asset. */
export const getAsset = {
  method: 'GET',
  url: `${PREFIX}/assets/:asset`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getAsset',
    summary: 'One asset: its kind, issuer, policy and how much of it is in circulation',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    response: { 200: ref(AssetView) },
  },
} as const satisfies Route

/** A place makes an asset. */
export const createAsset = {
  method: 'POST',
  url: `${PREFIX}/assets`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'createAsset',
    summary: 'A place makes its own money, points, badge, membership or free money',
    tags: ['assets'],
    headers: IdempotencyHeaders,
    body: closed({
      place: Place,
      kind: oneOf(['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'LIB', 'MUT']),
      name: nameText(100),
      code: nameText(3),
      terms: Type.Optional(PolicyTermsText),
      dividend: Type.Optional(NewDividendText),
    }),
    response: { 200: withTx({ asset: Asset }) },
  },
} as const satisfies Route

/** An issuer retires an asset. */
export const archiveAsset = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/archive`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'archiveAsset',
    summary: 'No more sales or refills in this asset; what is held can still be refunded and fused',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    headers: IdempotencyHeaders,
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** An issuer announces other terms. */
export const changePolicy = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/policies`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'changePolicy',
    summary: 'Announce other terms: at once when they only loosen, else 90 days ahead',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    headers: IdempotencyHeaders,
    body: closed({ from: Time, terms: PolicyTermsText }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** The place that looks after a mutual credit says how far below zero somebody may go. */
export const setCreditLimit = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/credit-limits`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'setCreditLimit',
    summary: 'Say how far below zero a person or place may go in a mutual credit',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    headers: IdempotencyHeaders,
    body: closed({
      wallet: idText<WalletId>('The wallet of a person or a place.'),
      limit: AmountText,
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
