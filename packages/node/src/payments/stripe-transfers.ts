/** What leaves an account at Stripe: to the accounts of venues, and to our bank. */
import type Stripe from 'stripe'
import type { ProviderPayout, ProviderTransfer, TransferOrder } from './provider.ts'

export async function makeTransfer(
  stripe: Stripe,
  { amount, destination, group, isRepeat, metadata }: TransferOrder,
  idempotencyKey: string,
): Promise<ProviderTransfer> {
  const ofGroup = { transfer_group: group }
  const made = isRepeat
    ? (await stripe.transfers.list({ ...ofGroup, limit: 1 })).data[0]
    : undefined
  if (made !== undefined) return toTransfer(made)
  const order = {
    ...{ amount: Number(amount), currency: 'eur', destination, metadata: { ...metadata } },
    ...ofGroup,
  }
  return toTransfer(await stripe.transfers.create(order, { idempotencyKey }))
}

export async function readTransfer(stripe: Stripe, reference: string): Promise<ProviderTransfer> {
  return toTransfer(await stripe.transfers.retrieve(reference))
}

export async function readBankPayout(stripe: Stripe, reference: string): Promise<ProviderPayout> {
  const { id, amount, currency, status } = await stripe.payouts.retrieve(reference)
  const state = status === 'paid' ? 'paid' : STOPPED.has(status) ? 'failed' : 'open'
  return { reference: id, amount: BigInt(amount), currency, state }
}

const STOPPED: ReadonlySet<string> = new Set(['failed', 'canceled'])

function toTransfer(transfer: Stripe.Transfer): ProviderTransfer {
  const { id, amount, amount_reversed: back, currency, destination } = transfer
  const account = typeof destination === 'string' ? destination : destination?.id
  return { reference: id, amount: BigInt(amount - back), currency, destination: account }
}
