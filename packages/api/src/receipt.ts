/** Proofs of one tx, as files that anyone verifies without asking. Source: docs/spec/receipts.md. */
import { TX_MAX, type TxId } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import { Count, closed, FileCheck, fileOf, Hash64, idText, NoteText, named, ref } from './schema.ts'

/** A receipt. */
export const ReceiptView = named(
  'Receipt',
  closed(
    {
      v: Type.Literal(1),
      kind: Type.Literal('receipt'),
      tx: Type.Optional(Type.String({ maxLength: TX_MAX, description: 'The compact JWS.' })),
      key: Type.Optional(Type.String({ description: 'The public key that signed it.' })),
      entry: Type.Optional(
        Type.String({ description: 'Instead of tx and key: the JSON of a system entry.' }),
      ),
      id: Type.Optional(idText<TxId>('Of the system entry.')),
      outcome: Type.Record(Type.String(), Type.Unknown(), {
        description: 'The outcome, as the history hashes it.',
      }),
      lines: Type.Array(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'A line with all that its hash covers, and the hash before it.',
        }),
      ),
      index: Count,
      hashes: Type.Array(Hash64, { description: 'Inclusion proof, from the leaf up.' }),
      checkpoint: NoteText,
      check: FileCheck,
    },
    { description: 'Canonical JSON (RFC 8785). Keep the bytes as they come.' },
  ),
)

/** What proves a tx to anyone. */
export const getReceipt = {
  method: 'GET',
  url: `${PREFIX}/txs/:tx/receipt`,
  access: 'key',
  makesTx: false,
  problems: [...READ_PROBLEMS, 503],
  produces: 'application/json',
  schema: {
    operationId: 'getReceipt',
    summary: 'The receipt of a tx, for those who see a line of it: verified offline, by anyone',
    tags: ['txs'],
    params: idParams({ tx: idText<TxId>('A tx or a system entry.') }),
    response: { 200: fileOf(ref(ReceiptView)) },
  },
} as const satisfies Route

/** That a tx stands in the history, and nothing of what it says. */
export const getTlogProof = {
  method: 'GET',
  url: `${PREFIX}/txs/:tx/proof`,
  access: 'public',
  makesTx: false,
  problems: [404, 503],
  produces: 'text/plain',
  schema: {
    operationId: 'getTlogProof',
    summary: 'The place of a tx in the history, as tools for transparency logs read it',
    description: 'A C2SP tlog-proof of its history leaf: hashes and a checkpoint, no content.',
    tags: ['txs'],
    params: idParams({ tx: idText<TxId>('A tx, a system entry or the genesis.') }),
    response: { 200: Type.String() },
  },
} as const satisfies Route
