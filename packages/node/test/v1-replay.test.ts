/**
 * Requests that were recorded, sent once more: at once, after a restart, and after all that is kept of requests beside
 * the book is gone. Whatever made a tx is answered in the same bytes, since answers are made from the book.
 *
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { AssetId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import { V1_FILE } from '../src/v1/store/v1-store.ts'
import { TestNetwork } from './test-network.ts'
import type { Body, LaBoutik, Lespass, V1Response, V1Sendable } from './v1-clients.ts'
import { rsaKey, startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

const ROUNDS = 10

interface Recorded {
  readonly request: V1Sendable
  readonly answer: V1Response
  /** Whether it made a tx. */
  readonly isOrder: boolean
}

interface Venue {
  readonly bar: TestPlace
  readonly till: LaBoutik
  readonly lespass: Lespass
  readonly person: Awaited<ReturnType<V1World['person']>>
  readonly boss: TestCard
  readonly card: TestCard
  readonly own: TestCard
  readonly money: AssetId
}

let network: TestNetwork
let world: V1World
const recorded: Recorded[] = []

beforeAll(async () => {
  network = new TestNetwork()
  world = await startV1({ network })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  network[Symbol.dispose]()
})

async function record(request: V1Sendable, status: number): Promise<V1Response> {
  const before = world.means.book.tip().txs
  const answer = await world.send(request)
  expect([request.path, answer.status, answer.text]).toEqual([request.path, status, answer.text])
  recorded.push({ request, answer, isOrder: world.means.book.tip().txs > before })
  return answer
}

async function openVenue(): Promise<Venue> {
  const bar = await world.openPlace('Café « du Port »')
  const till = world.till(bar, rsaKey(0))
  const money = await world.asset(bar)
  const [boss, card, own] = (await world.cards(bar, 3)) as [TestCard, TestCard, TestCard]
  await world.makePrimary(bar, boss)
  const person = await world.person(undefined, rsaKey(2))
  await world.link(own, person)
  return { bar, till, lespass: world.lespass(bar), person, boss, card, own, money }
}

/** What a till does in an hour. */
async function workTill(of: Venue, round: number): Promise<void> {
  const { bar, till, boss, card, money } = of
  const wallet = world.walletOf(card)
  const tags = { user_card_firstTagId: card.tag, primary_card_fisrtTagId: boss.tag }
  const send = (status: number, members: Readonly<Record<string, Body>>) =>
    record(till.signedPost('/transaction/', { asset: money, ...tags, ...members }), status)
  const given = { sender: bar.wallet, receiver: wallet }
  const paid = { sender: wallet, receiver: bar.wallet }
  await send(201, { ...given, amount: 500, metadata: { round, 'é«': [null, true] } })
  const said = { comment: 'Café', metadata: `{"n": ${round}}` }
  const sold = await send(201, { ...paid, amount: 120 + round, ...said })
  // What the hour before changed is shown at once.
  expect(sold.json.card.is_primary).toBe(round % 2 === 1)
  await send(400, { ...paid, amount: 1_000_000, comment: null })
  const set = { first_tag_id: card.tag, delete: round % 2 === 1 }
  await record(till.signedPost('/card/set_primary/', set), round % 2 === 1 ? 205 : 200)
  if (round % 3 === 2) {
    await record(till.signedPost('/card/refund/', { ...tags, action: 'RFD' }), 205)
  }
}

/** What a member does in an hour. */
async function workLespass({ bar, lespass, person, money }: Venue, made: Made): Promise<void> {
  const { membership, badge } = made
  const give = { sender: bar.wallet, receiver: person.wallet }
  const reward = {
    ...give,
    asset: money,
    amount: 70,
    metadata: { rewarded_from_ticket_scanned: true },
  }
  const rewards = '/transaction/refill_from_lespass_to_user_wallet/'
  await record(lespass.signedPost(rewards, reward, person), 201)
  const pay = { sender: person.wallet, receiver: bar.wallet, asset_type: 'EURO', amount: 30 }
  await record(lespass.signedPost('/transaction/qrcodescanpay/', pay, person), 201)
  const start = { subscription_start_datetime: '2026-05-01 00:00:00.000010+02:00' }
  const join = { ...give, asset: membership, amount: 1_000, ...start, metadata: { a: 1 } }
  await record(lespass.signedPost('/transaction/create_membership/', join, person), 201)
  await record(lespass.signedGet(`/wallet/${badge}/badge/`, person), 201)
}

interface Made {
  readonly membership: AssetId
  readonly badge: AssetId
}

