import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { KEY_NAMES, keyPath } from '../../src/store/folder.ts'
import { seededRandom } from '../power-cut/recording.ts'
import { TestNetwork } from '../test-network.ts'
import { runDay } from './child.ts'
import { contentOf, type Findings, findings, openFile, soundFolder } from './sound-folder.ts'
import { copyFolder, openBook, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`damage seed: ${SEED}`)

let sound: TestNetwork

beforeAll(async () => {
  sound = await soundFolder()
})

afterAll(() => sound[Symbol.dispose]())

/** Findings on a copy of the sound folder after something happened to it. */
async function after(damage: (folder: string) => void): Promise<Findings & { folder: string }> {
  using copy = copyFolder(sound.folder)
  damage(copy.path)
  return { ...(await findings(copy.path)), folder: copy.path }
}

/** As `after`, with SQL: the file stays sound, what it says does not. */
async function afterSql(change: (db: DatabaseSync) => void): Promise<string | undefined> {
  const { start, audit } = await after((folder) => {
    using db = openFile(folder)
    change(db)
  })
  return audit ?? start
}

function one(db: DatabaseSync, sql: string): bigint {
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  const [value] = Object.values(statement.get() ?? {})
  if (typeof value !== 'bigint') throw new Error(`nothing to damage: ${sql}`)
  return value
}

const LAST_LINE = 'SELECT max(number) FROM line'
const SOME_LINE = 'SELECT number FROM line WHERE amount > 0 ORDER BY number LIMIT 1 OFFSET 20'
const REJECTED = 'SELECT seq FROM tx WHERE rejected IS NOT NULL LIMIT 1'
const EXPIRY = 'SELECT seq FROM tx WHERE signer IS NULL ORDER BY seq LIMIT 1'
const SOME_TX = 'SELECT seq FROM tx WHERE rejected IS NULL AND lines = 1 ORDER BY seq DESC LIMIT 1'
const REFILL = 'SELECT seq FROM tx WHERE lines = 2 ORDER BY seq DESC LIMIT 1'

it('finds nothing in a sound folder', async () => {
  expect(await after(() => {})).toMatchObject({ start: undefined, audit: undefined })
})

it('has nothing to replay after a stop in good order', () => {
  expect(readdirSync(sound.folder)).not.toContain('ledger.db-wal')
  using copy = copyFolder(sound.folder)
  using book = openBook(copy.path)
  expect(book.interrupted).toBeUndefined()
  expect(book.state.checkpoint).toBe(book.reader.tip().height)
})

it('takes a journal that was cut for an older book, or refuses it, and invents nothing', async () => {
  const random = seededRandom(SEED)
  using folder = temporaryFolder()
  const crash = { point: 'batch_answered', nth: 30 } as const
  await runDay({ folder: folder.path, seed: SEED, rounds: [500], orders: 1, crash })
  const whole = txsOf(folder.path)
  for (let cut = 0; cut < 10; cut += 1) {
    using copy = copyFolder(folder.path)
    const path = join(copy.path, 'ledger.db-wal')
    truncateSync(path, Math.floor(random() * readFileSync(path).length))
    const { start, audit } = await findings(copy.path)
    if (audit !== undefined || start !== undefined) continue
    const left = txsOf(copy.path)
    expect(left, `seed ${SEED}, cut ${cut}`).toEqual(whole.slice(0, left.length))
  }
})

function txsOf(folder: string): readonly string[] {
  using copy = copyFolder(folder)
  using db = openFile(copy.path)
  return db
    .prepare('SELECT json FROM tx ORDER BY seq')
    .all()
    .map(({ json }) => String(json))
}

it.each([0, 1, 100, 4_095, 4_096, 8_192, 0.3, 0.6, -4_096, -1])(
  'finds that the book was cut at %d',
  async (at) => {
    const { start, audit, folder } = await after((folder) => {
      const path = join(folder, 'ledger.db')
      const { length } = readFileSync(path)
      truncateSync(path, at < 0 ? length + at : at < 1 ? Math.floor(length * at) : at)
    })
    expect(audit).toBeDefined()
    if (start !== undefined) expect(start).toContain(join(folder, 'ledger.db'))
  },
)

it('never takes a lost or emptied book for a new one', async () => {
  const lost = [
    await after((folder) => rmSync(join(folder, 'ledger.db'))),
    await after((folder) => truncateSync(join(folder, 'ledger.db'))),
  ]
  for (const { start, audit, folder } of lost) {
    const said = `${join(folder, 'ledger.db')} is missing or empty`
    expect(start).toContain(said)
    expect(audit).toContain(said)
  }
})

