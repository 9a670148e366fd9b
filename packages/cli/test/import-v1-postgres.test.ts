import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  demandPostgres,
  HAS_POSTGRES,
  OWNER,
  PASSWORD,
  PostgresServer,
} from '../../node/test/postgres-server.ts'
import { v1File } from '../../node/test/v1-file.ts'
import { Folder } from './fedow.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** The command, with a temporary folder of its own and the password where libpq's programs look for it. */
class Trial implements Disposable {
  readonly folder = new Folder()
  readonly copies = this.folder.beside('tmp')

  constructor() {
    mkdirSync(this.copies)
  }

  start(password: string, ...words: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, 'import', 'v1', ...words], {
      env: { TMPDIR: this.copies, PGPASSWORD: password },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = once(child, 'close').then(([code]) => {
      return { code, said: stdout + stderr, json: () => JSON.parse(stdout) }
    })
    return { child, ended }
  }

  run(password: string, ...words: readonly string[]) {
    return this.start(password, ...words).ended
  }

  [Symbol.dispose](): void {
    const left = readdirSync(this.copies)
    this.folder[Symbol.dispose]()
    expect(left, 'copies that were left behind').toEqual([])
  }
}

describe('fedow import v1 of a database in PostgreSQL', () => {
  let server: PostgresServer

  beforeEach(demandPostgres)
  beforeAll(async () => {
    if (!HAS_POSTGRES) return
    server = await PostgresServer.start()
    await server.load('storm', v1File('storm'))
  }, 60_000)
  afterAll(() => server?.[Symbol.asyncDispose]())

  const place = () => `postgresql://${OWNER}@/storm?host=${server.host}`

  it('tells what must be decided, of which moment, and no password', async () => {
    using trial = new Trial()
    const path = trial.folder.beside('report.txt')
    const { code, said } = await trial.run(PASSWORD, place(), '--report', path)
    expect(code).toBe(1)
    expect(said).toContain('A person must decide about 31 finding(s)')
    expect(said).toContain(`${place()}: Fedow v1 of fedow.holdout.test`)
    expect(said).toMatch(/Copied from the server at 20.*what v1 wrote after that is not in it\./)
    expect(said + readFileSync(path, 'utf8')).not.toContain(PASSWORD)
  })

  it.each<[code: string, address: () => string, password?: string]>([
    ['not_admitted', () => place()],
    ['not_admitted', () => place(), ''],
    ['not_admitted', () => server.address('storm', OWNER, 'secret-words')],
    ['no_database', () => server.address('elsewhere')],
    ['unreachable', () => `postgresql://${OWNER}:secret-words@/storm?host=/nowhere`],
    ['bad_address', () => `postgresql://${OWNER}:secret-words#@nowhere/storm`],
  ])('refuses with the reason: %s', async (code, address, password = 'secret-words') => {
    using trial = new Trial()
    const ended = await trial.run(password, address(), '--json')
    expect(ended.code).toBe(1)
    expect(ended.json()).toMatchObject({ code, error: expect.any(String) })
    expect(ended.said).not.toContain('secret-words')
  })

  it('stops at Ctrl-C while it waits for a migration', async () => {
    using trial = new Trial()
    const migration = await server.connect('storm')
    const onlooker = await server.connect('postgres')
    await migration.query('BEGIN; LOCK TABLE fedow_core_card IN ACCESS EXCLUSIVE MODE')
    const { child, ended } = trial.start(PASSWORD, place())
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'fedow import v1' AND wait_event_type = 'Lock'`
    while ((await onlooker.query(waiting)).rows.length === 0) expect(child.exitCode).toBe(null)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({
      code: 1,
      said: expect.stringContaining('The reading was stopped. Nothing was changed.'),
    })
    await migration.end()
    await onlooker.end()
  })

  it('makes a book, and knows the database again', async () => {
    using trial = new Trial()
    const words = [place(), '--apply', '--data', trial.folder.path, '--json'] as const
    const first = await trial.run(PASSWORD, ...words)
    expect(first.code, first.said).toBe(0)
    expect(first.json()).toMatchObject({ imported: true, decisions: 31 })
    const again = await trial.run(PASSWORD, ...words)
    expect(again.code, again.said).toBe(0)
    expect(again.json()).toMatchObject({ imported: false, chain: first.json().chain })
  })
})
