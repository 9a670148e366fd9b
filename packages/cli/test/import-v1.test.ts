import { hash } from 'node:crypto'
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Folder } from './fedow.ts'

const FERNET_KEY = 'aG9sZG91dC1mZXJuZXQta2V5LW9mLTMyLWJ5dGVzLSE='

interface Group {
  readonly code: string
  readonly count: number
  readonly amount?: number
  readonly findings: readonly { readonly amount?: number; readonly subjects: object }[]
}

describe('fedow import v1', () => {
  it('tells what must be decided, writes the whole report, and changes nothing', async () => {
    using folder = new Folder()
    const before = hash('sha256', readFileSync(v1File('storm')))
    const [path, json] = [folder.beside('report.txt'), folder.beside('report.json')]
    const shown = await folder.run('import', 'v1', v1File('storm'), '--report', path)
    expect(shown.code).toBe(1)
    expect(shown.stderr).toContain('A person must decide about 31 finding(s)')
    expect(shown.stdout).toContain('Stored balance differs from the lines: 3, -10.60')
    expect(shown.stdout).toContain('and 23 more')
    const whole = readFileSync(path, 'utf8')
    expect(whole).not.toContain('more; --report')
    expect(whole.match(/no refill followed/g)).toHaveLength(28)
    expect(statSync(path).mode & 0o777).toBe(0o600)

    const told = await folder.run('import', 'v1', v1File('storm'), '--json', '--report', json)
    expect(told.code).toBe(1)
    const { error, ...report } = told.json()
    expect(error).toContain('A person must decide')
    const { readMs: _, ...kept } = JSON.parse(readFileSync(json, 'utf8'))
    expect(report).toMatchObject(kept)
    expect(groupOf(report, 'balance_drift').findings.map(({ amount }) => amount)).toEqual([
      -1045, -40, 25,
    ])
    expect(groupOf(report, 'chain_fork').count).toBe(303)
    expect(report).toMatchObject({ decisions: 31, file: { sha256: before } })
    expect(hash('sha256', readFileSync(v1File('storm')))).toBe(before)
  })

  it('ends with 0 when nobody must decide anything', async () => {
    using folder = new Folder()
    const path = folder.beside('db.sqlite3')
    copyFileSync(v1File('storm'), path)
    // A v1 in which cards were made, and nothing was paid yet.
    alter(
      path,
      `DELETE FROM fedow_core_transaction WHERE action <> 'FST'; UPDATE fedow_core_token SET value = 0`,
    )
    const key = folder.beside('fernet.key')
    writeFileSync(key, `${FERNET_KEY}\n`)
    const ended = await folder.run('import', 'v1', path, '--fernet-key-file', key)
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toContain('Encrypted columns: 2 opened, 0 not')
    expect(ended.stdout).not.toContain('A PERSON DECIDES')
    const { decisions, secrets } = await folder.ask('import', 'v1', path, '--fernet-key-file', key)
    expect({ decisions, secrets }).toEqual({ decisions: 0, secrets: { opened: 2, closed: 0 } })
  })

  it.each([
    ['truncated', (path: string) => truncateSync(path, 100_000)],
    ['not_a_database', (path: string) => writeFileSync(path, 'none')],
    ['other_version', (path: string) => alter(path, 'DELETE FROM django_migrations')],
  ])('refuses a file with the reason: %s', async (code, change) => {
    using folder = new Folder()
    const path = folder.beside('db.sqlite3')
    copyFileSync(v1File('story'), path)
    change(path)
    const before = hash('sha256', readFileSync(path))
    const refused = await folder.run('import', 'v1', path, '--json')
    expect(refused.code).toBe(1)
    expect(refused.json()).toMatchObject({
      code,
      error: expect.stringContaining('Nothing was changed.'),
    })
    expect(hash('sha256', readFileSync(path))).toBe(before)
  })

  it('ends with 2 when it is misused, and overwrites nothing', async () => {
    using folder = new Folder()
    const path = folder.beside('there.txt')
    writeFileSync(path, 'mine')
    const misuses = [
      ['import', 'v1'],
      ['import', 'v1', v1File('story'), '--report', path],
      ['import', 'v1', v1File('story'), '--fernet-key-file', path],
      ['import', 'v1', v1File('story'), '--fernet-key-file', folder.beside('none')],
      ['import', 'v1', v1File('story'), '--apply', '--reserve', 'bank/main=1.00'],
      ['import', 'v1', v1File('story'), '--reserve', 'main=1.00', '--reserve-statement', path],
    ]
    for (const words of misuses) expect((await folder.run(...words)).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })
})

function v1File(name: string): string {
  return fileURLToPath(new URL(`../../node/test/v1-data/fedow-v1-${name}.sqlite3`, import.meta.url))
}

function alter(path: string, sql: string): void {
  using db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  db.exec(sql)
}

function groupOf({ findings }: Record<string, unknown>, code: string): Group {
  const group = (findings as Group[]).find((one) => one.code === code)
  if (group === undefined) throw new Error(`The report has no ${code}.`)
  return group
}
