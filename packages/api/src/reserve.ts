/** The euros behind the federated euro: where they are, who says so, and what the keeper books of them. */
import { type Kid, MOVE_REASONS } from '@fedow/ledger'
import Type from 'typebox'
import { ReserveName } from './money.ts'
import { IdempotencyHeaders, PREFIX, type Route, TX_PROBLEMS } from './route.ts'
import {
  AmountText,
  closed,
  oneOf,
  PositiveAmount,
  ref,
  Sha256,
  SignedAmount,
  Time,
} from './schema.ts'
import { TxAnswer } from './tx.ts'

const statement = closed(
  {
    balance: SignedAmount,
    book: AmountText,
    at: Time,
    posted: Time,
    reference: Sha256,
    until: Time,
  },
  {
    description:
      'What a second person read there last: balance and moment, what the book had when it was posted, and until when it holds.',
  },
)

/** The euro side of the federated euro. */
export const getReserve = {
  method: 'GET',
  url: `${PREFIX}/reserve`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'getReserve',
    summary: 'Federated euros in circulation, where their euros are, and who says so',
    tags: ['reserve'],
    response: {
      200: closed({
        fedIssued: SignedAmount,
        accounts: Type.Array(
          closed({
            name: Type.String(),
            balance: SignedAmount,
            since: Type.Optional(Time),
            statement: Type.Optional(statement),
          }),
          { description: 'By name. What the keeper owes is due-from-keeper.' },
        ),
        attested: Type.Boolean({
          description:
            'Whether statements of a second person hold for every account with euros, and agree with the book.',
        }),
        attestedUntil: Type.Optional(Time),
        attesters: Type.Array(Type.Unsafe<Kid>(Type.String()), {
          description: 'Keys that may attest now.',
        }),
        gap: Type.Integer({
          description: 'Statements minus book, all accounts together, in cents.',
        }),
        fedCap: AmountText,
        dueCap: AmountText,
        keepers: Type.Array(Type.Unsafe<Kid>(Type.String()), {
          description: 'Keys that may issue now.',
        }),
        issueDayMax: Type.Optional(
          Type.Integer({ minimum: 0, description: 'Most that is issued in a day of UTC.' }),
        ),
        issuedToday: Type.Optional(AmountText),
        twoKeepersAbove: Type.Optional(
          Type.Integer({
            minimum: 0,
            description:
              'More than that at once, or by hand in a day, is issued with the approval of a second keeper.',
          }),
        ),
        stopped: Type.Optional(
          closed(
            {
              code: Type.String(),
              title: Type.String(),
              detail: Type.String(),
              fix: Type.String(),
            },
            { description: 'Why no federated euros are issued now, whatever the payment.' },
          ),
        ),
      }),
    },
  },
} as const satisfies Route

const account = Type.Union([Type.Literal('due-from-keeper'), ReserveName], {
  description: 'due-from-keeper, or an account such as provider/stripe.',
})

/** The keeper books euros that went from one account of the reserve to another. */
export const moveReserve = {
  method: 'POST',
  url: `${PREFIX}/reserve/moves`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'moveReserve',
    summary: 'Book euros that went from one account of the reserve to another',
    description:
      'A statement of the reserve has no route: the person who attests signs it with a key of their own, and submits the tx.',
    tags: ['reserve'],
    headers: IdempotencyHeaders,
    body: closed({
      from: account,
      to: account,
      amount: PositiveAmount,
      reference: Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'What shows it. The book gets its SHA-256, and takes each once.',
      }),
      why: oneOf(MOVE_REASONS),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
