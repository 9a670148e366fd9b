/** Money that Lespass moves for a person: QR payments, rewards, memberships; and what waits for Stripe. Long, as each rule has a test. */
import { createHash, randomUUID } from 'node:crypto'
import type { Amount, AssetId, Hex32, TxId, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Body, Lespass, V1Response, V1TestPerson } from './v1-clients.ts'
import { startV1, type TestPlace, type V1World } from './v1-world.ts'

let world: V1World

beforeAll(async () => {
  world = await startV1()
})

afterAll(() => world[Symbol.asyncDispose]())

type Person = V1TestPerson & { readonly wallet: WalletId }

interface Venue {
  readonly place: TestPlace
  readonly person: Person
  readonly lespass: Lespass
  readonly local: AssetId
}

async function venue(): Promise<Venue> {
  const place = await world.openPlace()
  const person = await world.person()
  const local = await world.asset(place)
  return { place, person, lespass: world.lespass(place), local }
}

/** Puts local money on the wallet of a person. */
async function give(asset: AssetId, { wallet }: Person, cents: number): Promise<void> {
  const amount = BigInt(cents) as Amount
  await world.submit({ kind: 'refill', asset, to: { wallet }, amount })
}

/** Federated euros, for a payment to the bank account of the network. */
async function giveFed({ wallet }: Person, cents: number): Promise<void> {
  const gross = BigInt(cents) as Amount
  const reference = createHash('sha256').update(randomUUID()).digest('hex') as Hex32
  const evidence = {
    account: 'bank/main',
    reference,
    gross,
    fee: 0n as Amount,
    net: gross,
  } as const
  const id = randomUUID() as string as TxId
  const { gateway } = world.means
  const done = await gateway.submitOwn([{ kind: 'issue', to: { wallet }, evidence }], id, 'keeper')
  if (done.status !== 'decided' || done.outcome.status !== 'applied') throw new Error('not issued')
}

function fed(): AssetId {
  return world.means.book.genesis.fed.id
}

function same(first: V1Response, second: V1Response): void {
  expect([second.status, second.text]).toEqual([first.status, first.text])
}

