import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Amount, type PlaceId, Refusal, type Rejection } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiKeys, type NewApiKey } from './api-keys.ts'
import { openPeopleDb } from './people-db.ts'

const PLACE = '01890000-0000-7000-8000-0000000000aa' as PlaceId
const NOON = Date.UTC(2026, 5, 1, 12)
const HOUR_MS = 3_600_000
const TILL: NewApiKey = { name: 'Bar', place: PLACE, can: ['sell', 'read'] }

let folder = ''
let db: DatabaseSync
let keys: ApiKeys

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-keys-'))
  db = openPeopleDb(join(folder, 'people.db'))
  keys = new ApiKeys(db)
})

afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** Ends this process's view and begins another, after a clean stop or a crash. */
function restart(how: 'stop' | 'crash'): void {
  if (how === 'stop') keys[Symbol.dispose]()
  db.close()
  db = openPeopleDb(join(folder, 'people.db'))
  keys = new ApiKeys(db)
}

function limited(limits: Record<string, bigint>): string {
  return keys.create({ ...TILL, limits: limits as Record<string, Amount> }, NOON).id
}

function refusal(work: () => void): Rejection | undefined {
  try {
    work()
    return undefined
  } catch (cause) {
    if (cause instanceof Refusal) return cause.rejection
    throw cause
  }
}

describe('the text of a key', () => {
  it('opens what was given to it, also after a restart', () => {
    const { id, key } = keys.create({ ...TILL, expiresMs: NOON + 9 }, NOON)
    expect(key).toMatch(/^fedow_[0-9a-z]{10}_[A-Za-z0-9_-]{43}$/)
    const wanted = { ...TILL, id, createdMs: NOON, expiresMs: NOON + 9, lastUsedMs: NOON + 1 }
    expect(keys.verify(key, NOON + 1)).toEqual(wanted)
    restart('crash')
    expect(keys.verify(key, NOON + 1)).toEqual(wanted)
  })

  it('is different each time, and nowhere in the files', () => {
    const made = Array.from({ length: 20 }, () => keys.create(TILL, NOON))
    expect(new Set(made.map(({ id }) => id)).size).toBe(20)
    const secrets = made.map(({ key }) => key.slice(-43))
    expect(new Set(secrets).size).toBe(20)
    const files = ['', '-wal'].map((end) => readFileSync(join(folder, `people.db${end}`)))
    expect(files.some((file) => file.includes(made[0]?.id ?? ''))).toBe(true)
    const raw = secrets.flatMap((secret) => [Buffer.from(secret), Buffer.from(secret, 'base64url')])
    expect(raw.some((trace) => files.some((file) => file.includes(trace)))).toBe(false)
  })

  it('must be right to the last bit', () => {
    const { id, key } = keys.create(TILL, NOON)
    const other = keys.create(TILL, NOON)
    const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The last sign carries two bits that are no part of the secret: another spelling is no key.
    const bent = [...signs].map((sign) => key.slice(0, -1) + sign).filter((text) => text !== key)
    const wrong = [
      ...bent,
      `fedow_${id}_${other.key.slice(-43)}`,
      `fedow_0000000000_${key.slice(-43)}`,
      key.toUpperCase(),
      `${key} `,
      `${key}\n`,
      key.slice(0, -1),
      'fedow___',
      '',
    ]
    expect(wrong.filter((text) => keys.verify(text, NOON) !== undefined)).toEqual([])
    expect(keys.verify(key, NOON)?.id).toBe(id)
  })

  it('opens until it expires', () => {
    const { key } = keys.create({ ...TILL, expiresMs: NOON + 100 }, NOON)
    expect(keys.verify(key, NOON + 99)).toBeDefined()
    expect(keys.verify(key, NOON + 100)).toBeUndefined()
  })

  it('opens nothing once revoked, and the first time stands', () => {
    const { id, key } = keys.create(TILL, NOON)
    const other = keys.create({ ...TILL, place: null }, NOON)
    expect(keys.verify(key, NOON)).toBeDefined()
    expect(keys.revoke(id, NOON + 1)?.revokedMs).toBe(NOON + 1)
    expect(keys.revoke(id, NOON + 2)?.revokedMs).toBe(NOON + 1)
    expect(keys.verify(key, NOON)).toBeUndefined()
    restart('crash')
    expect(keys.verify(key, NOON)).toBeUndefined()
    expect(keys.verify(other.key, NOON)).toMatchObject({ place: null })
    const revoked = keys.list().filter(({ revokedMs }) => revokedMs !== undefined)
    expect(revoked.map((one) => one.id)).toEqual([id])
    expect(keys.revoke('0000000000', NOON)).toBeUndefined()
  })
})

