/** The fake as a program of its own, for trying a node by hand. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Stripe from 'stripe'
import { expect, it } from 'vitest'
import { failure, openSession } from './fake-stripe/client.ts'

const SERVE = join(import.meta.dirname, 'fake-stripe/serve.ts')

it('says its address and key, serves the payment page, and ends when asked', async () => {
  const program = spawn(process.execPath, [SERVE, '--webhook', 'http://127.0.0.1:9/'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(program, 'close')
  const said: Record<string, string> = {}
  for await (const line of createInterface({ input: program.stdout })) {
    const [name = '', value = ''] = line.split('=')
    said[name] = value
    if (name === 'FEDOW_STRIPE_WEBHOOK_SECRET') break
  }
  const { FEDOW_STRIPE_API: origin = '', FEDOW_STRIPE_KEY: key = '' } = said
  const { hostname, port } = new URL(origin)
  const stripe = new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 })

  const session = await openSession(stripe)
  const url = session.url ?? ''
  expect(await (await fetch(url)).text()).toContain('Primary Asset')
  const answer = (body: string) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' })
  expect((await answer('outcome=declined&euros=20')).headers.get('location')).toContain(session.id)
  expect((await answer('outcome=paid&euros=0,10')).status).toBe(400)
  const paid = await answer('outcome=paid&euros=20,50')
  expect(paid.status).toBe(303)
  expect(paid.headers.get('location')).toBe(`https://bar.example.org/back/${session.id}`)
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    ...{ payment_status: 'paid', amount_total: 2050 },
  })
  expect(await (await fetch(url)).text()).toContain('closed')
  expect((await fetch(`${origin}/pay/cs_test_none`)).status).toBe(404)

  program.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await failure(stripe.balance.retrieve())).toMatchObject({ type: 'StripeConnectionError' })
})
