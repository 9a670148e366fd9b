/** Earned federated euros against euros: bank files, transfers of the provider, and what the provider pays to our bank. */
import {
  attestTransferFile,
  cancelPayout,
  cancelTransferFile,
  getReserve,
  getTransferFile,
  listVenues,
  makeTransferFile,
  newTxId,
  payVenue,
  postIssue,
  postSale,
  postTransfer,
  setOwnAccount,
  setVenueAccount,
} from '@fedow/api'
import { nobleHash, type PlaceId } from '@fedow/ledger'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { payoutOfTransfer } from '../src/payments/venue-hold.ts'
import { auditFolder } from '../src/store/audit.ts'
import type { TransferId } from '../src/store/venue-store.ts'
import { openBar, payment, problemOf, type World } from './http-world.ts'
import { type PaymentsWorld, SECRET, startPayments, type WorldWishes } from './payments-world.ts'

const OWN = {
  iban: 'FR14 2004 1010 0505 0001 3M02 606',
  holder: 'Coopérative',
  account: 'bank/main',
}
const IBAN = 'DE89370400440532013000'

interface Venues extends PaymentsWorld {
  readonly sdk: Stripe
  earn(bar: World, amount: number, account?: string): Promise<void>
  fedOf(bar: World): bigint
  /** Euros of an account of the reserve; federated euros for `fed`. */
  euros(name: string): Promise<number>
}

async function startVenues(wishes: WorldWishes = {}): Promise<Venues> {
  const world = await startPayments(wishes)
  const { server } = world
  const { operator } = server
  const { genesis } = server.book.reader
  const earn = async (bar: World, amount: number, account = 'bank/main') => {
    const [card = ''] = bar.tags
    const evidence = { ...payment(amount), account }
    await operator.call(postIssue, { body: { card, evidence } })
    const parts = [{ asset: genesis.fed.id, amount }]
    await bar.manager.call(postSale, { body: { place: bar.place, card, parts } })
  }
  return {
    ...world,
    sdk: new Stripe(world.stripe.key, world.stripe.settings),
    earn,
    fedOf: ({ wallet }) =>
      server.book.reader.state.get('account', `${wallet}/${genesis.fed.id}`)?.balance ?? 0n,
    async euros(name) {
      const { accounts, fedIssued } = await server.anyone.call(getReserve, {})
      if (name === 'fed') return fedIssued
      return accounts.find((one) => one.name === name)?.balance ?? 0
    },
  }
}

function bank({ server }: Venues, place: PlaceId, iban = IBAN) {
  const body = { bank: { iban, holder: 'Société du Bar' } }
  return server.operator.call(setVenueAccount, { params: { place }, body })
}

async function connect({ sdk, stripe, server }: Venues, place: PlaceId): Promise<string> {
  const account = await sdk.accounts.create({
    ...{ type: 'express', capabilities: { transfers: { requested: true } } },
  })
  stripe.onboard(account)
  const body = { connect: account.id }
  await server.operator.call(setVenueAccount, { params: { place }, body })
  return account.id
}

