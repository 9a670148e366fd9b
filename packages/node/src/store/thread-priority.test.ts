import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

const SCRIPT = `
  const { getPriority } = require('node:os')
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData).then(({ giveWay }) => {
    giveWay()
    parentPort.postMessage(getPriority())
  })
`

it('lowers its own thread, where threads have priorities, and never the others', async () => {
  const ours = getPriority()
  const module = new URL('./thread-priority.ts', import.meta.url).href
  const worker = new Worker(SCRIPT, { eval: true, workerData: module })
  const [theirs] = await once(worker, 'message')
  await worker.terminate()
  expect(theirs).toBe(process.platform === 'linux' ? Math.min(ours + 4, 19) : ours)
  expect(getPriority()).toBe(ours)
})
