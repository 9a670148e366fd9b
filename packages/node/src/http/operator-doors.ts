/**
 * How the operator comes in: through a socket in the data folder, which only the owner of the folder can open.
 * Whoever comes that way is the operator, whatever the request says; nobody else ever is.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

export class OperatorDoors {
  readonly #servers: Server[] = []
  readonly #sockets = new WeakSet<Socket>()

  /** True when a request came through one of these doors. */
  has(socket: Socket): boolean {
    return this.#sockets.has(socket)
  }

  /** Listens on a path. The caller holds the lock of the folder, so a socket file that is there is a dead one. */
  async open(path: string, listener: Listener): Promise<void> {
    rmSync(path, { force: true })
    const server = createServer(listener)
    server.on('connection', (socket) => this.#sockets.add(socket))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    // The file is made inside of listen: nobody else may open it, not even for a moment.
    const before = process.umask(0o177)
    try {
      server.listen(path, resolve)
    } finally {
      process.umask(before)
    }
    await promise
    chmodSync(path, 0o600)
    this.#servers.push(server)
  }

  /** Stops listening and waits for answers that are under way. */
  async close(): Promise<void> {
    const closing = this.#servers.splice(0).map((server) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeIdleConnections()
      return promise
    })
    await Promise.all(closing)
  }
}