describe('POST /transaction/qrcodescanpay/', () => {
  const path = '/transaction/qrcodescanpay/'

  function payment({ place, person }: Venue, amount: number, more: Record<string, Body> = {}) {
    const sides = { sender: person.wallet, receiver: place.wallet }
    return { ...sides, asset_type: 'EURO', amount, comment: null, ...more }
  }

  it('takes local money first and federated euros last, in one tx', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    await giveFed(person, 2_000)
    await give(local, person, 300)
    const metadata = { order: 7, label: 'é' }
    const body = payment(of, 1_000, { comment: 'Buvette', metadata })
    const request = lespass.signedPost(path, body, person)
    const before = world.means.book.tip().txs
    const first = await lespass.send(request)
    expect(first.status).toBe(201)
    expect(world.means.book.tip().txs).toBe(before + 1)
    expect(
      first.json.map(({ action, asset, amount, sender, receiver }: Record<string, unknown>) => ({
        action,
        asset,
        amount,
        sender,
        receiver,
      })),
    ).toEqual([
      { action: 'QRS', asset: local, amount: 300, sender: person.wallet, receiver: place.wallet },
      { action: 'QRS', asset: fed(), amount: 700, sender: person.wallet, receiver: place.wallet },
    ])
    for (const one of first.json) {
      expect(one).toMatchObject({ comment: 'Buvette', metadata, card: null, primary_card: null })
    }
    same(first, await lespass.send(request))
    expect(world.balance(person.wallet, fed())).toBe(1_300n)
    expect(world.balance(place.wallet, local)).toBe(300n)
  })

  it('takes the older of two local moneys first, wherever the money came in first', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    const young = await world.asset(place)
    await give(young, person, 500)
    await give(local, person, 500)
    const paid = await lespass.post(path, payment(of, 600), person)
    expect(paid.json.map(({ asset }: { asset: string }) => asset)).toEqual([local, young])
  })

  it('pays with more moneys than one sale of the book holds', async () => {
    const of = await venue()
    const { place, person, lespass } = of
    for (let count = 0; count < 17; count += 1) {
      await give(await world.asset(place), person, 10)
    }
    const paid = await lespass.post(path, payment(of, 170), person)
    expect(paid.status).toBe(201)
    expect(paid.json).toHaveLength(17)
  })

  it('refuses one cent more than there is, what is not accepted here, and every gift payment', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    await give(local, person, 500)
    await give(await world.asset(await world.openPlace()), person, 500)
    await give(await world.asset(place, { kind: 'TNF' }), person, 500)
    const refused = [400, { amount: ['Amount cannot exceed the total amount'] }]
    const tooMuch = await lespass.post(path, payment(of, 501), person)
    expect([tooMuch.status, tooMuch.json]).toEqual(refused)
    const gift = await lespass.post(path, payment(of, 1, { asset_type: 'GIFT' }), person)
    expect([gift.status, gift.json]).toEqual(refused)
    expect((await lespass.post(path, payment(of, 500), person)).status).toBe(201)
  })

  it('tells everything that is wrong with the fields, in their order', async () => {
    const { person, lespass, place } = await venue()
    const other = await world.person()
    const wrong = { sender: other.wallet, receiver: other.wallet, asset_type: 'X', amount: 0 }
    const answer = await lespass.post(path, { ...wrong, comment: ' ' }, person)
    expect(answer.status).toBe(400)
    expect(answer.text).toBe(
      '{"sender":["Sender must be the signed wallet"],"receiver":["Receiver must be the same as the place"],"asset_type":["«\u00a0X\u00a0» n\'est pas un choix valide."],"amount":["Amount cannot be negative nor zero"],"comment":["Ce champ ne peut être vide."]}',
    )
    const half = await lespass.post(path, { receiver: place.wallet, amount: -1 }, person)
    expect(half.json).toEqual({
      sender: ['Ce champ est obligatoire.'],
      asset_type: ['Ce champ est obligatoire.'],
      amount: ['Amount cannot be negative nor zero'],
    })
  })

  it('never spends twice what several payments want at once', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    await give(local, person, 1_000)
    const requests = Array.from({ length: 8 }, () =>
      lespass.signedPost(path, payment(of, 300), person),
    )
    const answers = await Promise.all(requests.map((request) => lespass.send(request)))
    const paid = answers.filter(({ status }) => status === 201)
    expect(paid).toHaveLength(3)
    expect(world.balance(person.wallet, local)).toBe(100n)
    expect(world.balance(place.wallet, local)).toBe(900n)
    // The refused ones stay refused, whatever comes later: their till was told so.
    await give(local, person, 1_000)
    for (const [index, request] of requests.entries()) {
      same(answers[index] as V1Response, await lespass.send(request))
    }
  })
})

