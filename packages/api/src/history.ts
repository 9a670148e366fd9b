/** The history as programs for transparency logs read it: checkpoints, tiles, entries. Source: c2sp.org/tlog-tiles. */
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { Count, closed, Hash64 } from './schema.ts'

/** Where the tiles of the history are: the prefix that tools for transparency logs are given. */
export const HISTORY_PREFIX = `${PREFIX}/history`

const NUMBER = 'a number in groups of three digits with x before all but the last, such as x001/067'

/** Bytes: no JSON, no text. */
const Bytes = Type.Unsafe<never>({ type: 'string', format: 'binary' })

/** The latest checkpoint. */
export const getCheckpoint = {
  method: 'GET',
  url: `${HISTORY_PREFIX}/checkpoint`,
  access: 'public',
  makesTx: false,
  problems: [503],
  produces: 'text/plain',
  schema: {
    operationId: 'getCheckpoint',
    summary: 'The checkpoint of the last sealed block',
    description:
      'A C2SP signed note: origin, size and root of the history, then the lines state, height and block, the signature of the log, and those of its witnesses.',
    tags: ['history'],
    response: { 200: Type.String() },
  },
} as const satisfies Route

/** Hashes of the history tree. */
export const getTile = {
  method: 'GET',
  url: `${HISTORY_PREFIX}/tile/*`,
  access: 'public',
  makesTx: false,
  problems: [404],
  produces: 'application/octet-stream',
  schema: {
    operationId: 'getTile',
    summary: 'Up to 256 hashes of the history tree, 32 bytes each; may be kept for ever',
    tags: ['history'],
    params: idParams({
      path: Type.String({
        description: `Level and number of the tile: 0 to 63, then ${NUMBER}; .p/ and a width from 1 to 255 for a tile that is not full.`,
      }),
    }),
    response: { 200: Bytes },
  },
} as const satisfies Route

/** The leaves of the history themselves. */
export const getEntryBundle = {
  method: 'GET',
  url: `${HISTORY_PREFIX}/tile/entries/*`,
  access: 'public',
  makesTx: false,
  problems: [404],
  produces: 'application/octet-stream',
  schema: {
    operationId: 'getEntryBundle',
    summary: 'Up to 256 leaves of the history; may be kept for ever',
    description:
      'Each leaf follows its length in two bytes, big-endian: 80 bytes for what was decided, 32 for the hash of a block.',
    tags: ['history'],
    params: idParams({
      path: Type.String({
        description: `Number of the bundle: ${NUMBER}; .p/ and a width from 1 to 255 for one that is not full.`,
      }),
    }),
    response: { 200: Bytes },
  },
} as const satisfies Route

/** Between two sizes of the history. */
export const getConsistency = {
  method: 'GET',
  url: `${HISTORY_PREFIX}/consistency`,
  access: 'public',
  makesTx: false,
  problems: [404],
  schema: {
    operationId: 'getConsistency',
    summary: 'The proof that the history of one size begins with that of another',
    tags: ['history'],
    querystring: closed({ from: Count, to: Count }),
    response: {
      200: closed({
        from: Count,
        to: Count,
        hashes: Type.Array(Hash64, {
          description: 'RFC 9162, section 2.1.4. Empty from 0, and between equal sizes.',
        }),
      }),
    },
  },
} as const satisfies Route
