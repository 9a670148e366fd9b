/** Checks signatures of v1's clients on a thread of its own, and notes there what they were for. */
import { workerData } from 'node:worker_threads'
import { answerBatches } from '../../store/batch-worker.ts'
import { giveWay } from '../../store/thread-priority.ts'
import { connectQuick, type V1Noted, V1Notes } from './notes.ts'
import type { V1KeptAnswer } from './requests.ts'
import { isSigned, type V1Signed } from './signed.ts'

/** A signature; or how a request was answered, to be kept. */
export type IntakeRequest = V1Signed | V1KeptAnswer

/** `unsigned`: the signature does not hold. `unwritten`: the file refused; what asked has the other words. */
export type IntakeAnswer = V1Noted | 'unsigned' | 'unwritten'

const db = connectQuick(workerData as string)
const notes = new V1Notes(db)

giveWay()
answerBatches({
  answer: (requests: readonly IntakeRequest[]): readonly IntakeAnswer[] => {
    const isToWrite = (request: IntakeRequest) => !('pem' in request) || isSigned(request)
    const writing = requests.map(isToWrite)
    const written = write(requests.filter((_, index) => writing[index]))
    let next = 0
    return writing.map((is) => (is ? (written?.[next++] ?? 'unwritten') : 'unsigned'))
  },
  end: () => db.close(),
})

/** Undefined when the file cannot be written now. */
function write(requests: readonly IntakeRequest[]): readonly V1Noted[] | undefined {
  try {
    return notes.write(requests.map((one) => ('pem' in one ? one.note : one)))
  } catch {
    return undefined
  }
}
