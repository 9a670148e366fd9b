import {
  type Action,
  assert,
  type ChainId,
  encodePayload,
  fromBase64url,
  type Kid,
  Malformed,
  parseEncoded,
  type SignedTx,
  TX_MAX,
  type TxId,
  toSigningInput,
} from '@fedow/ledger'
import { deny } from './denial.ts'
import type { SignerRole } from './intent.ts'

/** A key of this node. */
export interface Signer {
  readonly kid: Kid
  /** Signs ASCII text; answers base64url. */
  sign(text: string): string
  /** The same on a thread of its own, when the key has one. */
  signSoon?(text: string): Promise<string>
}

/** The keys of this node's folder; a node that is not the network's own lacks all but the first. */
export type Signers = { readonly node: Signer } & Partial<Readonly<Record<SignerRole, Signer>>>

/** How long a tx of the gateway may be ordered, from now. */
const VALID_MS = 300_000

/** What is signed. */
export interface TxOrder {
  readonly chain: ChainId
  readonly id: TxId
  readonly actions: readonly Action[]
  /** Now, or the time of the book when that is later. */
  readonly timeMs: number
}

/** Signs a tx. Reads its own bytes back, so that nothing is signed which the ledger would call malformed. */
export function signTx(signer: Signer, order: TxOrder): SignedTx {
  const unsigned = toUnsigned(signer, order)
  return withSeal(unsigned, signer.sign(unsigned.input))
}

/** The same while this thread does something else. */
export async function signTxSoon(signer: Signer, order: TxOrder): Promise<SignedTx> {
  const unsigned = toUnsigned(signer, order)
  const seal = await (signer.signSoon?.(unsigned.input) ?? signer.sign(unsigned.input))
  return withSeal(unsigned, seal)
}

interface Unsigned extends Pick<SignedTx, 'kid' | 'payload' | 'json'> {
  readonly input: string
}

function toUnsigned({ kid }: Signer, { chain, id, actions, timeMs }: TxOrder): Unsigned {
  const json = encodePayload({ chain, id, actions, notAfter: timeMs + VALID_MS })
  const payload = parseEncoded(json)
  if (payload === undefined) deny({ code: 'malformed', where: '$', expected: 'well-formed text' })
  if (payload instanceof Malformed) {
    deny({ code: 'malformed', where: payload.path, expected: payload.expected })
  }
  return { kid, payload, json, input: toSigningInput(kid, json) }
}

function withSeal({ input, kid, payload, json }: Unsigned, seal: string): SignedTx {
  const jws = `${input}.${seal}`
  if (jws.length > TX_MAX) {
    deny({ code: 'malformed', where: '$', expected: `at most ${TX_MAX} characters as a tx` })
  }
  const signature = fromBase64url(seal)
  assert(signature?.length === 64, 'a key of the node makes Ed25519 signatures')
  return { jws, kid, payload, json, signature }
}
