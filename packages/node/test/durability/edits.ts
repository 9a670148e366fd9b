/** Edits of a book by hand, with SQL: the file stays sound, what it says does not. The log and what leads to it. */
import type { DatabaseSync } from 'node:sqlite'
import type { TestNetwork } from '../test-network.ts'

export type Edit = readonly [name: string, change: (db: DatabaseSync, of: TestNetwork) => void]

/** An edit that is one statement. */
export function sql(name: string, statement: string): Edit {
  return [name, (db) => db.exec(statement)]
}

export function one(db: DatabaseSync, sql: string): bigint {
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  const [value] = Object.values(statement.get() ?? {})
  if (typeof value !== 'bigint') throw new Error(`nothing to damage: ${sql}`)
  return value
}

export const LAST_LINE = 'SELECT max(number) FROM line'
export const SOME_LINE =
  'SELECT number FROM line WHERE amount > 0 ORDER BY number LIMIT 1 OFFSET 20'
export const REJECTED = 'SELECT seq FROM tx WHERE rejected IS NOT NULL LIMIT 1'
export const EXPIRY = 'SELECT seq FROM tx WHERE signer IS NULL ORDER BY seq LIMIT 1'
export const SOME_TX =
  'SELECT seq FROM tx WHERE rejected IS NULL AND lines = 1 ORDER BY seq DESC LIMIT 1'
export const REFILL = 'SELECT seq FROM tx WHERE lines = 2 ORDER BY seq DESC LIMIT 1'

/** The log, its numbers and its tables. */
export const LOG_EDITS: readonly Edit[] = [
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
  sql('a deleted line', `DELETE FROM line WHERE number = (${SOME_LINE})`),
  sql('a deleted last line', `DELETE FROM line WHERE number = (${LAST_LINE})`),
  ['an extra line', (db) => copyRow(db, 'line', one(db, LAST_LINE))],
  ['an extra tx', (db) => copyRow(db, 'tx', one(db, REJECTED))],
  sql('a deleted tx', `DELETE FROM tx WHERE seq = (${REJECTED})`),
  ['two swapped lines', swapLines],
  ['two swapped txs', swapTxs],
  sql('another genesis in the book', `UPDATE mark SET value = 'x' WHERE name = 'genesis'`),
  ['a wrong height', (db) => set(db, 'tx', 'height = height + 1', one(db, SOME_TX))],
  sql('a block with another root', 'UPDATE block SET txs = zeroblob(32) WHERE height = 2'),
  sql('a block at another time', 'UPDATE block SET time_ms = time_ms + 1 WHERE height = 2'),
  sql(
    'a block opened again in the middle',
    'UPDATE block SET count = NULL, txs = NULL WHERE height = 2',
  ),
  sql(
    'a last block opened again',
    'UPDATE block SET count = NULL, txs = NULL WHERE height = (SELECT max(height) FROM block)',
  ),
  sql('a deleted block', 'DELETE FROM block WHERE height = 2'),
  ['a last block forgotten with all that is in it', forgetLastBlock],
  sql('an empty block before the first', 'INSERT INTO block VALUES (-1, 0, 1, 0, zeroblob(32))'),
  sql(
    'an empty block after the last',
    'INSERT INTO block SELECT max(height) + 1, max(time_ms), 9999, 0, zeroblob(32) FROM block',
  ),
  sql('the id of a line that leads elsewhere', 'UPDATE line_id SET number = number - 1'),
  sql(
    'a forgotten id of a line',
    'DELETE FROM line_id WHERE number = (SELECT max(number) FROM line_id)',
  ),
  sql('an extra id of a line', 'INSERT INTO line_id VALUES (zeroblob(16), 1)'),
  sql('void bytes of no block', `INSERT INTO void VALUES (999, 0, 1001, x'00')`),
  sql('void bytes in a block', `INSERT INTO void VALUES (2, 9999, 1001, x'00')`),
  ['one wallet under the name of another', (db) => swapNames(db)],
  sql('a name that is gone', 'DELETE FROM name WHERE number = 1'),
  sql('a key that is gone', 'DELETE FROM signer'),
  ['one id used twice, where the index allows it', useIdTwice],
  sql('an index that is gone', 'DROP INDEX tx_id'),
  sql('a trigger that was not there', 'CREATE TRIGGER t AFTER INSERT ON line BEGIN SELECT 1; END'),
  [
    'an integer beyond all amounts',
    (db) => set(db, 'line', 'amount = 9223372036854775807', one(db, SOME_LINE)),
  ],
  ['an unknown action', (db) => set(db, 'line', 'action = 99', one(db, SOME_LINE))],
  sql('an older version', 'PRAGMA user_version = 0'),
  sql('a table that is gone', 'DROP TABLE record'),
  sql('a later checkpoint of an older Fedow', "INSERT INTO mark VALUES ('checkpoint', '99')"),
  sql('an older version that has the tables of this one', 'PRAGMA user_version = 1'),
]

export function set(db: DatabaseSync, table: 'line' | 'tx', change: string, key: bigint): void {
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
