import type { Hex32 } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, named, ref, SeqPageQuery, Sha256, Time } from './schema.ts'

/** A block whose list is fixed. Once it is sealed, also its roots, all of them at once. */
export const BlockView = named(
  'Block',
  closed({
    height: Count,
    time: Time,
    count: Count,
    txs: digest('RFC 9162 root over its bytes in order.'),
    size: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Leaves of the history up to this block. Absent while it has no seal.',
      }),
    ),
    state: Type.Optional(digest('Root of the records after this block.')),
    history: Type.Optional(digest('Root of the history up to this block.')),
    parent: Type.Optional(digest('Hash of the block before it; zeros at height 0.')),
    hash: Type.Optional(digest('Of its header.')),
    checkpoint: Type.Optional(
      Type.String({
        description: 'The signed note of its seal, with co-signatures. Not in lists of blocks.',
      }),
    ),
  }),
)

function digest(description: string) {
  return Type.Unsafe<Hex32>({ ...Sha256, description })
}

/** Blocks, newest first. */
export const listBlocks = {
  method: 'GET',
  url: `${PREFIX}/blocks`,
  access: 'public',
  makesTx: false,
  problems: [],
  schema: {
    operationId: 'listBlocks',
    summary: 'Closed blocks, newest first',
    tags: ['blocks'],
    querystring: closed(SeqPageQuery),
    response: { 200: closed({ blocks: Type.Array(ref(BlockView)), next: Type.Optional(Count) }) },
  },
} as const satisfies Route

/** One block. */
export const getBlock = {
  method: 'GET',
  url: `${PREFIX}/blocks/:height`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getBlock',
    summary: 'One closed block, with its roots and its checkpoint once it is sealed',
    tags: ['blocks'],
    params: idParams({
      height: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    }),
    response: { 200: ref(BlockView) },
  },
} as const satisfies Route
