import { type Agent, request } from 'node:http'

export interface Posted {
  readonly url: string
  readonly payload: string
  readonly signature: string
}

/** Posts an event. Answers the status, or `null` when nobody has answered. */
export function post(agent: Agent, { url, payload, signature }: Posted): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  const body = Buffer.from(payload)
  const sent = request(url, {
    method: 'POST',
    agent,
    timeout: 20_000,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      'stripe-signature': signature,
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    },
  })
  sent.on('response', (response) => {
    response.resume()
    response.on('close', () => resolve(response.statusCode ?? null))
  })
  sent.on('timeout', () => sent.destroy())
  sent.on('error', () => resolve(null))
  sent.end(body)
  return promise
}