it('finds flipped bytes wherever they change what the book says', {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(SEED)
  const content = contentOf(sound.folder)
  let found = 0
  for (let flip = 0; flip < 60; flip += 1) {
    using copy = copyFolder(sound.folder)
    const path = join(copy.path, 'ledger.db')
    const bytes = readFileSync(path)
    const at = Math.floor(random() * bytes.length)
    for (let index = at; index < at + 1 + random() * 8 && index < bytes.length; index += 1) {
      bytes[index] = (bytes[index] ?? 0) ^ (1 + Math.floor(random() * 255))
    }
    writeFileSync(path, bytes)
    const { audit } = await findings(copy.path)
    if (audit !== undefined) found += 1
    else expect(contentOf(copy.path), `seed ${SEED}, flip ${flip} at ${at}`).toBe(content)
  }
  console.log(`${found} of 60 flips changed something`)
  expect(found, `seed ${SEED}`).toBeGreaterThan(0)
})

it.each<[string, (folder: string) => string]>([
  ['emptied', () => ''],
  ['cut', (text) => text.slice(0, -40)],
  ['changed in one character', (text) => text.replace(/.{20}$/s, (end) => `A${end.slice(1)}`)],
  ['replaced by text', () => 'genesis\n'],
])('finds that the genesis was %s', async (_, change) => {
  const { start, audit, folder } = await after((folder) => {
    const path = join(folder, 'genesis.jws')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  })
  for (const said of [start, audit]) expect(said).toContain(join(folder, 'genesis.jws'))
})

it('finds the genesis of another network', async () => {
  using other = new TestNetwork()
  const { start, audit } = await after((folder) => {
    writeFileSync(join(folder, 'genesis.jws'), `${other.genesis.jws}\n`)
  })
  expect(start).toContain('its genesis is not the one of this folder')
  expect(audit).toContain('another genesis')
})

it.each(KEY_NAMES)('names the key file that is damaged: %s', async (name) => {
  for (const change of [(text: string) => text.slice(0, 60), () => '']) {
    const { start, folder } = await after((folder) => {
      const path = keyPath(folder, name)
      writeFileSync(path, change(readFileSync(path, 'utf8')))
    })
    expect(start).toContain(keyPath(folder, name))
  }
})

