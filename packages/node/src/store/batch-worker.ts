/** The other side of BatchThreads. */
import { parentPort } from 'node:worker_threads'

/** Answers the requests of each message in their order, on the thread that this runs on. */
export function answerBatches<Request, Answer>(answerTo: (request: Request) => Answer): void {
  if (parentPort === null) throw new Error('This is done on threads of their own.')
  const port = parentPort
  const tell = (answers: readonly Answer[]) => port.postMessage(answers)
  port.on('message', (requests: readonly Request[]) => {
    tell(requests.map((request) => answerTo(request)))
  })
  // The first message, empty, says that the thread is there.
  tell([])
}
