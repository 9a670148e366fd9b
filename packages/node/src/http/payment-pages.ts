/** Pages about a payment, for its payer: the sandbox's, where it is paid, and ours, to come back to. Not part of the contract. */

import { parseId } from '@fedow/ledger'
import type { FastifyReply } from 'fastify'
import type { SandboxOutcome } from '../payments/sandbox.ts'
import type { SandboxDesk } from '../payments/sandbox-desk.ts'
import type { PaymentId } from '../store/payment-store.ts'
import { sendPrivatePage } from './html-page.ts'
import type { Http, PaymentPages } from './parts.ts'
import { paymentFacts } from './payment-views.ts'
import { toIsoMs } from './time.ts'

const HIDDEN = { hide: true }
const HOUR_MS = 3_600_000
/** How far a visitor may move the sandbox's clock at once. */
const HOURS_MAX = 24 * 31

export function paymentPageRoutes(http: Http): void {
  const { paymentPages, payments: doors } = http.parts
  if (paymentPages === undefined) return
  const { payments, sandbox } = doors
  http.scope.route<{ Params: { payment: string } }>({
    method: 'GET',
    url: '/payments/:payment',
    schema: HIDDEN,
    handler: async ({ params, headers }, reply) => {
      const language = headers['accept-language']
      const id = parseId<PaymentId>(params.payment.toLowerCase())
      const payment = id && (await payments.settle(id))
      if (payment === undefined)
        return sendPrivatePage(reply.code(404), paymentPages.none(language))
      return sendPrivatePage(reply, paymentPages.payment(paymentFacts(payment), language))
    },
  })
  if (sandbox !== undefined) sandboxRoutes(http, sandbox, paymentPages)
}

interface Visit {
  readonly Params: { readonly reference: string }
  readonly Body: URLSearchParams
}

function sandboxRoutes({ scope }: Http, sandbox: SandboxDesk, pages: PaymentPages): void {
  scope.route({
    method: 'GET',
    url: '/sandbox/reader',
    schema: HIDDEN,
    handler: async ({ headers }, reply) => {
      const reference = sandbox.waitedFor()
      if (reference === undefined) {
        return sendPrivatePage(reply, pages.idleReader(headers['accept-language']))
      }
      return reply.code(303).header('location', `/sandbox/pay/${reference}`).send()
    },
  })
  const url = '/sandbox/pay/:reference'
  const show = (
    reply: FastifyReply,
    { reference, language, refused }: Shown & { readonly reference: string },
  ) => {
    const page = sandbox.page(reference)
    if (page === undefined) return sendPrivatePage(reply.code(404), pages.none(language))
    const { amount, nowMs, ...rest } = page
    const cents = amount === undefined ? undefined : Number(amount)
    const facts = { ...rest, amount: cents, now: toIsoMs(nowMs), refused }
    return sendPrivatePage(reply, pages.sandbox(facts, language))
  }

  scope.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (_: unknown, body: string) => new URLSearchParams(body),
    )
    inner.route<Visit>({
      method: 'GET',
      url,
      schema: HIDDEN,
      handler: async ({ params, headers }, reply) =>
        show(reply, { ...params, language: headers['accept-language'] }),
    })
    inner.route<Visit>({
      method: 'POST',
      url,
      schema: HIDDEN,
      handler: async ({ params, headers, body }, reply) => {
        const { reference } = params
        const language = headers['accept-language']
        if (sandbox.page(reference) === undefined) return show(reply, { reference, language })
        const next = await gesture(sandbox, reference, body ?? new URLSearchParams())
        if ('refused' in next) return show(reply, { reference, language, ...next })
        return reply.code(303).header('location', next.to).send()
      },
    })
  })
}

interface Shown {
  readonly language: string | undefined
  readonly refused?: 'amount' | 'declined' | undefined
}

/** What a visitor of the sandbox's page does. */
async function gesture(
  sandbox: SandboxDesk,
  reference: string,
  form: URLSearchParams,
): Promise<{ readonly to: string } | { readonly refused: 'amount' | 'declined' }> {
  const own = { to: `/sandbox/pay/${encodeURIComponent(reference)}` }
  const hours = Number(form.get('hours') ?? 0)
  if (Number.isInteger(hours) && hours > 0 && hours <= HOURS_MAX) {
    await sandbox.moveClock(reference, hours * HOUR_MS)
    return own
  }
  const outcome = OUTCOMES.find((one) => one === form.get('outcome'))
  if (outcome === undefined) return own
  const to = await sandbox.pay(reference, outcome, centsOf(form.get('euros') ?? ''))
  if (outcome === 'declined') return { refused: 'declined' }
  if (to !== undefined) return { to }
  return sandbox.page(reference)?.state === 'open' ? { refused: 'amount' } : own
}

const OUTCOMES: readonly SandboxOutcome[] = [
  ...(['paid', 'declined', 'later', 'never', 'twice', 'disputed'] as const),
]

/** Euros as people write them, such as 20 or 20,50. */
function centsOf(text: string): bigint | undefined {
  const [, euros = '', cents = ''] = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? []
  return euros === '' ? undefined : BigInt(euros) * 100n + BigInt(cents.padEnd(2, '0'))
}
