import { accountRoutes } from './objects/account.ts'
import { balanceRoutes } from './objects/balance.ts'
import { catalogueRoutes } from './objects/catalogue.ts'
import { chargeRoutes } from './objects/charge.ts'
import { checkoutRoutes } from './objects/checkout.ts'
import { customerRoutes } from './objects/customer.ts'
import { disputeRoutes } from './objects/dispute.ts'
import { eventRoutes } from './objects/event.ts'
import { intentRoutes } from './objects/payment-intent.ts'
import { payoutRoutes } from './objects/payout.ts'
import { readerRoutes } from './objects/reader.ts'
import { refundRoutes } from './objects/refund.ts'
import { transferRoutes } from './objects/transfer.ts'
import type { Route } from './route.ts'

/** Everything that the fake understands. */
export const ROUTES: readonly Route[] = [
  ...catalogueRoutes,
  ...customerRoutes,
  ...checkoutRoutes,
  ...intentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...readerRoutes,
  ...accountRoutes,
  ...transferRoutes,
  ...payoutRoutes,
  ...disputeRoutes,
  ...balanceRoutes,
  ...eventRoutes,
]

export interface Found {
  readonly route: Route
  readonly id: string
  readonly child: string
}

const COMPILED = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/:(id|child)/g, '(?<$1>[^/]+)')}$`),
}))

/** The route of a request; `undefined` for what the fake does not understand. */
export function findRoute(method: string, path: string): Found | undefined {
  for (const { route, pattern } of COMPILED) {
    const found = route.method === method ? pattern.exec(path) : null
    if (!found) continue
    const { id = '', child = '' } = found.groups ?? {}
    return { route, id: decodeURIComponent(id), child: decodeURIComponent(child) }
  }
  return undefined
}
