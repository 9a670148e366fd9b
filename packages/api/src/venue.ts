/** Money out to venues: what they have earned in federated euros, against euros. */
import type { Id, PlaceId, TxId } from '@fedow/ledger'
import Type from 'typebox'
import { ReserveName } from './money.ts'
import { IdempotencyHeaders, idParams, PREFIX, type Route } from './route.ts'
import {
  AmountText,
  closed,
  idText,
  named,
  nameText,
  oneOf,
  PositiveAmount,
  ref,
  Sha256,
  Time,
} from './schema.ts'

const Place = idText<PlaceId>('The place.')
const Transfer = idText<Id<'venue-transfer'>>('The transfer: the Idempotency-Key, or of its file.')
const FileId = idText<Id<'transfer-file'>>('The file: the Idempotency-Key it was made with.')

const Iban = Type.String({ maxLength: 60, description: 'With or without spaces.' })
const Holder = nameText(70)
const Day = Type.String({
  pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
  description: 'When the bank is to pay, such as 2026-11-24; the next working day when absent.',
})
const Reference = Type.String({ minLength: 1, maxLength: 200 })

const tags = ['venues']
const takesKey = { makesTx: false, takesKey: true } as const
const PROBLEMS = [401, 403, 404, 409, 415, 503] as const
const READS = [401, 403, 404] as const

/** A transfer to a venue. */
export const VenueTransferView = named(
  'VenueTransfer',
  closed({
    transfer: Transfer,
    place: Place,
    amount: AmountText,
    by: oneOf(['bank', 'stripe', 'sandbox']),
    state: oneOf(
      ['intended', 'sent', 'deposited', 'failed', 'cancelled'],
      'intended: not made yet, or in a file for the bank. sent: the euros have left. deposited: the federated euros have left too.',
    ),
    file: Type.Optional(FileId),
    reference: Type.Optional(Type.String({ description: 'Its SHA-256 is the evidence.' })),
    tx: Type.Optional(idText<TxId>('The tx that deposited it.')),
    problem: Type.Optional(Type.String({ description: 'What stands in its way.' })),
    created: Time,
    changed: Time,
  }),
)

/** A file of transfers for the bank. */
export const TransferFileView = named(
  'TransferFile',
  closed({
    file: FileId,
    account: ReserveName,
    day: Type.String(),
    state: oneOf(['made', 'done', 'cancelled']),
    sha256: Sha256,
    amount: AmountText,
    transfers: Type.Array(ref(VenueTransferView)),
    reference: Type.Optional(Type.String({ description: 'Of the bank, as it was attested.' })),
    created: Time,
    changed: Time,
  }),
)

/** What venues have earned. */
export const listVenues = {
  method: 'GET',
  url: `${PREFIX}/venues`,
  access: 'operator',
  makesTx: false,
  problems: READS,
  schema: {
    operationId: 'listVenues',
    summary: 'What venues have earned in federated euros, and what is on its way to them',
    tags,
    response: {
      200: closed({
        venues: Type.Array(
          closed({
            place: Place,
            name: Type.String(),
            left: AmountText,
            underWay: AmountText,
            iban: Type.Optional(Type.String({ description: 'Its first and last four signs.' })),
            connect: Type.Optional(Type.String()),
          }),
        ),
        transfers: Type.Array(ref(VenueTransferView), { description: 'The last 100.' }),
        files: Type.Array(ref(TransferFileView), { description: 'The last 20.' }),
      }),
    },
  },
} as const satisfies Route

/** Where a venue is paid. */
export const setVenueAccount = {
  method: 'POST',
  url: `${PREFIX}/venues/:place/account`,
  access: 'operator',
  makesTx: false,
  problems: PROBLEMS,
  schema: {
    operationId: 'setVenueAccount',
    summary: 'Say where a venue is paid; kept by this node alone, in no book',
    tags,
    params: idParams({ place: Place }),
    body: closed({
      bank: Type.Optional(closed({ iban: Iban, holder: Holder })),
      connect: Type.Optional(
        Type.String({
          pattern: '^acct_[A-Za-z0-9]{1,50}$',
          description: 'Its account at the payment provider.',
        }),
      ),
    }),
    response: { 200: closed({ iban: Type.Optional(Type.String()) }) },
  },
} as const satisfies Route

