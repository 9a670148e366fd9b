import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PEOPLE_FILE } from '../../src/store/people-db.ts'
import type { TestNetwork } from '../test-network.ts'
import {
  type Edit,
  EXPIRY,
  LAST_LINE,
  LOG_EDITS,
  one,
  REFILL,
  REJECTED,
  SOME_LINE,
  SOME_TX,
  set,
  sql,
} from './edits.ts'
import { IDLE_RECORD_EDITS, RECORD_EDITS } from './record-edits.ts'
import {
  EARLIER_SEAL_EDITS,
  LAST_SEAL_EDITS,
  LAST_TILE_EDITS,
  OLD_TILE_EDITS,
} from './seal-edits.ts'
import { auditComplaint, openFile, soundFolder, startComplaint } from './sound-folder.ts'
import { copyFolder } from './verify.ts'

/** In people.db: an audit compares the co-signatures that are kept there with the book. */
const PEOPLE_EDITS: readonly Edit[] = [
  sql('a co-signature changed', 'UPDATE cosignature SET signature = zeroblob(64) WHERE height = 4'),
  sql('a co-signature of another time', 'UPDATE cosignature SET time_s = time_s + 1'),
  sql(
    'a co-signature moved to another block',
    'UPDATE cosignature SET height = 5 WHERE height = 4',
  ),
  sql('a co-signature of a block to come', 'UPDATE cosignature SET height = 99 WHERE height = 4'),
]

/** An audit finds them; a start may. */
const AUDITED = [...LOG_EDITS, ...EARLIER_SEAL_EDITS, ...OLD_TILE_EDITS, ...IDLE_RECORD_EDITS]
/** A start refuses them too: the next seal would build on them, or a payment be decided on them. */
const REFUSED = [...LAST_SEAL_EDITS, ...LAST_TILE_EDITS, ...RECORD_EDITS]
const ALL = [...PEOPLE_EDITS, ...AUDITED, ...REFUSED]

let sound: TestNetwork

beforeAll(async () => {
  sound = await soundFolder()
})

afterAll(() => sound[Symbol.dispose]())

/** A copy of the sound folder in which somebody has edited the book. */
function edited(change: Edit[1]) {
  const copy = copyFolder(sound.folder)
  using db = openFile(copy.path)
  change(db, sound)
  return copy
}

it('finds nothing in a sound folder', async () => {
  expect(await auditComplaint(sound.folder)).toBeUndefined()
  using copy = copyFolder(sound.folder)
  expect(await startComplaint(copy.path)).toBeUndefined()
})

it('is edited by hand in more than a hundred places', () => {
  const names = new Set(ALL.map(([name]) => name))
  expect(names.size).toBe(ALL.length)
  expect(names.size).toBeGreaterThan(100)
})

describe('an audit', () => {
  it.each(AUDITED)('finds %s', async (_, change) => {
    using copy = edited(change)
    expect(await auditComplaint(copy.path)).toBeDefined()
  })
})

describe('an audit of a folder with co-signatures', () => {
  it.each(PEOPLE_EDITS)('finds %s', async (_, change) => {
    using copy = copyFolder(sound.folder)
    {
      using db = new DatabaseSync(join(copy.path, PEOPLE_FILE))
      change(db, sound)
    }
    expect(await auditComplaint(copy.path)).toContain('witness.example/')
  })
})

describe('an audit and a start', () => {
  it.each(REFUSED)('find %s', async (_, change) => {
    using copy = edited(change)
    expect(await auditComplaint(copy.path)).toBeDefined()
    expect(await startComplaint(copy.path)).toContain(copy.path)
  })
})

it('names the line that does not hold', async () => {
  using db = openFile(sound.folder)
  const number = one(db, SOME_LINE)
  using copy = edited((db) => set(db, 'line', 'amount = amount + 1', number))
  const said = await auditComplaint(copy.path)
  expect(said).toMatch(new RegExp(`the line is not what its tx makes, block \\d+, line ${number}$`))
})

/** Columns that are not read again after a seal, so that no value of theirs is a lie about money. */
const FORGOTTEN = ['record.previous']

it('finds any other value in any column of the book', { timeout: 120_000 }, async () => {
  const unseen: string[] = []
  let changes = 0
  for (const { sample, table, key, column, type } of columns()) {
    const name = `${table}.${column}`
    if (FORGOTTEN.includes(name)) continue
    changes += 1
    using copy = edited((db) => {
      const change = `"${column}" = coalesce(${OTHER[type]}, ${FIRST[type]})`
      const sql = `UPDATE "${table}" SET ${change} WHERE ${key} = (${sample})`
      const { changes } = db.prepare(sql.replaceAll('$', `"${column}"`)).run()
      if (changes !== 1) throw new Error(`${name}: ${sample} names ${changes} rows`)
    })
    const found = await auditComplaint(copy.path)
    if (found === undefined) unseen.push(`${name} of ${sample}`)
  }
  expect(unseen).toEqual([])
  expect(changes).toBeGreaterThan(120)
})

type ColumnType = 'INTEGER' | 'TEXT' | 'BLOB'
/** Another value of the same type, in SQL; $ stands for the column. */
const OTHER = {
  INTEGER: '$ + 1000',
  TEXT: "$ || '0'",
  BLOB: "CAST(CASE substr($, 1, 1) WHEN x'ff' THEN x'00' ELSE x'ff' END || substr($, 2) AS BLOB)",
}
/** What takes the place of null. */
const FIRST = { INTEGER: '1', TEXT: "'{}'", BLOB: "x'01'" }

function columns() {
  using db = openFile(sound.folder)
  const samples = [
    { table: 'tx', key: 'seq', samples: ['1', '3', REJECTED, EXPIRY, SOME_TX, REFILL] },
    { table: 'line', key: 'number', samples: ['1', SOME_LINE, LAST_LINE] },
    { table: 'block', key: 'height', samples: ['0', '2', 'SELECT max(height) FROM block'] },
    { table: 'line_id', key: 'number', samples: ['SELECT min(number) FROM line_id'] },
    { table: 'mark', key: 'name', samples: ["'genesis'"] },
    { table: 'seal', key: 'height', samples: ['0', '3', 'SELECT max(height) FROM seal'] },
    { table: 'tile', key: 'id', samples: ['0', '1', '1 << 40'] },
    { table: 'name', key: 'number', samples: ['1'] },
    { table: 'signer', key: 'number', samples: ['1', '2'] },
    {
      table: 'record',
      key: 'id',
      samples: ['account', 'asset', 'card', 'clock', 'hold', 'key', 'place', 'wallet'].map(
        (kind) => `SELECT id FROM record WHERE id LIKE '${kind}/%' LIMIT 1`,
      ),
    },
  ]
  return samples.flatMap(({ table, key, samples }) => {
    const names = db.prepare('SELECT name, type FROM pragma_table_info(?)').all(table)
    return names.flatMap(({ name, type }) =>
      samples.map((sample) => ({
        table,
        key,
        column: String(name),
        type: type as ColumnType,
        sample,
      })),
    )
  })
}