it.each<[string, (db: DatabaseSync) => void]>([
  ['an amount', (db) => set(db, 'line', 'amount = amount + 1', one(db, SOME_LINE))],
  ['a hash', (db) => set(db, 'line', 'hash = zeroblob(32)', one(db, SOME_LINE))],
  [
    'the receiver of a line',
    (db) => set(db, 'line', 'receiver = receiver + 1', one(db, SOME_LINE)),
  ],
  ['the JSON of a tx', (db) => set(db, 'tx', "json = replace(json, '1', '2')", one(db, SOME_TX))],
  ['a signature', (db) => set(db, 'tx', 'signature = zeroblob(64)', one(db, SOME_TX))],
  [
    'a rejection',
    (db) => set(db, 'tx', "rejected = replace(rejected, '1', '2')", one(db, REJECTED)),
  ],
  ['a rejection that became applied', (db) => set(db, 'tx', 'rejected = NULL', one(db, REJECTED))],
  ['a deleted line', (db) => db.exec(`DELETE FROM line WHERE number = (${SOME_LINE})`)],
  ['a deleted last line', (db) => db.exec(`DELETE FROM line WHERE number = (${LAST_LINE})`)],
  ['an extra line', (db) => copyRow(db, 'line', one(db, LAST_LINE))],
  ['an extra tx', (db) => copyRow(db, 'tx', one(db, REJECTED))],
  ['a deleted tx', (db) => db.exec(`DELETE FROM tx WHERE seq = (${REJECTED})`)],
  ['two swapped lines', swapLines],
  ['two swapped txs', swapTxs],
  ['a richer account', (db) => richer(db)],
  ['a removed record', (db) => db.exec(`DELETE FROM record WHERE id LIKE 'account/%'`)],
  [
    'a record that is no JSON',
    (db) => db.exec(`UPDATE record SET value = '{' WHERE id LIKE 'hold/%'`),
  ],
  ['a record of no kind', (db) => db.exec(`INSERT INTO record VALUES ('coin/1', '{}', 0, NULL)`)],
  ['an extra record', (db) => db.exec(`INSERT INTO record VALUES ('card/1', '{}', 0, NULL)`)],
  [
    'another genesis in the book',
    (db) => db.exec(`UPDATE mark SET value = 'x' WHERE name = 'genesis'`),
  ],
  ['no checkpoint', (db) => db.exec(`DELETE FROM mark WHERE name = 'checkpoint'`)],
  [
    'a checkpoint that is no number',
    (db) => db.exec(`UPDATE mark SET value = 'x' WHERE name = 'checkpoint'`),
  ],
  [
    'an earlier checkpoint',
    (db) => db.exec(`UPDATE mark SET value = '1' WHERE name = 'checkpoint'`),
  ],
  ['a later checkpoint', (db) => db.exec(`UPDATE mark SET value = '99' WHERE name = 'checkpoint'`)],
  ['a wrong height', (db) => set(db, 'tx', 'height = height + 1', one(db, SOME_TX))],
  [
    'a block with another root',
    (db) => db.exec('UPDATE block SET txs = zeroblob(32) WHERE height = 2'),
  ],
  [
    'a block at another time',
    (db) => db.exec('UPDATE block SET time_ms = time_ms + 1 WHERE height = 2'),
  ],
  [
    'a block opened again in the middle',
    (db) => db.exec('UPDATE block SET count = NULL, txs = NULL WHERE height = 2'),
  ],
  [
    'a last block opened again',
    (db) =>
      db.exec(
        'UPDATE block SET count = NULL, txs = NULL WHERE height = (SELECT max(height) FROM block)',
      ),
  ],
  ['a deleted block', (db) => db.exec('DELETE FROM block WHERE height = 2')],
  ['a last block forgotten with all that is in it', forgetLastBlock],
  [
    'an empty block before the first',
    (db) => db.exec('INSERT INTO block VALUES (-1, 0, 1, 0, zeroblob(32))'),
  ],
  [
    'an empty block after the last',
    (db) =>
      db.exec(
        'INSERT INTO block SELECT max(height) + 1, max(time_ms), 9999, 0, zeroblob(32) FROM block',
      ),
  ],
  [
    'the id of a line that leads elsewhere',
    (db) => db.exec('UPDATE line_id SET number = number - 1'),
  ],
  [
    'a forgotten id of a line',
    (db) => db.exec('DELETE FROM line_id WHERE number = (SELECT max(number) FROM line_id)'),
  ],
  ['an extra id of a line', (db) => db.exec('INSERT INTO line_id VALUES (zeroblob(16), 1)')],
  ['void bytes of no block', (db) => db.exec(`INSERT INTO void VALUES (999, 0, 1001, x'00')`)],
  ['void bytes in a block', (db) => db.exec(`INSERT INTO void VALUES (2, 9999, 1001, x'00')`)],
  ['one wallet under the name of another', (db) => swapNames(db)],
  ['a name that is gone', (db) => db.exec('DELETE FROM name WHERE number = 1')],
  ['a key that is gone', (db) => db.exec('DELETE FROM signer')],
  ['one id used twice, where the index allows it', useIdTwice],
  ['an index that is gone', (db) => db.exec('DROP INDEX tx_id')],
  [
    'a trigger that was not there',
    (db) => db.exec('CREATE TRIGGER t AFTER INSERT ON line BEGIN SELECT 1; END'),
  ],
  [
    'an integer beyond all amounts',
    (db) => set(db, 'line', 'amount = 9223372036854775807', one(db, SOME_LINE)),
  ],
  ['an unknown action', (db) => set(db, 'line', 'action = 99', one(db, SOME_LINE))],
  ['an older version', (db) => db.exec('PRAGMA user_version = 0')],
  ['a table that is gone', (db) => db.exec('DROP TABLE record')],
])('finds %s', async (_, change) => {
  expect(await afterSql(change)).toBeDefined()
})

it('names the line that does not hold', async () => {
  using db = openFile(sound.folder)
  const number = one(db, SOME_LINE)
  const said = await afterSql((copy) => set(copy, 'line', 'amount = amount + 1', number))
  expect(said).toMatch(new RegExp(`the line is not what its tx makes, block \\d+, line ${number}$`))
})

/** Columns that are not read again after a checkpoint, so that no value of theirs is a lie about money. */
const FORGOTTEN = ['record.previous']

it('finds any other value in any column of the log', { timeout: 120_000 }, async () => {
  const unseen: string[] = []
  let changes = 0
  for (const { sample, table, key, column, type } of columns()) {
    const name = `${table}.${column}`
    if (FORGOTTEN.includes(name)) continue
    changes += 1
    const found = await afterSql((db) => {
      const change = `"${column}" = coalesce(${OTHER[type]}, ${FIRST[type]})`
      const sql = `UPDATE "${table}" SET ${change} WHERE ${key} = (${sample})`
      const { changes } = db.prepare(sql.replaceAll('$', `"${column}"`)).run()
      if (changes !== 1) throw new Error(`${name}: ${sample} names ${changes} rows`)
    })
    if (found === undefined) unseen.push(`${name} of ${sample}`)
  }
  expect(unseen).toEqual([])
  expect(changes).toBeGreaterThan(80)
})

