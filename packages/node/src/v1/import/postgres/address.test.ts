import { describe, expect, it } from 'vitest'
import { demandAddress, isPostgresAddress, toShown } from './address.ts'
import { V1ServerError } from './server-fault.ts'

describe('the address of a server', () => {
  it.each([
    ['postgres://fedow@db.example/fedow', true],
    ['postgresql:///fedow', true],
    ['POSTGRESQL://a:b@c:5432/d?sslmode=verify-full', true],
    ['db.sqlite3', false],
    ['/srv/postgresql/db.sqlite3', false],
    ['sqlite://db.sqlite3', false],
  ])('is told from a file: %s, %s', (text, isAddress) => {
    expect(isPostgresAddress(text)).toBe(isAddress)
  })

  it.each([
    'postgresql://fedow:s%40cret%2F@db.example:5432/fedow',
    'postgresql://fedow@/fedow?host=/run/postgresql',
    'postgresql:///fedow?host=/run/postgresql',
    'postgres://[::1]:5433/fedow',
    'postgres://db.example',
  ])('is taken: %s', (text) => {
    expect(() => demandAddress(text)).not.toThrow()
  })

  it.each([
    'postgresql://fedow:secret#1@db.example/fedow',
    'postgresql://fedow:12#secret@db.example/fedow',
    'postgresql://fedow:12/secret@db.example/fedow',
    'postgresql://fedow:12?secret@db.example/fedow',
    'postgresql://fedow:secret@1@db.example:port/fedow',
    'postgresql://fedow:secret@db.example:99999/fedow',
    'postgresql://db.example/fedow/secret',
  ])('is refused, and never shown, when its password may be read as something else: %s', (text) => {
    const refused = expect(() => demandAddress(text))
    refused.toThrow(V1ServerError)
    refused.not.toThrow('secret')
  })

  it('is shown without its password', () => {
    const place = { user: 'fedow', password: 'secret', port: 5432, database: 'v1' }
    expect(toShown({ ...place, host: 'db.example' })).toBe('postgresql://fedow@db.example:5432/v1')
    expect(toShown({ ...place, host: '::1' })).toBe('postgresql://fedow@[::1]:5432/v1')
    expect(toShown({ ...place, host: '/run/pg' })).toBe('postgresql://fedow@/v1?host=/run/pg')
  })
})
