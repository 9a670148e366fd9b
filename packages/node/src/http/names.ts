import type { NameOf } from '@fedow/api'
import type { StateReader } from '@fedow/ledger'

/** Names of places, assets and federations for the sentences of problems; anything else keeps its id. */
export function namesOf(state: StateReader): NameOf {
  return (text) => {
    const id = text.replace(/^place\//, '')
    const found = state.get('asset', id) ?? state.get('place', id) ?? state.get('federation', id)
    return found?.name ?? text
  }
}
