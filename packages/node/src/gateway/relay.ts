import { Malformed, parseTx, type TxId } from '@fedow/ledger'
import type { Engine, Submission } from '../engine/engine.ts'

/** A signed tx on its way. */
export interface RelayedTx {
  readonly id: TxId
  readonly submission: Promise<Submission>
}

/** Hands a signed tx of anyone to the engine. The hot path: nothing else is asked about it here. */
export function relayTx(engine: Engine, jws: string): RelayedTx | Malformed {
  const tx = parseTx(jws)
  return tx instanceof Malformed ? tx : { id: tx.payload.id, submission: engine.submit(tx) }
}
