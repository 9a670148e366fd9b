import type { NameOf, ProblemContext, Unit } from '@fedow/api'
import type { AssetId, StateReader } from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

/** Names of places, assets, federations and funds for sentences; anything else keeps its id. */
export function namesOf(state: StateReader): NameOf {
  return (text) => {
    const id = text.replace(/^place\//, '')
    const found = state.get('asset', id) ?? state.get('place', id) ?? state.get('federation', id)
    return found?.name ?? walletNameOf(state, id) ?? text
  }
}

/** How amounts of assets are written. */
export function unitsOf(state: StateReader): (asset: AssetId) => Unit {
  return (asset) => state.get('asset', asset) ?? { kind: '', code: asset }
}

function walletNameOf(state: StateReader, id: string): string | undefined {
  const wallet = state.get('wallet', id)
  if (wallet?.kind === 'fund') return `the fund ${wallet.name ?? id}`
  const { place } = wallet ?? {}
  return wallet?.kind === 'place' && place ? state.get('place', place)?.name : undefined
}

/** Which tx has used up a payment, and when. */
export function evidenceUses(book: BookReader): NonNullable<ProblemContext['usedBy']> {
  return (reference) => {
    const { tx } = book.state.get('evidence', reference) ?? {}
    const outcome = tx && book.tx(tx)?.outcome
    if (tx === undefined || outcome?.status !== 'applied') return undefined
    return { tx, timeMs: Math.floor(outcome.timeUs / 1_000) }
  }
}
