import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { SignatureThreadError } from '../../src/store/signature-threads.ts'
import { barTxs, newBar, TestNetwork } from '../test-network.ts'
import { openBook } from './verify.ts'

it('fails the engine once when a thread that checks signatures ends, and loses nothing', async () => {
  using network = new TestNetwork()
  const book = openBook(network.folder)
  const failures: unknown[] = []
  const onFatal = (cause: unknown) => failures.push(cause)
  const tree = once(process, 'worker')
  const engine = new SoloEngine({ book, checkpointKey: network.keys.checkpoint, onFatal })
  await tree
  const started = once(process, 'worker') as Promise<[Worker]>
  const [first, ...others] = barTxs(network, newBar(1))
  if (first === undefined) throw new Error('a bar begins with a tx')
  const answers = await Promise.all([first, ...others].map((tx) => engine.submit(tx)))
  expect(answers.every(({ status }) => status === 'decided')).toBe(true)
  const [worker] = await started
  const ended = once(worker, 'exit')
  await worker.terminate()
  await ended
  expect(failures).toEqual([expect.any(SignatureThreadError)])
  expect(await engine.submit(first)).toMatchObject({ status: 'refused', code: 'stopping' })
  await engine.close()
  expect(await auditFolder(network.folder)).toMatchObject({ ok: true })
})
