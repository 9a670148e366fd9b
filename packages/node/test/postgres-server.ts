/** A PostgreSQL server of its own for tests, on a socket in a temporary folder, and v1's databases in its types. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { TestContext } from 'vitest'

/** The programs of the server: Debian keeps them out of the PATH. */
const [PROGRAMS] = globSync('/usr/lib/postgresql/*/bin')
  .filter((folder) => existsSync(join(folder, 'initdb')))
  .toSorted((one, other) => versionOf(other) - versionOf(one))

export const HAS_POSTGRES = PROGRAMS !== undefined

/** Skips a test where there is none, with the reason. */
export function demandPostgres({ skip }: TestContext): void {
  skip(!HAS_POSTGRES, 'needs the programs of a PostgreSQL server, on Debian the package postgresql')
}

/** The server refuses to run as root. */
const NOBODY = 65_534
const IDENTITY = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

export const OWNER = 'fedow'
export const PASSWORD = 'a pass/word: @ né'

export class PostgresServer implements AsyncDisposable {
  readonly #folder: string
  readonly #child: ChildProcess
  /** The folder of the socket. */
  readonly host: string

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pg-'))
    const [cluster, host] = [join(folder, 'cluster'), join(folder, 'socket')]
    for (const path of [cluster, host]) mkdirSync(path, { mode: 0o700 })
    writeFileSync(join(folder, 'password'), PASSWORD)
    for (const path of [folder, cluster, host, join(folder, 'password')]) own(path)
    const how = [
      '--username',
      OWNER,
      '--pwfile',
      join(folder, 'password'),
      '--auth',
      'scram-sha-256',
    ]
    run('initdb', [...how, '--no-sync', '--encoding', 'UTF8', '--locale', 'C', '-D', cluster])
    const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${host}`]
    const child = spawn(
      program('postgres'),
      ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...IDENTITY },
    )
    const server = new PostgresServer(folder, child, host)
    await server.#untilReady()
    return server
  }

  private constructor(folder: string, child: ChildProcess, host: string) {
    this.#folder = folder
    this.#child = child
    this.host = host
  }

  /** As a person gives it. */
  address(database: string, user = OWNER, password = PASSWORD): string {
    const name = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
    return `postgresql://${name}@/${database}?host=${encodeURIComponent(this.host)}`
  }

  async connect(database: string): Promise<Client> {
    const client = new Client({ connectionString: this.address(database) })
    // The server may be stopped under it.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async run(database: string, ...statements: readonly string[]): Promise<void> {
    const client = await this.connect(database)
    try {
      for (const sql of statements) await client.query(sql)
    } finally {
      await client.end()
    }
  }

  /** A database with the tables and rows of a file of v1, as its framework makes them here. */
  async load(database: string, path: string): Promise<void> {
    await this.run('postgres', `CREATE DATABASE ${database}`)
    const client = await this.connect(database)
    using source = new DatabaseSync(path, { readOnly: true })
    try {
      await client.query("SET TimeZone = 'UTC'")
      await client.query('BEGIN')
      await copyTables(client, source)
      await client.query('COMMIT')
    } finally {
      await client.end()
    }
  }

  /** A copy of a database, altered. */
  async fork(from: string, to: string, ...statements: readonly string[]): Promise<void> {
    await this.run('postgres', `CREATE DATABASE ${to} TEMPLATE ${from}`)
    await this.run(to, ...statements)
  }

  /** Stops it as a power cut does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGQUIT')
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #untilReady(): Promise<void> {
    let said = ''
    const { stderr } = this.#child
    if (stderr === null) throw new Error('The server has no log.')
    for await (const text of stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += text
      if (!said.includes('ready to accept connections')) continue
      stderr.resume()
      return
    }
    throw new Error(`The server did not start:\n${said}`)
  }
}

function versionOf(folder: string): number {
  return Number.parseFloat(folder.split('/').at(-2) ?? '')
}

function program(name: string): string {
  if (PROGRAMS === undefined) throw new Error('There is no PostgreSQL server on this machine.')
  return join(PROGRAMS, name)
}

function run(name: string, words: readonly string[]): void {
  execFileSync(program(name), words, {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...IDENTITY,
  })
}

function own(path: string): void {
  if (IDENTITY.uid !== undefined) chownSync(path, IDENTITY.uid, IDENTITY.gid)
}

/** What Django declares in SQLite, and what it declares here for the same field. */
const TYPES: readonly (readonly [declared: RegExp, type: string])[] = [
  [/^char\(32\)$/, 'uuid'],
  [/^char\(39\)$/, 'inet'],
  [/^datetime$/, 'timestamp with time zone'],
  [/^bool$/, 'boolean'],
  [/^(\w+) unsigned$/, '$1'],
  // SQLite does not count the characters: v1 has names there that are longer than it declares.
  [/^varchar\(\d+\)$/, 'varchar'],
]

async function copyTables(client: Client, source: DatabaseSync): Promise<void> {
  const tables = source.prepare(
    `SELECT name, sql FROM sqlite_master WHERE type = 'table'
     AND (name LIKE 'fedow_core_%' OR name = 'django_migrations') ORDER BY name`,
  )
  for (const { name, sql } of tables.all()) {
    const columns = source.prepare(`PRAGMA table_info(${name})`).all()
    const definitions = columns.map((column) => toDefinition(column, String(sql)))
    await client.query(`CREATE TABLE ${name} (${definitions.join(', ')})`)
    const marks = columns.map((_, index) => `$${index + 1}`).join(', ')
    const rows = source.prepare(`SELECT * FROM ${name}`)
    rows.setReturnArrays(true)
    for (const row of rows.iterate() as unknown as Iterable<unknown[]>) {
      await client.query({
        name: String(name),
        text: `INSERT INTO ${name} VALUES (${marks})`,
        values: row,
      })
    }
  }
}

function toDefinition(column: Record<string, unknown>, sql: string): string {
  const [name, declared] = [String(column['name']), String(column['type'])]
  const [pattern, replacement] = TYPES.find(([one]) => one.test(declared)) ?? [/$/, '']
  const isJson = sql.includes(`JSON_VALID("${name}")`)
  const isNumbered = column['pk'] === 1 && declared === 'integer'
  const plain = isJson ? 'jsonb' : declared.replace(pattern, replacement)
  const type = isNumbered ? 'bigint GENERATED BY DEFAULT AS IDENTITY' : plain
  const rule = column['pk'] === 1 ? ' PRIMARY KEY' : column['notnull'] === 1 ? ' NOT NULL' : ''
  return `"${name}" ${type}${rule}`
}
