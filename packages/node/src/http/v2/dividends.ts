/** Free money: its dividend, its members, what is due to them. Reading computes what is due now, and writes nothing. */
import {
  type AnswerOf,
  admitMember,
  claimDividend,
  type DividendValueView,
  endMembership,
  getDividend,
  getMember,
  type Static,
} from '@fedow/api'
import {
  type AssetId,
  advance,
  type Dividend,
  dividendValue,
  issued,
  memberId,
  type Reeval,
  refuse,
  type StateReader,
} from '@fedow/ledger'
import { demandOnWallet, walletNamed } from '../../gateway/caller.ts'
import { admissionIntent, claimIntent, leaveIntent } from '../../gateway/dividend-intents.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { answerIntent } from '../tx-answer.ts'

/** Re-evaluations ahead that are shown. */
const FORECAST = 8

export function dividendRoutes(http: Http): void {
  const { means, parts } = http
  const { state } = parts.book

  serve(http, getDividend, ({ params: { asset } }) => {
    const now = advance(dividendNamed(state, asset), parts.now())
    return dividendView(now, { asset, made: issued(state, parts.hash, asset) })
  })

  serve(http, claimDividend, ({ caller, id, params, body }) =>
    answerIntent(http, caller, claimIntent(means, caller, { id, ...params, ...body })),
  )

  serve(http, admitMember, ({ caller, id, params, body }) =>
    answerIntent(http, caller, admissionIntent(caller, { id, ...params, ...body })),
  )

  serve(http, getMember, ({ caller, params: { asset, wallet } }) => {
    demandOnWallet(caller, { id: wallet, record: walletNamed(state, wallet) }, 'read', 'spend')
    const now = advance(dividendNamed(state, asset), parts.now())
    const member = state.get('member', memberId({ asset, wallet }))
    if (member === undefined) refuse({ code: 'not_admitted', asset, wallet })
    const { place, sinceMs, sum } = member
    const due = Number(now.sum - sum)
    return { asset, wallet, place, since: toIsoMs(sinceMs), due, ...nextOf(now) }
  })

  serve(http, endMembership, ({ caller, id, params, body }) =>
    answerIntent(http, caller, leaveIntent(means, caller, { id, ...params, ...body })),
  )
}

/** Refuses with: asset_not_found, kind_refuses_action. */
function dividendNamed(state: StateReader, id: AssetId): Dividend {
  const asset = state.get('asset', id)
  if (asset === undefined || asset.kind === 'EUR') refuse({ code: 'asset_not_found', asset: id })
  const found = state.get('dividend', id)
  const { kind } = asset
  return found ?? refuse({ code: 'kind_refuses_action', asset: id, kind, action: 'dividend' })
}

function dividendView(
  now: Dividend,
  { asset, made }: { asset: AssetId; made: bigint },
): AnswerOf<typeof getDividend> {
  const { terms, mass, massAtReeval, members, sum, ud, unitBase, nextReevalMs, endedMs } = now
  const { first, ...rest } = terms
  return {
    asset,
    ...rest,
    first: Number(first),
    value: Number(dividendValue(now)),
    ud: Number(ud),
    unitBase,
    mass: Number(mass),
    unclaimed: Number(mass - made),
    massAtReeval: Number(massAtReeval),
    members,
    made: now.made,
    perMember: Number(sum),
    ...nextOf(now),
    ...(endedMs === undefined
      ? { nextReeval: toIsoMs(nextReevalMs) }
      : { ended: toIsoMs(endedMs) }),
    series: now.series.map(valueView),
    forecast: forecast(now).map(valueView),
  }
}

function nextOf({ nextMs, endedMs }: Dividend): { next?: string } {
  return endedMs === undefined ? { next: toIsoMs(nextMs) } : {}
}

/** The re-evaluations that follow when nobody joins or leaves, by the function that will make them. */
function forecast(now: Dividend): readonly Reeval[] {
  const { terms, nextReevalMs } = now
  const untilMs = nextReevalMs + (FORECAST * terms.reevalS + terms.periodS) * 1_000
  const last = { ...now, series: now.series.slice(-1) }
  return advance(last, untilMs).series.slice(1, FORECAST + 1)
}

function valueView(value: Reeval): Static<typeof DividendValueView> {
  const { atMs, ud, unitBase, mass, members } = value
  return {
    from: toIsoMs(atMs),
    value: Number(dividendValue(value)),
    ud: Number(ud),
    unitBase,
    mass: Number(mass),
    members,
  }
}
