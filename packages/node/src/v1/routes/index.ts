/** Every route of v1 (WIRE.md 5). */
import type { V1Route } from '../route.ts'
import { assetWriteRoutes } from './asset-writes.ts'
import { assetRoutes } from './assets.ts'
import { cardLossRoutes } from './card-loss.ts'
import { cardReadRoutes } from './card-reads.ts'
import { cardRoutes } from './cards.ts'
import { federationRoutes } from './federations.ts'
import { paymentRoutes } from './payments.ts'
import { placeRoutes } from './places.ts'
import { serviceRoutes } from './service.ts'
import { transactionReadRoutes } from './transaction-reads.ts'
import { transactionRoutes } from './transactions.ts'
import { walletWriteRoutes } from './wallet-writes.ts'
import { walletRoutes } from './wallets.ts'

export const V1_ROUTES: readonly V1Route[] = [
  ...serviceRoutes,
  ...assetRoutes,
  ...assetWriteRoutes,
  ...placeRoutes,
  ...walletRoutes,
  ...walletWriteRoutes,
  ...cardRoutes,
  ...cardReadRoutes,
  ...cardLossRoutes,
  ...transactionRoutes,
  ...transactionReadRoutes,
  ...paymentRoutes,
  ...federationRoutes,
]
