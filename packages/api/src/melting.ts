/** Melting before it happens, and what became of what melted. */
import { ASSET_KINDS, type AssetId, type WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { MELTING_PRESETS } from './melting-presets.ts'
import { DayText, DemurrageText } from './melting-terms.ts'
import { idParams, PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import {
  AmountText,
  Count,
  closed,
  idText,
  named,
  oneOf,
  PositiveAmount,
  ref,
  SignedAmount,
} from './schema.ts'
import { CardRef } from './wallet.ts'

const Asset = idText<AssetId>('The asset.')

/** Most melts of one account that a schedule shows. */
export const MELTS_SHOWN_MAX = 120
/** Most months that a schedule looks ahead: ten years. */
export const MELT_MONTHS_MAX = 120
/** Months that a schedule looks ahead when nobody says how many. */
export const MELT_MONTHS_USUAL = 12

/** Terms in words and figures. */
export const MeltingTermsView = named(
  'MeltingTerms',
  closed({
    sentence: Type.String(),
    yearlyPpm: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: 'Of a rate: what melts in a year of sleep at most, compound, rounded up.',
      }),
    ),
    yearlyFixed: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Of a fixed amount: what melts in a year of sleep at most, in minor units.',
      }),
    ),
  }),
)

/** What melts of an account at the end of one period. */
export const MeltView = named(
  'Melt',
  closed({
    version: Type.Integer({ minimum: 1, description: 'The version of the policy that rules it.' }),
    begins: Type.String({ ...DayText, description: 'The first day of the period.' }),
    day: Type.String({ ...DayText, description: 'It melts at the first moment of this day.' }),
    amount: PositiveAmount,
    left: AmountText,
  }),
)

/** What is ahead of one account if nobody makes a gesture. */
export const AccountMeltingView = named(
  'AccountMelting',
  closed({
    asset: Asset,
    name: Type.String(),
    code: Type.String(),
    kind: oneOf([...ASSET_KINDS, 'EUR']),
    balance: SignedAmount,
    held: AmountText,
    version: Type.Integer({ minimum: 1, description: 'The version of the policy in force.' }),
    terms: Type.Optional(ref(MeltingTermsView)),
    quietUntil: Type.Optional(
      Type.String({ ...DayText, description: 'The day of the first melt. Absent: there is none.' }),
    ),
    melts: Type.Array(ref(MeltView), { maxItems: MELTS_SHOWN_MAX }),
    more: Type.Boolean({ description: 'True when more melts after these.' }),
    sentence: Type.String(),
  }),
)

/** What is ahead of a wallet. */
export const WalletMeltingView = named(
  'WalletMelting',
  closed({
    wallet: idText<WalletId>('The wallet.'),
    today: DayText,
    until: Type.String({ ...DayText, description: 'The last day that was looked at.' }),
    accounts: Type.Array(ref(AccountMeltingView), {
      description: 'Accounts in assets that melt by any version of their policy.',
    }),
  }),
)

const horizon = closed({
  months: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MELT_MONTHS_MAX,
      description: `How far to look ahead, ${MELT_MONTHS_USUAL} months when absent.`,
    }),
  ),
})

const AHEAD = `By the very function that will run, through the versions of the policy that are announced, if nobody makes a gesture. At most ${MELTS_SHOWN_MAX} melts of each account. Days in UTC.`

/** What is ahead of a wallet. */
export const getWalletMelting = {
  method: 'GET',
  url: `${PREFIX}/wallets/:wallet/melting`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getWalletMelting',
    summary: 'What will melt in a wallet, and when, as long as it sleeps',
    description: AHEAD,
    tags: ['wallets'],
    params: idParams({ wallet: idText<WalletId>('A wallet.') }),
    querystring: horizon,
    response: { 200: ref(WalletMeltingView) },
  },
} as const satisfies Route

/** What is ahead of the wallet that a card pays from. */
export const getCardMelting = {
  method: 'GET',
  url: `${PREFIX}/cards/:card/melting`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getCardMelting',
    summary: 'What will melt on a card, and when, of what this place accepts',
    description: AHEAD,
    tags: ['cards'],
    params: idParams({ card: CardRef }),
    querystring: horizon,
    response: { 200: ref(WalletMeltingView) },
  },
} as const satisfies Route

/** What became of all that ever melted of an asset. */
export const AssetMeltingView = named(
  'AssetMelting',
  closed({
    asset: Asset,
    collected: AmountText,
    pools: Type.Integer({ ...AmountText, description: 'What waits for its share-out.' }),
    nextShareOut: Type.Optional(
      Type.String({
        ...DayText,
        description: 'When the oldest of it is shared out: once all of its epoch has melted.',
      }),
    ),
    shared: closed(
      {
        node: Type.Integer({ ...AmountText, description: 'To the places of origin.' }),
        commons: AmountText,
        maintenance: AmountText,
        burnt: Type.Integer({ ...AmountText, description: 'Left circulation.' }),
      },
      { description: 'What was shared out. With the pools it adds up to what was collected.' },
    ),
    terms: Type.Optional(ref(MeltingTermsView)),
  }),
)

/** What melting collected of an asset. */
export const getAssetMelting = {
  method: 'GET',
  url: `${PREFIX}/assets/:asset/melting`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getAssetMelting',
    summary: 'What melting collected of an asset, and what became of it',
    tags: ['assets'],
    params: idParams({ asset: idText<AssetId>('An asset.') }),
    response: { 200: ref(AssetMeltingView) },
  },
} as const satisfies Route

/** Named terms. */
export const MeltingPresetView = named(
  'MeltingPreset',
  closed({
    preset: oneOf(MELTING_PRESETS),
    about: Type.String(),
    demurrage: DemurrageText,
    terms: ref(MeltingTermsView),
    refused: Type.Array(closed({ kinds: Type.Array(oneOf(ASSET_KINDS)), why: Type.String() }), {
      description: 'Kinds of asset for which the law of this network refuses it.',
    }),
  }),
)

/** Terms to choose from. */
export const listMeltingPresets = {
  method: 'GET',
  url: `${PREFIX}/melting/presets`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listMeltingPresets',
    summary: 'Terms by which others let money melt, and ours, with what they take in a year',
    tags: ['assets'],
    querystring: closed({
      day: Type.Optional(
        Type.String({
          ...DayText,
          description: 'The day of `calendar-day`; the first 31 December in 90 days when absent.',
        }),
      ),
    }),
    response: {
      200: closed({
        law: closed(
          {
            yearlyPpm: Count,
            yearlyFixed: AmountText,
            graceDays: Type.Integer({
              minimum: 0,
              description: 'Fewest days of sleep before federated euros melt.',
            }),
          },
          { description: 'Most that melts of euro-backed money in a year, and how early.' },
        ),
        presets: Type.Array(ref(MeltingPresetView)),
      }),
    },
  },
} as const satisfies Route
