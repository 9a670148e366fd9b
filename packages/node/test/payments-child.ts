/**
 * A node with payments in a process of its own, which may be told to die at a marked point. Says what it has done, one
 * JSON object a line.
 *
 * @module
 */
import type { CardId, WalletId } from '@fedow/ledger'
import type { PaymentPoint } from '../src/payments/marks.ts'
import { readGenesis, readKeys } from '../src/store/folder.ts'
import type { PaymentId } from '../src/store/payment-store.ts'
import { startServer } from './http-server.ts'
import { SECRET } from './payments-world.ts'

/** What a run is to do. */
export interface Run {
  readonly folder: string
  readonly stripe: { readonly key: string; readonly api: string }
  /** `refill`: open a page, pay on it, come back. `look`: only what a node does by itself, three times. */
  readonly kind: 'refill' | 'look'
  readonly payment: string
  readonly card: string
  readonly wallet: string
  readonly amount: number
  readonly dieAt?: PaymentPoint
}

const LOOK_AFTER_MS = 600_000

async function main(run: Run): Promise<void> {
  const { folder, stripe, payment, card, wallet, amount, dieAt } = run
  let movedMs = 0
  const network = { folder, genesis: readGenesis(folder), keys: readKeys(folder) }
  await using server = await startServer(undefined, {
    network: network as never,
    payments: {
      stripe: { ...stripe, webhookSecret: SECRET },
      now: () => Date.now() + movedMs,
      onPoint: (point) => {
        if (point === dieAt) process.kill(process.pid, 'SIGKILL')
      },
    },
  })
  const { payments } = server.payments
  const id = payment as PaymentId
  if (run.kind === 'look') {
    for (let pass = 0; pass < 3; pass += 1) {
      movedMs += LOOK_AFTER_MS
      await payments.reconcile()
    }
  } else {
    const wish = { id, card: card as CardId, wallet: wallet as WalletId, amount: BigInt(amount) }
    const others = { place: undefined, email: undefined, returnUrl: 'https://bar.example/' }
    const opened = await payments.open({ ...wish, ...others })
    if (opened.status !== 'opened') throw new Error(`not opened: ${opened.status}`)
    await fetch(opened.url, { method: 'POST', body: 'outcome=paid', redirect: 'manual' })
    await payments.settle(id)
  }
  process.stdout.write(`${JSON.stringify({ state: payments.find(id)?.state })}\n`)
}

await main(JSON.parse(process.argv[2] ?? '{}') as Run)
