/** Every action that a tx can ask for: its shape, in one list. */
import { cardLinkAction } from './cards/link.ts'
import { cardLostAction, cardRestoreAction } from './cards/lost.ts'
import { cardPrimaryAction } from './cards/primary.ts'
import { cardsRegisterAction } from './cards/register.ts'
import { cardReplaceAction } from './cards/replace.ts'
import { cardVoidAction } from './cards/void.ts'
import { placeAdmitAction } from './commons/electorate.ts'
import { dividendAction, memberAdmitAction, memberLeaveAction } from './commons/membership.ts'
import { proposeAction } from './commons/propose.ts'
import { voteAction } from './commons/vote.ts'
import { importAction } from './import/import.ts'
import { badgeAction } from './money/badge.ts'
import { creditLimitAction } from './money/credit-limit.ts'
import { depositAction } from './money/deposit.ts'
import { exchangeAction } from './money/exchange.ts'
import { captureAction, holdAction, releaseAction } from './money/hold.ts'
import { issueAction } from './money/issue.ts'
import { issueApproveAction } from './money/issue-approval.ts'
import { offerCloseAction, offerOpenAction } from './money/offer.ts'
import { payoutCancelAction, payoutOpenAction, payoutPayAction } from './money/payout.ts'
import { refillAction } from './money/refill.ts'
import { refundAction } from './money/refund.ts'
import { reserveMoveAction } from './money/reserve-move.ts'
import { reserveStatementAction } from './money/reserve-statement.ts'
import { qrSaleAction, saleAction } from './money/sale.ts'
import { subscribeAction } from './money/subscribe.ts'
import { transferAction } from './money/transfer.ts'
import { assetArchiveAction } from './registry/asset-archive.ts'
import { assetCreateAction } from './registry/asset-create.ts'
import {
  federationAcceptAction,
  federationCreateAction,
  federationInviteAction,
  federationLeaveAction,
  federationShareAction,
  federationUnshareAction,
} from './registry/federation.ts'
import { grantAction } from './registry/grant.ts'
import { keysChangeAction } from './registry/keys.ts'
import { nodeOpenAction } from './registry/node.ts'
import { placeOpenAction, placeUpdateAction } from './registry/place-open.ts'
import { policyChangeAction } from './registry/policy-change.ts'
import { walletOpenAction } from './registry/wallet-open.ts'
import { Malformed, type Of, type Shape } from './shape.ts'

/** Shapes by kind. Kinds are words of the tx format: append, never rename. */
export const ACTIONS = {
  'asset-archive': assetArchiveAction,
  'asset-create': assetCreateAction,
  badge: badgeAction,
  capture: captureAction,
  'card-link': cardLinkAction,
  'card-lost': cardLostAction,
  'card-primary': cardPrimaryAction,
  'card-replace': cardReplaceAction,
  'card-restore': cardRestoreAction,
  'card-void': cardVoidAction,
  'cards-register': cardsRegisterAction,
  'credit-limit': creditLimitAction,
  deposit: depositAction,
  dividend: dividendAction,
  exchange: exchangeAction,
  'federation-accept': federationAcceptAction,
  'federation-create': federationCreateAction,
  'federation-invite': federationInviteAction,
  'federation-leave': federationLeaveAction,
  'federation-share': federationShareAction,
  'federation-unshare': federationUnshareAction,
  'grant-to-node': grantAction,
  hold: holdAction,
  import: importAction,
  issue: issueAction,
  'issue-approve': issueApproveAction,
  'keys-change': keysChangeAction,
  'member-admit': memberAdmitAction,
  'member-leave': memberLeaveAction,
  'node-open': nodeOpenAction,
  'offer-close': offerCloseAction,
  'offer-open': offerOpenAction,
  'payout-cancel': payoutCancelAction,
  'payout-open': payoutOpenAction,
  'payout-pay': payoutPayAction,
  'place-admit': placeAdmitAction,
  'place-open': placeOpenAction,
  'place-update': placeUpdateAction,
  'policy-change': policyChangeAction,
  propose: proposeAction,
  'qr-sale': qrSaleAction,
  refill: refillAction,
  refund: refundAction,
  release: releaseAction,
  'reserve-move': reserveMoveAction,
  'reserve-statement': reserveStatementAction,
  sale: saleAction,
  subscribe: subscribeAction,
  transfer: transferAction,
  vote: voteAction,
  'wallet-open': walletOpenAction,
} as const

export type ActionKind = keyof typeof ACTIONS
export type Action = { [K in ActionKind]: Of<(typeof ACTIONS)[K]> }[ActionKind]

/** The shape of any action. */
export const action: Shape<Action> = (value, path) => {
  const kind = (value as { kind?: unknown } | null)?.kind
  if (typeof kind !== 'string' || !Object.hasOwn(ACTIONS, kind)) {
    throw new Malformed(`${path}.kind`, 'the name of an action')
  }
  return ACTIONS[kind as ActionKind](value, path)
}
