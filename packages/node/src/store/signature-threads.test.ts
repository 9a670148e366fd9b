import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { SignatureThreadError, SignatureThreads } from './signature-threads.ts'

interface Signed {
  readonly x: string
  readonly jws: string
}

function newKey(): { readonly x: string; readonly key: KeyObject } {
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  return { x: String(publicKey.export({ format: 'jwk' }).x), key }
}

const KEYS = [newKey(), newKey(), newKey()]

/** A text signed by one of the keys. */
function signed(number: number): Signed {
  const { x, key } = KEYS[number % KEYS.length] as ReturnType<typeof newKey>
  const text = Buffer.from(`${'.'.repeat(number % 3)}tx ${number}`).toString('base64url')
  const input = `eyJhbGciOiJFZDI1NTE5In0.${text}`
  return { x, jws: `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}` }
}

function failing(cause: unknown): never {
  throw cause
}

it('tells of each of many signatures whether it is valid, also before its threads are there', async () => {
  using threads = new SignatureThreads({ spare: 0 }, failing)
  const [first, other] = [signed(0), signed(1)]
  expect(threads.isSigned(first.x, first.jws)).toBe(true)
  expect(threads.isSigned(first.x, other.jws)).toBe(false)
  await threads.begin()
  const asked = Array.from({ length: 100 }, (_, number) => {
    const { x, jws } = signed(number)
    // Every seventh is the signature of another text, every fifth of another key.
    if (number % 7 === 0)
      return { x, jws: jws.replace(/[^.]+$/, signed(number + 3).jws.split('.')[2] ?? '') }
    return { x: number % 5 === 0 ? signed(number + 1).x : x, jws }
  })
  const answers = await Promise.all(asked.map(({ x, jws }) => threads.isSigned(x, jws)))
  expect(answers).toEqual(asked.map((_, number) => number % 7 > 0 && number % 5 > 0))
})

it('answers what is asked while all its threads are at work', async () => {
  using threads = new SignatureThreads({ spare: 1_000 }, failing)
  await threads.begin()
  const answers: unknown[] = []
  for (let turn = 0; turn < 20; turn += 1) {
    const { x, jws } = signed(turn)
    answers.push(threads.isSigned(x, jws))
    await setImmediate()
  }
  expect(await Promise.all(answers)).toEqual(answers.map(() => true))
})

it('says so when a thread ends, and leaves nobody waiting', async () => {
  const failures: unknown[] = []
  using threads = new SignatureThreads({ spare: 1_000 }, (cause) => failures.push(cause))
  const started = once(process, 'worker') as Promise<[Worker]>
  await threads.begin()
  const [worker] = await started
  const asked = Array.from({ length: 20 }, (_, number) =>
    threads.isSigned(signed(number).x, signed(number).jws),
  )
  void worker.terminate()
  for (const answer of await Promise.all(asked)) expect([true, undefined]).toContain(answer)
  expect(failures).toEqual([expect.any(SignatureThreadError)])
})

it('answers that it is not known when it is stopped', async () => {
  const threads = new SignatureThreads({ spare: 0 }, failing)
  await threads.begin()
  const { x, jws } = signed(1)
  const answer = threads.isSigned(x, jws)
  threads[Symbol.dispose]()
  expect(await answer).toBeUndefined()
})
