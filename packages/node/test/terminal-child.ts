/**
 * A node at whose terminal somebody pays, in a process of its own, which may be told to die at a marked point. Says how
 * the payment stands, one JSON object a line.
 *
 * @module
 */
import type { CardId, PlaceId, WalletId } from '@fedow/ledger'
import type { PaymentPoint } from '../src/payments/marks.ts'
import { readGenesis, readKeys } from '../src/store/folder.ts'
import type { PaymentId } from '../src/store/payment-store.ts'
import { startServer } from './http-server.ts'
import { SECRET } from './payments-world.ts'

/** What a run is to do. */
export interface Run {
  readonly folder: string
  readonly stripe: { readonly key: string; readonly api: string }
  /**
   * `pay`: ask, present a card, look. `cancel`: ask, give up. `look`: only what a node does by itself, for twenty
   * minutes.
   */
  readonly kind: 'pay' | 'cancel' | 'look'
  readonly payment: string
  readonly place: string
  readonly reader: string
  readonly card: string
  readonly wallet: string
  readonly amount: number
  readonly dieAt?: PaymentPoint
}

const MINUTE_MS = 60_000

async function main(run: Run): Promise<void> {
  const { folder, stripe, dieAt } = run
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
  const { payments, terminals } = server.payments
  const id = run.payment as PaymentId
  if (run.kind === 'look') {
    for (let minute = 0; minute < 20; minute += 1) {
      await payments.reconcile()
      movedMs += MINUTE_MS
    }
  } else {
    const asked = await terminals.open({
      ...{ id, card: run.card as CardId, wallet: run.wallet as WalletId },
      ...{ place: run.place as PlaceId, reader: run.reader, amount: BigInt(run.amount) },
    })
    if (asked.status !== 'asked') throw new Error(`not asked: ${asked.status}`)
    if (run.kind === 'cancel') await terminals.cancel(id)
    else await presentCard(run)
    await payments.settle(id)
  }
  const { state, problem } = payments.find(id) ?? {}
  process.stdout.write(`${JSON.stringify({ state, problem })}\n`)
}

/** By the test helper of Stripe. A reader that asks for nothing has had its card. */
async function presentCard({ stripe, reader }: Run): Promise<void> {
  const path = `/v1/test_helpers/terminal/readers/${reader}/present_payment_method`
  const headers = { authorization: `Bearer ${stripe.key}` }
  await fetch(`${stripe.api}${path}`, { method: 'POST', headers })
}

await main(JSON.parse(process.argv[2] ?? '{}') as Run)
