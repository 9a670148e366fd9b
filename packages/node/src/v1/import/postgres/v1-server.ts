/** A connection to the server that keeps v1's tables, for reading only. Every failure is a V1ServerError. */
import type { Client, CustomTypesConfig, QueryArrayResult } from 'pg'
import { demandAddress, toShown } from './address.ts'
import { toAddressFault, toServerFault } from './server-fault.ts'

/** How long the server may take, in milliseconds. */
export interface Patience {
  readonly connectMs: number
  /** For a table that somebody else keeps locked. */
  readonly lockMs: number
  /** For one answer. */
  readonly answerMs: number
}

export const PATIENCE: Patience = { connectMs: 10_000, lockMs: 10_000, answerMs: 120_000 }
/** What the network may add to an answer before the connection counts as lost. */
const NETWORK_MS = 30_000

/** Rows that are fetched at a time: large metadata must not fill the memory. */
const SLICE = 1_000

type Text = string | null
/** A part of a table, and the types of its columns. */
export interface Slice {
  readonly types: readonly number[]
  readonly rows: readonly (readonly Text[])[]
}

/** How a server asks for a password. */
const QUESTIONS = [
  'authenticationCleartextPassword',
  'authenticationMD5Password',
  'authenticationSASL',
]

/** Everything comes as the text that the server prints. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as CustomTypesConfig

export class V1Server {
  /** Its address without the password. */
  readonly shown: string
  readonly #client: Client
  readonly #patience: Patience
  readonly #stop: AbortSignal | undefined
  readonly #onStop: () => void
  #isConnected = false
  #isAsked = false

  /** Throws V1ServerError, or the reason of `stop`. */
  static async connect(
    address: string,
    { patience, stop }: { readonly patience: Patience; readonly stop?: AbortSignal | undefined },
  ): Promise<V1Server> {
    demandAddress(address)
    const client = await makeClient(address, patience)
    const server = new V1Server(client, patience, stop)
    try {
      await server.#guard(() => client.connect())
      server.#isConnected = true
      return server
    } catch (cause) {
      // A server that still waits for a password keeps the connection open.
      await server[Symbol.asyncDispose]()
      throw cause
    }
  }

  private constructor(client: Client, patience: Patience, stop: AbortSignal | undefined) {
    this.#client = client
    this.#patience = patience
    this.#stop = stop
    this.shown = toShown(client)
    // A connection that breaks also fails what was asked over it, and is told there.
    client.on('error', () => {})
    for (const question of QUESTIONS) {
      client.connection.once(question, () => {
        this.#isAsked = true
      })
    }
    this.#onStop = () => client.connection.stream.destroy()
    stop?.addEventListener('abort', this.#onStop, { once: true })
  }

  /** Begins to read one moment of the database, which lasts until `rollback`. */
  async begin(): Promise<void> {
    const { lockMs, answerMs } = this.#patience
    await this.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await this.query(`SET LOCAL lock_timeout = ${lockMs}`)
    await this.query(`SET LOCAL statement_timeout = ${answerMs}`)
    // How moments are printed.
    await this.query(`SET LOCAL TimeZone = 'UTC'`)
    await this.query(`SET LOCAL DateStyle = 'ISO, YMD'`)
  }

  async rollback(): Promise<void> {
    await this.query('ROLLBACK')
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<Slice> {
    const result = await this.#guard(() => {
      return this.#client.query<Text[]>({ text: sql, values: [...values], rowMode: 'array' })
    })
    return toSlice(result)
  }

  /** The rows of a query, in slices of which there is at least one. */
  async *slices(sql: string): AsyncIterableIterator<Slice> {
    await this.query(`DECLARE slice NO SCROLL CURSOR FOR ${sql}`)
    for (;;) {
      const slice = await this.query(`FETCH ${SLICE} FROM slice`)
      yield slice
      if (slice.rows.length < SLICE) break
    }
    await this.query('CLOSE slice')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop?.removeEventListener('abort', this.#onStop)
    if (this.#stop?.aborted || !this.#isConnected) this.#client.connection.stream.destroy()
    await this.#client.end()
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    this.#stop?.throwIfAborted()
    try {
      return await work()
    } catch (cause) {
      this.#stop?.throwIfAborted()
      throw toServerFault(cause, {
        shown: this.shown,
        isConnected: this.#isConnected,
        lacksPassword: this.#isAsked && !this.#client.password,
      })
    }
  }
}

async function makeClient(address: string, patience: Patience): Promise<Client> {
  // Other commands start without it.
  const { Client } = await import('pg')
  try {
    return new Client({
      connectionString: address,
      types: AS_TEXT,
      connectionTimeoutMillis: patience.connectMs,
      query_timeout: patience.answerMs + NETWORK_MS,
      keepAlive: true,
      fallback_application_name: 'fedow import v1',
    })
  } catch (cause) {
    throw toAddressFault(cause)
  }
}

function toSlice({ fields, rows }: QueryArrayResult<Text[]>): Slice {
  return { types: fields.map(({ dataTypeID }) => dataTypeID), rows }
}
