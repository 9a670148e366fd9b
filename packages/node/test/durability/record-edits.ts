/** Edits by hand of the records on disk, from which balances are read. */
import type { DatabaseSync } from 'node:sqlite'
import { encode, MemoryState, type SignedGenesis } from '@fedow/ledger'
import { sha256 } from '../../src/store/hash.ts'
import { Names, Signers } from '../../src/store/names.ts'
import { Replay } from '../../src/store/replay.ts'
import { type Edit, sql } from './edits.ts'

const LAST = '(SELECT max(height) FROM seal)'
const RICH =
  "(SELECT id FROM record WHERE id LIKE 'account/%' AND json_extract(value, '$.balance') > 0 LIMIT 1)"
const RICHER = "json_set(value, '$.balance', json_extract(value, '$.balance') + 1)"
const AHEAD = `height = ${LAST} + 1, previous = value`

/** Records on disk: an audit finds them, and a start does. */
export const RECORD_EDITS: readonly Edit[] = [
  sql('a richer account', `UPDATE record SET value = ${RICHER} WHERE id = ${RICH}`),
  sql(
    'a poorer account',
    `UPDATE record SET value = ${RICHER.replace('+', '-')} WHERE id = ${RICH}`,
  ),
  sql(
    'an account with a hold of its own',
    `UPDATE record SET value = json_set(value, '$.held', 1) WHERE id = ${RICH}`,
  ),
  sql('an account gone', `DELETE FROM record WHERE id = ${RICH}`),
  sql('all accounts gone', "DELETE FROM record WHERE id LIKE 'account/%'"),
  sql('all records gone', 'DELETE FROM record'),
  sql('a card gone', gone('card')),
  sql('a key gone', gone('key')),
  sql('an asset gone', gone('asset')),
  sql('a clock gone', gone('clock')),
  sql('an extra card', `INSERT INTO record VALUES ('card/1', '{}', 0, NULL)`),
  sql(
    'the rights of a key for another one',
    "INSERT INTO record SELECT id || 'A', value, height, NULL FROM record WHERE id LIKE 'key/%' LIMIT 1",
  ),
  sql('a record of no kind', `INSERT INTO record VALUES ('coin/1', '{}', 0, NULL)`),
  sql('a hold that is no JSON', `UPDATE record SET value = '{' WHERE id LIKE 'hold/%'`),
  sql(
    'a record in another spelling',
    `UPDATE record SET value = replace(value, ',', ', ') WHERE id = ${RICH}`,
  ),
  sql(
    'a record with a member more',
    `UPDATE record SET value = json_set(value, '$.a', 1) WHERE id = ${RICH}`,
  ),
  sql('two accounts under the id of each other', swapRecords('account')),
  sql('two cards under the id of each other', swapRecords('card')),
  ['the records of an earlier block', (db, { genesis }) => setRecords(db, stateAt(db, genesis, 3))],
  sql(
    'an account that gets richer with the next seal',
    `UPDATE record SET ${AHEAD}, value = ${RICHER} WHERE id = ${RICH}`,
  ),
  sql(
    'an account that goes with the next seal',
    `UPDATE record SET ${AHEAD}, value = NULL WHERE id = ${RICH}`,
  ),
  sql(
    'a card that comes with the next seal',
    `INSERT INTO record VALUES ('card/1', '{}', ${LAST} + 1, NULL)`,
  ),
  sql('a record that says that it is ahead', `UPDATE record SET ${AHEAD} WHERE id = ${RICH}`),
  sql(
    'an account that gets richer in ten blocks',
    `UPDATE record SET height = ${LAST} + 10, previous = value, value = ${RICHER} WHERE id = ${RICH}`,
  ),
]

/** Rows that say nothing, and yet do not belong there: an audit finds them. */
export const IDLE_RECORD_EDITS: readonly Edit[] = [
  sql('a row of a record that is not there', `INSERT INTO record VALUES ('card/1', NULL, 0, NULL)`),
  sql('a record without id', `INSERT INTO record VALUES ('', '{}', 0, NULL)`),
]

function gone(kind: string): string {
  return `DELETE FROM record WHERE id = (SELECT id FROM record WHERE id LIKE '${kind}/%' LIMIT 1)`
}

function swapRecords(kind: string): string {
  return `CREATE TEMP TABLE two AS SELECT * FROM record WHERE id LIKE '${kind}/%' GROUP BY value LIMIT 2;
    UPDATE record SET value = (SELECT value FROM two WHERE two.id <> record.id) WHERE id IN (SELECT id FROM two)`
}

/** The records after a block, by the rules. */
function stateAt(db: DatabaseSync, genesis: SignedGenesis, height: number): MemoryState {
  const state = new MemoryState()
  const numbers = { names: new Names(db), signers: new Signers(db), hash: sha256 }
  const replay = new Replay({ db, numbers, state })
  replay.genesis(genesis)
  for (let next = 1; next <= height; next += 1) replay.block(genesis.chain, next)
  return state
}

function setRecords(db: DatabaseSync, state: MemoryState): void {
  db.exec('DELETE FROM record')
  const insert = db.prepare('INSERT INTO record VALUES (?, ?, 0, NULL)')
  for (const [key, record] of state.all()) insert.run(key, encode(record))
}
