/** The rules of version 1, one line per action. Reads, never writes. */
import type { Action } from './action.ts'
import { unreachable } from './assert.ts'
import { cardLink } from './cards/link.ts'
import { cardLost, cardRestore } from './cards/lost.ts'
import { cardPrimary } from './cards/primary.ts'
import { cardsRegister } from './cards/register.ts'
import { cardReplace } from './cards/replace.ts'
import { cardVoid } from './cards/void.ts'
import type { Context, Effects } from './context.ts'
import { badge } from './money/badge.ts'
import { deposit } from './money/deposit.ts'
import { capture, hold, release } from './money/hold.ts'
import { issue } from './money/issue.ts'
import { refill } from './money/refill.ts'
import { refund } from './money/refund.ts'
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

/** What an action does. A new action does not compile until it has its line. */
export function decide(ctx: Context, action: Action): Effects {
  switch (action.kind) {
    case 'sale':
      return sale(ctx, action)
    case 'qr-sale':
      return qrSale(ctx, action)
    case 'refill':
      return refill(ctx, action)
    case 'refund':
      return refund(ctx, action)
    case 'transfer':
      return transfer(ctx, action)
    case 'issue':
      return issue(ctx, action)
    case 'deposit':
      return deposit(ctx, action)
    case 'hold':
      return hold(ctx, action)
    case 'capture':
      return capture(ctx, action)
    case 'release':
      return release(ctx, action)
    case 'subscribe':
      return subscribe(ctx, action)
    case 'badge':
      return badge(ctx, action)
    case 'cards-register':
      return cardsRegister(ctx, action)
    case 'card-primary':
      return cardPrimary(ctx, action)
    case 'card-link':
      return cardLink(ctx, action)
    case 'card-lost':
      return cardLost(ctx, action)
    case 'card-restore':
      return cardRestore(ctx, action)
    case 'card-replace':
      return cardReplace(ctx, action)
    case 'card-void':
      return cardVoid(ctx, action)
    case 'place-open':
      return placeOpen(ctx, action)
    case 'place-update':
      return placeUpdate(ctx, action)
    case 'wallet-open':
      return walletOpen(ctx, action)
    case 'node-open':
      return nodeOpen(ctx, action)
    case 'keys-change':
      return keysChange(ctx, action)
    case 'grant-to-node':
      return grantToNode(ctx, action)
    case 'asset-create':
      return assetCreate(ctx, action)
    case 'asset-archive':
      return assetArchive(ctx, action)
    case 'policy-change':
      return policyChange(ctx, action)
    case 'federation-create':
      return federationCreate(ctx, action)
    case 'federation-invite':
      return federationInvite(ctx, action)
    case 'federation-accept':
      return federationAccept(ctx, action)
    case 'federation-leave':
      return federationLeave(ctx, action)
    case 'federation-share':
      return federationShare(ctx, action)
    case 'federation-unshare':
      return federationUnshare(ctx, action)
    default:
      return unreachable(action)
  }
}
