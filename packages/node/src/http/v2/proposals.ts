/** Proposals, votes and who votes: to read alone. A manager's own key signs them, so the node cannot vote. */
import {
  getElectorate,
  getProposal,
  listProposals,
  PAGE_USUAL,
  previewProposal,
  refusalWords,
} from '@fedow/api'
import {
  type AssetId,
  admitted,
  type BallotStatus,
  ELECTORATE_FOUNDED,
  electorateOf,
  foresee,
  Malformed,
  type PlaceId,
  type ProposalId,
  policyAt,
  Refusal,
  refuse,
  type SystemContext,
  type What,
  what as whatShape,
} from '@fedow/ledger'
import { namesOf } from '../names.ts'
import { readPage } from '../page.ts'
import type { Http, ServerParts } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { effectsOf } from '../proposal-effects.ts'
import {
  type FoundProposal,
  placeName,
  proposalDetails,
  proposalView,
  sharedView,
} from '../proposal-view.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'

/** Most proposals that one request looks through for those with a status. */
const LOOKED_THROUGH_MAX = 2_000

export function proposalRoutes(http: Http): void {
  const { parts } = http
  const { book } = parts
  const { state } = book

  serve(http, listProposals, ({ query }) => {
    const { rows, next } = readProposals(parts, query)
    return { proposals: rows.map((found) => proposalView(parts, found)), ...next }
  })

  serve(http, getProposal, ({ params: { proposal } }) => {
    const record = state.get('proposal', proposal)
    const found = record && foundProposal(parts, proposal)
    return proposalDetails(parts, found ?? refuse({ code: 'proposal_not_found', proposal }))
  })

  serve(http, previewProposal, ({ body: { place, what } }) => preview(parts, place, what))

  serve(http, getElectorate, ({ query: { asset } }) => {
    const places = asset === undefined ? admitted(book) : votersOn(parts, asset)
    return {
      founded: admitted(book).length >= ELECTORATE_FOUNDED,
      foundedWith: ELECTORATE_FOUNDED,
      places: places.map((place) => {
        const { suspended = false, admittedMs } = state.get('place', place) ?? {}
        const since = admittedMs === undefined ? {} : { admitted: toIsoMs(admittedMs) }
        return { ...placeName(state, place), suspended, ...since }
      }),
    }
  })
}

interface Asked {
  readonly after?: string
  readonly limit?: number
  readonly status?: BallotStatus
}

function readProposals(parts: ServerParts, { after, limit = PAGE_USUAL, status }: Asked) {
  const rows: FoundProposal[] = []
  let last = after
  for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += limit) {
    const read = (most: number) => parts.book.records('proposal', { after: last, limit: most })
    const page = readPage({ limit: limit - rows.length }, read, ({ id }) => id as ProposalId)
    const found = page.rows.map(({ id }) => foundProposal(parts, id as ProposalId))
    rows.push(...found.filter(({ ballot }) => status === undefined || ballot.status === status))
    last = page.next.next
    if (last === undefined || rows.length === limit) break
  }
  return { rows, next: last === undefined ? {} : { next: last as ProposalId } }
}

function foundProposal({ book: { state } }: ServerParts, id: ProposalId): FoundProposal {
  const record = state.get('proposal', id)
  const ballot = state.get('ballot', id)
  if (record === undefined || ballot === undefined) {
    return refuse({ code: 'proposal_not_found', proposal: id })
  }
  return { id, record, ballot }
}

function contextOf({ book, hash, now }: ServerParts): SystemContext {
  const { height, timeMs } = book.tip()
  return { state: book.state, hash, height: height + 1, timeMs: Math.max(now(), timeMs) }
}

/** What opens it says what would come of it. */
function preview(parts: ServerParts, place: PlaceId, asked: object) {
  const { state } = parts.book
  const what = readWhat(asked)
  try {
    const foreseen = foresee(contextOf(parts), { place, what })
    const shared = sharedView(state, foreseen)
    const effects = [...effectsOf(state, foreseen)]
    return { possible: true as const, ...shared, effects }
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    const { code, ...members } = cause.rejection
    const refusal = refusalWords({ code, with: members }, namesOf(state))
    return { possible: false as const, refusal }
  }
}

function readWhat(asked: object): What {
  try {
    return whatShape(asked, 'what')
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    throw new RequestError({ code: 'malformed', where: cause.path, expected: cause.expected })
  }
}

/** Who would vote on the terms of an asset. */
function votersOn(parts: ServerParts, id: AssetId): readonly PlaceId[] {
  const context = contextOf(parts)
  const asset = context.state.get('asset', id)
  if (asset === undefined || asset.kind === 'EUR') refuse({ code: 'asset_not_found', asset: id })
  const { timeMs: fromMs } = context
  return electorateOf(context, {
    kind: 'policy',
    asset: id,
    fromMs,
    terms: policyAt(asset, fromMs),
  })
}
