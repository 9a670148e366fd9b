import { createHash, pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssetId, PlaceId, TxId, WalletId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectQuick, V1Notes } from './notes.ts'
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

const random = (count: number) => randomBytes(count)
const NOW = 1_790_000_000_000

describe('the file', () => {
  it('is its owner’s alone', () => {
    expect(statSync(join(folder, 'v1.db')).mode & 0o777).toBe(0o600)
  })
})

describe('keys', () => {
  const place = newId<PlaceId>()
  const of = { kind: 'organisation', name: 'Bar:ada@example.org', place, person: null } as const

  it('are found by their text, also after a restart', () => {
    const text = store.keys.issue({ ...of, nowMs: NOW }, random)
    expect(text).toMatch(/^[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}$/)
    for (let start = 0; start < 2; start += 1) {
      const found = store.keys.find(text, NOW)
      const hash = `sha512$$${createHash('sha512').update(text).digest('hex')}`
      expect(found).toMatchObject({ ...of, hash, createdMs: NOW, revokedMs: null, expiresMs: null })
      expect(store.keys.find(`${text.slice(0, -1)}_`, NOW)).toBeUndefined()
      const other = text.slice(0, -1) + (text.endsWith('a') ? 'b' : 'a')
      expect(store.keys.find(other, NOW)).toBeUndefined()
      reopen()
    }
  })

  it('end when they expire or are revoked, checked before or not', () => {
    const text = store.keys.issue({ ...of, nowMs: NOW, expiresMs: NOW + 10 }, random)
    expect(store.keys.find(text, NOW + 9)).toBeDefined()
    expect(store.keys.find(text, NOW + 10)).toBeUndefined()
    const other = store.keys.issue({ ...of, nowMs: NOW }, random)
    expect(store.keys.find(other, NOW)).toBeDefined()
    store.keys.revoke(other.slice(0, 8), NOW)
    expect(store.keys.find(other, NOW)).toBeUndefined()
    reopen()
    expect(store.keys.find(other, NOW)).toBeUndefined()
    expect(store.keys.find(text, NOW + 10)).toBeUndefined()
  })

  it('of a handshake are revoked together, and no others', () => {
    const handshake = { ...of, kind: 'handshake', nowMs: NOW } as const
    const texts = [1, 2].map(() => store.keys.issue(handshake, random))
    const foreign = store.keys.issue({ ...handshake, place: newId<PlaceId>() }, random)
    const own = store.keys.issue({ ...of, nowMs: NOW }, random)
    store.keys.revokeHandshake(place, NOW)
    for (const text of texts) expect(store.keys.find(text, NOW)).toBeUndefined()
    for (const text of [foreign, own]) expect(store.keys.find(text, NOW)).toBeDefined()
  })

  it('know whether they were used', () => {
    const prefix = store.keys.issue({ ...of, nowMs: NOW }, random).slice(0, 8)
    expect(store.keys.isUnused(prefix)).toBe(true)
    store.keys.markUsed(prefix, NOW)
    reopen()
    expect(store.keys.isUnused(prefix)).toBe(false)
  })

  it('of v1’s first years get the present hash at their first use', () => {
    const text = `abcdefgh.${'s'.repeat(32)}`
    const digest = pbkdf2Sync(text, 'salt', 1_000, 32, 'sha256').toString('base64')
    const hash = `pbkdf2_sha256$1000$salt$${digest}`
    const times = { createdMs: NOW, expiresMs: null, revokedMs: null }
    store.keys.keep({ ...of, ...times, prefix: 'abcdefgh', hash })
    expect(store.keys.find(`abcdefgh.${'t'.repeat(32)}`, NOW)).toBeUndefined()
    expect(store.keys.find(text, NOW)?.hash).toMatch(/^sha512\$\$/)
    reopen()
    expect(store.keys.find(text, NOW)?.hash).toMatch(/^sha512\$\$/)
  })

  it('with such a hash are not guessed at without end', () => {
    const text = `abcdefgh.${'s'.repeat(32)}`
    const digest = pbkdf2Sync(text, 'salt', 1_000, 32, 'sha256').toString('base64')
    const hash = `pbkdf2_sha256$1000$salt$${digest}`
    const times = { createdMs: NOW, expiresMs: null, revokedMs: null }
    store.keys.keep({ ...of, ...times, prefix: 'abcdefgh', hash })
    for (let guess = 0; guess < 10; guess += 1) {
      expect(store.keys.find(`abcdefgh.${String(guess).repeat(32)}`, NOW)).toBeUndefined()
    }
    expect(store.keys.find(text, NOW)).toBeUndefined()
    expect(store.keys.find(text, NOW + 60_000)).toBeDefined()
  })
})

