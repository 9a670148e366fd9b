import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  acceptInvitation,
  archiveAsset,
  changePolicy,
  createFederation,
  getAsset,
  getBatch,
  getBlock,
  getCard,
  getFederation,
  getPlace,
  importCards,
  inviteToFederation,
  leaveFederation,
  linkCard,
  listAssets,
  listBatches,
  listBlocks,
  listFederations,
  listPlaces,
  openWallet,
  postRefill,
  postSale,
  renamePlace,
  replaceCard,
  reportCardLost,
  restoreCard,
  setPrimaryCards,
  shareAsset,
  unshareAsset,
} from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCardFile } from './card-file-maker.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'

const FAULTY = readFileSync(join(import.meta.dirname, '../../../demo/cards-faulty.csv'))

let server: TestServer
let bar: World
let fair: World

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server, 'Bar')
  fair = await openBar(server, 'Fair')
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function tag(index: number): string {
  return bar.tags[index] ?? ''
}

describe('a federation', () => {
  it('lets members accept the assets that issuers share, until they take them back', async () => {
    const card = tag(0)
    await putMoney(server, bar, { card, local: 900 })
    const sale = { place: fair.place, card, parts: [{ asset: bar.local, amount: 100 }] }
    expect(await problemOf(fair.manager, postSale, { body: sale })).toMatchObject({
      code: 'asset_not_accepted',
      detail: expect.stringContaining('Fair does not accept Perle Bar'),
    })
    const founding = { name: 'Archipel', place: bar.place }
    const { federation } = await bar.manager.call(createFederation, { body: founding })
    const params = { federation }
    const invitation = { place: bar.place, invited: fair.place }
    await bar.manager.call(inviteToFederation, { params, body: invitation })
    await fair.manager.call(acceptInvitation, { params, body: { place: fair.place } })
    await bar.manager.call(shareAsset, { params, body: { asset: bar.local } })
    expect(await server.anyone.call(getFederation, { params })).toEqual({
      id: federation,
      name: 'Archipel',
      places: [bar.place, fair.place],
      invited: [],
      assets: [bar.local],
    })
    await fair.manager.call(postSale, { body: sale })
    // A price alone now takes the shared money too.
    await fair.manager.call(postSale, { body: { place: fair.place, card, amount: 100 } })
    const query = { place: fair.place }
    const accepted = await server.anyone.call(listAssets, { query })
    expect(accepted.assets.map(({ name }) => name)).toContain('Perle Bar')
    await bar.manager.call(unshareAsset, { params, body: { asset: bar.local } })
    expect(await problemOf(fair.manager, postSale, { body: sale })).toMatchObject({
      code: 'asset_not_accepted',
    })
    await fair.manager.call(leaveFederation, { params, body: { place: fair.place } })
    const { federations } = await server.anyone.call(listFederations, {})
    expect(federations.map(({ places }) => places)).toEqual([[bar.place]])
  })
})

describe('an asset', () => {
  it('is changed at once where nobody loses, and archived', async () => {
    const params = { asset: fair.gift }
    const { policy } = await server.anyone.call(getAsset, { params })
    const { version: _, from: __, ...terms } = policy
    const from = new Date(Date.now() + 60_000).toISOString()
    const wider = { from, terms: { ...terms, personToPerson: true } }
    await fair.manager.call(changePolicy, { params, body: wider })
    const limits = { ...terms.limits, L0: { sale: 100 } }
    const tighter = { from, terms: { ...terms, limits } }
    expect(await problemOf(fair.manager, changePolicy, { params, body: tighter })).toMatchObject({
      code: 'policy_too_early',
    })
    const view = await server.anyone.call(getAsset, { params })
    expect(view.announced).toMatchObject([{ version: 2, from, personToPerson: true }])
    await fair.manager.call(archiveAsset, { params })
    const refill = { asset: fair.gift, card: tag(1), amount: 1 }
    expect(await problemOf(fair.manager, postRefill, { body: refill })).toMatchObject({
      code: 'asset_archived',
    })
  })
})

describe('a place', () => {
  it('is listed page by page, and takes another name', async () => {
    const first = await server.anyone.call(listPlaces, { query: { limit: 1 } })
    const { next = '' } = first
    const second = await server.anyone.call(listPlaces, { query: { limit: 1, after: next } })
    expect(second.next).toBeUndefined()
    const names = [...first.places, ...second.places].map(({ name }) => name)
    expect(names.toSorted()).toEqual(['Bar', 'Fair'])
    const params = { place: fair.place }
    await fair.manager.call(renamePlace, { params, body: { name: 'Fête' } })
    expect((await server.anyone.call(getPlace, { params })).name).toBe('Fête')
    const taken = { params, body: { name: 'Bar' } }
    expect(await problemOf(fair.manager, renamePlace, taken)).toMatchObject({ code: 'name_taken' })
  })
})

