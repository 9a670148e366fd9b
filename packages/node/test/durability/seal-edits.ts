/** Edits by hand of what proves a book: its seals, and the tiles of its history. */
import type { DatabaseSync } from 'node:sqlite'
import { SigningKey } from '../../src/store/key-file.ts'
import { type Edit, sql } from './edits.ts'
import { forge, sign } from './forging.ts'

const LAST = '(SELECT max(height) FROM seal)'
const FULL = '0'
const EDGE = '1'
const ABOVE = String(2 ** 40)

/** Seals before the last one: an audit finds them. */
export const EARLIER_SEAL_EDITS: readonly Edit[] = [
  sql('the first seal gone', 'DELETE FROM seal WHERE height = 0'),
  sql('a seal in the middle gone', 'DELETE FROM seal WHERE height = 3'),
  sql('the last seal gone', `DELETE FROM seal WHERE height = ${LAST}`),
  sql('the last three seals gone', `DELETE FROM seal WHERE height > ${LAST} - 3`),
  sql('all seals but the last gone', `DELETE FROM seal WHERE height < ${LAST}`),
  sql('a seal before the first', seal('-1', '0')),
  sql('an earlier seal of another size', 'UPDATE seal SET size = size - 1 WHERE height = 3'),
  sql('an earlier seal of no leaves', 'UPDATE seal SET size = 0 WHERE height = 3'),
  sql('an earlier seal of another state', other('state', '3')),
  sql('an earlier seal of another history', other('history', '3')),
  sql('an earlier seal of another hash', other('hash', '3')),
  sql('an earlier seal of another signature', other('signature', '3')),
  sql('an earlier seal of an empty state', 'UPDATE seal SET state = zeroblob(32) WHERE height = 3'),
  sql("the state of the block before in a block's seal", take('state', { from: '4', to: '5' })),
  sql("the signature of another block's seal", take('signature', { from: '3', to: '5' })),
  ['the seals of two blocks swapped', swapSeals],
  [
    'an earlier checkpoint by an unknown key',
    (db, { genesis }) => sign(db, genesis.chain, { height: 3, key: SigningKey.generate() }),
  ],
  [
    'an earlier checkpoint by the operator',
    (db, { genesis, keys }) => sign(db, genesis.chain, { height: 3, key: keys.operator }),
  ],
  [
    'an earlier checkpoint by the node',
    (db, { genesis, keys }) => sign(db, genesis.chain, { height: 3, key: keys.node }),
  ],
  [
    'an earlier seal of another state, hashed and signed anew',
    (db, network) => forge(db, network, { height: 3, change: otherByte('state') }),
  ],
  [
    'an earlier seal of another history, hashed and signed anew',
    (db, network) => forge(db, network, { height: 3, change: 'size = size - 1' }),
  ],
  [
    'all checkpoints by an unknown key',
    (db, { genesis }) => {
      const key = SigningKey.generate()
      for (let height = 0; height < 9; height += 1) sign(db, genesis.chain, { height, key })
    },
  ],
]

/** The seal that the next one builds on: an audit finds them, and a start does. */
export const LAST_SEAL_EDITS: readonly Edit[] = [
  sql('all seals gone', 'DELETE FROM seal'),
  sql('all seals and tiles gone', 'DELETE FROM seal; DELETE FROM tile'),
  sql('the seal before the last gone', `DELETE FROM seal WHERE height = ${LAST} - 1`),
  sql('a seal of no block', seal('max(height) + 1', LAST)),
  sql('a seal far ahead', seal('4611686018427387904', LAST)),
  sql('a last seal of one leaf more', `UPDATE seal SET size = size + 1 WHERE height = ${LAST}`),
  sql('a last seal of one leaf less', `UPDATE seal SET size = size - 1 WHERE height = ${LAST}`),
  sql('a last seal of very many leaves', `UPDATE seal SET size = 1 << 40 WHERE height = ${LAST}`),
  sql('a last seal of too many leaves', `UPDATE seal SET size = 1 << 62 WHERE height = ${LAST}`),
  sql('a last seal of another state', other('state', LAST)),
  sql('a last seal of another history', other('history', LAST)),
  sql('a last seal of another hash', other('hash', LAST)),
  sql('a last seal of another signature', other('signature', LAST)),
  sql('a last checkpoint without signature', "UPDATE seal SET signature = x''"),
  sql('a last checkpoint cut short', 'UPDATE seal SET signature = substr(signature, 1, 63)'),
  [
    'a last checkpoint by an unknown key',
    (db, { genesis }) => sign(db, genesis.chain, { height: 'last', key: SigningKey.generate() }),
  ],
  [
    'a last checkpoint by the operator',
    (db, { genesis, keys }) => sign(db, genesis.chain, { height: 'last', key: keys.operator }),
  ],
  [
    'a last seal of another state, hashed and signed anew',
    (db, network) => forge(db, network, { height: 'last', change: otherByte('state') }),
  ],
  [
    'a last seal of another history, hashed and signed anew',
    (db, network) => forge(db, network, { height: 'last', change: otherByte('history') }),
  ],
  sql('a table of seals that is gone', 'DROP TABLE seal'),
]

