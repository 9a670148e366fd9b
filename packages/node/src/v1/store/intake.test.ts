import { constants, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import type { TxId } from '@fedow/ledger'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SignatureThreadError } from '../../store/signature-threads.ts'
import { signedTextOfBytes } from '../codec/signature.ts'
import { V1Intake } from './intake.ts'
import type { V1Note } from './notes.ts'
import type { V1Signed } from './signed.ts'
import { openV1Store, type V1Store } from './v1-store.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const PEM = String(publicKey.export({ type: 'spki', format: 'pem' }))

let folder = ''
let store: V1Store
let failures: unknown[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fedow-intake-'))
  store = openV1Store(join(folder, 'v1.db'))
  failures = []
})
afterEach(() => {
  store[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

function newIntake(): V1Intake {
  return new V1Intake(store, (cause) => failures.push(cause))
}

function signatureOf(text: string): string {
  const { RSA_PKCS1_PSS_PADDING: padding } = constants
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, padding })
  return signature.toBase64({ alphabet: 'base64url' })
}

/** A request that pays, signed as it came. */
function payment(number: number, body = `{"sale": ${number}}`): V1Signed {
  const id = randomUUID() as string as TxId
  const route = 'POST /transaction/ bar'
  const note: V1Note = { id, route, body, timeMs: 1_000, isRead: false, hasEffect: true }
  const signature = signatureOf(signedTextOfBytes(Buffer.from(body)))
  return { pem: PEM, signature, text: undefined, note }
}

const PAYMENTS = Array.from({ length: 30 }, (_, number) => payment(number))

/** Hands all requests over at once. */
function takeAll(intake: V1Intake, requests: readonly V1Signed[]) {
  return Promise.all(requests.map((one) => intake.during(() => intake.take(one))))
}

/** Begins the thread of an intake, and waits until it is there: it is the one that says so. */
async function begun(intake: V1Intake): Promise<Worker> {
  const { promise, resolve } = Promise.withResolvers<Worker>()
  const look = (worker: Worker) => worker.once('message', () => resolve(worker))
  process.on('worker', look)
  const reads = PAYMENTS.slice(0, 2).map((one) => {
    return { ...one, note: { ...one.note, hasEffect: false } }
  })
  await takeAll(intake, reads)
  const worker = await promise
  process.off('worker', look)
  return worker
}

it('notes what is rightly signed and nothing else, on its thread and on that of its caller', async () => {
  using intake = newIntake()
  const worker = await begun(intake)
  const forged = (one: V1Signed, number: number) => {
    return number % 3 === 0 ? { ...one, signature: PAYMENTS.at(number + 1)?.signature ?? '' } : one
  }
  const asked = PAYMENTS.map(forged)
  const answered = once(worker, 'message')
  const taken = await takeAll(intake, asked)
  await answered
  expect(taken).toEqual(PAYMENTS.map((_, number) => (number % 3 === 0 ? 'unsigned' : 'new')))
  for (const [number, { note }] of PAYMENTS.entries()) {
    const { id, route, body, timeMs } = note
    const row = { id, route, body, timeMs, status: null, text: null }
    expect(store.requests.find(note.id)).toEqual(number % 3 === 0 ? undefined : row)
  }
  const lone = payment(30)
  expect(await intake.take({ ...lone, signature: '' })).toBe('unsigned')
  expect(await intake.take(lone)).toBe('new')
  expect(await intake.take(lone)).toMatchObject({ id: lone.note.id, status: null })
  expect(failures).toEqual([])
})

it('answers with the request that was there before, and with how it was answered', async () => {
  using intake = newIntake()
  await begun(intake)
  const [one = payment(0), other = payment(1)] = PAYMENTS
  const twice = await takeAll(intake, [one, one, other])
  expect(twice).toEqual(['new', expect.objectContaining({ body: one.note.body }), 'new'])
  const answers = [one, other].map(({ note: { id } }) => ({ id, status: 400, text: id }))
  await Promise.all(answers.map((answer) => intake.during(() => intake.keep(answer))))
  const known = [one, other].map(({ note: { id } }) =>
    expect.objectContaining({ status: 400, text: id }),
  )
  expect(await takeAll(intake, [one, other])).toEqual(known)
})

it('binds a signature that reads to its path', async () => {
  using intake = newIntake()
  await begun(intake)
  const text = 'key'
  const signature = signatureOf(text)
  const [{ note } = payment(0)] = PAYMENTS
  const read = (route: string): V1Signed => {
    return { pem: PEM, signature, text, note: { ...note, route, isRead: true, hasEffect: false } }
  }
  const asked = ['GET /a/', 'GET /a/', 'GET /b/'].map(read)
  expect(await takeAll(intake, asked)).toEqual(['new', 'new', 'elsewhere'])
  expect(await intake.take(read('GET /b/'))).toBe('elsewhere')
})

it('goes on by itself when its thread ends, and says so once', async () => {
  using intake = newIntake()
  const worker = await begun(intake)
  const taking = takeAll(intake, PAYMENTS)
  const ended = once(worker, 'exit')
  void worker.terminate()
  const taken = await taking
  await ended
  // What the thread had written when it ended is there already.
  for (const one of taken) expect(one === 'unsigned' || one === 'elsewhere').toBe(false)
  for (const { note } of PAYMENTS) expect(store.requests.find(note.id)?.body).toBe(note.body)
  expect(await takeAll(intake, [payment(1), payment(2)])).toEqual(['new', 'new'])
  expect(failures).toEqual([expect.any(SignatureThreadError)])
})

it('leaves it to the caller to say why nothing can be written', async () => {
  using intake = newIntake()
  await begun(intake)
  const db = new DatabaseSync(join(folder, 'v1.db'))
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON request BEGIN SELECT RAISE(ABORT, 'full'); END`)
  const [one = payment(0), other = payment(1)] = PAYMENTS
  const failed = await Promise.allSettled(
    [one, other].map((each) => intake.during(() => intake.take(each))),
  )
  for (const { status } of failed) expect(status).toBe('rejected')
  db.close()
  expect(failures).toEqual([])
})

it('holds no file any more when it has ended, even at work', async () => {
  const intake = newIntake()
  await begun(intake)
  const taking = takeAll(intake, PAYMENTS)
  intake[Symbol.dispose]()
  store[Symbol.dispose]()
  expect(readdirSync(folder)).toEqual(['v1.db'])
  // A server answers everything before it ends its store.
  await expect(taking).rejects.toThrow('database is not open')
  store = openV1Store(join(folder, 'v1.db'))
})