describe('POST /transaction/refill_from_lespass_to_user_wallet/', () => {
  const path = '/transaction/refill_from_lespass_to_user_wallet/'

  function keys(more: Record<string, Body> = {}): Record<string, Body> {
    return {
      ligne_article_uuid: randomUUID(),
      membership_uuid: randomUUID(),
      product_uuid: randomUUID(),
      price_uuid: randomUUID(),
      ...more,
    }
  }

  function reward({ place, person, local }: Venue, metadata: Body, amount = 500) {
    return { sender: place.wallet, receiver: person.wallet, asset: local, amount, metadata }
  }

  it('creates and hands over money of the place, and answers the line that arrives', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    const metadata = keys()
    const request = lespass.signedPost(path, reward(of, metadata), person)
    const first = await lespass.send(request)
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      action: 'REF',
      sender: place.wallet,
      receiver: person.wallet,
      asset: local,
      amount: 500,
      metadata,
      card: null,
    })
    same(first, await lespass.send(request))
    expect(world.balance(person.wallet, local)).toBe(500n)
  })

  it.each([
    ['ligne_article_uuid', () => keys()],
    [
      'idempotency_key',
      () => ({ rewarded_from_ticket_scanned: true, idempotency_key: randomUUID() }),
    ],
  ])('gives the reward of one %s once, freshly signed, late and at once', async (_, toMetadata) => {
    const of = await venue()
    const { person, lespass, local } = of
    const body = reward(of, toMetadata())
    const answers = await Promise.all([1, 2, 3].map(() => lespass.post(path, body, person)))
    await lespass.post('/transaction/qrcodescanpay/', pay(of, 100), person)
    await world.submit({ kind: 'asset-archive', asset: local })
    answers.push(await lespass.post(path, body, person))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(world.balance(person.wallet, local)).toBe(400n)
  })

  function pay({ place, person }: Venue, amount: number): Body {
    return { sender: person.wallet, receiver: place.wallet, asset_type: 'EURO', amount }
  }

  it('does not give another reward under a key that gave one', async () => {
    const of = await venue()
    const { person, lespass, local } = of
    const metadata = keys()
    await lespass.post(path, reward(of, metadata), person)
    const other = await lespass.post(path, reward(of, metadata, 501), person)
    expect([other.status, other.json]).toEqual([
      400,
      { metadata: ['ligne_article_uuid Already reported'] },
    ])
    expect(world.balance(person.wallet, local)).toBe(500n)
  })

  it('rewards each scan of a ticket, also of one order line', async () => {
    const of = await venue()
    const { person, lespass, local } = of
    const line = randomUUID()
    for (const second of [1, 2]) {
      const scan = { sent_at: `2026-06-01T12:00:0${second}` }
      const metadata = { rewarded_from_ticket_scanned: scan, ligne_article_uuid: line }
      expect((await lespass.post(path, reward(of, metadata), person)).status).toBe(201)
    }
    expect(world.balance(person.wallet, local)).toBe(1_000n)
  })

  it.each(['checkout_session_id_stripe', 'invoice_stripe_id'])(
    'refuses a second reward for one %s, per place',
    async (name) => {
      const of = await venue()
      const { person, lespass, local } = of
      const id = `cs_${randomUUID()}`
      const first = await lespass.post(path, reward(of, keys({ [name]: id })), person)
      expect(first.status).toBe(201)
      const second = await lespass.post(path, reward(of, keys({ [name]: id })), person)
      expect([second.status, second.json]).toEqual([
        400,
        { metadata: [`${name} Already reported`] },
      ])
      for (const nothing of ['', null]) {
        const plain = await lespass.post(path, reward(of, keys({ [name]: nothing })), person)
        expect(plain.status).toBe(201)
      }
      const elsewhere = await venue()
      const other = reward(elsewhere, keys({ [name]: id }))
      expect((await elsewhere.lespass.post(path, other, elsewhere.person)).status).toBe(201)
      expect(world.balance(person.wallet, local)).toBe(1_500n)
    },
  )

  it('gives a reward that was refused before, when what was wrong is right', async () => {
    const of = await venue()
    const { person, lespass } = of
    const fid = await world.asset(of.place, { kind: 'SUB' })
    const metadata = keys({ checkout_session_id_stripe: `cs_${randomUUID()}` })
    const wrong = await lespass.post(path, { ...reward(of, metadata), asset: fid }, person)
    expect([wrong.status, wrong.json]).toEqual([400, { asset: ['Asset type must be LOCAL'] }])
    expect((await lespass.post(path, reward(of, metadata), person)).status).toBe(201)
  })

  it('gives a reward that was noted before the node stopped, and never made', async () => {
    const of = await venue()
    const { place, person, lespass, local } = of
    const metadata = keys({ checkout_session_id_stripe: `cs_${randomUUID()}` })
    const noted = (['ligne_article_uuid', 'checkout_session_id_stripe'] as const).map((name) => ({
      place: place.place,
      name,
      text: String(metadata[name]),
    }))
    world.means.store.rewards.note(noted, randomUUID() as string as TxId)
    const [first, second] = [
      await lespass.post(path, reward(of, metadata), person),
      await lespass.post(path, reward(of, metadata), person),
    ]
    expect(first.status).toBe(201)
    same(first, second)
    expect(world.balance(person.wallet, local)).toBe(500n)
  })

  it('refuses other sides, foreign money and poor metadata', async () => {
    const of = await venue()
    const { person, lespass, place } = of
    const other = await venue()
    const wrong = { sender: person.wallet, receiver: place.wallet, asset: of.local, amount: -1 }
    expect((await lespass.post(path, wrong, person)).json).toEqual({
      sender: ['Sender must be the place'],
      receiver: ['receiver must be the signed wallet'],
      amount: ['Assurez-vous que cette valeur est supérieure ou égale à 0.'],
      metadata: ['Ce champ est obligatoire.'],
    })
    const said = async (body: Record<string, Body>) => (await lespass.post(path, body, person)).json
    expect(await said({ ...reward(of, keys()), asset: other.local })).toEqual({
      asset: ['Asset must be from the place'],
    })
    expect(await said(reward(of, {}))).toEqual({
      metadata: ['No data in metadata for ligne_article_uuid'],
    })
    expect(await said(reward(of, keys({ price_uuid: 'x' })))).toEqual({
      metadata: ['No UUID in metadata for price_uuid'],
    })
    expect(await said(reward(of, null))).toEqual({ metadata: ['Ce champ ne peut être nul.'] })
    expect(await said(reward(of, 'text'))).toEqual({ metadata: ['Metadata must be an object'] })
  })
})

