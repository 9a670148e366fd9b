/** API keys of this node, and signing keys in the book. */
import { CAPABILITIES, type Kid, type PlaceId, type Subject } from '@fedow/ledger'
import Type from 'typebox'
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
  closed,
  idText,
  named,
  nameText,
  oneOf,
  PositiveAmount,
  ref,
  Time,
} from './schema.ts'
import { TxAnswer } from './tx.ts'

/** What an API key may be allowed. */
export const API_KEY_CAPABILITIES = [
  'read',
  'sell',
  'cards',
  'issue',
  'assets',
  'federate',
  'spend',
  'enrol',
] as const

const keyLimits = closed({
  perSale: Type.Optional(PositiveAmount),
  perHour: Type.Optional(PositiveAmount),
  perDay: Type.Optional(PositiveAmount),
})

const keyMembers = {
  name: nameText(100),
  place: Type.Union([idText<PlaceId>('The only place that it is for.'), Type.Null()], {
    description: 'The only place that it is for; null for every place of this node.',
  }),
  can: Type.Array(oneOf(API_KEY_CAPABILITIES), { minItems: 1, maxItems: 8 }),
  limits: Type.Optional(keyLimits),
  expires: Type.Optional(Time),
}

const ApiKeyId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' })

/** An API key, without its secret. */
export const ApiKeyView = named(
  'ApiKey',
  closed({
    id: ApiKeyId,
    ...keyMembers,
    name: Type.String(),
    created: Time,
    lastUsed: Type.Optional(Time),
    revoked: Type.Optional(Time),
  }),
)

/** API keys of this node. */
export const listApiKeys = {
  method: 'GET',
  url: `${PREFIX}/api-keys`,
  access: 'operator',
  makesTx: false,
  problems: [403],
  schema: {
    operationId: 'listApiKeys',
    summary: 'API keys of this node',
    tags: ['keys'],
    response: { 200: closed({ apiKeys: Type.Array(ref(ApiKeyView)) }) },
  },
} as const satisfies Route

/** A new API key. */
export const createApiKey = {
  method: 'POST',
  url: `${PREFIX}/api-keys`,
  access: 'operator',
  makesTx: false,
  problems: [403, 404, 415],
  schema: {
    operationId: 'createApiKey',
    summary: 'Make an API key; its text is shown this once',
    tags: ['keys'],
    body: closed(keyMembers),
    response: {
      200: closed({
        id: ApiKeyId,
        key: Type.String({ description: 'The whole key. It is not kept and not shown again.' }),
      }),
    },
  },
} as const satisfies Route

/** Ends an API key. */
export const revokeApiKey = {
  method: 'DELETE',
  url: `${PREFIX}/api-keys/:id`,
  access: 'operator',
  makesTx: false,
  problems: [403, 404],
  schema: {
    operationId: 'revokeApiKey',
    summary: 'End an API key, at once',
    tags: ['keys'],
    params: idParams({ id: ApiKeyId }),
    response: { 200: ref(ApiKeyView) },
  },
} as const satisfies Route

const SubjectText = Type.Unsafe<Subject>(
  Type.String({
    pattern:
      '^(network|(place|wallet|node)/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$',
    description: 'network, or place/, wallet/ or node/ and an id.',
  }),
)

const Thumbprint = Type.Unsafe<Kid>(
  Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'RFC 7638 thumbprint.' }),
)

const PublicKey = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'An Ed25519 public key, as in a JWK.',
})

const limitsView = closed({
  perSale: Type.Optional(AmountText),
  perHour: Type.Optional(AmountText),
  perDay: Type.Optional(AmountText),
  until: Type.Optional(Time),
})

/** A signing key and what it may do on the subject that was asked about. */
export const KeyView = named(
  'Key',
  closed({
    kid: Thumbprint,
    x: PublicKey,
    can: Type.Array(oneOf(CAPABILITIES)),
    limits: Type.Optional(limitsView),
  }),
)

/** What a node may sign for a subject. */
export const GrantView = named(
  'Grant',
  closed({
    node: Type.String(),
    can: Type.Array(oneOf(CAPABILITIES)),
    limits: Type.Optional(limitsView),
  }),
)

/** Signing keys of a subject. */
export const listKeys = {
  method: 'GET',
  url: `${PREFIX}/keys`,
  access: 'key',
  makesTx: false,
  problems: READ_PROBLEMS,
  schema: {
    operationId: 'listKeys',
    summary:
      'Signing keys of a place, wallet, node or the network, and what this node may sign for it',
    tags: ['keys'],
    querystring: closed({ on: SubjectText }),
    response: {
      200: closed({ keys: Type.Array(ref(KeyView)), grant: Type.Optional(ref(GrantView)) }),
    },
  },
} as const satisfies Route

/** The first admin key of a subject. */
export const changeKeys = {
  method: 'POST',
  url: `${PREFIX}/keys`,
  access: 'operator',
  makesTx: true,
  problems: TX_PROBLEMS,
  schema: {
    operationId: 'changeKeys',
    summary:
      'Enrol the first admin key of a place or wallet; later changes are txs that an admin signs',
    tags: ['keys'],
    headers: IdempotencyHeaders,
    body: closed({
      on: SubjectText,
      add: Type.Array(
        closed({
          x: PublicKey,
          can: Type.Array(oneOf(CAPABILITIES), { minItems: 0, maxItems: CAPABILITIES.length }),
          limits: Type.Optional(limitsView),
        }),
        { maxItems: 8 },
      ),
      remove: Type.Optional(Type.Array(Thumbprint, { maxItems: 8 })),
    }),
    response: { 200: ref(TxAnswer) },
  },
} as const satisfies Route
