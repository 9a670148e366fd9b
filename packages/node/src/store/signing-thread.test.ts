import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { SigningKey } from './key-file.ts'
import { SignatureThreadError } from './signature-threads.ts'
import type { SigningThread } from './signing-thread.ts'

function failing(cause: unknown): never {
  throw cause
}

const TEXTS = Array.from({ length: 50 }, (_, number) => `eyJhbGciOiJFZDI1NTE5In0.${number}`)

/** A thread that is there: its first signature is made on the caller's. */
async function begun(thread: SigningThread): Promise<Worker> {
  const started = once(process, 'worker') as Promise<[Worker]>
  await thread.signSoon('first')
  const [worker] = await started
  await once(worker, 'message')
  return worker
}

it('signs on its thread as on that of its caller, also when it is gone', async () => {
  const key = SigningKey.generate()
  const expected = TEXTS.map((text) => key.sign(text))
  const thread = key.onThread(failing)
  const sign = () => Promise.all(TEXTS.map((text) => thread.signSoon(text)))
  expect(thread.kid).toBe(key.kid)
  const worker = await begun(thread)
  const answered = once(worker, 'message')
  expect(await sign()).toEqual(expected)
  await answered
  const last = sign()
  thread[Symbol.dispose]()
  expect(await last).toEqual(expected)
  expect(await sign()).toEqual(expected)
})

it('says so when its thread ends, and signs what it was asked', async () => {
  const failures: unknown[] = []
  const key = SigningKey.generate()
  using thread = key.onThread((cause) => failures.push(cause))
  const worker = await begun(thread)
  const asked = TEXTS.map((text) => thread.signSoon(text))
  const ended = once(worker, 'exit')
  void worker.terminate()
  expect(await Promise.all(asked)).toEqual(TEXTS.map((text) => key.sign(text)))
  await ended
  expect(failures).toEqual([expect.any(SignatureThreadError)])
})
