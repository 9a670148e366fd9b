import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CopyOptions } from '../src/v1/import/postgres/copy-v1.ts'
import { V1ServerError } from '../src/v1/import/postgres/server-fault.ts'
import type { V1Report } from '../src/v1/import/report.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { openV1Source } from '../src/v1/import/v1-source.ts'
import { OtherVersionError } from '../src/v1/import/v1-version.ts'
import { demandPostgres, HAS_POSTGRES, OWNER, PASSWORD, PostgresServer } from './postgres-server.ts'
import { ask, findingsOf, v1File } from './v1-file.ts'

const NOW_MS = Date.UTC(2026, 11, 1)
const LAST = '0025_alter_checkoutstripe_checkout_session_id_stripe'
const A_LINE = `(SELECT uuid FROM fedow_core_transaction WHERE action = 'SAL' ORDER BY datetime DESC LIMIT 1)`

describe('a v1 in PostgreSQL', () => {
  let server: PostgresServer
  /** Where copies are made. */
  let folder: string

  beforeAll(async () => {
    if (!HAS_POSTGRES) return
    server = await PostgresServer.start()
    await server.load('story', v1File('story'))
    await server.load('storm', v1File('storm'))
  }, 60_000)
  afterAll(() => server?.[Symbol.asyncDispose]())
  beforeEach((context) => {
    folder = mkdtempSync(join(tmpdir(), 'fedow-copies-'))
    vi.stubEnv('TMPDIR', folder)
    demandPostgres(context)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    const left = readdirSync(folder)
    rmSync(folder, { recursive: true })
    expect(left, 'copies that were left behind').toEqual([])
  })

  async function review(address: string, options: CopyOptions = {}): Promise<V1Report> {
    using source = await openV1Source(address, options)
    return await reviewV1(source.path, { nowMs: NOW_MS, snapshot: source.snapshot })
  }

  it.each(['story', 'storm'] as const)('gives the report of its file: the %s', async (name) => {
    const report = await review(server.address(name))
    expect(comparable(report)).toEqual(comparable(await reviewV1(v1File(name), { nowMs: NOW_MS })))
    expect(report.file).toMatchObject({
      name: `postgresql://${OWNER}@/${name}?host=${server.host}`,
      isCopy: false,
      copiedMs: expect.any(Number),
    })
  })

  it.each(['story', 'storm'] as const)(
    'copies every value as v1 keeps it: the %s',
    async (name) => {
      using source = await openV1Source(server.address(name))
      const tables = ask(source.path, `SELECT name FROM sqlite_master WHERE type = 'table'`)
      expect(tables).toHaveLength(18)
      for (const { name: table } of tables) {
        const columns = ask(source.path, `PRAGMA table_info(${table})`).map(
          (column) => column['name'],
        )
        const where = table === 'django_migrations' ? `WHERE app = 'fedow_core'` : ''
        const sql = `SELECT ${columns.join(', ')} FROM ${table} ${where} ORDER BY ${columns[0]}`
        expect(ask(source.path, sql), String(table)).toEqual(ask(v1File(name), sql))
      }
      expect(ask(source.path, 'PRAGMA foreign_key_check')).toEqual([])
    },
  )

  it('makes the same file of the same rows', async () => {
    const [one, other] = [
      await review(server.address('storm')),
      await review(server.address('storm')),
    ]
    expect(other.file.sha256).toBe(one.file.sha256)
  })

  it('reads one moment, whatever v1 writes meanwhile', async () => {
    await server.fork('story', 'busy')
    const before = await review(server.address('busy'))
    const v1 = await server.connect('busy')
    await v1.query('BEGIN')
    await v1.query('UPDATE fedow_core_token SET value = value + 1000')
    let written: Promise<unknown> | undefined
    const report = await review(server.address('busy'), {
      onProgress: () => {
        written ??= v1.query('COMMIT; DELETE FROM fedow_core_card_primary_places')
      },
    })
    await written
    await v1.end()
    expect(comparable(report)).toEqual(comparable(before))
    expect(findingsOf(await review(server.address('busy')), 'balance_drift')).not.toEqual([])
  })

  it('tells what v1 itself would not have written', async () => {
    await server.fork(
      'story',
      'odd',
      `UPDATE fedow_core_transaction SET amount = 201 WHERE uuid = ${A_LINE}`,
      `UPDATE fedow_core_asset SET created_at = 'infinity' WHERE name = (
           SELECT min(name) FROM fedow_core_asset WHERE category = 'BDG')`,
      `UPDATE fedow_core_transaction SET metadata = '{"b": 1, "a": {"d": [1.50], "c": null}}'
       WHERE action = 'BDG' AND uuid = (SELECT max(uuid::text)::uuid FROM fedow_core_transaction WHERE action = 'BDG')`,
    )
    const report = await review(server.address('odd'))
    expect(findingsOf(report, 'hash_mismatch')).toHaveLength(2)
    expect(findingsOf(report, 'hash_mismatch')).toMatchObject([{ amount: 201n }, { amount: 0n }])
    expect(findingsOf(report, 'unreadable_row')).toMatchObject([
      { subjects: { table: 'fedow_core_asset', column: 'created_at' } },
    ])
  })

  it.each([
    ['older', `DELETE FROM django_migrations WHERE name = '${LAST}'`],
    ['newer', `UPDATE django_migrations SET name = '0026_next' WHERE name = '${LAST}'`],
    ['not one of Fedow v1', 'DROP TABLE django_migrations'],
    ['has no column lespass_domain', 'ALTER TABLE fedow_core_place DROP COLUMN lespass_domain'],
    ['has no column card_id', 'DROP TABLE fedow_core_card_primary_places'],
    ['never installed', 'DELETE FROM fedow_core_configuration'],
  ])('is refused as another version: %s', async (words, sql) => {
    const name = `other_${words.replaceAll(/\W/g, '_').toLowerCase()}`
    await server.fork('story', name, sql)
    const refused = review(server.address(name))
    await expect(refused).rejects.toThrow(OtherVersionError)
    await expect(refused).rejects.toThrow(words)
    await expect(refused).rejects.toThrow('Nothing was changed.')
  })

  it('is refused when nobody, or somebody else, may come in', async () => {
    await server.run('story', `CREATE ROLE passer LOGIN PASSWORD 'by'`)
    const cases: [code: string, address: string][] = [
      ['not_admitted', server.address('story', OWNER, 'wrong-secret')],
      ['not_admitted', server.address('story', 'nobody-such')],
      ['not_admitted', `postgresql://${OWNER}@/story?host=${server.host}`],
      ['not_admitted', server.address('story', 'passer', 'by')],
      ['no_database', server.address('nowhere')],
      ['unreachable', `postgresql://a:wrong-secret@/story?host=${folder}`],
      ['bad_address', `postgresql://a:wrong-secret@nowhere/story?sslrootcert=${folder}/none`],
      ['unreachable', `postgresql://a:wrong-secret@127.0.0.1:${await freePort()}/story`],
      ['unreachable', 'postgresql://a:wrong-secret@nowhere.invalid/story'],
    ]
    for (const [code, address] of cases) {
      const fault = await faultOf(review(address))
      expect([address, fault.code]).toEqual([address, code])
      expect(fault.message).toContain('Nothing was changed.')
      expect(fault.message).not.toContain('wrong-secret')
      expect(fault.message).not.toContain(PASSWORD)
    }
  })

  it('is refused when it is no server of PostgreSQL', async () => {
    await using listener = createServer((socket) => {
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await once(listener.listen(0, '127.0.0.1'), 'listening')
    const { port } = listener.address() as { port: number }
    const fault = await faultOf(review(`postgresql://a@127.0.0.1:${port}/story`))
    expect(fault.code).toBe('unreachable')
  })

  it('does not wait for ever for who never answers', async () => {
    await using listener = createServer((socket) => socket.resume())
    await once(listener.listen(0, '127.0.0.1'), 'listening')
    const { port } = listener.address() as { port: number }
    const address = `postgresql://a@127.0.0.1:${port}/story`
    const fault = await faultOf(review(address, { patience: { connectMs: 50 } }))
    expect(fault.code).toBe('unreachable')

    const stopping = new AbortController()
    listener.once('connection', () => stopping.abort(new Error('enough')))
    await expect(review(address, { stop: stopping.signal })).rejects.toThrow('enough')
  })

  it('does not wait for ever for a migration', async () => {
    const migration = await server.connect('storm')
    await migration.query('BEGIN')
    await migration.query('LOCK TABLE fedow_core_card IN ACCESS EXCLUSIVE MODE')
    const fault = await faultOf(review(server.address('storm'), { patience: { lockMs: 50 } }))
    expect(fault.code).toBe('locked')
    await migration.query('ROLLBACK')
    await migration.end()
    expect((await review(server.address('storm'))).decisions).toBe(31)
  })

  it('sees a table whole that was being written anew', async () => {
    await server.fork('story', 'migrated')
    const migration = await server.connect('migrated')
    const onlooker = await server.connect('postgres')
    await migration.query('BEGIN; CREATE TEMP TABLE kept AS TABLE fedow_core_card')
    await migration.query('TRUNCATE fedow_core_card; INSERT INTO fedow_core_card TABLE kept')
    const reading = review(server.address('migrated'))
    await untilWaiting(onlooker)
    await migration.query('COMMIT')
    expect((await reading).counts['card']).toBe(61)
    await migration.end()
    await onlooker.end()
  })

  it('leaves nothing behind when the connection breaks in the middle', async () => {
    const other = await server.connect('postgres')
    let terminated: Promise<unknown> | undefined
    const fault = await faultOf(
      review(server.address('storm'), {
        onProgress: () => {
          terminated ??= terminate(other)
        },
      }),
    )
    await terminated
    await other.end()
    expect(fault.code).toBe('broken_off')
    expect(fault.message).toContain('Nothing was changed.')
  })

  it('leaves nothing behind when it is stopped in the middle, or while it waits', async () => {
    const stopping = new AbortController()
    const reading = review(server.address('storm'), {
      stop: stopping.signal,
      onProgress: (done) => done > 200 && stopping.abort(new Error('enough')),
    })
    await expect(reading).rejects.toThrow('enough')

    const migration = await server.connect('storm')
    await migration.query('BEGIN')
    await migration.query('LOCK TABLE fedow_core_card IN ACCESS EXCLUSIVE MODE')
    const waiting = new AbortController()
    const onlooker = await server.connect('postgres')
    const blocked = review(server.address('storm'), { stop: waiting.signal })
    await Promise.all([
      expect(blocked).rejects.toThrow('enough'),
      untilWaiting(onlooker).then(() => waiting.abort(new Error('enough'))),
    ])
    await onlooker.end()
    await migration.end()
  })

  it('is told when the temporary folder cannot be written', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'none'))
    await expect(review(server.address('story'))).rejects.toThrow('cannot be written')
  })

  it('is told when the server does not run', async () => {
    await server.kill()
    const fault = await faultOf(review(server.address('story')))
    expect(fault.code).toBe('unreachable')
  })
})

async function faultOf(reading: Promise<unknown>): Promise<V1ServerError> {
  const cause = await reading.then(
    () => undefined,
    (cause) => cause,
  )
  expect(cause).toBeInstanceOf(V1ServerError)
  return cause as V1ServerError
}

function terminate(client: Client): Promise<unknown> {
  return client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fedow import v1'`,
  )
}

/** Until the reading waits for a lock. */
async function untilWaiting(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'fedow import v1' AND wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
  }
}

async function freePort(): Promise<number> {
  const listener = createServer()
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** Without what says of the file, and with equals in a sure order. */
function comparable(report: V1Report): unknown {
  const { file: _, findings, assets, ...rest } = report
  const toText = (one: object): string =>
    JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return { ...rest, findings: findings.map(toText).sort(), assets: assets.map(toText).sort() }
}
