import {
  type ApiKeyView,
  type BodyOf,
  changeKeys,
  createApiKey,
  type KeyView,
  listApiKeys,
  listKeys,
  revokeApiKey,
  type Static,
} from '@fedow/api'
import {
  type Amount,
  type Kid,
  type Limits,
  ONLY,
  type PlaceId,
  refuse,
  type StateReader,
  type Subject,
  type WalletId,
} from '@fedow/ledger'
import {
  type Caller,
  demandCan,
  demandOnPlace,
  demandOnWallet,
  walletNamed,
} from '../../gateway/caller.ts'
import { toTimeMs } from '../../gateway/means.ts'
import { keysIntent } from '../../gateway/registry-intents.ts'
import type { ApiKey, NewApiKey } from '../../store/api-keys.ts'
import type { Http } from '../parts.ts'
import { RequestError } from '../problem-error.ts'
import { serve } from '../serve.ts'
import { toIsoMs } from '../time.ts'
import { answerIntent } from '../tx-answer.ts'

export function keyRoutes(http: Http): void {
  const { apiKeys, book, now } = http.parts

  serve(http, listApiKeys, () => ({ apiKeys: apiKeys.list().map(apiKeyView) }))

  serve(http, createApiKey, ({ body }) => {
    const { place } = body
    const isKnown = place === null || book.state.get('place', place) !== undefined
    if (!isKnown) refuse({ code: 'place_not_found', place })
    return apiKeys.create(toNewApiKey(body), now())
  })

  serve(http, revokeApiKey, ({ params: { id } }) => {
    const revoked = apiKeys.revoke(id, now())
    if (revoked === undefined) throw new RequestError({ code: 'api_key_not_found', id })
    return apiKeyView(revoked)
  })

  serve(http, listKeys, ({ caller, query: { on } }) => {
    demandOnSubject(http, caller, on)
    const { node } = http.parts
    const grant = book.state.get('grant', `${node.id}/${on}`)
    return {
      keys: keysOn(book.state, on).flatMap((kid) => keyView(book.state, kid, on)),
      ...(grant && { grant: { node: node.id, can: [...grant.can], ...limitsView(grant.limits) } }),
    }
  })

  serve(http, changeKeys, ({ caller, id, body }) =>
    answerIntent(http, caller, keysIntent(caller, { id, ...body })),
  )
}

function toNewApiKey({
  name,
  place,
  can,
  limits,
  expires,
}: BodyOf<typeof createApiKey>): NewApiKey {
  const most = Object.entries(limits ?? {}).map(([of, amount]) => [of, BigInt(amount) as Amount])
  return {
    name,
    place,
    can: [...new Set(can)],
    ...(most.length > 0 && { limits: Object.fromEntries(most) }),
    ...(expires !== undefined && { expiresMs: toTimeMs(expires, '/expires') }),
  }
}

function apiKeyView(key: ApiKey): Static<typeof ApiKeyView> {
  const { id, name, place, can, limits, expiresMs, createdMs, lastUsedMs, revokedMs } = key
  const most = Object.entries(limits ?? {}).map(([of, amount]) => [of, Number(amount)])
  return {
    id,
    name,
    place,
    can: [...can] as Static<typeof ApiKeyView>['can'],
    ...(most.length > 0 && { limits: Object.fromEntries(most) }),
    created: toIsoMs(createdMs),
    ...(expiresMs !== undefined && { expires: toIsoMs(expiresMs) }),
    ...(lastUsedMs !== undefined && { lastUsed: toIsoMs(lastUsedMs) }),
    ...(revokedMs !== undefined && { revoked: toIsoMs(revokedMs) }),
  }
}

/** Keys of the network and of nodes are public; those of a place or wallet concern who may read it. */
function demandOnSubject({ parts }: Http, caller: Caller, on: Subject): void {
  const { state } = parts.book
  const id = on.slice(on.indexOf('/') + 1)
  if (on.startsWith('place/')) {
    const place = id as PlaceId
    demandOnPlace(caller, place, 'read')
    if (state.get('place', place) === undefined) refuse({ code: 'place_not_found', place })
  } else if (on.startsWith('wallet/')) {
    const wallet = id as WalletId
    demandOnWallet(caller, { id: wallet, record: walletNamed(state, wallet) }, 'read')
  } else {
    demandCan(caller, 'read')
  }
}

function keysOn(state: StateReader, on: Subject): readonly Kid[] {
  if (on === 'network') return state.get('params', ONLY)?.keys ?? []
  const [kind, id = ''] = on.split('/') as ['place' | 'wallet' | 'node', string]
  const record = state.get(kind, id) ?? refuse({ code: 'subject_not_found', on })
  return record.keys ?? []
}

function keyView(state: StateReader, kid: Kid, on: Subject): Static<typeof KeyView>[] {
  const key = state.get('key', kid)
  const role = key?.roles.find((one) => one.on === on)
  if (key === undefined || role === undefined) return []
  return [{ kid, x: key.x, can: [...role.can], ...limitsView(role.limits) }]
}

function limitsView(limits: Limits | undefined) {
  if (limits === undefined) return {}
  const { untilMs, ...amounts } = limits
  const most = Object.entries(amounts).map(([name, amount]) => [name, Number(amount)])
  return {
    limits: {
      ...Object.fromEntries(most),
      ...(untilMs !== undefined && { until: toIsoMs(untilMs) }),
    },
  }
}
