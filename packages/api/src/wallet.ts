import { ASSET_KINDS, type AssetId, type CardId, type WalletId } from '@fedow/ledger'
import Type from 'typebox'
import { LinePage } from './line.ts'
import {
  IdempotencyHeaders,
  idParams,
  PREFIX,
  READ_PROBLEMS,
  type Route,
  TX_PROBLEMS,
} from './route.ts'
import {
  AmountText,
  Count,
  closed,
  idText,
  LinePageQuery,
  named,
  oneOf,
  ref,
  SignedAmount,
  Time,
} from './schema.ts'
import { withTx } from './tx.ts'

/** A wallet's balance in one asset, in minor units. Available = balance - held, and the credit limit in mutual credit. */
export const AccountView = named(
  'Account',
  closed({
    asset: idText<AssetId>('The asset.'),
    name: Type.String(),
    code: Type.String(),
    kind: oneOf([...ASSET_KINDS, 'EUR']),
    balance: SignedAmount,
    held: AmountText,
    available: SignedAmount,
    creditLimit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Mutual credit: how far below zero it may go today.',
      }),
    ),
  }),
)

/** A paid membership. */
export const MembershipView = named(
  'Membership',
  closed({
    asset: idText<AssetId>('The membership.'),
    name: Type.String(),
    code: Type.String(),
    total: AmountText,
    start: Time,
    count: Count,
  }),
)

/** What a holder sees of a wallet. */
export const WalletView = named(
  'Wallet',
  closed({
    wallet: idText<WalletId>('The wallet.'),
    kind: oneOf(['person', 'place', 'card', 'fund', 'keeper', 'issuance', 'reserve', 'pool']),
    accounts: Type.Array(ref(AccountView)),
    memberships: Type.Array(ref(MembershipView)),
  }),
)

/** The node opens the wallet of a person. */
export const openWallet = {
  method: 'POST',
  url: `${PREFIX}/wallets`,
  access: 'key',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'openWallet',
    summary:
      'Open the wallet of a person, in custody of this node until they bring a key of their own',
    tags: ['wallets'],
    headers: IdempotencyHeaders,
    body: closed({
      x: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9_-]{43}$',
          description: "The person's own Ed25519 public key, as in a JWK.",
        }),
      ),
    }),
    response: { 200: withTx({ wallet: idText<WalletId>('The new wallet.') }) },
  },
} as const satisfies Route

/** One wallet. */
export const getWallet = {
  method: 'GET',
  url: `${PREFIX}/wallets/:wallet`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'getWallet',
    summary: 'What is in a wallet',
    tags: ['wallets'],
    params: idParams({ wallet: idText<WalletId>('A wallet.') }),
    response: { 200: ref(WalletView) },
  },
} as const satisfies Route

/** The history of a wallet. */
export const listWalletLines = {
  method: 'GET',
  url: `${PREFIX}/wallets/:wallet/lines`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'listWalletLines',
    summary: 'Lines in which a wallet gives or receives, newest first',
    tags: ['wallets'],
    params: idParams({ wallet: idText<WalletId>('A wallet.') }),
    querystring: closed(LinePageQuery),
    response: { 200: ref(LinePage) },
  },
} as const satisfies Route

/** How a request names a card: its id in the book, its tag, its printed number or its QR code. */
export const CardRef = Type.String({
  minLength: 1,
  maxLength: 400,
  description: 'Card id, NFC tag id, printed number, or QR code (its address or its UUID).',
})

/** A card that was shown, or the wallet of a person: exactly one of the two. */
export const bearerMembers = {
  card: Type.Optional(CardRef),
  wallet: Type.Optional(idText<WalletId>('The wallet of a person.')),
}

/** A card of a place's till, which opens it. */
export const primaryMember = {
  primary: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'The primary card that opened the till.',
    }),
  ),
}

/** A card in the book. */
export const CardIdText = idText<CardId>('The random id by which the book knows the card.')