describe('a file for the bank', () => {
  it('pays what venues have earned, and deposits it once when a person attests it', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const { bar } = world
    const other = await openBar(world.server, 'Café')
    await world.earn(bar, 5_000)
    await world.earn(other, 700)
    await bank(world, bar.place)
    expect(await problemOf(operator, makeTransferFile, { body: {} })).toMatchObject({
      code: 'own_account_missing',
    })
    expect(await operator.call(setOwnAccount, { body: OWN })).toEqual({ iban: 'FR14 … 2606' })
    const key = newTxId()
    const { file, xml } = await operator.call(makeTransferFile, { body: {}, key })
    expect(file).toMatchObject({ state: 'made', amount: 5_000, account: 'bank/main' })
    expect(xml).toContain(`<IBAN>${IBAN}</IBAN>`)
    expect(xml).toContain('<InstdAmt Ccy="EUR">50.00</InstdAmt>')
    expect(xml).toContain(`<EndToEndId>${file.transfers[0]?.reference}</EndToEndId>`)
    const again = await operator.call(makeTransferFile, { body: {}, key })
    expect(again).toEqual({ file, xml })
    // What is in a file is in no second one.
    expect(await problemOf(operator, makeTransferFile, { body: {} })).toMatchObject({
      code: 'nothing_to_transfer',
    })
    expect(world.fedOf(bar)).toBe(5_000n)
    const done = { params: { file: file.file }, body: { reference: 'VIR 0043' } }
    const ended = await Promise.all(
      Array.from({ length: 10 }, () => operator.call(attestTransferFile, done)),
    )
    expect(ended[0]?.transfers).toMatchObject([{ state: 'deposited', amount: 5_000 }])
    expect(world.fedOf(bar)).toBe(0n)
    expect(world.fedOf(other)).toBe(700n)
    expect([await world.euros('fed'), await world.euros('bank/main')]).toEqual([700, 700])
    const params = { file: file.file }
    expect(
      await problemOf(operator, attestTransferFile, { params, body: { reference: 'VIR 9' } }),
    ).toMatchObject({ code: 'transfer_file_over' })
    expect(await problemOf(operator, cancelTransferFile, { params })).toMatchObject({
      code: 'transfer_file_over',
    })
    expect((await operator.call(getTransferFile, { params })).xml).toBe(xml)
  })

  it('that the bank sends back is issued to the venue again, once', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const { wallet } = world.bar
    await world.earn(world.bar, 900)
    await bank(world, world.bar.place)
    await operator.call(setOwnAccount, { body: OWN })
    const { file } = await operator.call(makeTransferFile, { body: {} })
    const params = { file: file.file }
    await operator.call(attestTransferFile, { params, body: { reference: 'VIR 6' } })
    expect([world.fedOf(world.bar), await world.euros('bank/main')]).toEqual([0n, 0])
    const evidence = { ...payment(900), account: 'bank/main', reference: 'return VIR 6' }
    await operator.call(postIssue, { body: { wallet, evidence } })
    expect([world.fedOf(world.bar), await world.euros('bank/main')]).toEqual([900n, 900])
    expect(await problemOf(operator, postIssue, { body: { wallet, evidence } })).toMatchObject({
      code: 'evidence_burnt',
    })
  })

  it('that the bank never gets is cancelled, and the money is free again', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const { place } = world.bar
    await world.earn(world.bar, 900)
    await bank(world, place)
    await operator.call(setOwnAccount, { body: OWN })
    const transfers = [{ place, amount: 901 }]
    expect(await problemOf(operator, makeTransferFile, { body: { transfers } })).toMatchObject({
      code: 'more_than_earned',
      with: { left: 900 },
    })
    const { file } = await operator.call(makeTransferFile, {
      body: { transfers: [{ place, amount: 600 }] },
    })
    const { venues } = await operator.call(listVenues, {})
    expect(venues).toMatchObject([{ place, left: 300, underWay: 600, iban: 'DE89 … 3000' }])
    const params = { file: file.file }
    const cancelled = await operator.call(cancelTransferFile, { params })
    expect(cancelled).toMatchObject({ state: 'cancelled', transfers: [{ state: 'cancelled' }] })
    const done = { params, body: { reference: 'VIR 1' } }
    expect(await problemOf(operator, attestTransferFile, done)).toMatchObject({
      code: 'transfer_file_over',
    })
    const next = await operator.call(makeTransferFile, { body: {} })
    expect(next.file.amount).toBe(900)
    expect(world.fedOf(world.bar)).toBe(900n)
  })

  it('holds what is in it: nobody spends that before the bank has paid', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const other = await openBar(world.server, 'Café')
    await world.earn(world.bar, 1_000)
    await bank(world, world.bar.place)
    await operator.call(setOwnAccount, { body: OWN })
    const transfers = [{ place: world.bar.place, amount: 700 }]
    const { file } = await operator.call(makeTransferFile, { body: { transfers } })
    const { fed } = world.server.book.reader.genesis
    const give = (amount: number) => ({
      body: { from: world.bar.wallet, to: other.wallet, asset: fed.id, amount },
    })
    expect(await problemOf(world.bar.manager, postTransfer, give(301))).toMatchObject({
      code: 'insufficient_balance',
      with: { missing: 1 },
    })
    await world.bar.manager.call(postTransfer, give(300))
    const params = { file: file.file }
    await operator.call(attestTransferFile, { params, body: { reference: 'VIR 4' } })
    expect([world.fedOf(world.bar), world.fedOf(other)]).toEqual([0n, 300n])
    const sums = await Promise.all(['fed', 'bank/main', 'due-from-keeper'].map(world.euros))
    expect(sums).toEqual([300, 300, 0])
    expect(world.server.book.reader.records('payout', { limit: 1 })).toEqual([])
  })

  it('is given to nobody when the venue spends while it is made', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const other = await openBar(world.server, 'Café')
    for (const bar of [world.bar, other]) {
      await world.earn(bar, 1_000)
      await bank(world, bar.place)
    }
    await operator.call(setOwnAccount, { body: OWN })
    const { fed } = world.server.book.reader.genesis
    const spend = other.manager.call(postTransfer, {
      body: { from: other.wallet, to: world.bar.wallet, asset: fed.id, amount: 400 },
    })
    // Either comes first, and the other one is refused or sees what is left.
    await Promise.allSettled([spend, operator.call(makeTransferFile, { body: {} })])
    const { files, venues } = await operator.call(listVenues, {})
    const left = venues.reduce((sum, one) => sum + one.left + one.underWay, 0)
    expect(left).toBe(2_000)
    const held = world.server.book.reader.records('payout', { limit: 10 })
    const isMade = files.some(({ state }) => state === 'made')
    expect(held).toHaveLength(isMade ? 2 : 0)
  })

  it('lets the keeper owe what the venue has spent when the hold was ended by hand', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const other = await openBar(world.server, 'Café')
    await world.earn(world.bar, 1_000)
    await bank(world, world.bar.place)
    await operator.call(setOwnAccount, { body: OWN })
    const { file } = await operator.call(makeTransferFile, { body: {} })
    const { fed } = world.server.book.reader.genesis
    await world.server.payments.venues.reconcile()
    const [transfer] = file.transfers
    const payout = payoutOfTransfer(nobleHash, transfer?.transfer as TransferId)
    await operator.call(cancelPayout, { params: { payout }, body: { reference: 'a mistake' } })
    await world.bar.manager.call(postTransfer, {
      body: { from: world.bar.wallet, to: other.wallet, asset: fed.id, amount: 400 },
    })
    const done = { params: { file: file.file }, body: { reference: 'VIR 2' } }
    await operator.call(attestTransferFile, done)
    await operator.call(attestTransferFile, done)
    expect([world.fedOf(world.bar), world.fedOf(other)]).toEqual([0n, 400n])
    const sums = await Promise.all(['fed', 'bank/main', 'due-from-keeper'].map(world.euros))
    expect(sums).toEqual([400, 0, 400])
  })

  it('goes on by itself when the node dies while a person attests it', async () => {
    let isDying = true
    await using world = await startVenues({
      parts: {
        onVenuePoint: (reached) => {
          if (isDying && reached === 'deposited') throw new Error('dies')
        },
      },
    })
    const { operator } = world.server
    const other = await openBar(world.server, 'Café')
    for (const bar of [world.bar, other]) {
      await world.earn(bar, 1_000)
      await bank(world, bar.place)
    }
    await operator.call(setOwnAccount, { body: OWN })
    const { file } = await operator.call(makeTransferFile, { body: {} })
    const done = { params: { file: file.file }, body: { reference: 'VIR 5' } }
    expect(await problemOf(operator, attestTransferFile, done)).toMatchObject({ status: 500 })
    isDying = false
    await world.server.payments.venues.reconcile()
    expect([world.fedOf(world.bar), world.fedOf(other)]).toEqual([0n, 0n])
    const ended = await operator.call(attestTransferFile, done)
    expect(ended.transfers.map(({ state }) => state)).toEqual(['deposited', 'deposited'])
    expect([await world.euros('fed'), await world.euros('bank/main')]).toEqual([0, 0])
  })

  it('takes no wrong IBAN, no unknown place, and nobody but the operator', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const { place } = world.bar
    const wrong = { iban: 'DE89370400440532013001', holder: 'Bar' }
    const set = { params: { place }, body: { bank: wrong } }
    expect(await problemOf(operator, setVenueAccount, set)).toMatchObject({ status: 400 })
    const chinese = { params: { place }, body: { bank: { iban: IBAN, holder: '酒場' } } }
    expect(await problemOf(operator, setVenueAccount, chinese)).toMatchObject({ status: 400 })
    const nobody = { params: { place: newTxId() as string as PlaceId }, body: {} }
    expect(await problemOf(operator, setVenueAccount, nobody)).toMatchObject({ status: 404 })
    expect(await problemOf(world.bar.manager, listVenues, {})).toMatchObject({
      code: 'operator_only',
    })
    for (const day of ['2026-02-30', '2020-01-01', '2099-12-31']) {
      expect(await problemOf(operator, makeTransferFile, { body: { day } })).toMatchObject({
        status: 400,
      })
    }
  })

  it('leaves no bank account in the book', async () => {
    await using world = await startVenues()
    await world.earn(world.bar, 100)
    await bank(world, world.bar.place)
    await world.server.operator.call(setOwnAccount, { body: OWN })
    const { file } = await world.server.operator.call(makeTransferFile, { body: {} })
    const done = { params: { file: file.file }, body: { reference: 'VIR 3' } }
    await world.server.operator.call(attestTransferFile, done)
    const { reader } = world.server.book
    for (let seq = 1; seq <= reader.tip().txs; seq += 1) {
      expect(reader.txAt(seq)?.json).not.toMatch(/DE8937|FR1420|VIR 3/)
    }
    expect(await auditFolder(world.server.network.folder)).toMatchObject({ ok: true })
  })
})

