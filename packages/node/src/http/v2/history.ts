import { getCheckpoint, getConsistency, getEntryBundle, getTile } from '@fedow/api'
import { toBase64 } from '@fedow/ledger'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve, serveFile } from '../serve.ts'

/** What never changes at an address may be kept for a year; the checkpoint changes each second that something happens. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const FOR_A_MOMENT = 'public, max-age=1'

export function historyRoutes(http: Http): void {
  const { proofs } = http.parts

  serveFile(http, getCheckpoint, () => {
    const file = proofs.checkpoint()
    if (file === undefined) throw new RequestError({ code: 'not_sealed_yet' })
    return { file, cacheControl: FOR_A_MOMENT }
  })

  serveFile(http, getTile, ({ params: { path } }) => {
    return found(path, proofs.tile(path))
  })

  serveFile(http, getEntryBundle, async ({ params: { path } }) => {
    return found(`entries/${path}`, await proofs.entryBundle(path))
  })

  serve(http, getConsistency, ({ query: { from, to } }) => {
    const { size } = proofs
    if (to > size) throw new RequestError({ code: 'history_too_short', size, asked: to })
    if (from > to) throw new RequestError(BACKWARDS)
    return { from, to, hashes: proofs.consistency({ from, to }).map(toBase64) }
  })
}

const BACKWARDS = {
  code: 'invalid_request',
  where: 'querystring/from',
  expected: 'at most to: a history only grows',
} as const

/** Longest address that is told back. */
const TOLD_MAX = 64

function found(path: string, file: Uint8Array | undefined) {
  const tile = path.slice(0, TOLD_MAX)
  if (file === undefined) throw new RequestError({ code: 'tile_not_found', tile })
  return { file, cacheControl: FOR_EVER }
}
