/** The other side of BatchThreads. */
import { parentPort } from 'node:worker_threads'

/** Told last: `ended` is set to 1 when the thread has let go of its files. */
export interface BatchEnd {
  readonly ended: Int32Array
}

/** What is done on a thread. */
export interface BatchWork<Request, Answer> {
  /** Answers the requests of one message, in their order. */
  readonly answer: (requests: readonly Request[]) => readonly Answer[]
  /** Lets go of the files that the thread holds. */
  readonly end?: () => void
}

/** Answers the requests of each message on the thread that this runs on. */
export function answerBatches<Request, Answer>({ answer, end }: BatchWork<Request, Answer>): void {
  if (parentPort === null) throw new Error('This is done on threads of their own.')
  const port = parentPort
  const tell = (answers: readonly Answer[]) => port.postMessage(answers)
  port.on('message', (message: readonly Request[] | BatchEnd) => {
    if (!('ended' in message)) return tell(answer(message))
    end?.()
    Atomics.store(message.ended, 0, 1)
    Atomics.notify(message.ended, 0)
    port.close()
  })
  // The first message, empty, says that the thread is there.
  tell([])
}