type ColumnType = 'INTEGER' | 'TEXT' | 'BLOB'
/** Another value of the same type, in SQL; $ stands for the column. */
const OTHER = { INTEGER: '$ + 1000', TEXT: "$ || '0'", BLOB: "CAST(x'ff' || substr($, 2) AS BLOB)" }
/** What takes the place of null. */
const FIRST = { INTEGER: '1', TEXT: "'{}'", BLOB: "x'01'" }

function columns() {
  using db = openFile(sound.folder)
  const samples = [
    { table: 'tx', key: 'seq', samples: ['1', '3', REJECTED, EXPIRY, SOME_TX, REFILL] },
    { table: 'line', key: 'number', samples: ['1', SOME_LINE, LAST_LINE] },
    { table: 'block', key: 'height', samples: ['0', '2', 'SELECT max(height) FROM block'] },
    { table: 'line_id', key: 'number', samples: ['SELECT min(number) FROM line_id'] },
    { table: 'mark', key: 'name', samples: ["'genesis'", "'checkpoint'"] },
    { table: 'name', key: 'number', samples: ['1'] },
    { table: 'signer', key: 'number', samples: ['1', '2'] },
    {
      table: 'record',
      key: 'id',
      samples: ["SELECT id FROM record WHERE id LIKE 'account/%' LIMIT 1"],
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

function set(db: DatabaseSync, table: 'line' | 'tx', change: string, key: bigint): void {
  const column = table === 'line' ? 'number' : 'seq'
  const { changes } = db.prepare(`UPDATE ${table} SET ${change} WHERE ${column} = ?`).run(key)
  if (changes !== 1) throw new Error(`${changes} rows of ${table} changed`)
}

function copyRow(db: DatabaseSync, table: 'line' | 'tx', from: bigint): void {
  const key = table === 'line' ? 'number' : 'seq'
  db.exec(`CREATE TEMP TABLE copy AS SELECT * FROM ${table} WHERE ${key} = ${from};
    UPDATE copy SET ${key} = (SELECT max(${key}) + 1 FROM ${table});
    UPDATE copy SET ${table === 'line' ? 'seq = seq + 1000' : "id = x'00112233445566778899aabbccddeeff'"};
    INSERT INTO ${table} SELECT * FROM copy`)
}

function swapLines(db: DatabaseSync): void {
  const number = one(db, SOME_LINE)
  db.exec(`UPDATE line SET number = -1 WHERE number = ${number};
    UPDATE line SET number = ${number} WHERE number = ${number + 1n};
    UPDATE line SET number = ${number + 1n} WHERE number = -1`)
}

function swapTxs(db: DatabaseSync): void {
  const seq = one(db, SOME_TX)
  db.exec(`CREATE TEMP TABLE a AS SELECT id, json, signature FROM tx WHERE seq = ${seq};
    CREATE TEMP TABLE b AS SELECT id, json, signature FROM tx WHERE seq = ${seq - 1n};
    UPDATE tx SET id = zeroblob(16) WHERE seq = ${seq - 1n};
    UPDATE tx SET (id, json, signature) = (SELECT * FROM b) WHERE seq = ${seq};
    UPDATE tx SET (id, json, signature) = (SELECT * FROM a) WHERE seq = ${seq - 1n}`)
}

function richer(db: DatabaseSync): void {
  db.exec(`UPDATE record SET value = json_set(value, '$.balance', json_extract(value, '$.balance') + 1)
    WHERE id = (SELECT id FROM record WHERE id LIKE 'account/%' AND json_extract(value, '$.balance') > 0 LIMIT 1)`)
}

function swapNames(db: DatabaseSync): void {
  db.exec(`CREATE TEMP TABLE two AS SELECT * FROM name WHERE number IN (4, 5);
    DELETE FROM name WHERE number IN (4, 5);
    INSERT INTO name SELECT 9 - number, id FROM two`)
}

/** All that the last block has, as if it had never been: only its records remain. */
function forgetLastBlock(db: DatabaseSync): void {
  db.exec(`CREATE TEMP TABLE gone AS SELECT seq FROM tx WHERE height = (SELECT max(height) FROM block);
    DELETE FROM line_id WHERE number IN (SELECT number FROM line WHERE tx IN (SELECT seq FROM gone));
    DELETE FROM line WHERE tx IN (SELECT seq FROM gone);
    DELETE FROM tx WHERE seq IN (SELECT seq FROM gone);
    DELETE FROM block WHERE height = (SELECT max(height) FROM block)`)
}

function useIdTwice(db: DatabaseSync): void {
  const seq = one(db, REJECTED)
  db.exec(`DROP INDEX tx_id; UPDATE tx SET (id, json, signature) =
    (SELECT id, json, signature FROM tx WHERE seq = ${seq}) WHERE seq = ${seq} + 1`)
}
