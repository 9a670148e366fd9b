/** Payments at a terminal: a till lets a reader ask for a bank card, and sees what becomes of it. */
import type { PlaceId } from '@fedow/ledger'
import Type from 'typebox'
import { ONLINE_MAX, ONLINE_MIN, PaymentIdText, PaymentView, ReaderId } from './payment.ts'
import { idParams, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import { closed, idText, named, ref } from './schema.ts'
import { bearerMembers } from './wallet.ts'

/** A terminal for bank cards, as it is now. */
export const ReaderView = named(
  'Reader',
  closed({
    reader: ReaderId,
    label: Type.String(),
    online: Type.Boolean(),
    busy: Type.Boolean({ description: 'It asks for a card now.' }),
    place: Type.Optional(idText<PlaceId>('The only place that may use it.')),
    url: Type.Optional(
      Type.String({ description: 'Where a visitor presents a card; with the sandbox alone.' }),
    ),
  }),
)

const params = idParams({ payment: PaymentIdText })

/** The terminals that can be asked. */
export const listReaders = {
  method: 'GET',
  url: `${PREFIX}/readers`,
  access: 'key',
  makesTx: false,
  problems: [401, 403, 409, 503],
  schema: {
    operationId: 'listReaders',
    summary: 'Terminals for bank cards that the caller may use',
    tags: ['payments'],
    response: { 200: closed({ readers: Type.Array(ref(ReaderView)) }) },
  },
} as const satisfies Route

/** A till wants somebody to pay with a bank card, for federated euros. */
export const postTerminalPayment = {
  method: 'POST',
  url: `${PREFIX}/refills/terminal`,
  access: 'key',
  makesTx: false,
  takesKey: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'postTerminalPayment',
    summary: 'Let a terminal ask for a bank card, to pay for federated euros',
    description:
      'Answers as soon as the terminal asks. How it goes on, GET of the payment says: opened while the card is waited for, with a problem when it was refused or nobody came; then credited. What nobody pays is given up after five minutes.',
    tags: ['payments'],
    headers: Type.Object({
      'idempotency-key': Type.String({
        format: 'uuid',
        pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
        description:
          'A new random UUID for each payment: it is its id. The same key with the same request asks once, and goes on where it is.',
      }),
    }),
    body: closed({
      place: idText<PlaceId>('The place that asks.'),
      reader: ReaderId,
      ...bearerMembers,
      amount: Type.Integer({ minimum: ONLINE_MIN, maximum: ONLINE_MAX, description: 'Cents.' }),
    }),
    response: { 200: ref(PaymentView) },
  },
} as const satisfies Route

const aPayment = { access: 'key', makesTx: false, problems: [401, 403, 404, 409] } as const

/** The payer was refused, or came too late. */
export const askAgain = {
  method: 'POST',
  url: `${PREFIX}/payments/:payment/again`,
  ...aPayment,
  schema: {
    operationId: 'askAgain',
    summary: 'Let the terminal of a payment ask for a card once more',
    tags: ['payments'],
    params,
    response: { 200: ref(PaymentView) },
  },
} as const satisfies Route

/** The till gives a payment up. */
export const cancelPayment = {
  method: 'POST',
  url: `${PREFIX}/payments/:payment/cancel`,
  ...aPayment,
  schema: {
    operationId: 'cancelPayment',
    summary: 'Give up a payment at a terminal, unless it was paid before',
    description:
      'The answer says how it stands: failed, with the problem cancelled, when nobody can pay it any more; paid or credited when the card was quicker; opened while the provider has not said which.',
    tags: ['payments'],
    params,
    response: { 200: ref(PaymentView) },
  },
} as const satisfies Route
