import { getReserve, getTx, newTxId, postIssue, postRefill } from '@fedow/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, payment, problemOf, type World } from './http-world.ts'

let server: TestServer
let bar: World

const KEY = newTxId()

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function body(reference: string, provider: 'cash' | 'transfer' = 'transfer') {
  const card = bar.tags[0] ?? ''
  return { asset: bar.local, card, amount: 500, evidence: { provider, reference } }
}

describe('a refill paid by hand', () => {
  it('is made once for one bank transfer, and the second is told when and by what', async () => {
    const first = await bar.manager.call(postRefill, { body: body('VIR 2026-11-22 0042') })
    expect(first.lines.map(({ action, amount }) => [action, amount])).toEqual([
      ['CRE', 500],
      ['REF', 500],
    ])
    const problem = await problemOf(bar.manager, postRefill, { body: body('VIR 2026-11-22 0042') })
    expect(problem).toMatchObject({
      ...{ status: 409, code: 'evidence_burnt', outcome: 'rejected' },
      with: { tx: first.txId, time: `${first.time.slice(0, 19)}Z` },
    })
    expect(problem.detail).toContain(`by tx ${first.txId}`)
  })

  it.each(['  vir  9001 ', 'VIR\t9001', 'Vir 9001'])(
    'knows its reference again as %j',
    async (reference) => {
      const first = await bar.manager.call(postRefill, { body: body('VIR 9001'), key: KEY })
      expect(first.status).toBe('applied')
      const again = await problemOf(bar.manager, postRefill, { body: body(reference, 'cash') })
      expect(again).toMatchObject({ code: 'evidence_burnt', with: { tx: KEY } })
    },
  )

  it('answers a repeat of the same request as before', async () => {
    const key = newTxId()
    const first = await bar.manager.call(postRefill, { body: body('receipt 17', 'cash'), key })
    const again = await bar.manager.call(postRefill, { body: body('receipt 17', 'cash'), key })
    expect(again).toEqual(first)
  })

  it('is one of many that ask at once with the same reference', async () => {
    const asked = Array.from({ length: 20 }, () =>
      bar.manager.call(postRefill, { body: body('VIR 20 times') }).then(
        ({ status }) => status,
        () => 'refused',
      ),
    )
    const ended = await Promise.all(asked)
    expect(ended.filter((status) => status === 'applied')).toHaveLength(1)
  })

  it('leaves no text of its reference in what the book shows', async () => {
    const { txId } = await bar.manager.call(postRefill, { body: body('Marie Durand 0042') })
    const shown = await server.operator.call(getTx, { params: { tx: txId } })
    expect(JSON.stringify(shown).toUpperCase()).not.toContain('DURAND')
  })

  it.each(['', ' \t '])('needs a reference, and %j is none', async (reference) => {
    const problem = await problemOf(bar.manager, postRefill, { body: body(reference) })
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', outcome: 'none' })
  })

  it('does not use up a payment of the reserve', async () => {
    const evidence = payment(700)
    await bar.manager.call(postRefill, { body: body(evidence.reference) })
    const card = bar.tags[1] ?? ''
    const issued = await server.operator.call(postIssue, { body: { card, evidence } })
    expect(issued.status).toBe('applied')
  })
})

describe('federated euros for cash or a transfer', () => {
  it('are not made by a place', async () => {
    const fed = server.network.genesis.genesis.fed.id
    const problem = await problemOf(server.operator, postRefill, {
      body: { ...body('VIR 7001'), asset: fed },
    })
    expect(problem).toMatchObject({ code: 'kind_refuses_action' })
  })

  it('are issued by the operator, with the key of the keeper', async () => {
    const evidence = { ...payment(700), account: 'transit/cash' }
    const issue = { body: { card: bar.tags[1] ?? '', evidence } }
    const program = await server.withKey({ name: 'All', place: null, can: ['issue', 'spend'] })
    expect(await problemOf(program, postIssue, issue)).toMatchObject({ code: 'operator_only' })
    expect(await problemOf(bar.manager, postIssue, issue)).toMatchObject({ code: 'operator_only' })
    const issued = await server.operator.call(postIssue, issue)
    expect(issued.lines.map(({ action, asset }) => [action, asset.code])).toEqual([
      ['CRE', 'FED'],
      ['REF', 'FED'],
      ['CRE', 'EUR'],
    ])
    const { accounts } = await server.anyone.call(getReserve, {})
    expect(accounts).toContainEqual(expect.objectContaining({ name: 'transit/cash', balance: 700 }))
  })
})
