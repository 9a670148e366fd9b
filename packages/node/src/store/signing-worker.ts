/** Signs on a thread of its own, with the key that the thread was begun with. */
import { type KeyObject, sign } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { answerBatches } from './batch-worker.ts'
import { giveWay } from './thread-priority.ts'

/** ASCII text; the answer is its signature, as base64url. */
export type SigningRequest = string

const key = workerData as KeyObject
giveWay()
answerBatches({
  answer: (texts: readonly SigningRequest[]) =>
    texts.map((text) => sign(null, Buffer.from(text, 'ascii'), key).toString('base64url')),
})
