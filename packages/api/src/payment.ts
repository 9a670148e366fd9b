/** Online refills: a page to pay on, and what becomes of the payment. */
import type { CardId, Id, PlaceId, TxId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { ReserveName } from './money.ts'
import { idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import { AmountText, Count, closed, idText, named, oneOf, ref, Sha256, Time } from './schema.ts'
import { bearerMembers } from './wallet.ts'

type PaymentId = Id<'payment'>

/** Cents: the least that providers take of a bank card. */
export const ONLINE_MIN = 50
/** Cents: the most that providers take of a bank card. */
export const ONLINE_MAX = 99_999_999

export const PAYMENT_STATES = [
  'intended',
  'opened',
  'paid',
  'credited',
  'failed',
  'expired',
] as const

const paymentState = oneOf(
  PAYMENT_STATES,
  'intended: the page is not made yet. opened: it can be paid, or the bank is being waited for. paid: received, being credited. credited: in the wallet. failed, expired: nothing more comes of it.',
)

/** The id of a payment. */
export const PaymentIdText = idText<PaymentId>(
  'The payment: the Idempotency-Key that it was opened with.',
)

/** A terminal for bank cards, as its provider names it. */
export const ReaderId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: 'A terminal for bank cards, as the list of readers names it.',
})

/** A payment. Whoever knows its id sees how it stands; only the operator sees whose it is. */
export const PaymentView = named(
  'Payment',
  closed({
    payment: PaymentIdText,
    state: paymentState,
    sandbox: Type.Boolean({ description: 'True: a try-out in which no real money moves.' }),
    kind: oneOf(['refill', 'terminal']),
    created: Time,
    changed: Time,
    amount: Type.Optional(AmountText),
    paid: Type.Optional(Time),
    url: Type.Optional(Type.String({ description: 'The page on which it can be paid.' })),
    atReader: Type.Optional(
      closed(
        {
          reader: ReaderId,
          asks: Type.Integer({
            minimum: 1,
            description: 'How often a till has asked for the card.',
          }),
          cancelled: Type.Optional(Time),
        },
        {
          description:
            'Paid at a terminal. cancelled: when the till gave it up; it may have been paid before.',
        },
      ),
    ),
    tx: Type.Optional(idText<TxId>('The tx that credited it.')),
    problem: Type.Optional(
      closed(
        { code: Type.String(), sentence: Type.String() },
        { description: 'What stands in its way.' },
      ),
    ),
    operator: Type.Optional(
      closed(
        {
          wallet: Type.Optional(idText<WalletId>('Who gets the money.')),
          card: Type.Optional(idText<CardId>('The card that was named.')),
          place: Type.Optional(idText<PlaceId>('Who asked for it.')),
          reference: Type.Optional(Type.String()),
          paymentReference: Type.Optional(Type.String()),
          fee: Type.Optional(AmountText),
          net: Type.Optional(AmountText),
          issue: Type.Optional(
            closed(
              {
                card: Type.Optional(idText<CardId>('Who gets it: a card...')),
                wallet: Type.Optional(idText<WalletId>('... or a wallet.')),
                account: ReserveName,
                reference: Sha256,
                gross: AmountText,
                fee: AmountText,
                net: AmountText,
              },
              { description: 'What a second keeper approves, when it waits for one.' },
            ),
          ),
          tries: Count,
          next: Type.Optional(Time),
        },
        { description: 'For the operator only.' },
      ),
    ),
  }),
)

/** How the payments of a node stand: for its operator. */
export const PaymentsView = closed({
  provider: Type.Optional(oneOf(['stripe', 'sandbox'])),
  off: Type.Optional(Type.String({ description: 'Why no refill can be opened.' })),
  waiting: Count,
  owed: Type.Integer({ minimum: 0, description: 'Paid, and not credited yet.' }),
  owedAmount: AmountText,
  oldestPaid: Type.Optional(Time),
  awaitingKeeper: Type.Integer({
    minimum: 0,
    description: 'Of those owed: how many wait for the approval of a second keeper.',
  }),
  awaitingDay: Type.Integer({
    minimum: 0,
    description: 'Of those owed: how many wait for the next day, since no more is issued today.',
  }),
})

/** Somebody wants to pay for federated euros. */
export const postOnlineRefill = {
  method: 'POST',
  url: `${PREFIX}/refills/online`,
  access: 'key',
  makesTx: false,
  takesKey: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postOnlineRefill',
    summary: 'Open a page on which somebody pays for federated euros with a bank card',
    tags: ['payments'],
    headers: Type.Object({
      'idempotency-key': Type.String({
        format: 'uuid',
        pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
        description:
          'A new random UUID for each refill: it is the id of the payment. The same key with the same request answers the same page.',
      }),
    }),
    body: closed({
      ...bearerMembers,
      amount: Type.Optional(
        Type.Integer({
          minimum: ONLINE_MIN,
          maximum: ONLINE_MAX,
          description: 'Cents. Absent: the payer chooses on the page.',
        }),
      ),
      email: Type.Optional(
        Type.String({
          maxLength: 254,
          pattern: '^[^@\\s]+@[^@\\s]+$',
          description: 'Of the payer.',
        }),
      ),
      returnUrl: Type.Optional(
        Type.String({
          maxLength: 1_000,
          pattern: '^https?://',
          description:
            'Where the payer comes back to; gets the query member payment. A page of this node when absent.',
        }),
      ),
    }),
    response: {
      200: closed({
        payment: PaymentIdText,
        url: Type.String({ description: 'Where to send the payer.' }),
        sandbox: Type.Boolean(),
      }),
    },
  },
} as const satisfies Route

/** One payment. */
export const getPayment = {
  method: 'GET',
  url: `${PREFIX}/payments/:payment`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getPayment',
    summary: 'What became of a payment; looks at the provider, and credits what is paid',
    tags: ['payments'],
    params: idParams({ payment: PaymentIdText }),
    response: { 200: ref(PaymentView) },
  },
} as const satisfies Route

/** All payments of the node. */
export const listPayments = {
  method: 'GET',
  url: `${PREFIX}/payments`,
  access: 'operator',
  makesTx: false,
  problems: [401, 403],
  schema: {
    operationId: 'listPayments',
    summary: 'Payments through a provider, newest first',
    tags: ['payments'],
    querystring: closed({
      state: Type.Optional(paymentState),
      before: Type.Optional(Type.Integer({ minimum: 1 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    response: {
      200: closed({
        status: PaymentsView,
        payments: Type.Array(ref(PaymentView)),
        next: Type.Optional(Type.Integer({ minimum: 1 })),
      }),
    },
  },
} as const satisfies Route