describe('a transfer through the provider', () => {
  it('pays a venue, and the same key pays it once', async () => {
    await using world = await startVenues()
    const { operator } = world.server
    const { place } = world.bar
    await world.earn(world.bar, 2_000, 'provider/stripe')
    world.stripe.topUp(2_000)
    const pay = { params: { place }, body: { amount: 1_500 }, key: newTxId() }
    expect(await problemOf(operator, payVenue, pay)).toMatchObject({
      code: 'provider_account_missing',
    })
    const account = await connect(world, place)
    const calls = Array.from({ length: 20 }, () => operator.call(payVenue, pay))
    const [first] = await Promise.all(calls)
    expect(first).toMatchObject({ state: 'deposited', amount: 1_500, by: 'stripe' })
    expect(world.stripe.world.transfers.where(() => true)).toHaveLength(1)
    expect(world.stripe.balance('eur', account).total).toBe(1_500n)
    expect(world.fedOf(world.bar)).toBe(500n)
    expect(await world.euros('provider/stripe')).toBe(500)
    const more = { ...pay, key: newTxId(), body: { amount: 501 } }
    expect(await problemOf(operator, payVenue, more)).toMatchObject({ code: 'more_than_earned' })
    const other = { ...pay, body: { amount: 1_499 } }
    expect(await problemOf(operator, payVenue, other)).toMatchObject({
      code: 'idempotency_key_reused',
    })
  })

  it('can be tried out in the sandbox', async () => {
    const stripe = { key: undefined, webhookSecret: undefined, api: undefined }
    await using world = await startVenues({ parts: { stripe, isTryOut: true } })
    const { operator } = world.server
    const { place } = world.bar
    await world.earn(world.bar, 900, 'provider/sandbox')
    const named = { params: { place }, body: { connect: 'acct_tryout' } }
    await operator.call(setVenueAccount, named)
    const pay = { params: { place }, body: { amount: 900 }, key: newTxId() }
    const done = await operator.call(payVenue, pay)
    expect(done).toMatchObject({ state: 'deposited', by: 'sandbox' })
    expect(await operator.call(payVenue, pay)).toEqual(done)
    expect([world.fedOf(world.bar), await world.euros('provider/sandbox')]).toEqual([0n, 0])
  })

  it('that the provider refuses moves nothing, and may be asked for anew', async () => {
    await using world = await startVenues()
    const { place } = world.bar
    await world.earn(world.bar, 800, 'provider/stripe')
    await connect(world, place)
    const pay = { params: { place }, body: { amount: 800 } }
    const failed = await world.server.operator.call(payVenue, pay)
    expect(failed).toMatchObject({ state: 'failed', problem: 'provider_refused' })
    expect(world.server.book.reader.records('payout', { limit: 1 })).toEqual([])
    world.stripe.topUp(800)
    expect(await world.server.operator.call(payVenue, pay)).toMatchObject({ state: 'deposited' })
    expect(world.fedOf(world.bar)).toBe(0n)
  })

  it.each(['500', '500-after', 'reset-before', 'reset-after', '429'] as const)(
    'is made once when the answer is lost (%s)',
    async (how) => {
      await using world = await startVenues()
      const { place } = world.bar
      await world.earn(world.bar, 800, 'provider/stripe')
      world.stripe.topUp(2_000)
      const account = await connect(world, place)
      world.stripe.faults.next({ method: 'POST', path: '/v1/transfers', how })
      const pay = { params: { place }, body: { amount: 800 } }
      const begun = await world.server.operator.call(payVenue, pay)
      expect(['intended', 'deposited']).toContain(begun.state)
      await world.server.payments.venues.reconcile()
      await world.server.payments.venues.reconcile()
      expect(world.stripe.balance('eur', account).total).toBe(800n)
      expect(world.fedOf(world.bar)).toBe(0n)
      expect(await world.euros('provider/stripe')).toBe(0)
    },
  )

  it.each(['intended', 'held', 'transfer_made', 'sent', 'deposited', 'marked'] as const)(
    'goes on when the node dies after it was %s',
    async (point) => {
      let isDying = true
      await using world = await startVenues({
        parts: {
          onVenuePoint: (reached) => {
            if (isDying && reached === point) throw new Error(`dies at ${point}`)
          },
        },
      })
      const { place } = world.bar
      await world.earn(world.bar, 800, 'provider/stripe')
      world.stripe.topUp(2_000)
      const account = await connect(world, place)
      const pay = { params: { place }, body: { amount: 800 } }
      expect(await problemOf(world.server.operator, payVenue, pay)).toMatchObject({ status: 500 })
      isDying = false
      await world.server.payments.venues.reconcile()
      expect(world.stripe.balance('eur', account).total).toBe(800n)
      expect(world.fedOf(world.bar)).toBe(0n)
      const sums = await Promise.all(['fed', 'provider/stripe', 'due-from-keeper'].map(world.euros))
      expect(sums).toEqual([0, 0, 0])
      const { transfers } = await world.server.operator.call(listVenues, {})
      expect(transfers).toMatchObject([{ state: 'deposited' }])
    },
  )
})