/** Which bank account pays the venues. */
export const setOwnAccount = {
  method: 'POST',
  url: `${PREFIX}/reserve/bank-account`,
  access: 'operator',
  makesTx: false,
  problems: PROBLEMS,
  schema: {
    operationId: 'setOwnAccount',
    summary: 'Say which bank account of the keeper pays, and which account of the reserve it is',
    tags,
    body: closed({
      iban: Iban,
      holder: Holder,
      account: Type.String({ pattern: '^bank/[a-z0-9][a-z0-9-]{0,31}$' }),
    }),
    response: { 200: closed({ iban: Type.String() }) },
  },
} as const satisfies Route

/** Pays a venue through the payment provider. */
export const payVenue = {
  method: 'POST',
  url: `${PREFIX}/venues/:place/transfers`,
  access: 'operator',
  ...takesKey,
  problems: PROBLEMS,
  schema: {
    operationId: 'payVenue',
    summary: 'Transfer what a venue has earned to its account at the payment provider',
    tags,
    headers: IdempotencyHeaders,
    params: idParams({ place: Place }),
    body: closed({ amount: PositiveAmount }),
    response: { 200: ref(VenueTransferView) },
  },
} as const satisfies Route

/** Makes a file for the bank. */
export const makeTransferFile = {
  method: 'POST',
  url: `${PREFIX}/transfer-files`,
  access: 'operator',
  ...takesKey,
  problems: PROBLEMS,
  schema: {
    operationId: 'makeTransferFile',
    summary: 'Write a file of bank transfers to venues; what is in it is on its way from then on',
    tags,
    headers: IdempotencyHeaders,
    body: closed({
      day: Type.Optional(Day),
      transfers: Type.Optional(
        Type.Array(closed({ place: Place, amount: Type.Optional(PositiveAmount) }), {
          minItems: 1,
          maxItems: 1_000,
          description: 'Absent: all that every venue with an IBAN has earned.',
        }),
      ),
    }),
    response: {
      200: closed({
        file: ref(TransferFileView),
        xml: Type.String({ description: 'ISO 20022 pain.001.001.09. It names bank accounts.' }),
      }),
    },
  },
} as const satisfies Route

/** A file again. */
export const getTransferFile = {
  method: 'GET',
  url: `${PREFIX}/transfer-files/:file`,
  access: 'operator',
  makesTx: false,
  problems: READS,
  schema: {
    operationId: 'getTransferFile',
    summary: 'A file of bank transfers, as it was written',
    tags,
    params: idParams({ file: FileId }),
    response: { 200: makeTransferFile.schema.response[200] },
  },
} as const satisfies Route

/** A person says that the bank has paid. */
export const attestTransferFile = {
  method: 'POST',
  url: `${PREFIX}/transfer-files/:file/done`,
  access: 'operator',
  makesTx: false,
  problems: PROBLEMS,
  schema: {
    operationId: 'attestTransferFile',
    summary: 'Attest that the bank has paid a file: its federated euros leave circulation, once',
    tags,
    params: idParams({ file: FileId }),
    body: closed({ reference: Reference }),
    response: { 200: ref(TransferFileView) },
  },
} as const satisfies Route

/** The bank never gets a file. */
export const cancelTransferFile = {
  method: 'POST',
  url: `${PREFIX}/transfer-files/:file/cancel`,
  access: 'operator',
  makesTx: false,
  problems: PROBLEMS,
  schema: {
    operationId: 'cancelTransferFile',
    summary: 'Cancel a file that the bank never gets',
    tags,
    params: idParams({ file: FileId }),
    response: { 200: ref(TransferFileView) },
  },
} as const satisfies Route
