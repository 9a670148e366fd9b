/**
 * A node that gives back what was paid, in a process of its own, which may be told to die at a marked point.
 *
 * @module
 */
import type { CardId, WalletId } from '@fedow/ledger'
import type { PayoutPoint } from '../src/payments/payout-steps.ts'
import { readGenesis, readKeys } from '../src/store/folder.ts'
import type { WishId } from '../src/store/payout-store.ts'
import { startServer } from './http-server.ts'
import { SECRET } from './payments-world.ts'

/** What a run is to do. */
export interface PayoutRun {
  readonly folder: string
  readonly stripe: { readonly key: string; readonly api: string }
  /** `refund`: somebody wishes it. `look`: only what a node does by itself. */
  readonly kind: 'refund' | 'look'
  readonly wish: string
  readonly card: string
  readonly wallet: string
  readonly dieAt?: PayoutPoint
}

const LOOK_AFTER_MS = 600_000

async function main({ folder, stripe, kind, dieAt, ...of }: PayoutRun): Promise<void> {
  let movedMs = 0
  const network = { folder, genesis: readGenesis(folder), keys: readKeys(folder) }
  await using server = await startServer(undefined, {
    network: network as never,
    payments: {
      stripe: { ...stripe, webhookSecret: SECRET },
      now: () => Date.now() + movedMs,
      onPayoutPoint: (point) => {
        if (point === dieAt) process.kill(process.pid, 'SIGKILL')
      },
    },
  })
  const { payouts } = server.payments
  if (kind === 'refund') {
    const bearer = { card: of.card as CardId, wallet: of.wallet as WalletId }
    await payouts.begin({ id: of.wish as WishId, ...bearer, amount: undefined })
  }
  for (let pass = 0; pass < 3; pass += 1) {
    movedMs += LOOK_AFTER_MS
    await payouts.reconcile()
  }
  const states = payouts.page({ limit: 10 }).payouts.map(({ state }) => state)
  process.stdout.write(`${JSON.stringify(states)}\n`)
}

await main(JSON.parse(process.argv[2] ?? '{}') as PayoutRun)
