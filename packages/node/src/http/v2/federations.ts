import {
  acceptInvitation,
  createFederation,
  getFederation,
  inviteToFederation,
  leaveFederation,
  listFederations,
  shareAsset,
  unshareAsset,
} from '@fedow/api'
import { type FederationId, refuse } from '@fedow/ledger'
import {
  federationIdOf,
  federationIntent,
  invitationIntent,
  membershipIntent,
  sharingIntent,
} from '../../gateway/registry-intents.ts'
import { readRecords } from '../page.ts'
import type { Http } from '../parts.ts'
import { serve } from '../serve.ts'
import { answerIntent } from '../tx-answer.ts'
import { federationView } from '../views.ts'

export function federationRoutes(http: Http): void {
  const { means, parts } = http
  const { book } = parts

  serve(http, listFederations, ({ query }) => {
    const { rows, next } = readRecords<'federation', FederationId>(book, 'federation', query)
    return { federations: rows.map(({ id, record }) => federationView(id, record)), ...next }
  })

  serve(http, getFederation, ({ params: { federation } }) => {
    const record = book.state.get('federation', federation)
    return federationView(
      federation,
      record ?? refuse({ code: 'federation_not_found', federation }),
    )
  })

  serve(http, createFederation, async ({ caller, id, body }) => {
    const answer = await answerIntent(
      http,
      caller,
      federationIntent(means, caller, { id, ...body }),
    )
    return { ...answer, federation: federationIdOf(means, id) }
  })

  serve(http, inviteToFederation, ({ caller, id, params, body }) =>
    answerIntent(http, caller, invitationIntent(caller, { id, ...params, ...body })),
  )

  serve(http, acceptInvitation, ({ caller, id, params, body }) => {
    const intent = membershipIntent(caller, 'federation-accept', { id, ...params, ...body })
    return answerIntent(http, caller, intent)
  })

  serve(http, leaveFederation, ({ caller, id, params, body }) => {
    const intent = membershipIntent(caller, 'federation-leave', { id, ...params, ...body })
    return answerIntent(http, caller, intent)
  })

  serve(http, shareAsset, ({ caller, id, params, body }) => {
    const request = { kind: 'federation-share', id, ...params, ...body } as const
    return answerIntent(http, caller, sharingIntent(means, caller, request))
  })

  serve(http, unshareAsset, ({ caller, id, params, body }) => {
    const request = { kind: 'federation-unshare', id, ...params, ...body } as const
    return answerIntent(http, caller, sharingIntent(means, caller, request))
  })
}
