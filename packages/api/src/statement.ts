/** Proofs of what is in a wallet, as files that anyone verifies without asking. Source: docs/spec/receipts.md. */
import type { AssetId, WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, READ_PROBLEMS, type Route } from './route.ts'
import { closed, FileCheck, fileOf, Hash64, idText, NoteText, named, ref } from './schema.ts'

const StateLeafView = closed({
  k: Hash64,
  v: Hash64,
  siblings: Type.Array(Hash64, { description: 'From the leaf up to the root.' }),
})

/** A proof of a record, or of its absence. */
export const StateProofView = Type.Union([
  closed({ present: StateLeafView }),
  closed({
    absent: closed({
      left: Type.Optional(StateLeafView),
      right: Type.Optional(StateLeafView),
    }),
  }),
])

/** A balance statement. */
export const StatementView = named(
  'Statement',
  closed(
    {
      v: Type.Literal(1),
      kind: Type.Literal('statement'),
      wallet: idText<WalletId>('The wallet.'),
      records: Type.Array(
        closed({
          key: Type.String({ description: 'wallet/<id>, then account/<wallet>/<asset>.' }),
          value: Type.Union([Type.String(), Type.Null()], {
            description: 'The canonical JSON of the record; null where there is none.',
          }),
          proof: StateProofView,
        }),
      ),
      checkpoint: NoteText,
      check: FileCheck,
    },
    { description: 'Canonical JSON (RFC 8785). Keep the bytes as they come.' },
  ),
)

/** What proves what is in a wallet. */
export const getStatement = {
  method: 'GET',
  url: `${PREFIX}/wallets/:wallet/statement`,
  access: 'key',
  makesTx: false,
  problems: [...READ_PROBLEMS, 503],
  produces: 'application/json',
  schema: {
    operationId: 'getStatement',
    summary: 'The balances of a wallet after the last sealed block, with their proofs',
    tags: ['wallets'],
    params: idParams({ wallet: idText<WalletId>('A wallet.') }),
    querystring: closed({
      asset: Type.Optional(
        idText<AssetId>('Also this account: one that the wallet does not list, or never had.'),
      ),
    }),
    response: { 200: fileOf(ref(StatementView)) },
  },
} as const satisfies Route
