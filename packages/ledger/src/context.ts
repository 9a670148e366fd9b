import { assert } from './assert.ts'
import type { Hash } from './hash.ts'
import type { Kid, TxId } from './ids.ts'
import type { LineDraft } from './line.ts'
import { ONLY, type Params, type RecordKind, type RecordOf } from './records.ts'
import type { StateReader } from './state/reader.ts'

/** Everything that a rule may know: state, block time and tx. No clock, no file, no setting. */
export interface Context {
  readonly state: StateReader
  readonly hash: Hash
  readonly timeMs: number
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
}

/** The parameters of the network, which every state has. */
export function params(state: StateReader): Params {
  const record = state.get('params', ONLY)
  assert(record !== undefined, 'the state has parameters')
  return record
}
