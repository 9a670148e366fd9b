import { Agent, request as httpRequest } from 'node:http'
import type { ApiRequest, ApiResponse, Transport } from '@fedow/api'

/** Requests at a time; more wait for a free connection. */
const CONNECTIONS_MAX = 32

/** Carries requests through the unix socket of a data folder, where the caller is the operator. */
export class SocketTransport implements Disposable {
  readonly #path: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX })

  constructor(path: string) {
    this.#path = path
  }

  /** Ends the connections, and with them the requests that still wait for an answer. */
  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  readonly send: Transport = (request) =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          socketPath: this.#path,
          agent: this.#agent,
          method: request.method,
          path: request.path,
          headers: toHeaders(request),
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const body = Buffer.concat(chunks).toString('utf8')
            resolve({ status: incoming.statusCode ?? 0, body } satisfies ApiResponse)
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(request.body)
    })
}

function toHeaders({ headers, body }: ApiRequest): Record<string, string> {
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
  return { host: 'localhost', ...headers, ...length }
}