/** Tiles that are never written again: an audit finds them. */
export const OLD_TILE_EDITS: readonly Edit[] = [
  sql('a full tile gone', `DELETE FROM tile WHERE id = ${FULL}`),
  sql('a first hash of a full tile changed', hashAt(FULL, 1)),
  sql('a last hash of a full tile changed', hashAt(FULL, 8161)),
  sql('a full tile one hash shorter', cutTile(FULL, 255 * 32)),
  sql('a full tile one byte shorter', cutTile(FULL, 255 * 32 + 31)),
  sql('a full tile one hash longer', longerTile(FULL, 'zeroblob(32)')),
  sql('a full tile emptied', `UPDATE tile SET hashes = x'' WHERE id = ${FULL}`),
  sql('the last tile one hash longer', longerTile(EDGE, 'zeroblob(32)')),
  sql('the last tile one byte longer', longerTile(EDGE, "x'00'")),
  sql('an extra tile', 'INSERT INTO tile VALUES (2, zeroblob(32))'),
  sql('an extra tile that is empty', "INSERT INTO tile VALUES (2, x'')"),
  sql('an extra tile of a level above', `INSERT INTO tile VALUES (2 * ${ABOVE}, zeroblob(32))`),
  sql('a tile of no number', 'INSERT INTO tile VALUES (-1, zeroblob(32))'),
  sql('an index of seals that is gone', 'DROP INDEX seal_size'),
]

/** Tiles that still fill: an audit finds them, and a start does. */
export const LAST_TILE_EDITS: readonly Edit[] = [
  sql('the last tile gone', `DELETE FROM tile WHERE id = ${EDGE}`),
  sql('a tile of the level above gone', `DELETE FROM tile WHERE id = ${ABOVE}`),
  sql('all tiles gone', 'DELETE FROM tile'),
  sql('the last tile of an earlier size', cutTile(EDGE, 5 * 32)),
  sql(
    'the last tile one hash shorter',
    `UPDATE tile SET hashes = substr(hashes, 1, length(hashes) - 32) WHERE id = ${EDGE}`,
  ),
  sql(
    'the last tile one byte shorter',
    `UPDATE tile SET hashes = substr(hashes, 1, length(hashes) - 1) WHERE id = ${EDGE}`,
  ),
  sql('a first hash of the last tile changed', hashAt(EDGE, 1)),
  sql('a hash of the level above changed', hashAt(ABOVE, 1)),
  sql('the last tile emptied', `UPDATE tile SET hashes = x'' WHERE id = ${EDGE}`),
  sql(
    'two tiles swapped',
    'UPDATE tile SET id = -9 WHERE id = 0; UPDATE tile SET id = 0 WHERE id = 1; UPDATE tile SET id = 1 WHERE id = -9',
  ),
  sql('a table of tiles that is gone', 'DROP TABLE tile'),
]

/** The first byte of a column is another one. */
function otherByte(column: string): string {
  const byte = `CASE substr(${column}, 1, 1) WHEN x'ff' THEN x'00' ELSE x'ff' END`
  return `${column} = CAST(${byte} || substr(${column}, 2) AS BLOB)`
}

function other(column: string, height: string): string {
  return `UPDATE seal SET ${otherByte(column)} WHERE height = ${height}`
}

function take(column: string, { from, to }: { from: string; to: string }): string {
  return `UPDATE seal SET ${column} = (SELECT ${column} FROM seal WHERE height = ${from}) WHERE height = ${to}`
}

/** A copy of the last seal at another height, or of one that is given. */
function seal(height: string, from: string): string {
  return `INSERT INTO seal SELECT ${height}, size, state, history, hash, signature FROM seal WHERE height = ${from}`
}

function hashAt(tile: string, byte: number): string {
  const changed = `CASE substr(hashes, ${byte}, 1) WHEN x'ff' THEN x'00' ELSE x'ff' END`
  const whole = `substr(hashes, 1, ${byte - 1}) || ${changed} || substr(hashes, ${byte + 1})`
  return `UPDATE tile SET hashes = CAST(${whole} AS BLOB) WHERE id = ${tile}`
}

function cutTile(tile: string, bytes: number): string {
  return `UPDATE tile SET hashes = substr(hashes, 1, ${bytes}) WHERE id = ${tile}`
}

function longerTile(tile: string, more: string): string {
  return `UPDATE tile SET hashes = CAST(hashes || ${more} AS BLOB) WHERE id = ${tile}`
}

function swapSeals(db: DatabaseSync): void {
  db.exec(`UPDATE seal SET height = -9 WHERE height = 3; UPDATE seal SET height = 3 WHERE height = 5;
    UPDATE seal SET height = 5 WHERE height = -9`)
}
