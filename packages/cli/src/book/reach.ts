/**
 * The way from a command to the book: the running node of the data folder, through its socket; when none runs, one
 * that is started in this very process and stopped when the command ends.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiRequest, ApiResponse } from '@fedow/api'
import {
  type Config,
  FolderLockedError,
  hasGenesis,
  type RunningNode,
  socketPathOf,
  startNode,
} from '@fedow/node'
import { Refused } from '../failure.ts'
import { SocketTransport } from './socket-transport.ts'

/** How long a folder may stay locked by a process that does not answer yet, or is about to end. */
const LOCKED_MAX_MS = 30_000
const LOCKED_STEP_MS = 50
/** A wish to stop lets the request under way end, for so long. */
const LAST_REQUEST_MS = 1_000
/** How often a lost connection is made again for one request. */
const ATTEMPTS_MAX = 5

export interface ReachOptions {
  readonly config: Config
  readonly stop: AbortSignal
  readonly note: (text: string) => void
}

export class Reach implements AsyncDisposable {
  readonly #options: ReachOptions
  readonly #socket: SocketTransport
  #starting: Promise<void> | undefined
  #own: RunningNode | undefined

  constructor(options: ReachOptions) {
    this.#options = options
    this.#socket = new SocketTransport(socketPathOf(options.config.folder))
    options.stop.addEventListener('abort', () => this.#stopSoon(), { once: true })
  }

  /** True when the node of this command is the only one, and ends with it. */
  get isOwnNode(): boolean {
    return this.#own !== undefined
  }

  /** Carries a request. One that never reached a node, or can be asked again without harm, is carried again. */
  readonly send = async (request: ApiRequest): Promise<ApiResponse> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#socket.send(request)
      } catch (cause) {
        const mayRepeat = isUnreached(cause) || (isRepeatable(request) && isLost(cause))
        if (this.#options.stop.aborted || !mayRepeat || attempt === ATTEMPTS_MAX) throw cause
        await this.#start()
      }
    }
  }

  /** Starts a node, unless another one comes to answer first. */
  #start(): Promise<void> {
    this.#starting ??= this.#startOrWait().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  async #startOrWait(): Promise<void> {
    const { config, note, stop } = this.#options
    const { folder } = config
    if (!hasGenesis(folder)) {
      throw new Refused(
        `There is no book in ${folder}. Nothing was changed. Make one with "fedow init" or "fedow start", or name the folder of yours with --data.`,
      )
    }
    const startMs = Date.now()
    for (let isTold = false; ; isTold = true) {
      try {
        this.#own = await startNode({ ...config, logLevel: 'silent' }, { listen: 'socket' })
        return
      } catch (cause) {
        const isLate = Date.now() - startMs > LOCKED_MAX_MS
        if (!(cause instanceof FolderLockedError) || isLate || stop.aborted) throw cause
        if (await this.#isAnswered()) return
        if (!isTold) note(`Another Fedow process works on ${folder}; waiting until it answers.`)
        await wait(LOCKED_STEP_MS)
      }
    }
  }

  async #isAnswered(): Promise<boolean> {
    try {
      await this.#socket.send({ method: 'GET', path: '/livez', headers: {} })
      return true
    } catch (cause) {
      if (isUnreached(cause) || isLost(cause)) return false
      throw cause
    }
  }

  /** A long request is given up: what it did stays, and what it had begun is gone on with by the node. */
  #stopSoon(): void {
    setTimeout(() => this.#socket[Symbol.dispose](), LAST_REQUEST_MS).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket[Symbol.dispose]()
    await this.#starting?.catch(() => undefined)
    await this.#own?.[Symbol.asyncDispose]()
  }
}

function codeOf(cause: unknown): string {
  return String((cause as { code?: unknown } | null)?.code ?? '')
}

/** Nobody listens: the request reached no node. */
function isUnreached(cause: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED'].includes(codeOf(cause))
}

/** The node went away with the answer. */
function isLost(cause: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(codeOf(cause))
}

/** Reading changes nothing, and a request with an Idempotency-Key is done once however often it comes. */
function isRepeatable({ method, headers }: ApiRequest): boolean {
  return method === 'GET' || headers['idempotency-key'] !== undefined
}
