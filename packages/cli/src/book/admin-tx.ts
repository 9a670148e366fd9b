import { type AnswerOf, type Client, getStatus, newTxId, postTx } from '@fedow/api'
import { type Action, encodePayload, type TxId, toSigningInput } from '@fedow/ledger'
import type { SigningKey } from '@fedow/node'

/** How long the book may take to order it. */
const VALID_MS = 300_000

/** Signs one action with a key of a person and submits it: the node only carries it. */
export async function submitSigned(
  client: Client,
  action: Action,
  { key, id }: { readonly key: SigningKey; readonly id?: TxId | undefined },
): Promise<AnswerOf<typeof postTx>> {
  const { chain, time } = await client.call(getStatus, {})
  const notAfter = Math.max(Date.now(), Date.parse(time)) + VALID_MS
  const json = encodePayload({ chain, id: id ?? newTxId(), actions: [action], notAfter })
  const input = toSigningInput(key.kid, json)
  return client.call(postTx, { body: { tx: `${input}.${key.sign(input)}` } })
}
