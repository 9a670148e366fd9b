/** Lespass reports a transfer of Stripe to its place: the federated euros that it paid for are deposited (WIRE.md 5.5.8). */
import { available, type Line, type PlaceId } from '@fedow/ledger'
import { Turns } from '../../gateway/turns.ts'
import type { StoredTx } from '../../store/book-reader.ts'
import { isMap, type Json } from '../codec/json.ts'
import { NOT_AUTHENTICATED } from '../codec/messages.ts'
import type { V1Means } from '../means.ts'
import { refuseRule, refuseWithDetail, V1Refusal } from '../refusal.ts'
import { type PlaceCall, route, type V1Answer, type V1Route, type WalletCall } from '../route.ts'
import { linesOf } from './ordered.ts'

const NO_TRANSFER = 'No transfer in payload'
const NOT_ENOUGH = 'Not enough token'
const SILENT =
  'Stripe does not answer, so nothing was deposited. Send the same request again in a moment.'
const OFF = 'This Fedow has no key of Stripe, so it cannot ask about the transfer.'

type Call = PlaceCall & WalletCall

const turns = new Turns()

async function depositGlobal(call: Call): Promise<V1Answer> {
  const reference = referenceOf(call.body)
  // Lespass may report the same transfer twice at once, each time with another signature.
  return turns.take(reference, async () => {
    const known = knownDeposit(call, reference)
    return known ?? { status: 201, body: toTransaction(call, linesOf(await make(call, reference))) }
  })
}

function referenceOf(body: Json): string {
  const transfer = memberOf(memberOf(memberOf(body, 'payload'), 'data'), 'object')
  const id = memberOf(transfer, 'id')
  const isReference = typeof id === 'string' && /^(tr_|sandbox_transfer_)\w{1,240}$/.test(id)
  return isReference ? id : refuseRule(NO_TRANSFER)
}

/** What a transfer has deposited already: told first, since the balance has changed by it. */
function knownDeposit(call: Call, reference: string): V1Answer | undefined {
  const { means } = call
  const checkout = means.store.checkouts.byStripeId(reference)
  if (checkout !== undefined) {
    const line = pastLineOf(means, checkout.id)
    return { status: 208, body: toTransaction(call, line === undefined ? [] : [line]) }
  }
  const id = means.payments.venues.depositOf(reference)
  const stored = id === undefined ? undefined : means.book.tx(id)
  if (stored === undefined) return undefined
  return { status: 208, body: toTransaction(call, linesOf(stored)) }
}

/** The line with which v1 deposited for a checkout. */
function pastLineOf({ book, store }: V1Means, checkout: string) {
  const id = store.past.lineOfCheckout(checkout)
  return id === undefined ? undefined : book.lineById(id)
}

async function make(call: Call, reference: string): Promise<StoredTx> {
  const { means, place } = call
  const { payments } = means
  if (balanceOf(means, place) <= 0n) refuseRule(NOT_ENOUGH)
  const found = await payments.venues.look(reference)
  if (typeof found === 'string') return refuseFault(found)
  const { amount, currency, destination } = found
  if (amount <= 0n || currency !== 'eur') refuseRule('Amount must be positive, in euros')
  const own = payments.venues.store.account(walletOf(means, place))?.connect
  if (own !== undefined && own !== destination) refuseWithDetail(403, NOT_AUTHENTICATED)
  if (amount > balanceOf(means, place)) refuseRule(NOT_ENOUGH)
  const actions = () => [payments.venues.toDeposit({ place, reference, amount })]
  return call.order(actions, { signer: 'keeper' })
}

function refuseFault(fault: string): never {
  if (fault === 'unknown') refuseRule(NO_TRANSFER)
  if (fault === 'misconfigured') refuseWithDetail(503, OFF)
  throw new V1Refusal(503, { detail: SILENT }, 1)
}

/** The line of the deposit; of another place, nobody is told. */
function toTransaction({ means, place }: Call, lines: readonly Line[]): Json {
  const { fed } = means.book.genesis
  const line = lines.find(({ action, asset }) => action === 'BNK' && asset === fed.id)
  if (line === undefined || line.from !== walletOf(means, place)) {
    return refuseWithDetail(403, NOT_AUTHENTICATED)
  }
  return means.objects.transaction(line, { place, at: line.number })
}

function walletOf({ book }: V1Means, place: PlaceId) {
  const wallet = book.state.get('place', place)?.wallet
  return wallet ?? refuseWithDetail(403, NOT_AUTHENTICATED)
}

function balanceOf(means: V1Means, place: PlaceId): bigint {
  const { state, genesis } = means.book
  return available(state.get('account', `${walletOf(means, place)}/${genesis.fed.id}`))
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isMap(value) ? value.get(name) : undefined
}

export const transferDepositRoutes: readonly V1Route[] = [
  route({
    method: 'POST',
    path: '/wallet/global_asset_bank_stripe_deposit/',
    access: 'place-and-wallet',
    answer: depositGlobal,
  }),
]
