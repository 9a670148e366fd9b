import { type Action, encode, type TxId } from '@fedow/ledger'

/** Whose key of this node signs a tx. */
export type SignerRole = 'node' | 'keeper' | 'operator'

/** What a request asks for: checked, not yet signed. */
export interface Intent {
  /** The id of the tx: what makes a request the same one again. */
  readonly id: TxId
  readonly signer: SignerRole
  /** The actions as of now: a price alone is split over what the payer has. */
  readonly actions: () => readonly Action[]
  /** Minor units that count against the limits of an API key. */
  readonly amount: bigint
  /**
   * True when nobody has asked for it before, but for what a power cut has made forgotten: `actions`, which changes nothing then,
   * is called first, and the book is looked at only when it cannot be ordered.
   */
  readonly isNew?: boolean
  /** True when logged actions are what this request asks for. Absent: the canonical JSON is equal. */
  readonly isSame?: (logged: readonly Action[]) => boolean
}

/** An intent with fixed actions, signed by the node. */
export function intentOf(id: TxId, actions: readonly Action[], amount = 0n): Intent {
  return { id, signer: 'node', actions: () => actions, amount }
}

/** True when a logged tx is what an intent asks for; `notAfter` does not matter. */
export function isSameRequest(intent: Intent, logged: readonly Action[]): boolean {
  if (intent.isSame !== undefined) return intent.isSame(logged)
  return encode(intent.actions()) === encode(logged)
}
