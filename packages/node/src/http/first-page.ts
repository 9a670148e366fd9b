import type { PublicFacts } from '@fedow/api'
import { attestedUntil, issued, reserveSum } from '@fedow/ledger'
import { sendPage } from './html-page.ts'
import type { Http, ServerParts } from './parts.ts'
import { toIsoMs } from './time.ts'

/** Most places and assets that the page shows. */
const SHOWN_MAX = 100

/** The page at the root of the address: for a person who opens it, not part of the contract. */
export function firstPageRoute({ scope, parts }: Http): void {
  const { firstPage } = parts
  if (firstPage === undefined) return
  scope.route({
    method: 'GET',
    url: '/',
    schema: { hide: true },
    handler: async (request, reply) => {
      const page = firstPage(publicFacts(parts), request.headers['accept-language'])
      return sendPage(reply, page)
    },
  })
}

function publicFacts({ book, hash, version, now }: ServerParts): PublicFacts {
  const { height, timeMs, lines } = book.tip()
  const untilMs = attestedUntil(book.state, hash, Math.max(now(), timeMs))
  const { fedIssued, eurIssued } = reserveSum(book.state, hash)
  const places = book.records('place', { limit: SHOWN_MAX })
  const nameOf = new Map(places.map(({ id, record }) => [id, record.name]))
  const assets = book.records('asset', { limit: SHOWN_MAX })
  return {
    network: book.genesis.network,
    chain: book.chain,
    version,
    height,
    lines,
    time: toIsoMs(timeMs),
    fedIssued: Number(fedIssued),
    eurHeld: Number(eurIssued),
    attestedUntil: untilMs === undefined ? undefined : toIsoMs(untilMs),
    places: places.map(({ id, record }) => ({ id, name: record.name })),
    assets: assets
      .filter(({ record }) => record.kind !== 'EUR' && !record.archived)
      .map(({ id, record: { name, code, kind, issuer } }) => ({
        name,
        code,
        kind,
        issuer: issuer && nameOf.get(issuer),
        issued: Number(issued(book.state, hash, id as never)),
      })),
  }
}
