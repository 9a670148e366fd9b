/** Federated euros that go back to a person in euros. */
import type { PayoutId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { evidence } from './money.ts'
import {
  IdempotencyHeaders,
  idParams,
  PREFIX,
  READ_PROBLEMS,
  type Route,
  TX_PROBLEMS,
} from './route.ts'
import { AmountText, closed, idText, named, oneOf, PositiveAmount, ref, Time } from './schema.ts'
import { TxAnswer, withTx } from './tx.ts'

const Payout = idText<PayoutId>('A payout.')
const Wallet = idText<WalletId>('The wallet of a person or a card.')

const ofPayout = {
  tags: ['payouts'],
  params: idParams({ payout: Payout }),
  headers: IdempotencyHeaders,
} as const

/** Money held until its payment is certain. */
export const PayoutView = named(
  'Payout',
  closed({
    payout: Payout,
    wallet: Wallet,
    amount: AmountText,
    opened: Time,
    refund: Type.Optional(
      closed(
        {
          state: oneOf(
            ['planned', 'held', 'asked', 'paid', 'released', 'returned'],
            'planned: nothing has happened. held: nobody can spend it. asked: the provider has made the refund. paid: out of circulation. released: nothing was paid. returned: it was paid, came back, and is in the wallet again.',
          ),
          provider: oneOf(['stripe', 'sandbox']),
          payment: Type.String({ description: 'What is refunded, at the provider.' }),
          reference: Type.Optional(Type.String({ description: 'The refund, at the provider.' })),
          atProvider: Type.Optional(oneOf(['pending', 'succeeded', 'failed'])),
          changed: Time,
          next: Type.Optional(Time),
          problem: Type.Optional(closed({ code: Type.String(), sentence: Type.String() })),
        },
        { description: 'Of a payout to the payer of a refill; absent for one opened by hand.' },
      ),
    ),
  }),
)

/** Holds what is to be paid back. */
export const openPayout = {
  method: 'POST',
  url: `${PREFIX}/payouts`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'openPayout',
    summary: 'Hold federated euros of a person or a card that are to be paid back in euros',
    tags: ['payouts'],
    headers: IdempotencyHeaders,
    body: closed({ wallet: Wallet, amount: PositiveAmount }),
    response: { 200: withTx({ payout: Payout }) },
  },
} as const satisfies Route

/** An open payout. */
export const getPayout = {
  method: 'GET',
  url: `${PREFIX}/payouts/:payout`,
  access: 'operator',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getPayout',
    summary:
      'A payout; one that was opened by hand is gone when it was paid or cancelled, one to a payer stays',
    tags: ['payouts'],
    params: idParams({ payout: Payout }),
    response: { 200: ref(PayoutView) },
  },
} as const satisfies Route

/** Ends a payout by its payment. */
export const payPayout = {
  method: 'POST',
  url: `${PREFIX}/payouts/:payout/pay`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'payPayout',
    summary: 'Take what was paid back out of circulation; the rest is released',
    ...ofPayout,
    body: closed({ evidence, amount: Type.Optional(PositiveAmount) }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** Ends a payout without payment. */
export const cancelPayout = {
  method: 'POST',
  url: `${PREFIX}/payouts/:payout/cancel`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'cancelPayout',
    summary: 'Release a payout of which nothing was paid',
    ...ofPayout,
    body: closed({
      reference: Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'What shows that nothing was paid. The book gets its SHA-256.',
      }),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
