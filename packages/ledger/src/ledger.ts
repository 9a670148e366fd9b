/**
 * Read me first: how a tx changes the book.
 *
 *   admit   -> may these bytes be ordered at all? (chain, key, time, id; the signature is checked outside)
 *   applyTx -> for each action: a rule decides effects from state, block time and tx; `apply` writes them.
 *              All actions or none. The outcome is final.
 *
 * Everything here is pure and synchronous: time, hash and state are arguments.
 *
 * @module
 */
import { demandAccounts } from './account-room.ts'
import type { Action } from './action.ts'
import { apply } from './apply.ts'
import type { Block } from './block.ts'
import { toUtf8 } from './bytes.ts'
import { runSettled } from './commons/settle.ts'
import type { Context, Effects } from './context.ts'
import { params } from './context.ts'
import type { Kid, TxId } from './ids.ts'
import type { Line } from './line.ts'
import type { Outcome, VoidCode } from './outcome.ts'
import { Refusal, type Rejection } from './rejection.ts'
import { rulesAt } from './rules.ts'
import { Draft } from './state/draft.ts'
import type { State, StateReader } from './state/reader.ts'
import type { SystemEntry } from './system-entry.ts'
import { NOT_AFTER_MAX_MS, type TxPayload } from './tx.ts'

/** A tx whose signature has been checked. */
export interface AdmittedTx {
  readonly kid: Kid
  readonly payload: TxPayload
  /** The compact form, as text or as its bytes. */
  readonly bytes: Uint8Array | string
}

/** What decides whether bytes may be ordered. */
export interface Admission {
  readonly timeMs: number
  /** True when this key has used this id for other bytes or the same. */
  readonly isUsed: (kid: Kid, id: TxId) => boolean
}

/**
 * Why a tx may not be ordered now, or `undefined` when it may. A refusal leaves no trace in a solo book, and
 * makes the bytes void in a block.
 */
export function admit(
  state: StateReader,
  tx: Pick<AdmittedTx, 'kid' | 'payload'>,
  { timeMs, isUsed }: Admission,
): VoidCode | undefined {
  const { chain, id, notAfter } = tx.payload
  if (chain !== params(state).chain) return 'wrong_chain'
  const key = state.get('key', tx.kid)
  if (key === undefined || key.roles.length === 0) return 'unknown_key'
  if (timeMs >= notAfter) return 'expired'
  if (notAfter > timeMs + NOT_AFTER_MAX_MS) return 'not_after_too_far'
  return isUsed(tx.kid, id) ? 'id_used' : undefined
}

/** What became of a tx, after what had to melt before it. */
export interface AppliedTx {
  /** Appended to the block before the tx. */
  readonly before: SystemEntry | undefined
  readonly outcome: Outcome
}

/**
 * Decides a tx once: applied whole or rejected whole. Writes to the state only when applied; a rejected one leaves what
 * is due where it is.
 */
export function applyTx(state: State, block: Block, tx: AdmittedTx): AppliedTx {
  if (block.isSettled) {
    const draft = new Draft(state)
    const outcome = run(draft, { block, tx, index: block.length })
    block.append(tx.bytes)
    if (outcome.status === 'applied') draft.commit()
    return { before: undefined, outcome }
  }
  const at = { block, untilMs: block.timeMs }
  const settled = runSettled(state, at, (draft, index) => run(draft, { block, tx, index }))
  const { draft, result } = settled
  if (result.status === 'rejected') {
    const outcome = { ...result, index: block.append(tx.bytes) }
    return { before: undefined, outcome }
  }
  if (settled.before !== undefined) block.append(toUtf8(settled.before.json))
  block.append(tx.bytes)
  draft.commit()
  return { before: settled.before, outcome: result }
}

interface TxPlace {
  readonly block: Block
  readonly tx: AdmittedTx
  readonly index: number
}

/** Decides the actions one after the other, each on what the one before left. */
function run(draft: State, { block, tx, index }: TxPlace): Outcome {
  const position = { height: block.height, index, timeUs: block.timeUs }
  const lines: Line[] = []
  for (const [actionIndex, action] of tx.payload.actions.entries()) {
    const decision = decide(draft, { block, tx, action })
    if ('rejection' in decision) {
      return { ...position, status: 'rejected', action: actionIndex, ...decision }
    }
    const origin = { tx: tx.payload.id, bytes: tx.bytes, actionIndex }
    lines.push(...apply(draft, block, { effects: decision.effects, origin }))
  }
  return { ...position, status: 'applied', lines }
}

type Decision = { readonly effects: Effects } | { readonly rejection: Rejection }

function decide(
  state: StateReader,
  { block, tx, action }: { block: Block; tx: AdmittedTx; action: Action },
): Decision {
  const { hash, height, timeMs } = block
  const ctx: Context = { state, hash, height, timeMs, signer: tx.kid, tx: tx.payload.id }
  try {
    const effects = rulesAt(block.height).decide(ctx, action)
    demandAccounts(state, effects)
    return { effects }
  } catch (cause) {
    if (cause instanceof Refusal) return { rejection: cause.rejection }
    throw cause
  }
}
