/**
 * Runs the fake by hand: `node packages/node/test/fake-stripe/serve.ts --port 12111`.
 * With `--webhook <url>` it tells that address what happens.
 */
import { parseArgs } from 'node:util'
import { startFakeStripe } from './fake-stripe.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, webhook: { type: 'string' } },
})
const fake = await startFakeStripe({ port: Number(values.port) })
console.log(`FEDOW_STRIPE_API=${fake.origin}`)
console.log(`FEDOW_STRIPE_KEY=${fake.key}`)
if (values.webhook !== undefined) {
  const { secret } = fake.webhooks.listen({ url: values.webhook })
  console.log(`FEDOW_STRIPE_WEBHOOK_SECRET=${secret}`)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void fake[Symbol.asyncDispose]())
}
