/** What requests about the reserve and about payouts ask the book for: all of it is the keeper's. */
import {
  type Action,
  type ActionKind,
  deriveId,
  type Hash,
  type Hex32,
  type MoveReason,
  type PayoutId,
  type TxId,
  toHex,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import { type Caller, demandOperator } from './caller.ts'
import { type Intent, intentOf } from './intent.ts'
import { type Means, toAction } from './means.ts'
import { type EvidenceText, toEvidence } from './money-intents.ts'

export interface MoveText {
  readonly from: string
  readonly to: string
  readonly amount: number
  readonly reference: string
  readonly why: MoveReason
}

/** The keeper books euros that went from one account of the reserve to another. */
export function moveIntent(
  means: Means,
  caller: Caller,
  { id, reference, ...members }: MoveText & { readonly id: TxId },
): Intent {
  demandOperator(caller)
  return keeperIntent(id, 'reserve-move', { ...members, reference: toSha(means, reference) })
}

/** The payout that the request of an id opens. */
export function payoutIdOf({ hash }: Pick<Means, 'hash'>, id: TxId): PayoutId {
  return deriveId<PayoutId>(hash, 'payout', id)
}

/** Holds what is to be paid back. */
export function payoutIntent(
  means: Means,
  caller: Caller,
  { id, ...members }: { readonly id: TxId; readonly wallet: WalletId; readonly amount: number },
): Intent {
  demandOperator(caller)
  return keeperIntent(id, 'payout-open', { payout: payoutIdOf(means, id), ...members })
}

/** Ends a payout by its payment. */
export function payIntent(
  means: Means,
  caller: Caller,
  request: {
    readonly id: TxId
    readonly payout: PayoutId
    readonly evidence: EvidenceText
    readonly amount?: number | undefined
  },
): Intent {
  demandOperator(caller)
  const { id, payout, amount } = request
  const evidence = toEvidence(means, request.evidence)
  return keeperIntent(id, 'payout-pay', { payout, evidence, amount })
}

/** Ends a payout without payment. */
export function cancelIntent(
  means: Means,
  caller: Caller,
  request: { readonly id: TxId; readonly payout: PayoutId; readonly reference: string },
): Intent {
  demandOperator(caller)
  const { id, payout } = request
  return keeperIntent(id, 'payout-cancel', { payout, reference: toSha(means, request.reference) })
}

function keeperIntent(id: TxId, kind: ActionKind, members: Readonly<Record<string, unknown>>) {
  const actions: readonly Action[] = [toAction(kind, members)]
  return { ...intentOf(id, actions), signer: 'keeper' } as const
}

function toSha({ hash }: { readonly hash: Hash }, text: string): Hex32 {
  return toHex(hash(toUtf8(text))) as Hex32
}
