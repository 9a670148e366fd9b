import { statSync } from 'node:fs'
import {
  type BodyOf,
  changeKeys,
  createApiKey,
  createAsset,
  createFederation,
  getCard,
  getLine,
  getWallet,
  importCards,
  linkCard,
  listApiKeys,
  listBatches,
  listKeys,
  listLines,
  newTxId,
  openPlace,
  openWallet,
  postIssue,
  postRefill,
  postSale,
  postTransfer,
  renamePlace,
  revokeApiKey,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/engine/engine.ts'
import { SigningKey } from '../src/store/key-file.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, payment, problemOf, putMoney, type World } from './http-world.ts'

let server: TestServer
let bar: World
let other: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server, 'Bar')
  other = await openBar(server, 'Other')
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function tag(index: number): string {
  return bar.tags[index] ?? ''
}

describe('the operator', () => {
  it('comes through a socket that only the owner of the folder can open', () => {
    expect(statSync(server.socketPath).mode & 0o777).toBe(0o600)
  })

  it('is nobody who comes by TCP, whatever the request says', async () => {
    const headers = { authorization: 'Bearer operator', 'x-forwarded-for': '127.0.0.1' }
    const response = await fetch(`${server.origin}/api/v2/api-keys`, { headers })
    expect(response.status).toBe(401)
    const body = { name: 'Mine' }
    expect(await problemOf(server.anyone, openPlace, { body })).toMatchObject({
      status: 403,
      code: 'operator_only',
    })
    expect(await problemOf(bar.manager, openPlace, { body })).toMatchObject({
      code: 'operator_only',
    })
    const issue = { body: { card: tag(0), evidence: payment(100) } }
    expect(await problemOf(bar.manager, postIssue, issue)).toMatchObject({ code: 'operator_only' })
  })

  it('enrols the first admin key of a place, and no second one', async () => {
    const on = `place/${bar.place}` as const
    const enrol = () => ({ on, add: [{ x: SigningKey.generate().x, can: ['admin' as const] }] })
    await server.operator.call(changeKeys, { body: enrol() })
    expect(await problemOf(server.operator, changeKeys, { body: enrol() })).toMatchObject({
      code: 'not_authorised',
      outcome: 'rejected',
    })
    const { keys, grant } = await bar.manager.call(listKeys, { query: { on } })
    expect(keys.map(({ can }) => can)).toEqual([['admin']])
    expect(grant?.can).toContain('sell')
  })
})

