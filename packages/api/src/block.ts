import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, named, ref, SeqPageQuery, Sha256, Time } from './schema.ts'

/** A block whose list is fixed. */
export const BlockView = named(
  'Block',
  closed({
    height: Count,
    time: Time,
    count: Count,
    txs: Type.Unsafe<string>({ ...Sha256, description: 'RFC 9162 root over its bytes in order.' }),
  }),
)

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
    summary: 'One closed block',
    tags: ['blocks'],
    params: idParams({
      height: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    }),
    response: { 200: ref(BlockView) },
  },
} as const satisfies Route
