/** The load generator: keep-alive connections that each send the next request when the last was answered. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type HttpResponse, ResponseReader } from './http-response.ts'
import { quantile } from './statistics.ts'

export interface LoadOptions {
  readonly port: number
  /** Connections at a time. */
  readonly clients: number
  /** No request is sent after so long. */
  readonly seconds: number
  /** The next request, or `undefined` to stop earlier. */
  readonly next: () => Buffer | undefined
}

/** What one window of load gave. */
export interface LoadWindow {
  readonly answers: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export class Connection implements Disposable {
  readonly #socket: Socket
  readonly #reader = new ResponseReader()
  #answer: ((response: HttpResponse) => void) | undefined
  #fail: ((cause: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (cause) => this.#fail?.(cause))
    socket.on('close', () => this.#fail?.(new Error('the server closed the connection')))
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket)
  }

  #receive(chunk: Buffer): void {
    try {
      const response = this.#reader.read(chunk)
      if (response !== undefined) this.#answer?.(response)
    } catch (cause) {
      this.#fail?.(cause as Error)
    }
  }

  /** Sends one request and waits for its answer. */
  ask(request: Buffer): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#answer = resolve
      this.#fail = reject
      this.#socket.write(request)
    })
  }

  [Symbol.dispose](): void {
    this.#fail = undefined
    this.#socket.destroy()
  }
}

/** Loads a server for a while. Any answer but 200 and 201 ends the benchmark: a refused payment is no payment. */
export async function load({ port, clients, seconds, next }: LoadOptions): Promise<LoadWindow> {
  using open = new DisposableStack()
  const connections = await Promise.all(
    Array.from({ length: clients }, () => Connection.open(port)),
  )
  for (const connection of connections) open.use(connection)
  const latencies: number[] = []
  const start = performance.now()
  const end = start + seconds * 1_000
  const lane = async (connection: Connection) => {
    for (;;) {
      const sentMs = performance.now()
      const request = sentMs < end ? next() : undefined
      if (request === undefined) return
      demandPaid(await connection.ask(request))
      latencies.push(performance.now() - sentMs)
    }
  }
  await Promise.all(connections.map(lane))
  const elapsed = (performance.now() - start) / 1_000
  return toWindow(Float64Array.from(latencies), elapsed)
}

/** Sends one request over a connection of its own. */
export async function askOnce(port: number, request: Buffer): Promise<void> {
  using connection = await Connection.open(port)
  demandPaid(await connection.ask(request))
}

/** Throws for any answer but that of a payment. */
export function demandPaid({ status, body }: HttpResponse): void {
  if (status === 200 || status === 201) return
  throw new Error(`a payment was answered ${status}: ${body.toString().slice(0, 500)}`)
}

function toWindow(latenciesMs: Float64Array, seconds: number): LoadWindow {
  latenciesMs.sort()
  return {
    answers: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  }
}