/** What happens once in a while. */
async function workOffice({ bar, till, lespass, person, boss, own, money }: Venue): Promise<void> {
  const asset = { uuid: randomUUID(), name: 'Perle', currency_code: 'PRL', category: 'TNF' }
  await record(till.signedPost('/asset/', asset), 201)
  const digits = () => randomBytes(4).toString('hex')
  const ids = { first_tag_id: digits(), number_printed: digits(), qrcode_uuid: randomUUID() }
  const card = { uuid: randomUUID(), ...ids, generation: 2, is_primary: false }
  await record(till.signedPost('/card/', [card]), 201)
  const lost = { number_printed: own.number }
  await record(lespass.signedPost('/card/lost_my_card_by_signature/', lost, person), 200)
  const other = await world.openPlace()
  const sharing = { place_origin: bar.place, place_added: other.place, asset: money, name: 'Port' }
  await record(lespass.signedPost('/federation/', sharing, person), 200)
  const reward = { sender: bar.wallet, receiver: person.wallet, asset: money, amount: 5 }
  const scanned = { ...reward, metadata: { rewarded_from_ticket_scanned: true } }
  const rewards = '/transaction/refill_from_lespass_to_user_wallet/'
  await record(lespass.signedPost(rewards, scanned, person), 201)
  const shown = await lespass.get('/wallet/retrieve_by_signature/', person)
  const [{ asset: federated }] = shown.json.tokens
  expect(federated.place_uuid_federated_with).toEqual([bar.place, other.place])
  const deposit = { wallet_to_deposit: bar.wallet, asset: money }
  await record(lespass.signedPost('/wallet/local_asset_bank_deposit/', deposit, person), 201)
  const guest = await world.person(undefined, rsaKey(3))
  const link = { wallet: guest.wallet, card_number: ids.number_printed }
  await record(lespass.signedPost('/wallet/linkwallet_card_number/', link, guest), 200)
  const tags = { user_card_firstTagId: ids.first_tag_id, primary_card_fisrtTagId: boss.tag }
  await record(till.signedPost('/card/refund/', { ...tags, action: 'VID' }), 205)
  // What is shown beside the money changes too: domains, and what is accepted.
  world.lespass(bar, { domain: 'other.example.org' })
  await world.submit({ kind: 'asset-archive', asset: money })
}

/** Where two texts begin to differ, with what stands before. */
function firstDifference(was: string, is: string): string {
  let at = 0
  while (was[at] === is[at]) at += 1
  return `${was.slice(Math.max(at - 60, 0), at)} [${was.slice(at, at + 60)}] [${is.slice(at, at + 60)}]`
}

/** Sends some of the requests again; answers those that are answered otherwise. */
async function differences(which: (one: Recorded) => boolean) {
  const before = world.means.book.tip().txs
  const found: unknown[] = []
  for (const { request, answer } of recorded.filter(which)) {
    const { status, text } = await world.send(request)
    if (status !== answer.status || text !== answer.text) {
      found.push(`${request.path}: ${firstDifference(answer.text, text)}`)
    }
  }
  expect(world.means.book.tip().txs).toBe(before)
  return found
}

async function restart(meanwhile: () => void = () => undefined): Promise<void> {
  await world[Symbol.asyncDispose]()
  meanwhile()
  world = await startV1({ network })
}

describe('recorded requests, sent again', () => {
  it('are answered in the same bytes, and do nothing', async () => {
    const venue = await openVenue()
    const membership = await world.asset(venue.bar, { kind: 'SUB' })
    const badge = await world.asset(venue.bar, { kind: 'BDG' })
    for (let round = 0; round < ROUNDS; round += 1) {
      await workTill(venue, round)
      await workLespass(venue, { membership, badge })
    }
    await workOffice(venue)
    expect(recorded.filter(({ isOrder }) => isOrder).length).toBeGreaterThan(70)
    expect(await differences(() => true)).toEqual([])
  })

  it('are answered so after a restart', async () => {
    await restart()
    expect(await differences(() => true)).toEqual([])
  })

  it('are answered so when nothing is kept of them but the book, if they made a tx', async () => {
    await restart(() => {
      using db = new DatabaseSync(join(network.folder, V1_FILE))
      db.exec('DELETE FROM request; DELETE FROM seen')
    })
    // A new asset and a federation are shown as they are, once their answers are gone.
    const isOfLines = ({ request: { path } }: Recorded) =>
      !['/asset/', '/federation/'].includes(path)
    for (const _ of [1, 2]) {
      expect(await differences((one) => one.isOrder && isOfLines(one))).toEqual([])
    }
  })

  it('leave a book that passes its audit', async () => {
    expect(await auditFolder(network.folder)).toMatchObject({ ok: true })
  })
})
