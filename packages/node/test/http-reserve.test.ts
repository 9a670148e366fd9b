/** The reserve and payouts over HTTP, as the keeper, a treasurer and anybody meet them. */
import {
  cancelPayout,
  changeKeys,
  getPayout,
  getReserve,
  getWallet,
  moveReserve,
  newTxId,
  openPayout,
  openWallet,
  payPayout,
  postIssue,
  postTx,
} from '@fedow/api'
import type { Action, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SigningKey } from '../src/store/key-file.ts'
import { startServer, type TestServer } from './http-server.ts'
import { payment, problemOf } from './http-world.ts'

const STRIPE = 'provider/stripe'

let server: TestServer
let person: WalletId

beforeAll(async () => {
  server = await startServer()
  person = (await server.operator.call(openWallet, { body: {} })).wallet
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function accounts(): Promise<Record<string, number>> {
  const reserve = await server.anyone.call(getReserve, {})
  return Object.fromEntries(reserve.accounts.map(({ name, balance }) => [name, balance]))
}

async function fed(): Promise<readonly [number | undefined, number | undefined]> {
  const found = await server.operator.call(getWallet, { params: { wallet: person } })
  const account = found.accounts.find(({ kind }) => kind === 'FED')
  return [account?.balance, account?.held]
}

function attest(key: SigningKey, account: string, balance: bigint) {
  const reference = 'f'.repeat(64) as Extract<Action, { kind: 'reserve-statement' }>['reference']
  const atMs = Date.now() - 2_000
  const action: Action = { kind: 'reserve-statement', account, balance, atMs, reference }
  const { jws } = server.network.sign([action], { key })
  return server.anyone.call(postTx, { body: { tx: jws } })
}

describe('the reserve', () => {
  it('follows payments, payouts of a provider and its fees', async () => {
    const evidence = { ...payment(2_000), account: STRIPE, fee: 55, net: 1_945 }
    await server.operator.call(postIssue, { body: { wallet: person, evidence } })
    const body = { from: STRIPE, to: 'bank/main', amount: 1_900, reference: 'po_1' }
    const moved = await server.operator.call(moveReserve, { body: { ...body, why: 'payout' } })
    expect(moved.lines.map(({ action, amount }) => [action, amount])).toEqual([['TRF', 1_900]])
    const fee = { from: 'bank/main', to: 'due-from-keeper', amount: 20, reference: 'bank fee 11' }
    await server.operator.call(moveReserve, { body: { ...fee, why: 'fee' } })
    expect(await accounts()).toEqual({ 'bank/main': 1_880, 'due-from-keeper': 75, [STRIPE]: 45 })
  })

  it('is moved by the operator alone, and each line of a statement once', async () => {
    const body = {
      ...{ from: 'bank/main', to: 'due-from-keeper', amount: 20, reference: 'bank fee 11' },
      why: 'fee' as const,
    }
    const program = await server.withKey({ name: 'All', place: null, can: ['issue', 'spend'] })
    expect(await problemOf(program, moveReserve, { body })).toMatchObject({ code: 'operator_only' })
    expect(await problemOf(server.anyone, moveReserve, { body })).toMatchObject({ status: 403 })
    expect(await problemOf(server.operator, moveReserve, { body })).toMatchObject({
      code: 'evidence_burnt',
      outcome: 'rejected',
    })
    expect(await accounts()).toMatchObject({ 'due-from-keeper': 75 })
  })

  it('answers a repeated move as before, and books it once', async () => {
    const key = newTxId()
    const body = {
      ...{ from: 'due-from-keeper', to: 'bank/main', amount: 75, reference: 'VIR 51' },
      why: 'settlement' as const,
    }
    const first = await server.operator.call(moveReserve, { body, key })
    expect(await server.operator.call(moveReserve, { body, key })).toEqual(first)
    expect(await accounts()).toMatchObject({ 'due-from-keeper': 0, 'bank/main': 1_955 })
  })

  it('is not attested until a second person has stated each account, and says until when', async () => {
    const key = SigningKey.generate()
    expect(await server.anyone.call(getReserve, {})).toMatchObject({ attested: false, gap: 0 })
    const add = [{ x: key.x, can: ['attest' as const] }]
    await server.operator.call(changeKeys, { body: { on: 'network', add } })
    await attest(key, 'bank/main', 1_955n)
    expect(await server.anyone.call(getReserve, {})).toMatchObject({
      attested: false,
      attesters: [key.kid],
    })
    await attest(key, STRIPE, 40n)
    const reserve = await server.anyone.call(getReserve, {})
    expect(reserve).toMatchObject({ attested: true, gap: -5, fedCap: 1_000_000, dueCap: 50_000 })
    expect(Date.parse(reserve.attestedUntil ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000)
    const { statement } = reserve.accounts.find(({ name }) => name === STRIPE) ?? {}
    expect(statement).toMatchObject({ balance: 40, book: 45 })
    expect(reserve.stopped).toBeUndefined()
  })

  it('says why nothing is issued when the statements differ from the book', async () => {
    const key = SigningKey.generate()
    const add = [{ x: key.x, can: ['attest' as const] }]
    await server.operator.call(changeKeys, { body: { on: 'network', add } })
    await attest(key, STRIPE, -50_001n)
    const reserve = await server.anyone.call(getReserve, {})
    expect(reserve).toMatchObject({ attested: false, gap: -50_046 })
    expect(reserve.stopped).toMatchObject({ code: 'reserve_gap' })
    expect(reserve.stopped?.detail).toContain('500.46 less')
    const body = { wallet: person, evidence: payment(100) }
    expect(await problemOf(server.operator, postIssue, { body })).toMatchObject({
      code: 'reserve_gap',
      with: { missing: 50_046 },
    })
    await attest(key, STRIPE, 45n)
    await server.operator.call(postIssue, { body })
  })

  it('takes no statement of the operator or the keeper', async () => {
    const { keys } = server.network
    for (const key of [keys.operator, keys.keeper, keys.node]) {
      await expect(attest(key, STRIPE, 45n)).rejects.toMatchObject({
        problem: { code: 'not_authorised' },
      })
    }
  })
})

describe('a payout', () => {
  it('holds, then burns what was paid, and answers the same again', async () => {
    const before = await fed()
    expect(before).toEqual([2_100, 0])
    const body = { wallet: person, amount: 500 }
    const { payout } = await server.operator.call(openPayout, { body })
    expect(await fed()).toEqual([2_100, 500])
    expect(await server.operator.call(getPayout, { params: { payout } })).toMatchObject(body)
    const key = newTxId()
    const paid = {
      params: { payout },
      body: { evidence: { ...payment(300), reference: 're_1' }, amount: 300 },
      key,
    }
    const done = await server.operator.call(payPayout, paid)
    expect(done.lines.map(({ action, amount }) => [action, amount])).toEqual([
      ['REL', 500],
      ['RFD', 300],
      ['BNK', 300],
    ])
    expect(await server.operator.call(payPayout, paid)).toEqual(done)
    expect(await fed()).toEqual([1_800, 0])
    expect(await problemOf(server.operator, getPayout, { params: { payout } })).toMatchObject({
      status: 404,
      code: 'payout_not_found',
    })
  })

  it('is released when nothing was paid, by the operator alone', async () => {
    const { payout } = await server.operator.call(openPayout, {
      body: { wallet: person, amount: 1_800 },
    })
    const cancel = { params: { payout }, body: { reference: 're_2 failed' } }
    const program = await server.withKey({ name: 'All', place: null, can: ['issue', 'spend'] })
    expect(await problemOf(program, cancelPayout, cancel)).toMatchObject({ code: 'operator_only' })
    await server.operator.call(cancelPayout, cancel)
    expect(await fed()).toEqual([1_800, 0])
  })
})
