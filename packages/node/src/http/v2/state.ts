import { getRecordProof } from '@fedow/api'
import type { RecordKind } from '@fedow/ledger'
import { demandOperator } from '../../gateway/caller.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'

/** Records that anyone may see: nothing of wallets, cards and keys is in them. */
const PUBLIC_KINDS: readonly string[] = [
  'asset',
  'batch',
  'clock',
  'federation',
  'head',
  'node',
  'params',
  'place',
  'place-name',
] satisfies RecordKind[]

export function stateRoutes(http: Http): void {
  const { book, proofs } = http.parts

  serve(http, getRecordProof, async ({ caller, query }) => {
    const [kind = ''] = query.key.split('/')
    if (!PUBLIC_KINDS.includes(kind)) demandOperator(caller)
    const newest = book.lastSealed()?.height
    if (newest === undefined) throw new RequestError({ code: 'not_sealed_yet' })
    const proof = await proofs.record(query)
    const height = query.height ?? newest
    if (proof === undefined) throw new RequestError({ code: 'state_not_kept', height, newest })
    return proof
  })
}
