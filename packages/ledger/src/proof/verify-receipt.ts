/**
 * Says what a receipt proves, offline: nothing is asked of anybody. The order of the checks is that of
 * docs/spec/receipts.md; the first that fails names the reason.
 */
import type { ActionKind } from '../action.ts'
import { fromBase64url, isSameBytes, toUtf8 } from '../bytes.ts'
import { decode } from '../codec.ts'
import { type ChainId, deriveId, holdId, type Kid, type TxId } from '../ids.ts'
import type { RejectionCode } from '../rejection.ts'
import { literal, Malformed, object } from '../shape.ts'
import { isStrictKey, toKid } from '../signature.ts'
import { parseTx, type SignedTx } from '../tx.ts'
import type { Checkpoint, Means } from './checkpoint.ts'
import { historyLeaf } from './history-leaf.ts'
import { rootOfInclusion } from './history-proof.ts'
import { hashLeaf } from './merkle.ts'
import { type EntryReceipt, parseReceipt, type Receipt, type TxReceipt } from './receipt.ts'
import { proveLines, type ShownLine } from './shown-line.ts'
import { type Trust, trustCheckpoint, type Vouchers } from './trust.ts'
import { prove, toVerdict, type Verdict, wellFormed } from './verdict.ts'

/** What a proven receipt says. Times in microseconds since 1970. */
export interface ReceiptFacts extends Vouchers {
  /** The id of the tx or system entry. */
  readonly tx: TxId
  /** The key that signed the tx. A system entry has none: it follows from state and time alone. */
  readonly signer?: Kid
  /** What the tx asked for, in its order. Empty for a system entry. */
  readonly actions: readonly ActionKind[]
  readonly status: 'applied' | 'rejected'
  /** Why it was rejected, and at which action, from 0. */
  readonly code?: RejectionCode
  readonly action?: number
  /** The block in which it was decided, and the time of that block. */
  readonly height: number
  readonly timeUs: number
  /** Its number in the history, from 0. */
  readonly index: number
  readonly lines: readonly ShownLine[]
}

/**
 * Verifies a receipt against the keys that the verifier trusts.
 *
 * The reasons, in the order of the checks: malformed (the file), those of `trustCheckpoint`, malformed (the tx or
 * entry), tx_of_other_chain, other_entry_id, later_than_checkpoint, not_in_history, other_tx_key, weak_tx_key,
 * bad_tx_signature, line_count, line_mismatch, damaged.
 * A genesis has no receipt: it is small, public, and checked as a whole.
 */
export function verifyReceipt(means: Means, json: string, trust: Trust): Verdict<ReceiptFacts> {
  return toVerdict(() => {
    const { content: receipt, isUndamaged } = wellFormed(parseReceipt(json))
    const { checkpoint, vouchers } = trustCheckpoint(means, receipt.checkpoint, trust)
    const decided = read(means, receipt, checkpoint.chain)
    proveInHistory(means, decided, { receipt, checkpoint })
    if (decided.signed !== undefined) proveSigned(means, decided.signed, decided.key)
    const { id, actions } = decided
    proveLines(means.hash, receipt, { tx: id, actions: actions.length })
    prove(isUndamaged(means.hash), () => ({ code: 'damaged' }))
    return { ...vouchers, ...toFacts(decided, receipt) }
  })
}

interface DecidedTx {
  readonly id: TxId
  readonly bytes: string
  readonly actions: readonly ActionKind[]
  readonly signed: SignedTx
  readonly key: string
}

interface DecidedEntry {
  readonly id: TxId
  readonly bytes: string
  readonly actions: readonly []
  readonly signed?: undefined
}

function read(means: Means, receipt: Receipt, chain: ChainId): DecidedTx | DecidedEntry {
  return 'tx' in receipt ? readTx(receipt, chain) : readEntry(means, receipt, chain)
}

function readTx({ tx: jws, key, outcome }: TxReceipt, chain: ChainId): DecidedTx {
  const signed = wellFormed(parseTx(jws), '.tx')
  const { id, actions, chain: txChain } = signed.payload
  prove(txChain === chain, () => ({ code: 'tx_of_other_chain', chain, txChain }))
  if (outcome.rejected !== undefined && outcome.rejected.action >= actions.length) {
    throw new Malformed('.outcome.action', 'an action of the tx')
  }
  return { id, bytes: jws, actions: actions.map(({ kind }) => kind), signed, key }
}

/** What a node executes by itself at the opening of a block. */
const entryShape = object({ hold: holdId, kind: literal('hold-expiry') })

function readEntry({ hash }: Means, receipt: EntryReceipt, chain: ChainId): DecidedEntry {
  const { entry, id, outcome } = receipt
  entryShape(decode(entry), '.entry')
  if (outcome.rejected !== undefined) throw new Malformed('.outcome', 'applied')
  const { height, index } = outcome
  const derived = deriveId<TxId>(hash, 'system', Uint8Array.fromHex(chain), height, index)
  prove(id === derived, () => ({ code: 'other_entry_id', id, derived }))
  return { id, bytes: entry, actions: [] }
}

/** The leaf is made of what stands in the receipt, so that nothing else can be proven by it. */
function proveInHistory(
  { hash }: Means,
  { id, bytes }: DecidedTx | DecidedEntry,
  { receipt, checkpoint }: { readonly receipt: Receipt; readonly checkpoint: Checkpoint },
): void {
  const { outcome, index, hashes } = receipt
  const { size, height: sealed } = checkpoint
  const { height } = outcome
  prove(height <= sealed, () => ({ code: 'later_than_checkpoint', height, sealed }))
  const leafHash = hashLeaf(hash, historyLeaf(hash, { id, bytes, outcome: outcome.json }))
  const root = rootOfInclusion(hash, { leafHash, index, size, hashes })
  const isThere = root !== undefined && isSameBytes(root, checkpoint.root)
  prove(isThere, () => ({ code: 'not_in_history', index, size }))
}

function proveSigned({ hash, verify }: Means, signed: SignedTx, x: string): void {
  const { jws, kid, signature } = signed
  prove(toKid(hash, x) === kid, () => ({ code: 'other_tx_key', kid }))
  const key = fromBase64url(x)
  prove(key !== undefined && isStrictKey(x), () => ({ code: 'weak_tx_key', kid }))
  // `parseTx` has refused signatures on which verifiers differ.
  const input = toUtf8(jws.slice(0, jws.lastIndexOf('.')))
  prove(verify(key, input, signature), () => ({ code: 'bad_tx_signature', kid }))
}

function toFacts(
  { id, actions, signed }: DecidedTx | DecidedEntry,
  { outcome, index, lines }: Receipt,
): Omit<ReceiptFacts, keyof Vouchers> {
  const { height, timeUs, rejected } = outcome
  return {
    tx: id,
    ...(signed && { signer: signed.kid }),
    actions,
    status: rejected === undefined ? 'applied' : 'rejected',
    ...rejected,
    height,
    timeUs,
    index,
    lines,
  }
}
