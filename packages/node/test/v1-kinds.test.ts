/** Assets of kinds that v1 does not know: for its clients they do not exist, and what they know stays right beside them. */
import { randomUUID } from 'node:crypto'
import { type Amount, type AssetId, LINE_ACTIONS, type Line, type WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTION_LABELS, toV1Action, transferComment } from '../src/v1/objects/labels.ts'
import type { LaBoutik, Lespass, V1TestPerson } from './v1-clients.ts'
import { startV1, type TestCard, type TestPlace, type V1World } from './v1-world.ts'

let world: V1World
let bar: TestPlace
let till: LaBoutik
let hall: TestPlace
let lespass: Lespass
let person: V1TestPerson & { readonly wallet: WalletId }
let [boss, linked, loose, other]: TestCard[] = []
let money: AssetId
/** Meal vouchers and mutual credit of the bar, shared with the hall. */
let hidden: readonly AssetId[]
let lines: readonly Line[]

beforeAll(async () => {
  world = await startV1({ domain: 'fedow.example.org' })
  bar = await world.openPlace('Bar')
  hall = await world.openPlace('Halle')
  till = world.till(bar)
  lespass = world.lespass(hall)
  person = await world.person()
  ;[boss, linked, loose, other] = [...(await world.cards(bar, 4))]
  await world.makePrimary(bar, card(boss))
  money = await world.asset(bar, { name: 'Perle' })
  const meals = await world.asset(bar, { kind: 'MVO', name: 'Titres' })
  const credit = await world.asset(bar, { kind: 'MUT', name: 'Crédit' })
  hidden = [meals, credit]
  const federation = randomUUID() as never
  await world.submit(
    { kind: 'federation-create', federation, name: 'Ville', place: bar.place },
    { kind: 'federation-invite', federation, place: bar.place, invited: hall.place },
    { kind: 'federation-accept', federation, place: hall.place },
    ...[money, meals, credit].map(
      (asset) => ({ kind: 'federation-share', federation, asset }) as const,
    ),
  )
  for (const one of [linked, loose, other]) {
    await world.refill(money, card(one), 1_000)
    await world.refill(meals, card(one), 500)
  }
  await world.link(card(linked), person)
  const grant = { kind: 'credit-limit', asset: credit, wallet: person.wallet } as const
  const paid = { kind: 'sale', card: card(linked).card, to: bar.place } as const
  const parts = [money, meals, credit].map((asset) => ({ asset, amount: 100n as Amount }))
  lines = await world.submit({ ...grant, limit: 5_000n as Amount }, { ...paid, parts })
})

afterAll(() => world[Symbol.asyncDispose]())

function card(of: TestCard | undefined): TestCard {
  if (of === undefined) throw new Error('there are four cards')
  return of
}

interface Shown {
  readonly tokens: readonly { readonly asset_uuid: string; readonly value: number }[]
}

function held({ tokens }: Shown) {
  return tokens.map(({ asset_uuid, value }) => [asset_uuid, value])
}

