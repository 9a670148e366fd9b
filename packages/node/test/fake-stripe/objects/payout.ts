import type Stripe from 'stripe'
import { PLATFORM } from '../books.ts'
import { DAY_MS } from '../clock.ts'
import { mergeMetadata } from '../params.ts'
import { Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import type { World } from '../world.ts'

type Payout = Stripe.Payout

export const payoutRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payouts', isOfAccounts: true, run: createPayout },
  readRoute('/v1/payouts/:id', payoutOf, true),
  { method: 'POST', path: '/v1/payouts/:id', isOfAccounts: true, run: updatePayout },
  { method: 'POST', path: '/v1/payouts/:id/cancel', isOfAccounts: true, run: cancelPayout },
  listRoute(
    '/v1/payouts',
    {
      among: ({ world, account }) =>
        world.payouts.where(({ id }) => accountOf(world, id) === account),
      filter: sameAs<Payout>('status', 'destination'),
    },
    true,
  ),
]

function accountOf(world: World, id: string): string {
  return world.payoutAccounts.get(id) ?? PLATFORM
}

/** Payouts of another account are not there for this one. */
function payoutOf({ world, id, account }: Call): Payout {
  return world.payouts.get(accountOf(world, id) === account ? id : `${id} of another account`)
}

function createPayout({ world, params, account }: Call): Payout {
  const [amount, currency] = [params.needWhole('amount', { min: 1 }), params.currency()]
  const description = params.text('description') ?? null
  const statement = params.text('statement_descriptor', { max: 22 }) ?? null
  const metadata = mergeMetadata(null, params.metadata())
  params.choice('method', ['standard', 'instant'])
  params.ignore('source_type', 'destination')
  params.end()
  if (world.books.sum(account, currency).available < BigInt(amount)) {
    throw new Refusal('You have insufficient funds in your Stripe account for this transfer.', {
      ...{ code: 'balance_insufficient', param: 'amount' },
    })
  }
  const payout = addPayout(world, { account, amount, currency, isAutomatic: false })
  Object.assign(payout, { description, statement_descriptor: statement, metadata })
  world.emit('payout.created', payout, { account })
  return payout
}

interface NewPayout {
  readonly account: string
  readonly amount: number
  readonly currency: string
  readonly isAutomatic: boolean
}

function addPayout(world: World, { account, amount, currency, isAutomatic }: NewPayout): Payout {
  const now = world.clock.now()
  const payout: Payout = world.payouts.add({
    id: world.ids.next('po'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: now + (2 * DAY_MS) / 1000,
    automatic: isAutomatic,
    balance_transaction: null,
    created: now,
    currency,
    description: isAutomatic ? 'STRIPE PAYOUT' : null,
    destination: `ba_${world.ids.text(24)}`,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: isAutomatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'pending',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  })
  if (account !== PLATFORM) world.payoutAccounts.set(payout.id, account)
  payout.balance_transaction = world.books.post({
    ...{ account, type: 'payout', amount: -amount, currency, source: payout.id },
    description: 'STRIPE PAYOUT',
  }).id
  return payout
}

/** Stripe pays out all that is available, by itself; `undefined` when there is nothing. */
export function payOutAll(world: World, account = PLATFORM, currency = 'eur'): Payout | undefined {
  world.books.refresh()
  const lines = world.books
    .of(account)
    .filter((line) => line.status === 'available' && line.currency === currency)
    .filter(({ id }) => !world.payoutOfLine.has(id))
  const amount = world.books.sum(account, currency).available
  if (amount <= 0n) return undefined
  const payout = addPayout(world, { account, amount: Number(amount), currency, isAutomatic: true })
  for (const { id } of lines) world.payoutOfLine.set(id, payout.id)
  world.payoutOfLine.set(String(payout.balance_transaction), payout.id)
  world.emit('payout.created', payout, { account })
  return payout
}

/** The bank says whether the money came. */
export function settlePayout(world: World, payout: Payout, outcome: 'paid' | 'failed'): void {
  if (payout.status !== 'pending' && payout.status !== 'in_transit') {
    throw new Error(`The payout ${payout.id} is ${payout.status}.`)
  }
  const account = accountOf(world, payout.id)
  if (outcome === 'failed') {
    payout.failure_balance_transaction = takeBack(world, payout, 'payout_failure')
    payout.failure_code = 'account_closed'
    payout.failure_message = 'The bank account has been closed.'
  }
  payout.status = outcome
  payout.trace_id = outcome === 'paid' ? { status: 'supported', value: world.ids.text(16) } : null
  world.emit(`payout.${outcome}`, payout, { account })
  if (outcome === 'failed' || !payout.automatic) return
  payout.reconciliation_status = 'completed'
  world.emit('payout.reconciliation_completed', payout, { account })
}

function takeBack(world: World, { id, amount, currency }: Payout, type: string): string {
  const account = accountOf(world, id)
  return world.books.post({ account, type, amount, currency, source: id }).id
}

function cancelPayout(call: Call): Payout {
  const [{ world, account }, payout] = [call, payoutOf(call)]
  call.params.end()
  if (payout.status !== 'pending' || payout.automatic) {
    throw new Refusal('Payouts can only be canceled while they are pending and not automatic.', {
      code: 'payouts_not_allowed',
    })
  }
  payout.status = 'canceled'
  payout.failure_balance_transaction = takeBack(world, payout, 'payout_cancel')
  world.emit('payout.canceled', payout, { account })
  return payout
}

function updatePayout(call: Call): Payout {
  const [payout, metadata] = [payoutOf(call), call.params.metadata()]
  call.params.end()
  payout.metadata = mergeMetadata(payout.metadata, metadata)
  call.world.emit('payout.updated', payout, { account: call.account })
  return payout
}
