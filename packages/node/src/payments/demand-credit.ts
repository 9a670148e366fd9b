import { keepers, Refusal, type Rejection } from '@fedow/ledger'
import type { Payment } from '../store/payment-store.ts'
import { issueActionOf } from './credit.ts'
import type { StepMeans } from './marks.ts'
import { refusalNow } from './taking.ts'

/** The smallest payment that a provider takes, in cents: what a refill of any amount may be. */
const LEAST = 50n

/** Nobody shall pay for nothing. Throws Refusal with what stands in the way of the credit. */
export function demandCredit(
  means: StepMeans,
  wish: Pick<Payment, 'id' | 'wallet' | 'card' | 'amount' | 'kind'>,
): void {
  const { id, wallet, card, kind, amount = LEAST } = wish
  const wished = {
    ...{ id, wallet, card, kind, provider: means.provider.name, gross: amount },
    ...{ paymentReference: `wish ${id}`, fees: { fee: 0n, net: amount } },
  } as const
  const refused = refusalNow(means, wished as never)
  if (refused !== undefined && !canBeApproved(means, refused)) throw new Refusal(refused)
  const isLost = card !== undefined && issueActionOf(means, wished as never) === undefined
  if (isLost) throw new Refusal({ code: 'card_lost', card })
}

/** True when another keeper can let it pass: the payer waits for that, and no longer. */
function canBeApproved({ book, keeper, now }: StepMeans, { code }: Rejection): boolean {
  const timeMs = Math.max(now(), book.tip().timeMs)
  const others = keepers(book.state, timeMs).filter((kid) => kid !== keeper)
  return code === 'second_keeper_needed' && others.length > 0
}
