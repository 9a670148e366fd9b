import type { Amount, AssetId, PlaceId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { printWire } from '../src/v1/codec/json.ts'
import { newId } from './test-network.ts'
import { lastOf, read, type TestCard, type TestPlace, V1Book } from './v1-book.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/

let world: V1Book
let bar: TestPlace
let cards: readonly TestCard[]

beforeEach(async () => {
  world = new V1Book()
  bar = await world.openPlace('Café du Port')
  cards = await world.printCards(bar, 4)
})

afterEach(() => world[Symbol.asyncDispose]())

function card(index: number): TestCard {
  const found = cards[index]
  if (found === undefined) throw new Error('there are four cards')
  return found
}

function money(amount: bigint): Amount {
  return amount as Amount
}

describe('places and assets', () => {
  it('shows a place with every member, in order', () => {
    expect(printWire(world.objects.place(bar.place))).toBe(
      `{"uuid":"${bar.place}","name":"Café du Port","dokos_id":null,"wallet":"${bar.wallet}","lespass_domain":null}`,
    )
    world.store.places.put(bar.place, { lespassDomain: 'port.example.org', dokosId: 'None' })
    expect(read(world.objects.place(bar.place))).toMatchObject({
      lespass_domain: 'port.example.org',
      dokos_id: 'None',
    })
  })

  it('shows an asset with every member, in order', async () => {
    const asset = await world.makeAsset(bar, 'TNF', 'Cadeau')
    const shown = read(world.objects.asset(asset))
    expect(Object.keys(shown)).toEqual([
      ...['uuid', 'name', 'currency_code', 'category', 'get_category_display', 'place_origin'],
      ...['wallet_origin', 'created_at', 'last_update', 'is_stripe_primary'],
      'place_uuid_federated_with',
    ])
    expect(shown).toMatchObject({
      uuid: asset,
      name: 'Cadeau',
      currency_code: 'ABC',
      category: 'TNF',
      get_category_display: 'Cadeau',
      place_origin: { uuid: bar.place },
      wallet_origin: bar.wallet,
      is_stripe_primary: false,
      place_uuid_federated_with: [],
    })
    expect(shown.created_at).toMatch(TIME)
    expect(shown.last_update).toMatch(TIME)
  })

  it('shows the federated euro as the money of no place', () => {
    expect(read(world.objects.asset(world.fed))).toMatchObject({
      name: 'Euro fédéré',
      currency_code: 'FED',
      category: 'FED',
      get_category_display: 'Fiduciaire fédérée',
      place_origin: null,
      wallet_origin: world.keeper,
      is_stripe_primary: true,
    })
  })

  it('keeps what it printed until something of it changes', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const first = world.objects.asset(asset)
    expect(world.objects.asset(asset)).toBe(first)

    const other = await world.openPlace('Halle')
    await world.federate(bar, asset, other)
    const shared = world.objects.asset(asset)
    expect(read(shared).place_uuid_federated_with.sort()).toEqual([bar.place, other.place].sort())
    expect(world.objects.asset(asset)).toBe(shared)

    world.store.places.put(bar.place, { lespassDomain: 'port.example.org' })
    expect(read(world.objects.asset(asset)).place_origin.lespass_domain).toBe('port.example.org')

    await world.send([{ kind: 'place-update', place: bar.place, name: 'Le Port' }])
    expect(read(world.objects.asset(asset)).place_origin.name).toBe('Le Port')

    const third = await world.openPlace('Quai')
    const federation = world.book.reader.state.get('asset', asset)?.sharedIn[0]
    if (federation === undefined) throw new Error('the asset is shared')
    await world.send([
      { kind: 'federation-invite', federation, place: bar.place, invited: third.place },
      { kind: 'federation-accept', federation, place: third.place },
    ])
    expect(read(world.objects.asset(asset)).place_uuid_federated_with).toContain(third.place)
  })

  it('dates an asset as its creator does, and its record as it was made', async () => {
    const asset = newId<AssetId>()
    const made = { kind: 'asset-create', asset, place: bar.place, assetKind: 'TIM' } as const
    await world.send([{ ...made, name: 'Temps', code: 'H', createdUs: 1_700_000_000_123_456 }])
    const shown = read(world.objects.asset(asset))
    expect(shown.created_at).toBe('2023-11-14T22:13:20.123456Z')
    expect(Date.parse(shown.last_update)).toBeGreaterThan(Date.parse(shown.created_at))
  })

  it('totals what is in circulation, with places and with others', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    await world.refill(asset, card(0), 1_000n)
    await world.sale(bar, asset, { ...card(0), amount: 300n })
    expect(read(world.objects.asset(asset, { totals: true }))).toMatchObject({
      total_token_value: 1_000,
      total_in_place: 300,
      total_in_wallet_not_place: 700,
    })
    expect(read(world.objects.asset(asset))).not.toHaveProperty('total_token_value')
  })

  it('totals what members have paid, line by line as they come', async () => {
    const asset = await world.makeAsset(bar, 'SUB', 'Adhésion')
    const join = (amount: bigint) =>
      world.send([
        {
          kind: 'subscribe',
          place: bar.place,
          to: { card: card(0).card },
          asset,
          amount: money(amount),
          startMs: 1_700_000_000_000,
        },
      ])
    await join(1_000n)
    expect(read(world.objects.asset(asset, { totals: true })).total_token_value).toBe(1_000)
    await join(500n)
    const shown = read(world.objects.asset(asset, { totals: true }))
    expect(shown).toMatchObject({ total_token_value: 1_500, total_in_place: 0 })
  })

  it('shows a federation with its places and assets', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const other = await world.openPlace('Halle')
    const federation = await world.federate(bar, asset, other)
    expect(read(world.objects.federation(federation))).toEqual({
      uuid: federation,
      name: `Federation ${federation}`,
      places: [read(world.objects.place(bar.place)), read(world.objects.place(other.place))],
      assets: [read(world.objects.asset(asset))],
      description: null,
    })
  })
})