describe('POST /transaction/create_membership/', () => {
  const path = '/transaction/create_membership/'

  it('records what the signer paid online, once for each signature', async () => {
    const { place, person, lespass } = await venue()
    const asset = await world.asset(place, { kind: 'SUB' })
    const body = {
      amount: 2_000,
      sender: place.wallet,
      receiver: person.wallet,
      asset,
      subscription_start_datetime: '2026-05-01 00:00:00.123456+02:00',
      metadata: { checkout_session_id_stripe: null },
    }
    const request = lespass.signedPost(path, body, person)
    const first = await lespass.send(request)
    expect(first.status).toBe(201)
    expect(first.json).toMatchObject({
      action: 'SUB',
      amount: 2_000,
      subscription_start_datetime: '2026-04-30T22:00:00.123456Z',
      metadata: { checkout_session_id_stripe: null },
    })
    same(first, await lespass.send(request))
    expect((await lespass.post(path, body, person)).status).toBe(201)
    const record = world.means.book.state.get('subscription', `${person.wallet}/${asset}`)
    expect(record).toMatchObject({ total: 4_000n, count: 2 })
  })

  it('is for the signer, from the place, and for memberships', async () => {
    const { place, person, lespass, local } = await venue()
    const asset = await world.asset(place, { kind: 'SUB' })
    const other = await world.person()
    const body = { amount: 1, sender: place.wallet, receiver: person.wallet, asset }
    const said = async (more: Record<string, Body>) => {
      const { status, json } = await lespass.post(path, { ...body, ...more }, person)
      return [status, Object.keys(json)]
    }
    expect(await said({ receiver: other.wallet })).toEqual([400, ['receiver']])
    expect(await said({ asset: local })).toEqual([404, ['detail']])
    expect(await said({ asset: randomUUID() })).toEqual([404, ['detail']])
    const missing = await lespass.post(path, { amount: 1 }, person)
    expect([missing.status, missing.json]).toEqual([400, { asset: ['Ce champ est obligatoire.'] }])
  })
})

describe('what waits for Stripe', () => {
  it('says that there is no online refill', async () => {
    const { person, lespass } = await venue()
    const path = '/wallet/get_federated_token_refill_checkout/'
    const answer = await lespass.post(path, { lespass_signed_data: 'x' }, person)
    expect([answer.status, answer.json]).toEqual([417, 'No stripe key provided'])
    const back = `/wallet/${randomUUID()}/retrieve_from_refill_checkout/`
    expect((await lespass.get(back, person)).status).toBe(404)
  })

  it('tells who has no federated euros, who has none left, and who must wait', async () => {
    const of = await venue()
    const { place, person, lespass } = of
    const path = '/wallet/refund_fed_by_signature/'
    const none = await lespass.get(path, person)
    expect([none.status, none.json]).toEqual([404, 'Token STRIPE_FED_FIAT non trouvé'])
    await giveFed(person, 500)
    const waiting = await lespass.get(path, person)
    expect([waiting.status, Object.keys(waiting.json)]).toEqual([503, ['detail']])
    const sides = { sender: person.wallet, receiver: place.wallet, asset_type: 'EURO' }
    await lespass.post('/transaction/qrcodescanpay/', { ...sides, amount: 500 }, person)
    const empty = await lespass.get(path, person)
    expect([empty.status, empty.json]).toEqual([200, 'Rien à rembourser'])
  })

  it('takes no report of a transfer without a key of Stripe', async () => {
    const of = await venue()
    const { place, person, lespass } = of
    const path = '/wallet/global_asset_bank_stripe_deposit/'
    const body = { payload: { data: { object: { id: 'tr_1', created: 1 } } } }
    expect((await lespass.post(path, {}, person)).status).toBe(400)
    expect((await lespass.post(path, body, person)).json).toEqual({
      non_field_errors: ['Not enough token'],
    })
    await giveFed(person, 500)
    const sides = { sender: person.wallet, receiver: place.wallet, asset_type: 'EURO' }
    await lespass.post('/transaction/qrcodescanpay/', { ...sides, amount: 500 }, person)
    const answer = await lespass.post(path, body, person)
    expect([answer.status, Object.keys(answer.json)]).toEqual([503, ['detail']])
    expect(world.balance(place.wallet, fed())).toBe(500n)
  })
})
