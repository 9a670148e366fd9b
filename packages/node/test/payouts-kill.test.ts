/** A node dies between every two steps of a payout; in the end it is done once, and agrees with Stripe. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCard } from '@fedow/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PayoutPoint } from '../src/payments/payout-steps.ts'
import { auditFolder } from '../src/store/audit.ts'
import type { PayerPayout, WishId } from '../src/store/payout-store.ts'
import { startScript } from './durability/child.ts'
import { type PaymentsWorld, startPayments } from './payments-world.ts'
import type { PayoutRun } from './payouts-child.ts'
import { newId } from './test-network.ts'

const CHILD = join(import.meta.dirname, 'payouts-child.ts')
const AMOUNT = 2_000

async function refill(world: PaymentsWorld, tag: string, amount: number): Promise<void> {
  const { session } = await world.open(tag, amount)
  world.stripe.payCheckout(session, { outcome: 'paid' })
  await world.stripe.webhooks.settled()
}

async function wishOf(world: PaymentsWorld, tag: string) {
  const { card, wallet } = await world.server.operator.call(getCard, { params: { card: tag } })
  return { id: newId<WishId>(), card, wallet, amount: undefined }
}

describe('a node that dies, and goes on', () => {
  let world: PaymentsWorld
  let dieAt: PayoutPoint | undefined
  let tag = ''

  beforeEach(async () => {
    const onPayoutPoint = (point: PayoutPoint) => {
      if (point !== dieAt) return
      dieAt = undefined
      throw new Error(`died at ${point}`)
    }
    world = await startPayments({ parts: { onPayoutPoint } })
    const [first = '', second = ''] = world.bar.tags
    tag = first
    await refill(world, second, 10_000)
    await refill(world, tag, AMOUNT)
  })

  afterEach(() => world[Symbol.asyncDispose]())

  /** Begins, dies at a point, and goes on as a node does after a start. */
  async function dieAndGoOn(point: PayoutPoint): Promise<PayerPayout | undefined> {
    dieAt = point
    const { payouts } = world.server.payments
    await expect(payouts.begin(await wishOf(world, tag))).rejects.toThrow(`died at ${point}`)
    return goOn()
  }

  async function goOn(): Promise<PayerPayout | undefined> {
    const { payouts } = world.server.payments
    for (let pass = 0; pass < 3; pass += 1) {
      await world.move(3_600_000)
      await payouts.reconcile()
    }
    expect(dieAt).toBeUndefined()
    return payouts.page({ limit: 1 }).payouts[0]
  }

  async function expectAgreement(onCard: number, refunds: number): Promise<void> {
    expect(await world.fedOn(tag)).toBe(onCard)
    expect(world.stripe.world.refunds.all()).toHaveLength(refunds)
    const { fed, provider, due } = await world.totals()
    expect(fed).toBe(provider + due)
    const { available, pending } = world.stripe.balance()
    expect(provider).toBe(available + pending)
    expect(world.server.book.reader.records('payout', { limit: 1 })).toEqual([])
  }

  it.each([
    ...(['wished', 'planned', 'hold_made', 'held', 'asking'] as const),
    ...(['refund_made', 'asked', 'burnt', 'paid'] as const),
  ])('pays once after it died at %s', async (point) => {
    expect((await dieAndGoOn(point))?.state).toBe('paid')
    await expectAgreement(0, 1)
  })

  it.each(['cancelled', 'released'] as const)(
    'releases once after it died at %s',
    async (point) => {
      world.stripe.nextRefund('failed')
      expect((await dieAndGoOn(point))?.state).toBe('released')
      await expectAgreement(AMOUNT, 1)
    },
  )

  it.each(['failure_seen', 'issued', 'returned'] as const)(
    'issues again once after it died at %s',
    async (point) => {
      const { payouts } = world.server.payments
      world.stripe.webhooks.usual = 'lost'
      const begun = await payouts.begin(await wishOf(world, tag))
      const [payout] = begun.status === 'begun' ? begun.payouts : []
      world.stripe.failRefund(payout?.reference ?? '')
      dieAt = point
      await expect(payouts.look(payout?.id as never)).rejects.toThrow(`died at ${point}`)
      expect((await goOn())?.state).toBe('returned')
      await expectAgreement(AMOUNT, 1)
    },
  )
})

describe('a process that is killed', () => {
  let world: PaymentsWorld
  let root = ''
  let run: Omit<PayoutRun, 'kind'>

  beforeAll(async () => {
    world = await startPayments()
    const [tag = '', other = ''] = world.bar.tags
    await refill(world, other, 10_000)
    await refill(world, tag, AMOUNT)
    const { id, card, wallet } = await wishOf(world, tag)
    root = mkdtempSync(join(tmpdir(), 'fedow-payouts-'))
    const folder = join(root, 'book')
    const { stripe, server } = world
    run = { folder, stripe: { key: stripe.key, api: stripe.origin }, wish: id, card, wallet }
    await server.app.close()
    cpSync(server.network.folder, folder, {
      recursive: true,
      filter: (path) => !/sock$/.test(path),
    })
  })

  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  it('pays once, whatever it had written', { timeout: 60_000 }, async () => {
    const start = (wanted: Pick<PayoutRun, 'kind' | 'dieAt'>) =>
      startScript(CHILD, [JSON.stringify({ ...run, ...wanted })]).ended
    for (const [kind, dieAt] of [
      ['refund', 'hold_made'],
      ['look', 'refund_made'],
      ['look', 'burnt'],
    ] as const) {
      expect((await start({ kind, dieAt })).signal).toBe('SIGKILL')
    }
    const after = await start({ kind: 'look' })
    expect([after.complaint, after.lines]).toEqual(['', ['["paid"]']])
    expect(world.stripe.world.refunds.all()).toHaveLength(1)
    expect((await auditFolder(run.folder)).problem).toBeUndefined()
  })
})
