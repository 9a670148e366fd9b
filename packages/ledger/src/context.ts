import { assert } from './assert.ts'
import { LAW_USUAL, type MeltLaw } from './commons/demurrage.ts'
import type { Hash } from './hash.ts'
import type { Kid, TxId, WalletId } from './ids.ts'
import type { LineDraft } from './line.ts'
import { ONLY, type Params, type RecordKind, type RecordOf } from './records.ts'
import type { StateReader } from './state/reader.ts'

/** Everything that a rule may know of what happens by itself: state, time, and which block. No clock, no file, no setting. */
export interface SystemContext {
  readonly state: StateReader
  readonly hash: Hash
  readonly height: number
  readonly timeMs: number
}

/** The same for what a tx asks: its signer and its id beside. */
export interface Context extends SystemContext {
  readonly signer: Kid
  readonly tx: TxId
}

/** Records that rules change themselves. Accounts, heads and the clock are written by `post` alone. */
export type RuleRecordKind = Exclude<RecordKind, 'account' | 'head' | 'clock'>

/** One record after an action; `undefined` removes it. */
export type Change = {
  [K in RuleRecordKind]: {
    readonly kind: K
    readonly id: string
    readonly record: RecordOf<K> | undefined
  }
}[RuleRecordKind]

/** What an action does when nothing refuses it: records first, then lines in their order. */
export interface Effects {
  readonly changes?: readonly Change[]
  readonly lines?: readonly LineDraft[]
  /** Wallets whose holders made a gesture of their own: their money is awake. Source: docs/spec/demurrage.md, "Activity". */
  readonly active?: readonly WalletId[]
}

/** The parameters of the network, which every state has. */
export function params(state: StateReader): Params {
  const record = state.get('params', ONLY)
  assert(record !== undefined, 'the state has parameters')
  return record
}

/** What no policy of the network may exceed. */
export function lawOf(state: StateReader): MeltLaw {
  return params(state).meltLaw ?? LAW_USUAL
}
