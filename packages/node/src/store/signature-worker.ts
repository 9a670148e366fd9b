/** Checks signatures on a thread of its own. */
import { answerBatches } from './batch-worker.ts'
import { SignatureCheck } from './signature-check.ts'

/** Public key (`x` of a JWK) and compact JWS; the answer is whether it is valid. */
export type SignatureRequest = readonly [x: string, jws: string]

const signatures = new SignatureCheck()
answerBatches({
  answer: (requests: readonly SignatureRequest[]) =>
    requests.map(([x, jws]) => signatures.isSignedJws(x, jws)),
})
