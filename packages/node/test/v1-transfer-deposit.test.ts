/** Lespass reports that Stripe has paid its place: the federated euros leave the place, once for each transfer. */
import { randomUUID } from 'node:crypto'
import {
  type Amount,
  type Hex32,
  params,
  reserveWalletId,
  type TxId,
  toHex,
  toUtf8,
  type WalletId,
} from '@fedow/ledger'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../src/store/hash.ts'
import { type FakeStripe, startFakeStripe } from './fake-stripe/fake-stripe.ts'
import { newId } from './test-network.ts'
import { startV1, type TestPlace, type V1World } from './v1-world.ts'

const PATH = '/wallet/global_asset_bank_stripe_deposit/'

let fake: FakeStripe
let stripe: Stripe
let world: V1World

beforeAll(async () => {
  fake = await startFakeStripe()
  fake.topUp(1_000_000)
  stripe = new Stripe(fake.key, fake.settings)
  const settings = { key: fake.key, webhookSecret: 'whsec_x', api: fake.origin }
  world = await startV1({ payments: { stripe: settings } })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

/** A place that has earned so much, and whose account at Stripe can receive. */
async function venue(earned: number) {
  const place = await world.openPlace()
  const person = await world.person()
  const lespass = world.lespass(place)
  if (earned > 0) {
    await issue(person.wallet, earned)
    const sides = { sender: person.wallet, receiver: place.wallet, asset_type: 'EURO' }
    await lespass.post('/transaction/qrcodescanpay/', { ...sides, amount: earned }, person)
  }
  const account = await stripe.accounts.create({
    ...{ type: 'express', capabilities: { transfers: { requested: true } } },
  })
  fake.onboard(account)
  return { place, person, lespass, account: account.id }
}

async function issue(wallet: WalletId, cents: number): Promise<void> {
  const reference = toHex(sha256(toUtf8(randomUUID()))) as Hex32
  const amount = BigInt(cents) as Amount
  const evidence = {
    ...{ account: 'provider/stripe', reference, gross: amount },
    ...{ fee: 0n as Amount, net: amount },
  }
  const action = { kind: 'issue', to: { wallet }, evidence } as const
  await world.means.gateway.submitOwn([action], newId<TxId>(), 'keeper')
}

function transfer(destination: string, amount: number, currency = 'eur') {
  return stripe.transfers.create({ amount, currency, destination })
}

function report(id: string | number | null) {
  const object = { id, object: 'transfer', created: 1_790_000_000 }
  return { payload: { id: 'evt_1', type: 'transfer.created', data: { object } } }
}

function fedOf({ wallet }: Pick<TestPlace, 'wallet'>): bigint {
  return world.balance(wallet, world.means.book.genesis.fed.id)
}

function euros(): bigint {
  const { state } = world.means.book
  const wallet = reserveWalletId(sha256, 'provider/stripe')
  return state.get('account', `${wallet}/${params(state).eur}`)?.balance ?? 0n
}

describe('a transfer that Lespass reports', () => {
  it('deposits what it paid, and tells of it again however often it is reported', async () => {
    const { place, person, lespass, account } = await venue(5_000)
    const before = euros()
    const { id } = await transfer(account, 3_000)
    const request = lespass.signedPost(PATH, report(id), person)
    const first = await lespass.send(request)
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      ...{ action: 'BNK', amount: 3_000, sender: place.wallet },
      receiver: world.means.book.genesis.wallet,
    })
    expect(fedOf(place)).toBe(2_000n)
    expect(euros()).toBe(before - 3_000n)
    expect(await lespass.send(request)).toMatchObject({ status: 208, text: first.text })
    // The balance is below the transfer by now: what is known is told first.
    const again = await lespass.post(PATH, report(id), person)
    expect([again.status, again.json.uuid, again.json.hash]).toEqual([
      208,
      first.json.uuid,
      first.json.hash,
    ])
    expect(fedOf(place)).toBe(2_000n)
  })

  it('deposits once when twenty reports come at the same time', async () => {
    const { place, person, lespass, account } = await venue(2_000)
    const { id } = await transfer(account, 500)
    const reports = Array.from({ length: 20 }, () => lespass.post(PATH, report(id), person))
    const statuses = (await Promise.all(reports)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 208)])
    expect(fedOf(place)).toBe(1_500n)
  })

  it('is refused when it is more than the place has earned, of another currency, or nothing', async () => {
    const { place, person, lespass, account } = await venue(1_000)
    const enough = await lespass.post(PATH, report((await transfer(account, 1_001)).id), person)
    expect([enough.status, enough.json]).toEqual([400, { non_field_errors: ['Not enough token'] }])
    fake.world.books.post({ type: 'topup', amount: 9_000, currency: 'usd', source: 'tu_usd' })
    const dollars = await transfer(account, 300, 'usd')
    expect((await lespass.post(PATH, report(dollars.id), person)).status).toBe(400)
    const back = await transfer(account, 400)
    await stripe.transfers.createReversal(back.id)
    expect((await lespass.post(PATH, report(back.id), person)).status).toBe(400)
    for (const odd of ['tr_never_made', 'pi_1', 'tr_../payouts', '', 7, null]) {
      expect((await lespass.post(PATH, report(odd), person)).status).toBe(400)
    }
    expect(fedOf(place)).toBe(1_000n)
  })

  it('counts for the place whose account it went to', async () => {
    const { place, person, lespass, account } = await venue(1_000)
    const other = await venue(1_000)
    const { id } = await transfer(account, 600)
    const { store } = world.means.payments.venues
    const none = { holder: undefined, iban: undefined, reserve: undefined }
    store.setAccount(other.place.wallet, { ...none, connect: other.account }, Date.now())
    expect((await other.lespass.post(PATH, report(id), other.person)).status).toBe(403)
    expect((await lespass.post(PATH, report(id), person)).status).toBe(201)
    // Known by now, and of another place.
    store.setAccount(other.place.wallet, { ...none, connect: undefined }, Date.now())
    expect((await other.lespass.post(PATH, report(id), other.person)).status).toBe(403)
    expect([fedOf(place), fedOf(other.place)]).toEqual([400n, 1_000n])
  })

  it('is refused with 403 when nobody knows who signs', async () => {
    const { person, lespass, account } = await venue(1_000)
    const { id } = await transfer(account, 100)
    const stranger = { ...person, wallet: newId<WalletId>() }
    expect((await lespass.post(PATH, report(id), stranger)).status).toBe(403)
  })

  it('waits while Stripe is silent, and is taken afterwards', async () => {
    const { place, person, lespass, account } = await venue(1_000)
    const { id } = await transfer(account, 700)
    fake.faults.next({ method: 'GET', path: `/v1/transfers/${id}`, how: '500' })
    const request = lespass.signedPost(PATH, report(id), person)
    const silent = await lespass.send(request)
    expect([silent.status, Object.keys(silent.json)]).toEqual([503, ['detail']])
    expect(fedOf(place)).toBe(1_000n)
    expect((await lespass.send(request)).status).toBe(201)
    expect(fedOf(place)).toBe(300n)
  })
})
