/** Checks signatures on a thread of its own, in the order in which they were handed over. */
import { parentPort } from 'node:worker_threads'
import { SignatureCheck } from './signature-check.ts'

/** Public key, then compact JWS, of each signature to check. */
export type SignatureRequest = readonly string[]

/** For each, in the same order, whether it is valid. The first one, empty, says that the thread is there. */
export type SignatureAnswer = readonly boolean[]

if (parentPort === null) throw new Error('Signatures are checked on threads of their own.')
const port = parentPort
const signatures = new SignatureCheck()

port.on('message', (request: SignatureRequest) => {
  const answer: boolean[] = []
  for (let at = 0; at < request.length; at += 2) {
    answer.push(signatures.isSignedJws(request[at] ?? '', request[at + 1] ?? ''))
  }
  tell(answer)
})
tell([])

function tell(answer: SignatureAnswer): void {
  port.postMessage(answer)
}