describe('an API key', () => {
  it('is shown once, and is not in the list', async () => {
    const text = JSON.stringify(await server.operator.call(listApiKeys, {}))
    expect(text).toContain(bar.manager.id)
    expect(text).not.toContain(bar.manager.key.split('_').at(-1))
  })

  it('is refused when it is unknown, expired or revoked', async () => {
    const expires = new Date(Date.now() - 1_000).toISOString()
    const old = await server.withKey({ name: 'Old', place: bar.place, can: ['read'], expires })
    expect(await problemOf(old, listLines, {})).toMatchObject({
      status: 401,
      code: 'credential_refused',
    })
    const till = await server.withKey({ name: 'Till', place: bar.place, can: ['read'] })
    await till.call(listLines, {})
    await server.operator.call(revokeApiKey, { params: { id: till.id } })
    expect(await problemOf(till, listLines, {})).toMatchObject({ code: 'credential_refused' })
    const params = { id: 'zzzzzzzzzz' }
    expect(await problemOf(server.operator, revokeApiKey, { params })).toMatchObject({
      code: 'api_key_not_found',
    })
  })

  it('does nothing at another place', async () => {
    const { manager } = other
    const card = tag(0)
    const at = { code: 'place_out_of_reach', status: 403 }
    const sale = { place: bar.place, card, amount: 1 }
    expect(await problemOf(manager, postSale, { body: sale })).toMatchObject(at)
    const refill = { asset: bar.local, card, amount: 1 }
    expect(await problemOf(manager, postRefill, { body: refill })).toMatchObject(at)
    const name = { params: { place: bar.place }, body: { name: 'Mine' } }
    expect(await problemOf(manager, renamePlace, name)).toMatchObject(at)
    const asset = { place: bar.place, kind: 'TLF', name: 'Mine', code: 'MIN' } as const
    expect(await problemOf(manager, createAsset, { body: asset })).toMatchObject(at)
    const lines = { query: { place: bar.place } }
    expect(await problemOf(manager, listLines, lines)).toMatchObject(at)
    const file = { place: bar.place, generation: 1, file: '' }
    expect(await problemOf(manager, importCards, { body: file })).toMatchObject(at)
    const { batches } = await manager.call(listBatches, {})
    expect(batches.map(({ place }) => place)).toEqual([other.place])
  })

  it('does not reach the wallets of persons, nor of other places', async () => {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    const out = { code: 'wallet_out_of_reach', status: 403 }
    expect(await problemOf(bar.manager, getWallet, { params: { wallet } })).toMatchObject(out)
    const link = { params: { card: tag(0) }, body: { wallet } }
    expect(await problemOf(bar.manager, linkCard, link)).toMatchObject(out)
    const transfer = { from: other.wallet, to: bar.wallet, asset: other.local, amount: 1 }
    expect(await problemOf(bar.manager, postTransfer, { body: transfer })).toMatchObject(out)
    expect(await problemOf(bar.manager, openWallet, { body: {} })).toMatchObject(out)
    const everywhere = await server.withKey({ name: 'All', place: null, can: ['read', 'spend'] })
    expect((await everywhere.call(getWallet, { params: { wallet } })).kind).toBe('person')
  })

  it('does only what it can', async () => {
    const till = await server.withKey({ name: 'Till', place: bar.place, can: ['sell'] })
    const missing = (can: string) => ({ code: 'capability_missing', status: 403, with: { can } })
    const refill = { asset: bar.local, card: tag(0), amount: 1 }
    expect(await problemOf(till, postRefill, { body: refill })).toMatchObject(missing('issue'))
    expect(await problemOf(till, listLines, {})).toMatchObject(missing('read'))
    const federation = { name: 'Archipel', place: bar.place }
    expect(await problemOf(till, createFederation, { body: federation })).toMatchObject(
      missing('federate'),
    )
    await till.call(getCard, { params: { card: tag(0) } })
  })

  it('sees on a card what its place accepts, and no more', async () => {
    const card = tag(1)
    await putMoney(server, bar, { card, local: 100 })
    await other.manager.call(postRefill, { body: { asset: other.local, card, amount: 70 } })
    const params = { card }
    const { accounts } = await bar.manager.call(getCard, { params })
    expect(accounts.map(({ name }) => name)).toEqual(['Perle Bar'])
    expect((await server.operator.call(getCard, { params })).accounts).toHaveLength(2)
  })

  it('sees the lines of its place alone', async () => {
    const refill = { asset: other.local, card: tag(1), amount: 5 }
    const { lines } = await other.manager.call(postRefill, { body: refill })
    const [line] = lines
    if (line === undefined) throw new Error('a refill has lines')
    const params = { line: line.id }
    expect(await other.manager.call(getLine, { params })).toEqual(line)
    expect(await problemOf(bar.manager, getLine, { params })).toMatchObject({
      code: 'line_out_of_reach',
    })
  })

  it('stops at its limits; a refused sale gives its amount back, a repeat counts once', async () => {
    const card = tag(2)
    await putMoney(server, bar, { card, local: 1_000 })
    const limits = { perSale: 500, perDay: 600 }
    const body = { name: 'Limited', place: bar.place, can: ['sell'], limits } as const
    const till = await server.withKey({ ...body, can: [...body.can] })
    const sale = (amount: number) => ({ place: bar.place, card, amount })
    const over = { code: 'limit_exceeded', status: 403, outcome: 'none' }
    expect(await problemOf(till, postSale, { body: sale(501) })).toMatchObject({
      ...over,
      with: { limit: 'key_sale', left: 500 },
    })
    const rejected = { ...sale(500), parts: [{ asset: other.local, amount: 500 }] }
    const { amount: _, ...withParts } = rejected
    expect(await problemOf(till, postSale, { body: withParts })).toMatchObject({
      outcome: 'rejected',
    })
    const key = newTxId()
    const first = await till.call(postSale, { body: sale(400), key })
    expect(await till.call(postSale, { body: sale(400), key })).toEqual(first)
    expect(await problemOf(till, postSale, { body: sale(201) })).toMatchObject({
      ...over,
      with: { limit: 'key_day', left: 200 },
    })
    await till.call(postSale, { body: sale(200) })
  })

  it('is not made for a place that does not exist', async () => {
    const body: BodyOf<typeof createApiKey> = {
      name: 'Nowhere',
      place: newTxId() as string as World['place'],
      can: ['read'],
    }
    expect(await problemOf(server.operator, createApiKey, { body })).toMatchObject({
      status: 404,
      code: 'place_not_found',
    })
  })
})

describe('nobody in particular', () => {
  it('reads no card, no wallet, no line', async () => {
    const missing = { status: 401, code: 'credential_missing' }
    expect(await problemOf(server.anyone, getCard, { params: { card: tag(0) } })).toMatchObject(
      missing,
    )
    const wallet = { params: { wallet: bar.wallet } }
    expect(await problemOf(server.anyone, getWallet, wallet)).toMatchObject(missing)
    expect(await problemOf(server.anyone, listLines, {})).toMatchObject(missing)
  })
})

describe('an engine that cannot answer', () => {
  type Refusal = Awaited<ReturnType<Engine['submit']>>
  let next: Refusal | undefined
  let shaky: TestServer
  let place: World

  beforeAll(async () => {
    shaky = await startServer((engine) => ({
      submit: async (tx, options) => {
        const refusal = next
        next = undefined
        return refusal ?? (await engine.submit(tx, options))
      },
      blocks: (height) => engine.blocks(height),
      close: () => engine.close(),
    }))
    place = await openBar(shaky)
  })

  afterAll(async () => {
    await shaky[Symbol.asyncDispose]()
  })

  it.each([
    [{ status: 'refused', code: 'queue_full', detail: '' }, 503, 'none'],
    [{ status: 'refused', code: 'stopping', detail: '' }, 503, 'none'],
    [{ status: 'refused', code: 'expired', detail: '' }, 410, 'none'],
    [{ status: 'unknown', detail: '' }, 504, 'unknown'],
  ] as const)(
    'answers %j with %i, and the same key works afterwards',
    async (refusal, status, outcome) => {
      const body = { asset: place.local, card: place.tags[0] ?? '', amount: 100 }
      const key = newTxId()
      next = refusal
      const problem = await problemOf(place.manager, postRefill, { body, key })
      expect(problem).toMatchObject({ status, outcome, txId: key })
      expect(await place.manager.call(postRefill, { body, key })).toMatchObject({ txId: key })
    },
  )

  it('says when to come back', async () => {
    next = { status: 'refused', code: 'queue_full', detail: '' }
    const response = await fetch(`${shaky.origin}/api/v2/badges`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${place.manager.key}`,
        'content-type': 'application/json',
        'idempotency-key': newTxId(),
      },
      body: JSON.stringify({ place: place.place, asset: place.local, card: place.tags[0] }),
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  })
})
