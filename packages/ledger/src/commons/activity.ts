/** Gestures: what keeps money awake. Source: docs/spec/demurrage.md, "Activity". */
import { assert } from '../assert.ts'
import type { WalletId } from '../ids.ts'
import type { Wallet } from '../records.ts'
import type { Policy } from '../registry/policy.ts'
import type { State } from '../state/reader.ts'
import { dayFrom, dayOf } from './calendar.ts'
import { isSleeper } from './melting.ts'
import { withOver } from './rest.ts'

/**
 * Writes that the holder of a wallet made a gesture. Days count, so the first gesture of a day is the only one that
 * writes; every account is looked at first, because what is due on it melts before.
 */
export function awaken(state: State, id: WalletId, timeMs: number): void {
  const wallet = state.get('wallet', id)
  assert(wallet !== undefined, 'whoever makes a gesture has a wallet')
  const activeDay = dayOf(timeMs)
  if (wallet.activeDay === activeDay) return
  const awake = { ...wallet, activeDay }
  for (const asset of wallet.assets) {
    const account = state.get('account', `${id}/${asset}`)
    const policies = state.get('asset', asset)?.policies ?? []
    if (account === undefined || account.balance <= 0n) continue
    if (!mayBringForward(wallet, policies)) continue
    const record = withOver({ account, wallet: awake, policies }, activeDay)
    state.put('account', `${id}/${asset}`, record)
  }
  state.put('wallet', id, awake)
}

/**
 * False when a gesture can only put off what melts next. It may bring it forward where nobody had counted before, and
 * where it ends a period of terms that were replaced since the gesture before: then the account is written again.
 */
function mayBringForward({ kind, activeDay }: Wallet, policies: readonly Policy[]): boolean {
  if (!isSleeper(policies, kind)) return false
  const isReplaced = (day: number) => policies.slice(1).some(({ fromMs }) => dayFrom(fromMs) > day)
  return activeDay === undefined || isReplaced(activeDay)
}
