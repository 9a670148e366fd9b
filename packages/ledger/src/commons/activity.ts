/** Gestures: what keeps money awake. Source: docs/spec/demurrage.md, "Activity". */
import { assert } from '../assert.ts'
import type { WalletId } from '../ids.ts'
import type { State } from '../state/reader.ts'
import { dayOf } from './calendar.ts'

/**
 * Writes that the holder of a wallet made a gesture. Days count, so the first gesture of a day is the only one that
 * writes; every account is looked at first, because what is due on it melts before.
 */
export function awaken(state: State, id: WalletId, timeMs: number): void {
  const wallet = state.get('wallet', id)
  assert(wallet !== undefined, 'whoever makes a gesture has a wallet')
  const activeDay = dayOf(timeMs)
  if (wallet.activeDay === activeDay) return
  for (const asset of wallet.assets) state.get('account', `${id}/${asset}`)
  state.put('wallet', id, { ...wallet, activeDay })
}
