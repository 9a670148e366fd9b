import { type Hex32, TX_MAX, type TxId } from '@fedow/ledger'
import Type, { type TSchema } from 'typebox'
import { LineView } from './line.ts'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, idText, named, oneOf, ref, Sha256, Time } from './schema.ts'

const members = {
  txId: idText<TxId>('The tx.'),
  status: Type.Literal('applied'),
  height: Count,
  index: Count,
  time: Time,
  lines: Type.Array(ref(LineView)),
}

/** A tx that took effect, durably. */
export const TxAnswer = named('TxApplied', closed(members))

/** A tx that took effect, and what the route adds to it. */
export function withTx<const P extends Record<string, TSchema>>(more: P) {
  return closed({ ...members, ...more })
}

/** What anyone may know of a tx: its outcome, and hashes of lines. */
export const TxView = named(
  'Tx',
  closed({
    txId: idText<TxId>('The tx.'),
    status: oneOf(['applied', 'rejected']),
    height: Count,
    index: Count,
    time: Time,
    code: Type.Optional(Type.String({ description: 'Why it was rejected.' })),
    hashes: Type.Array(Type.Unsafe<Hex32>(Sha256), {
      description: 'Hashes of its lines, in order.',
    }),
    lines: Type.Array(ref(LineView), {
      description: 'Those of its lines that concern the caller.',
    }),
  }),
)

/** A signed tx, from anyone. */
export const postTx = {
  method: 'POST',
  url: `${PREFIX}/txs`,
  access: 'public',
  makesTx: false,
  problems: [401, 409, 410, 413, 415, 503, 504],
  schema: {
    operationId: 'postTx',
    summary: 'Submit a signed tx; answered once it is decided and durable',
    description:
      'The body is {"tx": compact JWS}, or the bare JWS as application/jose. The same bytes again give the same answer.',
    tags: ['txs'],
    consumes: ['application/json', 'application/jose'],
    body: closed({ tx: Type.String({ minLength: 1, maxLength: TX_MAX }) }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** What became of a tx. */
export const getTx = {
  method: 'GET',
  url: `${PREFIX}/txs/:tx`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getTx',
    summary:
      'What became of a tx; with a credential, also those of its lines that concern the caller',
    tags: ['txs'],
    params: idParams({ tx: idText<TxId>('A tx.') }),
    response: { 200: ref(TxView) },
  },
} as const satisfies Route
