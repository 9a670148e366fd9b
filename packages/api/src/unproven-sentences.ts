/** How each reason for which something is not proven is told. A new code does not compile until it has its sentences. */
import type { LineMember, Unproven, UnprovenCode } from '@fedow/ledger'
import { type Sentence, toPrintable } from './sentence.ts'

/** What a reason of one code carries. */
export type UnprovenOf<C extends UnprovenCode> = Extract<Unproven, { readonly code: C }>

const MEMBERS: Readonly<Record<LineMember, string>> = {
  actionIndex: 'its action is none of the tx, or stands out of order',
  hash: 'it is not the line that was decided',
  lineIndex: 'its number within its action is wrong',
  previous: 'it does not follow on the line before it',
  seq: 'its number in the chain of its asset is wrong',
  timeUs: 'its time does not follow on what was before it',
  tx: 'it belongs to another tx',
}

const ASK_AGAIN = 'Ask the node for the file again. If it sends the same, believe nothing of it.'
const KEEP =
  'Keep the file: it may prove that somebody forged it. Ask the place for the file again.'
const OPERATOR =
  'Keep the file and show it to the operator and to other places: an honest node signs no such thing.'

/** The sentences of every reason. */
export const UNPROVEN_SENTENCES: { readonly [C in UnprovenCode]: Sentence<UnprovenOf<C>> } = {
  malformed: {
    title: 'Not such a file',
    detail: ({ at, expected }) =>
      `At ${toPrintable(at)}, ${toPrintable(expected)} was expected, to the byte.`,
    fix: 'Use the file as it was saved: opened and saved by another program, it is no longer the same. Or ask for it again.',
  },
  damaged: {
    title: 'The file was changed',
    detail: () =>
      'All that the log signed holds, but the file is not as it was written: a signature of others may have been changed or renamed.',
    fix: 'Ask for the file again.',
  },
  nobody_trusted: {
    title: 'No key to trust',
    detail: () => 'No key of a log was given, so any forger would have been believed.',
    fix: 'Give the key of the network, from a source that you trust: its printed notice, its operator, another place.',
  },
  other_chain: {
    title: 'Of another network',
    detail: ({ chain, trusted }) =>
      `The file is of the chain ${chain}; the keys that you trust are of ${trusted.join(', ') || 'none'}.`,
    fix: 'Check which network the file should be of. A network that was founded anew is another one.',
  },
  unknown_log_key: {
    title: 'Signed by a key that you do not know',
    detail: ({ chain, keys }) =>
      `Nobody whom you trust signed for the chain ${chain}. Keys in its name: ${keys.join(', ') || 'none'}.`,
    fix: 'Ask the operator whether the key of the network has changed, and take the new one from a source that you trust.',
  },
  bad_log_signature: {
    title: 'The signature of the log is wrong',
    detail: ({ name, key }) =>
      `The signature of ${toPrintable(name)} (key ${key}) is not of this checkpoint: it was forged or changed.`,
    fix: KEEP,
  },
  bad_cosignature: {
    title: 'The signature of a witness is wrong',
    detail: ({ name, key }) =>
      `The co-signature of ${toPrintable(name)} (key ${key}) is not of this checkpoint: it was forged or changed.`,
    fix: KEEP,
  },
  tx_of_other_chain: {
    title: 'A tx of another network',
    detail: ({ chain, txChain }) =>
      `The checkpoint is of the chain ${chain}, the tx was signed for ${txChain}.`,
    fix: KEEP,
  },
  other_entry_id: {
    title: 'Not the id of this entry',
    detail: ({ id, derived }) =>
      `What a node executes by itself at this place has the id ${derived}, not ${id}.`,
    fix: KEEP,
  },
  later_than_checkpoint: {
    title: 'Later than its checkpoint',
    detail: ({ height, sealed }) =>
      `It says that it was decided in block ${height}, but the checkpoint ends at block ${sealed}.`,
    fix: KEEP,
  },
  not_in_history: {
    title: 'Not in the history',
    detail: ({ index, size }) =>
      `With this tx and this outcome at number ${index}, the ${size} entries do not give the history that was signed.`,
    fix: 'Ask the node for the file again. If what it sends differs from what you had, keep both: the history may have been rewritten.',
  },
  other_tx_key: {
    title: 'Not the key of this tx',
    detail: ({ kid }) => `The tx was signed in the name of the key ${kid}; the file has another.`,
    fix: ASK_AGAIN,
  },
  weak_tx_key: {
    title: 'A key that proves nothing',
    detail: ({ kid }) => `Under the key ${kid}, anybody can sign: no book takes such a key.`,
    fix: OPERATOR,
  },
  bad_tx_signature: {
    title: 'The signature of the tx is wrong',
    detail: ({ kid }) => `The tx stands in the history, but the key ${kid} never signed it.`,
    fix: OPERATOR,
  },
  line_count: {
    title: 'Lines are missing or added',
    detail: ({ lines, hashes }) =>
      `The file shows ${lines} lines, and ${hashes} were decided: part of the story is not told.`,
    fix: ASK_AGAIN,
  },
  line_mismatch: {
    title: 'A line is wrong',
    detail: ({ line, member }) => `Line ${line + 1} does not hold: ${MEMBERS[member]}.`,
    fix: ASK_AGAIN,
  },
  not_in_state: {
    title: 'Not what the book held',
    detail: ({ key }) =>
      `The signed state of this block has something else at ${toPrintable(key)}.`,
    fix: ASK_AGAIN,
  },
  wallet_absent: {
    title: 'No such wallet',
    detail: ({ wallet }, nameOf) => `After this block, the book had no wallet ${nameOf(wallet)}.`,
    fix: 'Check the id of the wallet; the wallet of a card changes when the card is voided.',
  },
  account_missing: {
    title: 'An account is not shown',
    detail: ({ wallet, asset }, nameOf) =>
      `The wallet ${nameOf(wallet)} has an account in ${nameOf(asset)} that the statement leaves out.`,
    fix: ASK_AGAIN,
  },
}
