import type Stripe from 'stripe'
import { mergeMetadata, type Params } from '../params.ts'
import { type Call, listRoute, type Route, readRoute } from '../route.ts'
import { API_VERSION, type World } from '../world.ts'

const ENDPOINTS = '/v1/webhook_endpoints'

export const eventRoutes: readonly Route[] = [
  readRoute('/v1/events/:id', ({ world, id }) => world.events.get(id)),
  listRoute('/v1/events', {
    among: ({ world }) => world.events.all(),
    filter: (params) => {
      const [type, types] = [params.text('type'), params.texts('types')]
      const isDelivered = params.flag('delivery_success')
      return (event: Stripe.Event) =>
        (type === undefined || matches(event.type, type)) &&
        (!types || types.includes(event.type)) &&
        (isDelivered === undefined || isDelivered === (event.pending_webhooks === 0))
    },
  }),
  { method: 'POST', path: ENDPOINTS, run: createEndpoint },
  readRoute(`${ENDPOINTS}/:id`, ({ world, id }) => hidden(world.endpoints.get(id))),
  { method: 'POST', path: `${ENDPOINTS}/:id`, run: updateEndpoint },
  { method: 'DELETE', path: `${ENDPOINTS}/:id`, run: deleteEndpoint },
  listRoute(ENDPOINTS, { among: ({ world }) => world.endpoints.all().map(hidden) }),
]

/** `charge.*` matches every type that begins so. */
export function matches(type: string, pattern: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}

export interface NewEndpoint {
  readonly url: string
  readonly events?: readonly string[]
  /** Whether it hears of connected accounts, and not of the platform's own. */
  readonly isOfAccounts?: boolean
  readonly secret?: string
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly description?: string | undefined
}

/** Adds an address that is told what happens. Its secret is in the object. */
export function addEndpoint(world: World, wanted: NewEndpoint): Stripe.WebhookEndpoint {
  return world.endpoints.add({
    id: world.ids.next('we'),
    object: 'webhook_endpoint',
    api_version: API_VERSION,
    application: wanted.isOfAccounts ? world.ids.next('ca', 32) : null,
    created: world.clock.now(),
    description: wanted.description ?? null,
    enabled_events: [...(wanted.events ?? ['*'])],
    livemode: false,
    metadata: mergeMetadata(null, wanted.metadata),
    secret: wanted.secret ?? world.ids.next('whsec', 32),
    status: 'enabled',
    url: wanted.url,
  })
}

function createEndpoint({ world, params }: Call): Stripe.WebhookEndpoint {
  params.needText('url')
  const url = params.url('url') ?? ''
  const wanted = { url, ...readEndpoint(params), isOfAccounts: params.flag('connect') ?? false }
  params.ignore('api_version')
  params.end()
  return addEndpoint(world, wanted)
}

function readEndpoint(params: Params) {
  return {
    events: params.texts('enabled_events') ?? ['*'],
    description: params.text('description'),
    metadata: params.metadata(),
  }
}

function updateEndpoint({ world, params, id }: Call): Stripe.WebhookEndpoint {
  const endpoint = world.endpoints.get(id)
  const [url, events] = [params.url('url'), params.texts('enabled_events')]
  const [isOff, metadata] = [params.flag('disabled'), params.metadata()]
  params.end()
  endpoint.url = url ?? endpoint.url
  endpoint.enabled_events = [...(events ?? endpoint.enabled_events)]
  if (isOff !== undefined) endpoint.status = isOff ? 'disabled' : 'enabled'
  endpoint.metadata = mergeMetadata(endpoint.metadata, metadata)
  return hidden(endpoint)
}

function deleteEndpoint({ world, params, id }: Call): Stripe.DeletedWebhookEndpoint {
  world.endpoints.get(id)
  params.end()
  world.endpoints.remove(id)
  return { id, object: 'webhook_endpoint', deleted: true }
}

/** The secret is told once, when the endpoint is made. */
function hidden(endpoint: Stripe.WebhookEndpoint): Stripe.WebhookEndpoint {
  const { secret: _, ...shown } = endpoint
  return shown
}
