/** The texts that people read before they vote. The book has their hash; a node keeps what belongs to it. */
import type { Hex32, ProposalId } from '@fedow/ledger'
import Type from 'typebox'
import { idParams, PREFIX, type Route } from './route.ts'
import { closed, idText, Sha256 } from './schema.ts'

/** Longest text of a proposal, in bytes of UTF-8. */
export const TEXT_MAX = 65_536

const Hash = Type.Unsafe<Hex32>(Sha256)

/** Gives a node the text of a proposal. */
export const postText = {
  method: 'POST',
  url: `${PREFIX}/texts`,
  access: 'public',
  makesTx: false,
  problems: [404, 409, 413],
  schema: {
    operationId: 'postText',
    summary: 'Give the node the text of a proposal: plain text or Markdown, public',
    description: `Anyone may, since only the text whose hash the proposal has is kept. At most ${TEXT_MAX} bytes of UTF-8.`,
    tags: ['governance'],
    body: closed({
      proposal: idText<ProposalId>('The proposal that it belongs to.'),
      text: Type.String({ minLength: 1, maxLength: TEXT_MAX }),
    }),
    response: { 200: closed({ sha256: Hash }) },
  },
} as const satisfies Route

/** A text by its hash. */
export const getText = {
  method: 'GET',
  url: `${PREFIX}/texts/:text`,
  access: 'public',
  makesTx: false,
  problems: [404],
  produces: 'text/plain',
  schema: {
    operationId: 'getText',
    summary: 'The text with this SHA-256, to the byte',
    tags: ['governance'],
    params: idParams({ text: Hash }),
    response: { 200: Type.String() },
  },
} as const satisfies Route
