/** What of a reminder still holds: the melts that it was made for, by the function that will run. */
import {
  type Amount,
  type Asset,
  type AssetId,
  assert,
  type Demurrage,
  nextMelt,
  type Policy,
  type StateReader,
  sleeperOf,
} from '@fedow/ledger'
import type { Reminder } from '../store/reminder-store.ts'

/** Some of one asset that melts if nobody makes a gesture. */
export interface ComingMelt {
  readonly asset: AssetId
  readonly named: Pick<Asset, 'name' | 'code' | 'kind'>
  /** Minor units that melt, and all that is there. */
  readonly amount: Amount
  readonly balance: bigint
  readonly terms: Demurrage
  readonly policy: Pick<Policy, 'refund' | 'personToPerson'>
}

/** The melts of a reminder that are still to come on its day. */
export function comingMelts(
  state: StateReader,
  { wallet, dueDay, parts }: Pick<Reminder, 'wallet' | 'dueDay' | 'parts'>,
): readonly ComingMelt[] {
  return parts.flatMap(([asset]) => {
    const sleeper = sleeperOf(state, `${wallet}/${asset}`)
    const named = state.get('asset', asset)
    const melt = sleeper && nextMelt(sleeper)
    if (melt?.dueDay !== dueDay || named === undefined) return []
    const policy = named.policies.find(({ version }) => version === melt.version)
    const terms = policy?.demurrage
    assert(policy !== undefined && terms !== undefined, 'a melt follows from a policy')
    return [{ asset, named, amount: melt.amount, balance: melt.balance, terms, policy }]
  })
}
