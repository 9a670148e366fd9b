/** Checks signatures of v1's clients on a thread of its own. */
import { answerBatches } from '../../store/batch-worker.ts'
import { isSignedBy } from '../codec/signature.ts'

/** Public key as PEM, what it should have signed, and the signature; the answer is whether it did. */
export type V1SignatureRequest = readonly [pem: string, text: string, signature: string]

answerBatches(([pem, text, signature]: V1SignatureRequest) => isSignedBy(pem, text, signature))
