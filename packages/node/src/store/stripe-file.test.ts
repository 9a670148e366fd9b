import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stripeConfigOf } from './stripe-file.ts'

let folder: string
const nothing = { key: undefined, webhookSecret: undefined, api: undefined }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-stripe-'))
  mkdirSync(join(folder, 'keys'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(text: string): void {
  writeFileSync(join(folder, 'keys', 'stripe.json'), text)
}

it('has nothing without settings and without the file', () => {
  expect(stripeConfigOf(folder, nothing)).toEqual(nothing)
})

it('reads the file of an import, and lets settings stand before it', () => {
  write('{"key":"sk_test_file","webhookSecret":"whsec_file"}\n')
  const read = { key: 'sk_test_file', webhookSecret: 'whsec_file', api: undefined }
  expect(stripeConfigOf(folder, nothing)).toEqual(read)
  const secret = { ...nothing, webhookSecret: 'whsec_set' }
  expect(stripeConfigOf(folder, secret)).toEqual({ ...read, webhookSecret: 'whsec_set' })
})

it('does not believe the secret of the file for the key of a setting', () => {
  write('{"key":"sk_test_file","webhookSecret":"whsec_file"}\n')
  const key = { ...nothing, key: 'sk_test_set' }
  expect(stripeConfigOf(folder, key)).toEqual(key)
})

it('takes what an import could not open as absent', () => {
  write('{"key":null,"webhookSecret":"whsec_file"}\n')
  expect(stripeConfigOf(folder, nothing).key).toBeUndefined()
})

it.each(['', '{', '[]', '{"key":1,"webhookSecret":null}'])('refuses "%s"', (text) => {
  write(text)
  expect(() => stripeConfigOf(folder, nothing)).toThrow('stripe.json is damaged')
})
