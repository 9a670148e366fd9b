import {
  type AssetId,
  DIGITS_MAX,
  DIVIDEND_PROFILES,
  PERIOD_MAX_S,
  PERIOD_MIN_S,
  type PlaceId,
  PPB,
  type WalletId,
} from '@fedow/ledger'
import Type from 'typebox'
import {
  IdempotencyHeaders,
  idParams,
  PREFIX,
  READ_PROBLEMS,
  type Route,
  TX_PROBLEMS,
} from './route.ts'
import {
  AmountText,
  Count,
  closed,
  idText,
  named,
  oneOf,
  PositiveAmount,
  ref,
  Time,
} from './schema.ts'
import { TxAnswer } from './tx.ts'

const Asset = idText<AssetId>('Free money.')
const Wallet = idText<WalletId>('The wallet of a person.')
const Place = idText<PlaceId>('A place that accepts this money.')

const Seconds = Type.Integer({
  minimum: PERIOD_MIN_S,
  maximum: PERIOD_MAX_S,
  description: 'Whole seconds, an hour at least.',
})
const Growth = Type.Integer({
  minimum: 1,
  maximum: PPB,
  description: 'Parts per billion: 48800000 is 4.88 %.',
})
const Digits = Type.Integer({
  minimum: 1,
  maximum: DIGITS_MAX,
  description: 'With more digits than this a dividend is counted in tens, in hundreds, and so on.',
})

const starts = {
  first: Type.Optional(PositiveAmount),
  periodS: Type.Optional(Seconds),
  reevalS: Type.Optional(Seconds),
  firstDividend: Type.Optional(Time),
  firstReeval: Type.Optional(Time),
}

/** The terms of the dividend of new free money: what is absent is as the Ğ1 has it. */
export const NewDividendText = Type.Union(
  [
    closed({
      profile: Type.Literal('g1-v1'),
      ...starts,
      cPpb: Type.Optional(Growth),
      digits: Type.Optional(Digits),
    }),
    closed({
      profile: Type.Literal('g1-v2'),
      ...starts,
      cSquaredPpb: Type.Optional(Growth),
    }),
  ],
  {
    description:
      'Of free money (LIB) alone, and never changed. "g1-v1": the formula of the Ğ1 until March 2026, which rounds up; "g1-v2": the one since, which rounds down. By default 10.00 a day, re-evaluated each half-year.',
  },
)

/** A value of the dividend, from one re-evaluation to the next. Value = ud · 10^unitBase. */
export const DividendValueView = named(
  'DividendValue',
  closed({
    from: Time,
    value: AmountText,
    ud: AmountText,
    unitBase: Count,
    mass: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The mass that the formula read.',
    }),
    members: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The members among whom the formula divided.',
    }),
  }),
)

/** The dividend of free money as of now. */
export const DividendView = named(
  'Dividend',
  closed({
    asset: Asset,
    profile: oneOf(DIVIDEND_PROFILES),
    first: AmountText,
    periodS: Seconds,
    reevalS: Seconds,
    cPpb: Type.Optional(Growth),
    cSquaredPpb: Type.Optional(Growth),
    digits: Type.Optional(Digits),
    value: AmountText,
    ud: AmountText,
    unitBase: Count,
    /** All dividends so far. */
    mass: AmountText,
    /** What of them nobody has claimed yet. */
    unclaimed: AmountText,
    massAtReeval: AmountText,
    members: Count,
    made: Count,
    perMember: AmountText,
    next: Type.Optional(Time),
    nextReeval: Type.Optional(Time),
    ended: Type.Optional(Time),
    series: Type.Array(ref(DividendValueView), {
      description: 'The first value, then the last re-evaluations, oldest first.',
    }),
    forecast: Type.Array(ref(DividendValueView), {
      description: 'The next re-evaluations if nobody joins or leaves, by the rule that will run.',
    }),
  }),
)

/** A membership in free money. */
export const MemberView = named(
  'Member',
  closed({
    asset: Asset,
    wallet: Wallet,
    place: Place,
    since: Time,
    due: AmountText,
    next: Type.Optional(Time),
  }),
)

/** The dividend of one asset. */
export const getDividend = {
  method: 'GET',
  url: `${PREFIX}/assets/:asset/dividend`,
  access: 'public',
  makesTx: false,
  problems: [404, 409],
  schema: {
    operationId: 'getDividend',
    summary:
      'The dividend of free money: its value now, when the next one falls due, mass, members',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    response: { 200: ref(DividendView) },
  },
} as const satisfies Route

/** A member takes what is due. */
export const claimDividend = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/dividend`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'claimDividend',
    summary: 'A member takes every dividend since the last time, each at its own value',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    headers: IdempotencyHeaders,
    body: closed({ wallet: Wallet }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A place admits a person. */
export const admitMember = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/members`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'admitMember',
    summary: 'A place that accepts this free money admits a person: dividends count from now on',
    tags: ['assets'],
    params: idParams({ asset: Asset }),
    headers: IdempotencyHeaders,
    body: closed({ place: Place, wallet: Wallet }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** One membership. */
export const getMember = {
  method: 'GET',
  url: `${PREFIX}/assets/:asset/members/:wallet`,
  access: 'key',
  makesTx: false,
  problems: [...READ_PROBLEMS, 409],
  schema: {
    operationId: 'getMember',
    summary: 'A membership in free money, and what is due to it now',
    tags: ['assets'],
    params: idParams({ asset: Asset, wallet: Wallet }),
    response: { 200: ref(MemberView) },
  },
} as const satisfies Route

/** A membership ends. */
export const endMembership = {
  method: 'POST',
  url: `${PREFIX}/assets/:asset/members/:wallet/leave`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'endMembership',
    summary:
      'A person leaves free money, or the place that admitted them ends it; what is due is paid',
    tags: ['assets'],
    params: idParams({ asset: Asset, wallet: Wallet }),
    headers: IdempotencyHeaders,
    body: closed({
      place: Type.Optional(
        idText<PlaceId>('The place that admitted them, when it is who ends the membership.'),
      ),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