describe('places and people', () => {
  it('keep what is not changed', () => {
    const place = newId<PlaceId>()
    const [ada, bea] = [newId<WalletId>(), newId<WalletId>()]
    expect(store.places.get(place)).toMatchObject({ lespassDomain: null, admins: [] })
    store.places.put(place, { lespassDomain: 'a.example.org' })
    store.places.put(place, { laboutikPem: 'PEM' })
    for (const wallet of [ada, bea, ada]) store.places.addAdmin(place, wallet)
    for (let start = 0; start < 2; start += 1) {
      const { admins, ...facts } = store.places.get(place)
      expect(facts).toMatchObject({ lespassDomain: 'a.example.org', laboutikPem: 'PEM' })
      expect(new Set(admins)).toEqual(new Set([ada, bea]))
      expect(admins).toHaveLength(2)
      reopen()
    }
  })

  it('are found by e-mail in any case, and by wallet', () => {
    const wallet = newId<WalletId>()
    store.people.add({ wallet, email: 'Ada@Example.org', pem: null })
    expect(store.people.byEmail('ADA@example.ORG')).toMatchObject({ wallet, pem: null })
    expect(store.people.byWallet(wallet)?.pem).toBeNull()
    store.people.setPem(wallet, 'PEM')
    expect(store.people.byWallet(wallet)).toEqual({ wallet, email: 'ada@example.org', pem: 'PEM' })
    const twin = { wallet: newId<WalletId>(), email: 'ada@example.org', pem: null }
    expect(() => store.people.add(twin)).toThrow()
  })

  it('keep the first name that an account was given', () => {
    const [wallet, asset] = [newId<WalletId>(), newId<AssetId>()]
    const id = newId()
    expect(store.tokens.idOf(wallet, asset)).toBeUndefined()
    store.tokens.give(wallet, asset, id)
    store.tokens.give(wallet, asset, newId())
    store.tokens.give(newId<WalletId>(), asset, id)
    reopen()
    expect(store.tokens.idOf(wallet, asset)).toBe(id)
  })
})

describe('requests', () => {
  const row = (id = newId<TxId>()) => ({
    ...{ id, route: 'POST /transaction/ x', body: '{"a": "é"}', timeMs: NOW },
    ...{ status: null, text: null },
  })

  it('are written at once', () => {
    const rows = Array.from({ length: 50 }, () => row())
    for (const one of rows) expect(store.requests.add(one)).toBeUndefined()
    using other = openV1Store(join(folder, 'v1.db'))
    for (const one of rows) expect(other.requests.find(one.id)).toEqual(one)
  })

  it('keep their answer, and the first row of an id', () => {
    const one = row()
    store.requests.add(one)
    store.requests.answer({ id: one.id, status: 409, text: '"no"' })
    const kept = { ...one, status: 409, text: '"no"' }
    expect(store.requests.add({ ...one, body: 'other' })).toEqual(kept)
    expect(store.requests.find(one.id)).toEqual(kept)
  })

  it('are at hand as they were read until they are answered', () => {
    const one = { ...row(), read: 'read' }
    store.requests.add(one)
    {
      using _ = store.requests.hold(one)
      expect(store.requests.isHeld(one.id)).toBe(true)
      expect(store.requests.find(one.id)).toEqual(one)
    }
    expect(store.requests.isHeld(one.id)).toBe(false)
    expect(store.requests.find(one.id)).not.toHaveProperty('read')
  })
})

describe('seen signatures', () => {
  const DAY = 86_400_000

  it('are bound to a route for 27 hours at least, and forgotten after 54', () => {
    const id = newId<TxId>()
    const read = (route: string, timeMs: number) => {
      return store.note({ id, route, body: '', timeMs, isRead: true, hasEffect: false })
    }
    expect(read('GET /a/', NOW)).toBe('new')
    expect(read('GET /a/', NOW)).toBe('new')
    expect(read('GET /b/', NOW)).toBe('elsewhere')
    reopen()
    expect(read('GET /b/', NOW + 27 * 3_600_000)).toBe('elsewhere')
    expect(read('GET /a/', NOW + 27 * 3_600_000)).toBe('new')
    expect(read('GET /b/', NOW + 3 * DAY)).toBe('new')
  })

  it('leave the file when they are forgotten', () => {
    const path = join(folder, 'v1.db')
    const read = (number: number, timeMs: number) => {
      const route = `GET /${number}/`
      return { id: newId<TxId>(), route, body: '', timeMs, isRead: true, hasEffect: false }
    }
    const db = connectQuick(path)
    const notes = new V1Notes(db)
    notes.write(Array.from({ length: 700 }, (_, number) => read(number, NOW)))
    const rows = () => db.prepare('SELECT count(*) AS rows FROM seen').get()?.['rows']
    expect(rows()).toBe(700)
    for (const left of [201, 2, 3]) {
      notes.write([read(0, NOW + 3 * DAY)])
      expect(rows()).toBe(left)
    }
    db.close()
  })
})
