/** A node whose payments go through the fake of Stripe, and a bar with cards to refill. */
import { getCard, getReserve, postOnlineRefill } from '@fedow/api'
import type { Id } from '@fedow/ledger'
import type { PaymentParts } from '../src/payments/open-payments.ts'
import { type FakeOptions, type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { startServer, type TestServer, type V1Wishes } from './http-server.ts'
import { openBar, type World } from './http-world.ts'

export type PaymentId = Id<'payment'>

export const SECRET = 'whsec_test_of_payments'

export interface PaymentsWorld extends AsyncDisposable {
  readonly stripe: FakeStripe
  readonly server: TestServer
  readonly bar: World
  /** What the operator was warned of. */
  readonly warnings: { readonly what: string; readonly facts: object }[]
  /** Moves the clocks of Stripe and of the payments, not that of the book. */
  move(ms: number): Promise<void>
  open(card: string, amount?: number): Promise<{ payment: PaymentId; url: string; session: string }>
  fedOn(card: string): Promise<number>
  state(payment: PaymentId): string | undefined
  /** Federated euros issued, and what the accounts of the reserve add up to. */
  totals(): Promise<{ fed: bigint; provider: bigint; due: bigint }>
}

export interface WorldWishes extends V1Wishes {
  readonly fake?: FakeOptions
  readonly parts?: Partial<PaymentParts>
  /** Whether events reach the node; they do unless said. */
  readonly isDeaf?: boolean
  readonly key?: string
}

export async function startPayments(wishes: WorldWishes = {}): Promise<PaymentsWorld> {
  const { fake, parts, isDeaf = false, key, ...more } = wishes
  const stripe = await startFakeStripe(fake)
  const warnings: PaymentsWorld['warnings'] = []
  let movedMs = 0
  const settings = { key: key ?? stripe.key, webhookSecret: SECRET, api: stripe.origin }
  const server = await startServer(undefined, {
    ...more,
    payments: {
      stripe: settings,
      now: () => Date.now() + movedMs,
      warn: (what, facts) => warnings.push({ what, facts }),
      ...parts,
    },
  })
  const bar = await openBar(server)
  if (!isDeaf) {
    stripe.webhooks.listen({ url: `${server.origin}/api/v2/webhooks/stripe`, secret: SECRET })
  }
  return {
    ...{ stripe, server, bar, warnings },
    move: (ms) => {
      movedMs += ms
      return stripe.advance(ms)
    },
    async open(card, amount) {
      const body = { card, ...(amount !== undefined && { amount }) }
      const { payment, url } = await bar.manager.call(postOnlineRefill, { body })
      return { payment, url, session: url.split('/').at(-1) ?? '' }
    },
    async fedOn(card) {
      const { accounts } = await bar.manager.call(getCard, { params: { card } })
      return accounts.find(({ kind }) => kind === 'FED')?.balance ?? 0
    },
    state: (payment) => server.payments.payments.find(payment)?.state,
    async totals() {
      const { fedIssued, accounts } = await server.anyone.call(getReserve, {})
      const of = (name: string) => BigInt(accounts.find((one) => one.name === name)?.balance ?? 0)
      return { fed: BigInt(fedIssued), provider: of('provider/stripe'), due: of('due-from-keeper') }
    },
    async [Symbol.asyncDispose]() {
      await stripe.webhooks.settled()
      await server[Symbol.asyncDispose]()
      await stripe[Symbol.asyncDispose]()
    },
  }
}
