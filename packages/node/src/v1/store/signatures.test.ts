import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { SignatureThreadError } from '../../store/signature-threads.ts'
import { V1Signatures } from './signatures.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const PEM = String(publicKey.export({ type: 'spki', format: 'pem' }))
const TEXTS = Array.from({ length: 30 }, (_, number) => `sale ${number}`)
const SIGNATURES = TEXTS.map((text) => {
  const { RSA_PKCS1_PSS_PADDING: padding } = constants
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, padding })
  return signature.toBase64({ alphabet: 'base64url' })
})

/** Asks about all texts at once; every third comes with the signature of another one. */
function askAll(signatures: V1Signatures): Promise<readonly boolean[]> {
  const asked = TEXTS.map((text, number) => {
    const signature = SIGNATURES[number % 3 === 0 ? number + 1 : number] ?? ''
    return signatures.during(() => signatures.isSignedBy(PEM, text, signature))
  })
  return Promise.all(asked)
}

const EXPECTED = TEXTS.map((_, number) => number % 3 !== 0)

it('tells the right signatures from the others, on its thread and on that of its caller', async () => {
  const failures: unknown[] = []
  using signatures = new V1Signatures((cause) => failures.push(cause))
  const started = once(process, 'worker') as Promise<[Worker]>
  expect(await askAll(signatures)).toEqual(EXPECTED)
  const [worker] = await started
  await once(worker, 'message')
  const answered = once(worker, 'message')
  expect(await askAll(signatures)).toEqual(EXPECTED)
  await answered
  const asked = askAll(signatures)
  const ended = once(worker, 'exit')
  void worker.terminate()
  expect(await asked).toEqual(EXPECTED)
  await ended
  expect(await askAll(signatures)).toEqual(EXPECTED)
  expect(failures).toEqual([expect.any(SignatureThreadError)])
})

it('refuses what is no key and no signature, without its thread', async () => {
  using signatures = new V1Signatures((cause) => {
    throw cause
  })
  expect(await signatures.isSignedBy('no key', 'sale', SIGNATURES[0] ?? '')).toBe(false)
  expect(await signatures.isSignedBy(PEM, 'sale 0', '')).toBe(false)
  expect(await signatures.isSignedBy(PEM, 'sale 0', SIGNATURES[0] ?? '')).toBe(true)
})
