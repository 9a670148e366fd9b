import { type BatchId, CARD_LEVELS, type PlaceId, type WalletId } from '@fedow/ledger'
import Type from 'typebox'
import {
  IdempotencyHeaders,
  idParams,
  PREFIX,
  READ_PROBLEMS,
  type Route,
  TX_PROBLEMS,
} from './route.ts'
import { Count, closed, IdPageQuery, idText, named, oneOf, ref, Sha256 } from './schema.ts'
import { TxAnswer } from './tx.ts'
import { AccountView, CardIdText, CardRef, MembershipView } from './wallet.ts'

const Place = idText<PlaceId>('A place.')
const Batch = idText<BatchId>('A card order.')
const Wallet = idText<WalletId>('The wallet of a person.')
const Generation = Type.Integer({ minimum: 0, maximum: 1_000_000 })

const ofCard = {
  params: idParams({ card: CardRef }),
  headers: IdempotencyHeaders,
  tags: ['cards'],
} as const

/** Most cards that one request makes primary. */
export const PRIMARY_CARDS_MAX = 100

/** Largest card file, in bytes: 64 MiB. */
export const CARD_FILE_MAX = 67_108_864

/** A card, with what the caller may see on it. */
export const CardView = named(
  'Card',
  closed({
    card: CardIdText,
    tag: Type.Optional(Type.String()),
    number: Type.Optional(Type.String()),
    qr: Type.Optional(Type.String()),
    status: oneOf(['live', 'lost']),
    batch: Batch,
    generation: Generation,
    place: Type.Unsafe<PlaceId>({ ...Place, description: 'The place that ordered it.' }),
    person: Type.Optional(Wallet),
    wallet: idText<WalletId>('The wallet that it pays from.'),
    primaryFor: Type.Array(Place),
    accounts: Type.Array(ref(AccountView)),
    memberships: Type.Array(ref(MembershipView)),
  }),
)

/** A card order. */
export const BatchView = named(
  'Batch',
  closed({
    id: Batch,
    place: Place,
    generation: Generation,
    root: Sha256,
    count: Count,
    registered: Count,
    level: oneOf(CARD_LEVELS),
  }),
)

const fault = closed({
  line: Count,
  column: Type.Optional(Type.String()),
  code: Type.String(),
  value: Type.Optional(Type.String()),
  message: Type.String(),
})

/** What a card file holds, and what was done with it. */
export const CardImportReport = named(
  'CardImportReport',
  closed({
    rows: Count,
    faults: Type.Array(fault, { description: 'Why lines are refused, by line.' }),
    notes: Type.Array(fault, { description: 'What is unusual and accepted, by line.' }),
    skipped: Count,
    batch: Type.Optional(Batch),
    registered: Type.Optional(Count),
  }),
)

/** One card. */
export const getCard = {
  method: 'GET',
  url: `${PREFIX}/cards/:card`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getCard',
    summary: 'A card by its tag, printed number, QR code or id, and what is on it for this place',
    tags: ['cards'],
    params: idParams({ card: CardRef }),
    response: { 200: ref(CardView) },
  },
} as const satisfies Route

/** A card file: tried, or applied. */
export const importCards = {
  method: 'POST',
  url: `${PREFIX}/cards/import`,
  access: 'key',
  makesTx: false,
  problems: [401, 403, 404, 409, 413, 415, 503, 504],
  schema: {
    operationId: 'importCards',
    summary: 'Check a card file, and register its cards when `apply` is true',
    description:
      'The body is JSON with the file in base64, or the file itself as text/csv with the other members in the query. The same file again is refused line by line: its cards are already known.',
    tags: ['cards'],
    consumes: ['application/json', 'text/csv'],
    querystring: closed({
      place: Type.Optional(Place),
      generation: Type.Optional(Generation),
      level: Type.Optional(oneOf(CARD_LEVELS)),
      apply: Type.Optional(Type.Boolean()),
      skipFaulty: Type.Optional(Type.Boolean()),
      fileName: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    body: closed({
      place: Place,
      generation: Generation,
      level: Type.Optional(oneOf(CARD_LEVELS)),
      file: Type.String({ description: 'The file in base64.' }),
      fileName: Type.Optional(Type.String({ maxLength: 200 })),
      apply: Type.Optional(Type.Boolean({ description: 'False or absent: only check.' })),
      skipFaulty: Type.Optional(
        Type.Boolean({ description: 'True: register the right lines and leave the others out.' }),
      ),
    }),
    response: { 200: ref(CardImportReport) },
  },
} as const satisfies Route

/** A person makes a card theirs. */
export const linkCard = {
  method: 'POST',
  url: `${PREFIX}/cards/:card/link`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'linkCard',
    summary: 'Link a card to the wallet of a person; what is on it moves there',
    ...ofCard,
    body: closed({ wallet: Wallet }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A person reports a card lost. */
export const reportCardLost = {
  method: 'POST',
  url: `${PREFIX}/cards/:card/loss`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'reportCardLost',
    summary: 'Report a card lost; the money stays in the wallet',
    ...ofCard,
    body: closed({ wallet: Wallet }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A found card goes back into circulation. */
export const restoreCard = {
  method: 'POST',
  url: `${PREFIX}/cards/:card/restoration`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'restoreCard',
    summary: 'Give a lost card back to circulation, empty',
    ...ofCard,
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A new card for an old one. */
export const replaceCard = {
  method: 'POST',
  url: `${PREFIX}/cards/:card/replacement`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'replaceCard',
    summary: 'Give a person a new card; the one of the address is lost from then on',
    ...ofCard,
    body: closed({ card: CardRef, wallet: Wallet }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** A place takes a card back. */
export const voidCard = {
  method: 'POST',
  url: `${PREFIX}/cards/:card/void`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'voidCard',
    summary: 'Make a card like new, to hand it to somebody else',
    ...ofCard,
    body: closed({ place: Place }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** Cards that open a till. */
export const setPrimaryCards = {
  method: 'POST',
  url: `${PREFIX}/primary-cards`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'setPrimaryCards',
    summary: 'Let cards open the tills of a place, or no longer',
    tags: ['cards'],
    headers: IdempotencyHeaders,
    body: closed({
      place: Place,
      cards: Type.Array(CardRef, { minItems: 1, maxItems: PRIMARY_CARDS_MAX }),
      primary: Type.Boolean(),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route

/** Card orders in the order of their ids. */
export const listBatches = {
  method: 'GET',
  url: `${PREFIX}/batches`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'listBatches',
    summary: 'Card orders; with a key of a place, its own',
    tags: ['cards'],
    querystring: IdPageQuery,
    response: { 200: closed({ batches: Type.Array(ref(BatchView)), next: Type.Optional(Batch) }) },
  },
} as const satisfies Route

/** One card order. */
export const getBatch = {
  method: 'GET',
  url: `${PREFIX}/batches/:batch`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getBatch',
    summary: 'One card order',
    tags: ['cards'],
    params: idParams({ batch: Batch }),
    response: { 200: ref(BatchView) },
  },
} as const satisfies Route