describe('limits of a key', () => {
  it('refuses one cent more than a sale may have', () => {
    const id = limited({ perSale: 500n })
    expect(refusal(() => keys.count(id, { amount: 500n, timeMs: NOON }))).toBeUndefined()
    expect(refusal(() => keys.count(id, { amount: 501n, timeMs: NOON }))).toEqual({
      code: 'limit_exceeded',
      limit: 'key_sale',
      left: 500n,
    })
  })

  it('adds up the hour and the day, and starts again when they turn', () => {
    const id = limited({ perHour: 1_000n, perDay: 1_500n })
    const use = (amount: bigint, hours: number) =>
      refusal(() => keys.count(id, { amount, timeMs: NOON + hours * HOUR_MS }))
    expect(use(600n, 0)).toBeUndefined()
    expect(use(401n, 0.9)).toMatchObject({ limit: 'key_hour', left: 400n })
    expect(use(400n, 0.9)).toBeUndefined()
    expect(use(501n, 1)).toMatchObject({ limit: 'key_day', left: 500n })
    expect(use(500n, 1)).toBeUndefined()
    expect(use(1n, 11.9)).toMatchObject({ limit: 'key_day', left: 0n })
    expect(use(1_000n, 12)).toBeUndefined()
  })

  it('gives back a use that came to nothing, once, and only in its own hour', () => {
    const id = limited({ perHour: 1_000n })
    const left = (timeMs: number) =>
      refusal(() => keys.count(id, { amount: 1_001n, timeMs })) as { left: bigint }
    const giveBack = keys.count(id, { amount: 600n, timeMs: NOON })
    keys.count(id, { amount: 300n, timeMs: NOON })
    giveBack()
    giveBack()
    expect(left(NOON).left).toBe(700n)

    const giveBackLate = keys.count(id, { amount: 100n, timeMs: NOON })
    keys.count(id, { amount: 50n, timeMs: NOON + HOUR_MS })
    giveBackLate()
    expect(left(NOON + HOUR_MS).left).toBe(950n)
  })

  it('counts nothing for a key without limits, and for none', () => {
    const { id } = keys.create(TILL, NOON)
    for (const one of [id, '0000000000']) {
      expect(refusal(() => keys.count(one, { amount: 10n ** 15n, timeMs: NOON }))).toBeUndefined()
    }
  })

  it('remembers across a clean stop all that was spent', () => {
    const id = limited({ perDay: 1_000n })
    keys.count(id, { amount: 400n, timeMs: NOON })
    keys.count(id, { amount: 300n, timeMs: NOON })
    restart('stop')
    expect(refusal(() => keys.count(id, { amount: 301n, timeMs: NOON }))).toMatchObject({
      left: 300n,
    })
    expect(keys.list()).toMatchObject([{ limits: { perDay: 1_000n } }])
  })

  it('forgets in a crash at most what was spent within one second of the last writing', () => {
    const id = limited({ perDay: 1_000n })
    keys.count(id, { amount: 400n, timeMs: NOON + 1_000 })
    keys.count(id, { amount: 300n, timeMs: NOON + 1_999 })
    restart('crash')
    expect(refusal(() => keys.count(id, { amount: 601n, timeMs: NOON + 2_000 }))).toMatchObject({
      left: 600n,
    })
  })
})