describe('meal vouchers and mutual credit', () => {
  it('are on no card and in no wallet that v1 reads', async () => {
    const scanned = await till.get(`/card/${card(linked).tag}/`)
    expect(held(scanned.json.wallet)).toEqual([[money, 900]])
    const own = await lespass.get('/wallet/retrieve_by_signature/', person)
    expect(own.status).toBe(200)
    expect(held(own.json)).toEqual([[money, 900]])
  })

  it('are no assets', async () => {
    const { fed } = world.means.book.genesis
    for (const list of [
      await till.get('/asset/'),
      await lespass.get('/asset/get_accepted_assets/'),
    ]) {
      const ids = list.json.map((asset: { uuid: string }) => asset.uuid)
      expect(ids.sort()).toEqual([money, fed.id].sort())
    }
    for (const asset of hidden) {
      expect((await till.get(`/asset/${asset}/`)).status).toBe(404)
      for (const read of [
        'retrieve_membership_asset',
        'retrieve_total_by_place',
        'total_by_place_with_uuid',
      ])
        expect([read, (await lespass.get(`/asset/${asset}/${read}/`)).status]).toEqual([read, 404])
      const period = {
        asset_uuid: asset,
        start_date: '2020-01-01T00:00:00Z',
        end_date: '2100-01-01T00:00:00Z',
      }
      expect((await lespass.post('/transaction/list_by_asset/', period, person)).status).toBe(404)
      expect(
        (await till.post('/asset/', { name: 'X', currency_code: 'X', category: 'MVO' })).status,
      ).toBe(400)
    }
  })

  it('have no lines, and the chain of the others is whole', async () => {
    for (const { id, asset } of lines) {
      expect((await till.get(`/transaction/${id}/`)).status).toBe(asset === money ? 200 : 404)
    }
    const listed = await till.get('/transaction/')
    const assets = new Set(listed.json.map((line: { asset: string }) => line.asset))
    expect([...assets]).toEqual([money])
    const history = await lespass.get('/transaction/paginated_list_by_wallet_signature/', person)
    const shown: { uuid: string; asset: string; previous_transaction: string }[] =
      history.json.results
    expect(shown.map(({ asset }) => asset)).toEqual(shown.map(() => money))
    expect(shown).toHaveLength(3)
    for (const { previous_transaction: before } of shown)
      expect((await till.get(`/transaction/${before}/`)).status).toBe(200)
  })

  it('are neither sold, refilled, rewarded, handed in nor archived', async () => {
    const before = world.means.book.tip().lines
    const tags = { primary_card_fisrtTagId: card(boss).tag, user_card_firstTagId: card(linked).tag }
    for (const asset of hidden) {
      const sale = { amount: 1, sender: person.wallet, receiver: bar.wallet, asset, ...tags }
      expect((await till.post('/transaction/', { ...sale, action: 'SAL' })).json).toEqual({
        asset: [expect.stringContaining(asset)],
      })
      const refill = { ...sale, sender: bar.wallet, receiver: person.wallet, action: 'REF' }
      expect((await till.post('/transaction/', refill)).status).toBe(400)
      expect((await till.get(`/asset/${asset}/archive_asset/`)).status).toBe(404)
      const deposit = { wallet_to_deposit: hall.wallet, asset }
      expect(
        (await lespass.post('/wallet/local_asset_bank_deposit/', deposit, person)).status,
      ).toBe(400)
      const reward = {
        sender: hall.wallet,
        receiver: person.wallet,
        asset,
        amount: 1,
        metadata: '{}',
      }
      const given = '/transaction/refill_from_lespass_to_user_wallet/'
      expect((await lespass.post(given, reward, person)).status).toBe(400)
    }
    expect(world.means.book.tip().lines).toBe(before)
  })

  it('stay out of a refund, and of the card that it is answered with', async () => {
    const tags = { primary_card_fisrtTagId: card(boss).tag, user_card_firstTagId: card(loose).tag }
    const refund = await till.post('/card/refund/', { ...tags, action: 'VID' })
    expect(refund.status).toBe(205)
    const { serialized_transactions: given, before_refund_serialized_wallet: wallet } = refund.json
    expect(given.map((line: { asset: string }) => line.asset)).toEqual([money])
    expect(held(wallet)).toEqual([[money, 1_000]])
  })

  it('come along when a card is linked, unseen', async () => {
    const second = await world.person()
    const link = { wallet: second.wallet, card_qrcode_uuid: card(other).qr }
    const answer = await lespass.post('/wallet/linkwallet_cardqrcode/', link, second)
    expect(answer.status).toBe(200)
    expect(held(answer.json.wallet)).toEqual([[money, 1_000]])
    expect(world.balance(second.wallet, hidden[0] as AssetId)).toBe(500n)
  })
})

describe('lines of ours', () => {
  it('of an exchange are two transfers, each in the chain of its money', async () => {
    const gift = await world.asset(bar, { kind: 'TNF', name: 'Cadeau' })
    const giver = await world.person()
    const offer = randomUUID() as never
    const parts = [{ asset: gift, amount: 500n as Amount }]
    const rate = { give: 1, take: 2 }
    await world.submit(
      { kind: 'refill', asset: gift, to: { wallet: giver.wallet }, amount: 500n as Amount },
      { kind: 'qr-sale', from: giver.wallet, to: bar.place, parts },
      { kind: 'offer-open', offer, place: bar.place, give: gift, take: money, rate },
    )
    const bearer = { card: card(linked).card }
    const take = 301n as Amount
    const done = await world.submit({ kind: 'exchange', offer, bearer, take })
    const shown = await Promise.all(
      done.map(async ({ id }) => (await till.get(`/transaction/${id}/`)).json),
    )
    for (const [index, line] of done.entries()) {
      expect(shown[index]).toMatchObject({
        uuid: line.id,
        hash: line.hash,
        action: 'TRF',
        get_action_display: 'Transfert',
        comment: 'Change entre deux monnaies',
        sender: line.from,
        receiver: line.to,
        asset: line.asset,
        verify_hash: true,
      })
    }
    expect(shown.map(({ amount }) => amount)).toEqual([301, 150])
    for (const { previous_transaction: before, asset } of shown) {
      const chained = await till.get(`/transaction/${before}/`)
      expect([chained.status, chained.json.asset]).toEqual([200, asset])
    }
    const scanned = await till.get(`/card/${card(linked).tag}/`)
    expect(held(scanned.json.wallet).sort()).toEqual(
      [
        [money, 599],
        [gift, 150],
      ].sort(),
    )
    const byHash = await till.get(`/transaction/${done[1]?.hash}/get_from_hash/`)
    expect(byHash.json.uuid).toBe(done[1]?.id)
  })

  it('are transfers with a comment in French, or nothing', () => {
    const shown = LINE_ACTIONS.map((action) => [
      action,
      toV1Action(action),
      transferComment(action),
    ])
    for (const [action, as, comment] of shown) {
      if (comment !== undefined) expect([action, as]).toEqual([action, 'TRF'])
      else if (as !== undefined) expect(as).toBe(action)
    }
    const transfers = shown
      .filter(([, , comment]) => comment !== undefined)
      .map(([action]) => action)
    expect(transfers).toEqual(['MLT', 'RDS', 'GRT', 'EXC'])
    const nothing = shown.filter(([, as]) => as === undefined).map(([action]) => action)
    expect(nothing).toEqual(['HLD', 'REL', 'EXP', 'OPN', 'PRP', 'VOT', 'APL', 'DVD'])
    expect(Object.keys(ACTION_LABELS)).toHaveLength(12)
  })
})
