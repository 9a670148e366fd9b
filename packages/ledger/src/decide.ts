/** The rules of version 1, one line per action. Reads, never writes. */
import type { Action, ActionKind } from './action.ts'
import { cardLink } from './cards/link.ts'
import { cardLost, cardRestore } from './cards/lost.ts'
import { cardPrimary } from './cards/primary.ts'
import { cardsRegister } from './cards/register.ts'
import { cardReplace } from './cards/replace.ts'
import { cardVoid } from './cards/void.ts'
import { placeAdmit } from './commons/electorate.ts'
import { claimDividend, memberAdmit, memberLeave } from './commons/membership.ts'
import { propose } from './commons/propose.ts'
import { vote } from './commons/vote.ts'
import type { Context, Effects } from './context.ts'
import { importPart } from './import/import.ts'
import { badge } from './money/badge.ts'
import { grantCredit } from './money/credit-limit.ts'
import { deposit } from './money/deposit.ts'
import { exchange } from './money/exchange.ts'
import { capture, hold, release } from './money/hold.ts'
import { issue } from './money/issue.ts'
import { issueApprove } from './money/issue-approval.ts'
import { offerClose, offerOpen } from './money/offer.ts'
import { payoutCancel, payoutOpen, payoutPay } from './money/payout.ts'
import { refill } from './money/refill.ts'
import { refund } from './money/refund.ts'
import { reserveMove } from './money/reserve-move.ts'
import { reserveStatement } from './money/reserve-statement.ts'
import { qrSale, sale } from './money/sale.ts'
import { subscribe } from './money/subscribe.ts'
import { transfer } from './money/transfer.ts'
import { assetArchive } from './registry/asset-archive.ts'
import { assetCreate } from './registry/asset-create.ts'
import {
  federationAccept,
  federationCreate,
  federationInvite,
  federationLeave,
  federationShare,
  federationUnshare,
} from './registry/federation.ts'
import { grantToNode } from './registry/grant.ts'
import { keysChange } from './registry/keys.ts'
import { nodeOpen } from './registry/node.ts'
import { placeOpen, placeUpdate } from './registry/place-open.ts'
import { policyChange } from './registry/policy-change.ts'
import { walletOpen } from './registry/wallet-open.ts'

type Rules = {
  readonly [K in ActionKind]: (ctx: Context, action: Extract<Action, { kind: K }>) => Effects
}

/** What each action does. A new action does not compile until it has its line. */
const RULES: Rules = {
  sale,
  'qr-sale': qrSale,
  refill,
  refund,
  transfer,
  'credit-limit': grantCredit,
  'offer-open': offerOpen,
  'offer-close': offerClose,
  exchange,
  issue,
  'issue-approve': issueApprove,
  deposit,
  'reserve-move': reserveMove,
  'reserve-statement': reserveStatement,
  'payout-open': payoutOpen,
  'payout-pay': payoutPay,
  'payout-cancel': payoutCancel,
  hold,
  capture,
  release,
  subscribe,
  badge,
  'cards-register': cardsRegister,
  'card-primary': cardPrimary,
  'card-link': cardLink,
  'card-lost': cardLost,
  'card-restore': cardRestore,
  'card-replace': cardReplace,
  'card-void': cardVoid,
  'place-open': placeOpen,
  'place-update': placeUpdate,
  'wallet-open': walletOpen,
  'node-open': nodeOpen,
  'keys-change': keysChange,
  'grant-to-node': grantToNode,
  'asset-create': assetCreate,
  'asset-archive': assetArchive,
  'policy-change': policyChange,
  'federation-create': federationCreate,
  'federation-invite': federationInvite,
  'federation-accept': federationAccept,
  'federation-leave': federationLeave,
  'federation-share': federationShare,
  'federation-unshare': federationUnshare,
  'member-admit': memberAdmit,
  'member-leave': memberLeave,
  dividend: claimDividend,
  'place-admit': placeAdmit,
  propose,
  vote,
  import: importPart,
}

/** What an action does when nothing refuses it; throws Refusal otherwise. */
export function decide(ctx: Context, action: Action): Effects {
  const rule = RULES[action.kind] as (ctx: Context, action: Action) => Effects
  return rule(ctx, action)
}
