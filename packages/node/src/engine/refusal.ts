import type { RefusalCode } from './engine.ts'

/** What each refusal before the order means, and what to do. Nothing happened to any money. */
export const REFUSAL_DETAIL: Readonly<Record<RefusalCode, string>> = {
  malformed: 'These bytes are not a tx. Build it again as docs/spec/tx.md says.',
  wrong_chain: 'The tx is of another chain. Ask this node for its chain and sign again.',
  unknown_key: 'No key of this name has any role in the book. Use a key that was enrolled.',
  bad_signature: 'The signature is not that of the key. Sign these very bytes again.',
  expired: 'The time after which the tx is refused has passed. Make a new tx with a new id.',
  not_after_too_far: 'notAfter lies more than 10 minutes ahead. Sign again with an earlier one.',
  id_used: 'This key has used the id for other bytes. Make a new id.',
  queue_full: 'The node has too many txs waiting. Send the same bytes again in a second.',
  stopping: 'The node is stopping. Send the same bytes again when it runs.',
  clock_jumped:
    'The clock of the node jumped by more than 10 minutes, so it opens no new block. Set the clock right; when it is right now, restart the node.',
}
