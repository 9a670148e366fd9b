import type Stripe from 'stripe'
import { PLATFORM } from '../books.ts'
import { mergeMetadata } from '../params.ts'
import { missing, Refusal } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'
import { idOf, type World } from '../world.ts'
import { lineOf } from './charge.ts'

type Transfer = Stripe.Transfer

export const transferRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/transfers', run: createTransfer },
  readRoute('/v1/transfers/:id', ({ world, id }) => world.transfers.get(id)),
  { method: 'POST', path: '/v1/transfers/:id', run: updateTransfer },
  listRoute('/v1/transfers', {
    among: ({ world }) => world.transfers.all(),
    filter: sameAs<Transfer>('destination', 'transfer_group'),
  }),
  { method: 'POST', path: '/v1/transfers/:id/reversals', run: createReversal },
  readRoute('/v1/transfers/:id/reversals/:child', ({ world, id, child }) => {
    world.transfers.get(id)
    return world.reversals.get(child)
  }),
  listRoute('/v1/transfers/:id/reversals', {
    among: ({ world, id }) => world.reversals.where(({ transfer }) => transfer === id),
  }),
]

function createTransfer({ world, params }: Call): Transfer {
  const asked = params.whole('amount', { min: 1 })
  const [currency, destination] = [params.currency(), params.needText('destination')]
  const source = params.text('source_transaction')
  const wanted = {
    description: params.text('description') ?? null,
    group: params.text('transfer_group') ?? null,
    metadata: mergeMetadata(null, params.metadata()),
  }
  params.ignore('source_type')
  params.end()
  const charge = source === undefined ? undefined : world.charges.get(source, 'source_transaction')
  const amount = asked ?? charge?.amount
  if (amount === undefined) {
    throw new Refusal('Missing required param: amount.', {
      ...{ code: 'parameter_missing', param: 'amount' },
    })
  }
  assertCanReceive(world, destination)
  const availableOn = charge ? coveredBy(world, charge, amount) : undefined
  if (availableOn === undefined) assertAvailable(world, amount, currency)
  const transfer = world.transfers.add(newTransfer(world, { amount, currency, destination }))
  Object.assign(transfer, {
    description: wanted.description,
    metadata: wanted.metadata,
    source_transaction: charge?.id ?? null,
    transfer_group: wanted.group ?? charge?.transfer_group ?? null,
  })
  bookTransfer(world, transfer, availableOn ?? world.clock.now())
  world.emit('transfer.created', transfer)
  return transfer
}

function assertCanReceive(world: World, destination: string): void {
  const account = world.accounts.find(destination)
  if (!account) throw missing('destination', destination, 'destination', 400)
  if (account.capabilities?.transfers === 'active') return
  throw new Refusal(
    'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
    { code: 'insufficient_capabilities_for_transfer' },
  )
}

/** When the money of a charge is there for a transfer of it; refused when it is not so much. */
function coveredBy(world: World, charge: Stripe.Charge, amount: number): number {
  const taken = world.transfers
    .where(({ source_transaction }) => source_transaction === charge.id)
    .reduce((sum, one) => sum + one.amount - one.amount_reversed, 0)
  if (taken + amount > charge.amount) {
    throw new Refusal(
      `The transfer amount (${amount}) is greater than what is left of the source transaction (${charge.amount - taken}).`,
      { code: 'balance_insufficient', param: 'amount' },
    )
  }
  return lineOf(world, charge).available_on
}

function assertAvailable(world: World, amount: number, currency: string): void {
  if (world.books.sum(PLATFORM, currency).available >= BigInt(amount)) return
  throw new Refusal(
    'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance',
    { code: 'balance_insufficient' },
  )
}

interface NewTransfer {
  readonly amount: number
  readonly currency: string
  readonly destination: string
}

function newTransfer(world: World, { amount, currency, destination }: NewTransfer): Transfer {
  const id = world.ids.next('tr')
  return {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.clock.now(),
    currency,
    description: null,
    destination,
    destination_payment: world.ids.next('py'),
    livemode: false,
    metadata: {},
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: null,
    source_type: 'card',
    transfer_group: null,
  }
}

function bookTransfer(world: World, transfer: Transfer, availableOn: number): void {
  const { amount, currency, id } = transfer
  transfer.balance_transaction = world.books.post({
    ...{ type: 'transfer', amount: -amount, currency, source: id, availableOn },
  }).id
  world.books.post({
    account: idOf(transfer.destination) ?? '',
    ...{ type: 'payment', category: 'transfer', amount, currency, availableOn },
    source: idOf(transfer.destination_payment) ?? '',
  })
}

function createReversal({ world, params, id }: Call): Stripe.TransferReversal {
  const transfer = world.transfers.get(id)
  const [asked, metadata] = [params.whole('amount', { min: 1 }), params.metadata()]
  params.ignore('description', 'refund_application_fee')
  params.end()
  const left = transfer.amount - transfer.amount_reversed
  if (left === 0) throw new Refusal(`Transfer ${id} is already fully reversed.`)
  const amount = asked ?? left
  if (amount > left) {
    throw new Refusal(
      `Transfer reversal amount (${amount}) is greater than unreversed amount on transfer (${left})`,
      { param: 'amount' },
    )
  }
  const { currency } = transfer
  const destination = idOf(transfer.destination) ?? ''
  if (world.books.sum(destination, currency).total < BigInt(amount)) {
    throw new Refusal(
      'The connected account has insufficient funds in its Stripe balance for this reversal.',
      { code: 'balance_insufficient' },
    )
  }
  return reverse(world, transfer, { amount, metadata: mergeMetadata(null, metadata) })
}

interface NewReversal {
  readonly amount: number
  readonly metadata: Record<string, string>
}

function reverse(
  world: World,
  transfer: Transfer,
  { amount, metadata }: NewReversal,
): Stripe.TransferReversal {
  const { currency } = transfer
  const reversal: Stripe.TransferReversal = world.reversals.add({
    id: world.ids.next('trr'),
    object: 'transfer_reversal',
    amount,
    balance_transaction: null,
    created: world.clock.now(),
    currency,
    destination_payment_refund: world.ids.next('pyr'),
    metadata,
    source_refund: null,
    transfer: transfer.id,
  })
  reversal.balance_transaction = world.books.post({
    ...{ type: 'transfer_refund', amount, currency, source: reversal.id },
  }).id
  world.books.post({
    account: idOf(transfer.destination) ?? '',
    ...{ type: 'payment_refund', category: 'transfer_reversal', amount: -amount, currency },
    source: idOf(reversal.destination_payment_refund) ?? '',
  })
  transfer.amount_reversed += amount
  transfer.reversed = transfer.amount_reversed === transfer.amount
  transfer.reversals.data.unshift(structuredClone(reversal))
  world.emit('transfer.reversed', transfer)
  return reversal
}

function updateTransfer({ world, params, id }: Call): Transfer {
  const transfer = world.transfers.get(id)
  const [description, metadata] = [params.text('description'), params.metadata()]
  params.end()
  transfer.description = description ?? transfer.description
  transfer.metadata = mergeMetadata(transfer.metadata, metadata)
  world.emit('transfer.updated', transfer)
  return transfer
}
