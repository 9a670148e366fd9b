/** Where Stripe tells its events: its signature covers the bytes of the body, so nobody reads them before it is checked. */
import type { Http } from './parts.ts'
import { RequestError } from './problem-error.ts'

export function stripeWebhookRoute({ scope, parts }: Http): void {
  const { payments, venues } = parts.payments
  scope.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body)
    inner.route({
      method: 'POST',
      url: '/api/v2/webhooks/stripe',
      schema: { hide: true },
      handler: async ({ body, headers }, reply) => {
        const { off } = payments
        if (off !== undefined && off !== 'key_refused') {
          throw new RequestError({ code: 'refills_off', why: off })
        }
        const signature = headers['stripe-signature']
        const raw = Buffer.isBuffer(body) ? body.toString() : ''
        const event = payments.readEvent(raw, typeof signature === 'string' ? signature : '')
        if (event === undefined) throw new RequestError({ code: 'event_refused' })
        const isBooked = await venues.hearPayout(event)
        if (isBooked === true) return reply.send({ payment: null, state: null })
        if (isBooked === false) throw new RequestError({ code: 'event_too_early' })
        const payment = await payments.hear(event)
        return reply.send({ payment: payment?.id ?? null, state: payment?.state ?? null })
      },
    })
  })
}