describe('a card file', () => {
  const order = () => ({ place: bar.place, generation: 2 })

  it('with faults registers nothing, and tells every fault by its line', async () => {
    const body = { ...order(), file: FAULTY.toString('base64'), apply: true }
    const report = await bar.manager.call(importCards, { body })
    expect(report.rows).toBe(0)
    expect(report.batch).toBeUndefined()
    expect(report.faults.length).toBeGreaterThan(5)
    for (const { line, code, message } of report.faults) {
      expect([line > 0, code.length > 0, message.length > 10]).toEqual([true, true, true])
    }
  })

  it('is only checked unless it is applied; sent again, every card is known', async () => {
    const bytes = makeCardFile({ seed: 90_001, count: 1_500, tagBytes: 4 })
    const body = { ...order(), file: bytes.toBase64() }
    expect(await bar.manager.call(importCards, { body })).toMatchObject({ rows: 1_500, faults: [] })
    const applied = await bar.manager.call(importCards, { body: { ...body, apply: true } })
    expect(applied.registered).toBe(1_500)
    const again = await bar.manager.call(importCards, { body: { ...body, apply: true } })
    expect(again.registered).toBeUndefined()
    expect(new Set(again.faults.map(({ line }) => line)).size).toBe(1_500)
    const { batches } = await bar.manager.call(listBatches, {})
    const batch = batches.find(({ id }) => id === applied.batch)
    expect(batch).toMatchObject({ count: 1_500, registered: 1_500, generation: 2 })
    const params = { batch: batch?.id ?? ('' as never) }
    expect(await bar.manager.call(getBatch, { params })).toEqual(batch)
  })

  it('comes as text/csv too', async () => {
    const bytes = makeCardFile({ seed: 90_002, count: 3, tagBytes: 10 })
    const query = new URLSearchParams({ ...order(), generation: '3', apply: 'true' })
    const response = await fetch(`${server.origin}/api/v2/cards/import?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bar.manager.key}`, 'content-type': 'text/csv' },
      body: new Uint8Array(bytes),
    })
    expect(await response.json()).toMatchObject({ rows: 3, registered: 3 })
  })
})

describe('cards', () => {
  it('open a till, as primary cards, and no other', async () => {
    const body = { place: bar.place, cards: [tag(3)], primary: true }
    await bar.manager.call(setPrimaryCards, { body })
    await putMoney(server, bar, { card: tag(2), local: 100 })
    const sale = { place: bar.place, card: tag(2), amount: 10 }
    const paid = await bar.manager.call(postSale, { body: { ...sale, primary: tag(3) } })
    const { card } = await bar.manager.call(getCard, { params: { card: tag(3) } })
    expect(paid.lines[0]?.primary).toBe(card)
    const wrong = { body: { ...sale, primary: tag(1) } }
    expect(await problemOf(bar.manager, postSale, wrong)).toMatchObject({
      code: 'card_not_primary',
    })
  })

  it('are lost, replaced and given back; the money stays with the person', async () => {
    const { operator } = server
    const { wallet } = await operator.call(openWallet, { body: {} })
    const params = { card: tag(2) }
    await operator.call(linkCard, { params, body: { wallet } })
    await operator.call(replaceCard, { params, body: { card: tag(1), wallet } })
    const { status, accounts } = await bar.manager.call(getCard, { params })
    expect([status, accounts]).toEqual(['lost', []])
    const fresh = await bar.manager.call(getCard, { params: { card: tag(1) } })
    expect(fresh).toMatchObject({ person: wallet, accounts: [{ balance: 90 }] })
    await bar.manager.call(restoreCard, { params })
    expect((await bar.manager.call(getCard, { params })).status).toBe('live')
    await operator.call(reportCardLost, { params: { card: tag(1) }, body: { wallet } })
    const sale = { body: { place: bar.place, card: tag(1), amount: 1 } }
    expect(await problemOf(bar.manager, postSale, sale)).toMatchObject({ code: 'card_lost' })
  })

  it('that nobody knows are unknown before anything is asked of the book', async () => {
    const problem = await problemOf(bar.manager, getCard, { params: { card: 'FFFFFFF0' } })
    expect(problem).toMatchObject({ status: 404, code: 'card_unknown', outcome: 'none' })
  })
})

describe('blocks', () => {
  it('are public, newest first', async () => {
    // A block closes when the next one begins, or on its own after a second.
    for await (const { height } of server.engine.blocks(1)) if (height >= 1) break
    const { blocks } = await server.anyone.call(listBlocks, { query: { limit: 1 } })
    const [newest] = blocks
    if (newest === undefined) throw new Error('a block has closed')
    const params = { height: newest.height }
    expect(await server.anyone.call(getBlock, { params })).toMatchObject(newest)
    expect(newest.txs).toMatch(/^[0-9a-f]{64}$/)
    const none = { params: { height: 1_000_000 } }
    expect(await problemOf(server.anyone, getBlock, none)).toMatchObject({
      code: 'block_not_found',
    })
  })
})
