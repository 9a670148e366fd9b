/** Checks signatures on a thread of its own. */
import { answerBatches } from './batch-worker.ts'
import { SignatureCheck } from './signature-check.ts'

/** Public key (`x` of a JWK) and compact JWS; the answer is whether it is valid. */
export type SignatureRequest = readonly [x: string, jws: string]

const signatures = new SignatureCheck()
answerBatches(([x, jws]: SignatureRequest) => signatures.isSignedJws(x, jws))
