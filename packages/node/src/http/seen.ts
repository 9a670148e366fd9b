/** What of others a caller sees. */
import { acceptedAssets, type StateReader } from '@fedow/ledger'
import { type Caller, onlyPlaceOf } from '../gateway/caller.ts'

/** A place sees what it accepts, so that it learns nothing of where else its guests go. */
export function isAcceptedBy(state: StateReader, caller: Caller): (asset: string) => boolean {
  const id = onlyPlaceOf(caller)
  if (id === undefined) return () => true
  const record = state.get('place', id)
  const accepted = new Set<string>(record ? acceptedAssets(state, { id, record }) : [])
  return (asset) => accepted.has(asset)
}
