import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssetId, LineId, PlaceId, WalletId } from '@fedow/ledger'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { V1Checkout } from './checkouts.ts'
import { openV1Store, type V1Store } from './v1-store.ts'

let folder: string
let store: V1Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-test-'))
  store = openV1Store(join(folder, 'v1.db'))
})

afterEach(() => {
  store[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

function reopen(): void {
  store[Symbol.dispose]()
  store = openV1Store(join(folder, 'v1.db'))
}

function newId<T extends string>(): T {
  return randomUUID() as string as T
}

const person = newId<WalletId>()

function checkout(of: Partial<V1Checkout> = {}): V1Checkout {
  return {
    ...{ id: newId(), timeUs: 1_790_000_000_000_001, status: 'O', asset: newId<AssetId>(), person },
    ...{ stripeId: `cs_${newId()}`, intent: null, invoice: null, metadata: 'signed' },
    ...of,
  }
}

it('finds a checkout by its id and by that of Stripe, with the state that it came to', () => {
  const one = checkout({ intent: 'pi_1', invoice: 'in_1' })
  store.checkouts.add(one)
  store.checkouts.setStatus(one.id, 'P')
  reopen()
  expect(store.checkouts.find(one.id)).toEqual({ ...one, status: 'P' })
  expect(store.checkouts.byStripeId(one.stripeId ?? '')?.id).toBe(one.id)
  expect(store.checkouts.find(newId())).toBeUndefined()
  expect(store.checkouts.byStripeId('cs_other')).toBeUndefined()
})

it('takes no payment twice, and any number without an id of Stripe', () => {
  const one = checkout()
  store.checkouts.add(one)
  expect(() => store.checkouts.add(checkout({ stripeId: one.stripeId }))).toThrow()
  expect(() => store.checkouts.add(checkout({ id: one.id }))).toThrow()
  for (let count = 0; count < 2; count += 1) store.checkouts.add(checkout({ stripeId: null }))
})

it('lists what a person paid, oldest first', () => {
  const [later, earlier] = [checkout({ timeUs: 2 }), checkout({ timeUs: 1 })]
  for (const one of [later, earlier, checkout({ person: null })]) store.checkouts.add(one)
  expect(store.checkouts.ofPerson(person)).toEqual([earlier, later])
})

it('keeps of a key the first line that was imported', () => {
  const key = { place: newId<PlaceId>(), name: 'ligne_article_uuid', text: 'a' } as const
  const [first, second] = [newId<LineId>(), newId<LineId>()]
  store.rewards.keepLine(key, first)
  store.rewards.keepLine(key, second)
  reopen()
  expect(store.rewards.find(key)).toBe(first)
})

it('writes all of a work, or nothing', async () => {
  const [one, other] = [checkout(), checkout()]
  const full = new Error('full')
  const failing = store.allOrNothing(async () => {
    store.checkouts.add(one)
    await Promise.resolve()
    throw full
  })
  await expect(failing).rejects.toBe(full)
  expect(store.checkouts.find(one.id)).toBeUndefined()
  await store.allOrNothing(async () => store.checkouts.add(other))
  reopen()
  expect(store.checkouts.find(other.id)).toEqual(other)
})