describe('cards and wallets', () => {
  it('shows a card that was never used, and writes nothing', () => {
    const before = world.book.reader.tip()
    const shown = read(world.objects.card(card(0).card, { place: bar.place }))
    expect(shown).toEqual({
      first_tag_id: card(0).tag.slice(0, 8),
      wallet: {
        uuid: world.firstWalletOf(card(0)),
        get_name: world.firstWalletOf(card(0)).slice(0, 8),
        tokens: [],
        has_user_card: false,
      },
      origin: { place: read(world.objects.place(bar.place)), generation: 7, img: null },
      uuid: card(0).card,
      qrcode_uuid: card(0).qr,
      number_printed: card(0).number,
      is_wallet_ephemere: true,
      is_primary: false,
    })
    expect(world.book.reader.tip()).toEqual(before)
  })

  it('says at which place a card is a primary one', async () => {
    const cardsOf = [card(0).card]
    await world.send([{ kind: 'card-primary', place: bar.place, cards: cardsOf, primary: true }])
    const other = await world.openPlace('Halle')
    const shown = (place?: PlaceId) => read(world.objects.card(card(0).card, { place })).is_primary
    expect([shown(bar.place), shown(other.place), shown()]).toEqual([true, false, false])
  })

  it('shows a lost card as an empty one of nobody', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    await world.refill(asset, card(0), 1_000n)
    const person = await world.openPerson()
    await world.link(card(0), person)
    expect(read(world.objects.card(card(0).card))).toMatchObject({
      wallet: { uuid: person, has_user_card: true, tokens: [{ value: 1_000 }] },
      is_wallet_ephemere: false,
    })
    await world.send([{ kind: 'card-lost', card: card(0).card, wallet: person }])
    const lost = read(world.objects.card(card(0).card))
    expect(lost).toMatchObject({ is_wallet_ephemere: true, wallet: { tokens: [] } })
    expect(lost.wallet.uuid).not.toBe(person)
    expect(lost.wallet.uuid).not.toBe(world.firstWalletOf(card(0)))
  })

  it('has nothing to show of a card that was erased', async () => {
    world.directory.erase(card(0).card)
    expect(world.objects.card(card(0).card)).toBeNull()
    expect(world.objects.qrCard(card(0).card)).toBeNull()
  })

  it('shows a token with every member, in order', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const stored = await world.refill(asset, card(0), 1_000n)
    const [token] = read(world.objects.card(card(0).card)).wallet.tokens
    expect(Object.keys(token)).toEqual([
      ...['uuid', 'name', 'value', 'asset', 'asset_uuid', 'asset_name', 'asset_category'],
      ...['is_primary_stripe_token', 'last_transaction', 'last_transaction_datetime'],
      'start_membership_date',
    ])
    expect(token).toMatchObject({
      name: 'Perle',
      value: 1_000,
      asset: read(world.objects.asset(asset)),
      asset_uuid: asset,
      asset_category: 'TLF',
      is_primary_stripe_token: false,
      last_transaction: { uuid: lastOf(stored).id, action: 'REF', sender_name: 'Café du Port' },
      start_membership_date: null,
    })
    expect(token.uuid).toMatch(UUID)
    expect(token.last_transaction_datetime).toBe(token.last_transaction.datetime)
    expect(read(world.freshObjects().card(card(0).card)).wallet.tokens[0].uuid).toBe(token.uuid)
  })

  it('names a token as LaBoutik did', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const given = newId<PlaceId>()
    world.store.tokens.give(world.firstWalletOf(card(0)), asset, given)
    await world.refill(asset, card(0), 1_000n)
    expect(read(world.objects.card(card(0).card)).wallet.tokens[0].uuid).toBe(given)
  })

  it('shows a place what it accepts, and a person everything, archived money too', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const old = await world.makeAsset(bar, 'TLF', 'Ancienne')
    await world.refill(asset, card(0), 1_000n)
    await world.refill(old, card(0), 200n)
    await world.issueFed(card(0), 500n)
    await world.send([{ kind: 'asset-archive', asset: old }])
    const other = await world.openPlace('Halle')
    const seenBy = (place?: PlaceId) =>
      read(world.objects.card(card(0).card, { place }))
        .wallet.tokens.map((token: { asset_uuid: string }) => token.asset_uuid)
        .sort()
    expect(seenBy()).toEqual([asset, old, world.fed].sort())
    expect(seenBy(bar.place)).toEqual([asset, world.fed].sort())
    expect(seenBy(other.place)).toEqual([world.fed])
    await world.federate(bar, asset, other)
    expect(seenBy(other.place)).toEqual([asset, world.fed].sort())
  })

  it('follows which cards a person has', async () => {
    const [person, another] = [await world.openPerson(), await world.openPerson()]
    const has = () =>
      [world.objects, world.freshObjects()].map((objects) => [
        read(objects.wallet(person)).has_user_card,
        objects.cardsOf(person).length,
      ])
    expect(has()).toEqual([
      [false, 0],
      [false, 0],
    ])
    await world.link(card(0), person)
    await world.link(card(1), person)
    await world.link(card(2), another)
    expect(has()).toEqual([
      [true, 2],
      [true, 2],
    ])
    await world.send([{ kind: 'card-lost', card: card(0).card, wallet: person }])
    await world.send([{ kind: 'card-void', card: card(1).card, place: bar.place }])
    expect(has()).toEqual([
      [false, 0],
      [false, 0],
    ])
    await world.send([
      { kind: 'card-replace', lost: card(2).card, card: card(3).card, wallet: another },
    ])
    expect(world.objects.cardsOf(another)).toEqual([card(3).card])
    expect(world.freshObjects().cardsOf(another)).toEqual([card(3).card])
  })

  it('takes a card from one person when another has it', async () => {
    const [before, after] = [await world.openPerson(), await world.openPerson()]
    await world.link(card(0), before)
    expect(world.objects.hasCard(before)).toBe(true)
    await world.send([{ kind: 'card-lost', card: card(0).card, wallet: before }])
    await world.send([{ kind: 'card-restore', card: card(0).card }])
    await world.link(card(0), after)
    expect([before, after].map((person) => world.objects.hasCard(person))).toEqual([false, true])
  })

  it('finds the card of a person after a long time without anybody asking', async () => {
    const asset = await world.makeAsset(bar, 'TLF', 'Perle')
    const person = await world.openPerson()
    const { objects } = world
    expect(objects.cardsOf(person)).toEqual([])
    await world.link(card(0), person)
    await Promise.all(Array.from({ length: 1_200 }, () => world.refill(asset, card(1), 1n)))
    expect(objects.cardsOf(person)).toEqual([card(0).card])
  })

  it('names wallets as v1 does', async () => {
    const person = await world.openPerson()
    expect(world.objects.walletName(world.keeper)).toBe('Primary Wallet')
    expect(world.objects.walletName(bar.wallet)).toBe('Café du Port')
    expect(world.objects.walletName(person)).toBe(person.slice(0, 8))
    expect(world.objects.walletName(world.firstWalletOf(card(0)))).toHaveLength(8)
  })

  it('says which token of the primary wallet is the one of Stripe', async () => {
    await world.issueFed(card(0), 500n)
    const tokens = (wallet: typeof bar.wallet) => read(world.objects.wallet(wallet)).tokens
    expect(tokens(world.keeper)).toMatchObject([
      { asset_uuid: world.fed, is_primary_stripe_token: true },
    ])
    expect(tokens(world.firstWalletOf(card(0)))).toMatchObject([{ is_primary_stripe_token: false }])
  })
})
