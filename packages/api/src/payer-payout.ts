/** Federated euros back to the bank cards that paid for them: what can go back, and what became of it. */
import { ASSET_KINDS, type AssetId, type LineId, type WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { PayoutView } from './payout.ts'
import { PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import { AmountText, closed, idText, oneOf, ref, Time } from './schema.ts'
import { bearerMembers } from './wallet.ts'

/** What stands in the way, as a code and in words. */
const hindrance = closed({ code: Type.String(), sentence: Type.String() })

const wish = closed({
  ...bearerMembers,
  amount: Type.Optional(
    Type.Integer({
      ...{ minimum: 1, maximum: 99_999_999_999 },
      description: 'Cents. Absent: as much as can go back.',
    }),
  ),
})

const refill = closed({
  line: idText<LineId>('The refill in the history.'),
  time: Time,
  amount: AmountText,
  left: Type.Optional(AmountText),
  share: Type.Integer({ minimum: 0, description: 'What goes back of it, in cents.' }),
  why: Type.Optional(hindrance),
})

/** What would go back. */
export const previewPayout = {
  method: 'POST',
  url: `${PREFIX}/payouts/preview`,
  access: 'key',
  makesTx: false,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'previewPayout',
    summary: 'What would go back to the bank cards that paid for a wallet, and why not the rest',
    tags: ['payouts'],
    body: wish,
    response: {
      200: closed({
        wallet: idText<WalletId>('The wallet.'),
        balance: AmountText,
        available: AmountText,
        total: Type.Integer({ minimum: 0, description: 'What goes back, in cents.' }),
        refills: Type.Array(refill, {
          description:
            'Refills with federated euros, of the wallet and of the cards that it has taken over, oldest first: in the order in which they are drawn on.',
        }),
        kept: Type.Array(
          closed({
            asset: idText<AssetId>('A money that is no federated euro.'),
            name: Type.String(),
            kind: oneOf([...ASSET_KINDS, 'EUR']),
            code: Type.String(),
            amount: AmountText,
            why: hindrance,
          }),
          { description: 'What else is in the wallet: none of it goes back from here.' },
        ),
      }),
    },
  },
} as const satisfies Route

/** Gives back. */
export const refundPayer = {
  method: 'POST',
  url: `${PREFIX}/payouts/refund`,
  access: 'key',
  makesTx: false,
  takesKey: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'refundPayer',
    summary: 'Give federated euros back to the bank cards that paid for them',
    description:
      'Held at once, then refunded by the provider, oldest payments first, without fee. Each payment that is drawn on is a payout of its own, and goes on by itself.',
    tags: ['payouts'],
    headers: Type.Object({
      'idempotency-key': Type.String({
        format: 'uuid',
        pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
        description:
          'A new random UUID for each wish. The same key with the same request gives nothing back again, and answers what became of it.',
      }),
    }),
    body: wish,
    response: {
      200: closed({
        wallet: idText<WalletId>('The wallet.'),
        planned: Type.Boolean({
          description: 'False: the provider has not said yet what can go back, and is asked again.',
        }),
        payouts: Type.Array(ref(PayoutView)),
        why: Type.Optional(hindrance),
      }),
    },
  },
} as const satisfies Route

/** How payouts to payers stand. */
export const PayoutsView = closed({
  underWay: Type.Integer({ minimum: 0, description: 'Not ended yet.' }),
  underWayAmount: AmountText,
  oldest: Type.Optional(Time),
})

/** The states of a payout to a payer. */
export const PAYOUT_STATES = ['planned', 'held', 'asked', 'paid', 'released', 'returned'] as const

/** Payouts to payers. */
export const listPayouts = {
  method: 'GET',
  url: `${PREFIX}/payouts`,
  access: 'operator',
  makesTx: false,
  problems: [401, 403],
  schema: {
    operationId: 'listPayouts',
    summary: 'Payouts to payers, newest first',
    tags: ['payouts'],
    querystring: closed({
      state: Type.Optional(oneOf(PAYOUT_STATES, 'Only those that are.')),
      wallet: Type.Optional(idText<WalletId>('Only those of a wallet.')),
      before: Type.Optional(Type.Integer({ minimum: 1 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    response: {
      200: closed({
        status: PayoutsView,
        payouts: Type.Array(ref(PayoutView)),
        next: Type.Optional(Type.Integer({ minimum: 1 })),
      }),
    },
  },
} as const satisfies Route