describe('a payout of the provider to our bank', () => {
  it('is booked once, however often it is told, and back when the bank sends it back', async () => {
    await using world = await startVenues()
    await world.earn(world.bar, 3_000, 'provider/stripe')
    world.stripe.topUp(3_000)
    const payout = world.stripe.payOut()
    if (payout === undefined) throw new Error('there is money to pay out')
    await world.stripe.webhooks.settled()
    expect(await world.euros('bank/main')).toBe(0)
    world.stripe.settlePayout(payout)
    await world.stripe.webhooks.settled()
    expect([await world.euros('bank/main'), await world.euros('provider/stripe')]).toEqual([
      3_000, 0,
    ])
    const event = world.stripe.world.events.where(({ type }) => type === 'payout.paid').at(-1)
    if (event === undefined) throw new Error('a payout tells that it is paid')
    const raw = JSON.stringify(event)
    const told = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`${world.server.origin}/api/v2/webhooks/stripe`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'stripe-signature': world.stripe.webhooks.sign(raw, { secret: SECRET }),
          },
          body: raw,
        }),
      ),
    )
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await world.euros('bank/main')).toBe(3_000)
    const { books } = world.stripe.world
    const back = { type: 'payout_failure', amount: payout.amount, currency: 'eur' }
    const line = books.post({ ...back, source: payout.id })
    Object.assign(payout, { status: 'failed', failure_balance_transaction: line.id })
    world.stripe.world.emit('payout.failed', payout)
    await world.stripe.webhooks.settled()
    const after = await Promise.all(['bank/main', 'provider/stripe'].map(world.euros))
    expect(after).toEqual([0, 3_000])
  })

  it('that the book cannot have is told to the operator', async () => {
    await using world = await startVenues()
    await world.earn(world.bar, 100, 'provider/stripe')
    world.stripe.topUp(3_000)
    const payout = world.stripe.payOut()
    if (payout === undefined) throw new Error('there is money to pay out')
    world.stripe.settlePayout(payout)
    await world.stripe.webhooks.settled()
    expect(world.warnings).toMatchObject([{ facts: { code: 'reserve_short', cents: 3_000 } }])
    expect(await world.euros('provider/stripe')).toBe(100)
  })
})
