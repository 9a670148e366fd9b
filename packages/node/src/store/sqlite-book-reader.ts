/** Reads the log and the state for everybody but the sequencer. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type AssetId,
  type ChainId,
  type Genesis,
  type Hash,
  historyLeaf,
  type Kid,
  LINE_ACTIONS,
  type Line,
  type LineAction,
  type LineId,
  type RecordKind,
  type RecordOf,
  type StateReader,
  type Tiles,
  type TxId,
  toJws,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'
import {
  type AccountFlows,
  type BookReader,
  type ClosedBlock,
  CursorError,
  type NumberRange,
  type Page,
  type SealedBlock,
  type StoredTx,
  type Tip,
  type WalletLines,
  type WalletPage,
} from './book-reader.ts'
import type { LogWriter } from './log-writer.ts'
import type { Names, Signers } from './names.ts'
import {
  type BlockRow,
  type LineRow,
  NEEDS_BYTES,
  type SealedBlockRow,
  type TxRow,
  toClosedBlock,
  toLine,
  toSealedBlock,
  toStoredTx,
} from './rows.ts'
import type { SqliteState } from './sqlite-state.ts'
import type { WalSync } from './wal-sync.ts'

export interface ReaderParts {
  readonly db: DatabaseSync
  readonly log: Pick<LogWriter, 'tip'>
  readonly sync: Pick<WalSync, 'isDurable' | 'durable'>
  readonly names: Names
  readonly signers: Signers
  readonly state: SqliteState
  readonly tiles: Tiles
  readonly chain: ChainId
  readonly genesis: Genesis
  readonly hash: Hash
}

const LINE = `SELECT line.*, tx.id, tx.signer, iif(${NEEDS_BYTES}, tx.json, NULL) AS json,
  iif(${NEEDS_BYTES}, tx.signature, NULL) AS signature FROM line JOIN tx ON tx.seq = line.tx`
const SEALED = `SELECT block.*, seal.*,
  (SELECT hash FROM seal AS before WHERE before.height = block.height - 1) AS parent
  FROM block JOIN seal USING (height)`
const TX = `SELECT tx.*, block.time_ms FROM tx JOIN block USING (height)`

/** Each line of an account names the one before; imported ones moved money elsewhere, and none here. */
const FLOWS = `WITH RECURSIVE walk (number, action, received, amount, next) AS (
    SELECT number, action, receiver = :owner, iif(imported IS NULL, amount, 0),
      iif(sender = :owner, previous_from, previous_to)
    FROM line WHERE number = :from AND number > :after AND asset = :unit
  UNION ALL
    SELECT line.number, line.action, line.receiver = :owner, iif(line.imported IS NULL, line.amount, 0),
      iif(line.sender = :owner, line.previous_from, line.previous_to)
    FROM walk CROSS JOIN line ON line.number = walk.next WHERE walk.next > :after
  LIMIT :limit
  )
  SELECT action, received, sum(amount) AS amount, min(next) AS next FROM walk GROUP BY action, received`

export class SqliteBookReader implements BookReader {
  readonly chain: ChainId
  readonly genesis: Genesis
  readonly tiles: Tiles
  readonly #parts: ReaderParts
  readonly #statements = new Map<string, StatementSync>()

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.chain = parts.chain
    this.genesis = parts.genesis
    this.tiles = parts.tiles
  }

  get state(): StateReader {
    return this.#parts.state
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#parts.db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #lines(sql: string, ...values: readonly (bigint | Uint8Array)[]): readonly Line[] {
    const rows = this.#prepare(`${LINE} ${sql}`).all(...values)
    return rows.map((row) => toLine(this.#parts, row as unknown as LineRow))
  }

  get isDurable(): boolean {
    return this.#parts.sync.isDurable
  }

  durable(): Promise<void> {
    return this.#parts.sync.durable()
  }

  tip(): Tip {
    return this.#parts.log.tip
  }

  tx(id: TxId): StoredTx | undefined {
    // Most that is looked for is new: the index alone says so in half the time.
    if (this.#prepare('SELECT 1 FROM tx WHERE id = ?').get(toUuidBytes(id)) === undefined)
      return undefined
    return this.#tx(`${TX} WHERE tx.id = ? ORDER BY seq LIMIT 1`, toUuidBytes(id))
  }

  /** The tx that a key made with an id. */
  txOf(kid: Kid, id: TxId): StoredTx | undefined {
    const signer = this.#parts.signers.find(kid)
    if (signer === undefined) return undefined
    return this.#tx(`${TX} WHERE tx.id = ? AND tx.signer = ?`, toUuidBytes(id), signer)
  }

  entryJson(id: TxId): string | undefined {
    const sql = 'SELECT json FROM tx WHERE id = ? AND signer IS NULL ORDER BY seq LIMIT 1'
    const row = this.#prepare(sql).get(toUuidBytes(id))
    return row && String(row['json'])
  }

  txAt(seq: number): StoredTx | undefined {
    return this.#tx(`${TX} WHERE seq = ?`, BigInt(seq))
  }

  #tx(query: string, ...values: readonly (bigint | Uint8Array)[]): StoredTx | undefined {
    const row = this.#prepare(query).get(...values) as unknown as TxRow | undefined
    if (row === undefined) return undefined
    const { line, lines } = row
    const sql = 'WHERE line.number >= ? AND line.number < ? ORDER BY line.number'
    const found = lines === 0 ? [] : this.#lines(sql, BigInt(line), BigInt(line + lines))
    return toStoredTx(this.#parts.signers, row, found)
  }

  line(number: number): Line | undefined {
    return this.#lines('WHERE line.number = ?', BigInt(number))[0]
  }

  lineById(id: LineId): Line | undefined {
    const bytes = toUuidBytes(id)
    const row = this.#prepare('SELECT number FROM line_id WHERE id = ?').get(bytes)
    if (row !== undefined) return this.line(Number(row['number']))
    return this.#lines(
      'WHERE tx.id = ? AND line.action_index = 0 AND line.line_index = 0 ORDER BY number LIMIT 1',
      bytes,
    )[0]
  }

  linesOfWallet(wallet: WalletId, { cursor, limit }: WalletPage): WalletLines {
    const heads = cursor === undefined ? this.#heads(wallet) : this.#parse(cursor)
    const lines: Line[] = []
    while (lines.length < limit) {
      const newest = [...heads].reduce((best, head) => (head[1] > best[1] ? head : best), NONE)
      const line = newest[1] === 0 ? undefined : this.line(newest[1])
      if (line === undefined) break
      if (line.from !== wallet && line.to !== wallet) throw new CursorError('of another wallet')
      lines.push(line)
      heads.set(newest[0], line.from === wallet ? line.previousFrom : line.previousTo)
    }
    const left = [...heads].filter(([, number]) => number > 0)
    if (left.length === 0) return { lines }
    return { lines, next: left.map(([asset, number]) => `${asset}-${number}`).join('.') }
  }

  /** The newest line of each account of a wallet, by the number of its asset. */
  #heads(wallet: WalletId): Map<number, number> {
    const { state, names } = this.#parts
    const assets = state.get('wallet', wallet)?.assets ?? []
    return new Map(
      assets.map((asset) => [
        Number(names.find(asset) ?? 0n),
        state.get('account', `${wallet}/${asset}`)?.last ?? 0,
      ]),
    )
  }

  #parse(cursor: string): Map<number, number> {
    if (!/^\d{1,15}-\d{1,15}(?:\.\d{1,15}-\d{1,15}){0,511}$/.test(cursor)) {
      throw new CursorError('not a cursor')
    }
    const pairs = cursor.split('.').map((pair) => pair.split('-').map(Number))
    return new Map(pairs as [number, number][])
  }

  flowsOfAccount(
    { wallet, asset }: { readonly wallet: WalletId; readonly asset: AssetId },
    {
      from,
      after,
      limit,
    }: { readonly from: number; readonly after: number; readonly limit: number },
  ): AccountFlows {
    const [owner, unit] = [wallet, asset].map((id) => this.#parts.names.find(id))
    if (owner === undefined || unit === undefined) return { flows: [], next: 0 }
    const range = { from: BigInt(from), after: BigInt(after), limit: BigInt(limit) }
    const statement = this.#prepare(FLOWS)
    statement.setReadBigInts(true)
    const rows = statement.all({ ...range, owner, unit })
    const flows = rows.map(({ action, received, amount }) => ({
      action: LINE_ACTIONS[Number(action)] as LineAction,
      isReceived: received === 1n,
      amount: amount as bigint,
    }))
    const next = rows.reduce((least, row) => Math.min(least, Number(row['next'])), from)
    return { flows, next: rows.length === 0 || next <= after ? 0 : next }
  }

  linesOfAsset(asset: AssetId, { before, limit }: Page): readonly Line[] {
    const number = this.#parts.names.find(asset)
    if (number === undefined) return []
    const sql = 'WHERE line.asset = ? AND line.seq < ? ORDER BY line.seq DESC LIMIT ?'
    return this.#lines(sql, number, toBefore(before), BigInt(limit))
  }

  lines({ before, limit }: Page): readonly Line[] {
    const sql = 'WHERE line.number < ? ORDER BY line.number DESC LIMIT ?'
    return this.#lines(sql, toBefore(before), BigInt(limit))
  }

  linesAfter(number: number, limit: number): readonly Line[] {
    const sql = 'WHERE line.number > ? ORDER BY line.number LIMIT ?'
    return this.#lines(sql, BigInt(number), BigInt(limit))
  }

  linesOfAction(action: LineAction, { after, upTo }: NumberRange): readonly Line[] {
    const sql =
      'WHERE line.number > ? AND line.number <= ? AND line.action = ? ORDER BY line.number'
    const number = LINE_ACTIONS.indexOf(action)
    return this.#lines(sql, BigInt(after), BigInt(upTo), BigInt(number))
  }

  block(height: number): ClosedBlock | undefined {
    const sql = 'SELECT * FROM block WHERE height = ? AND count IS NOT NULL'
    const row = this.#prepare(sql).get(BigInt(height)) as unknown as BlockRow | undefined
    return row && toClosedBlock(row)
  }

  sealedBlock(height: number): SealedBlock | undefined {
    const row = this.#prepare(`${SEALED} WHERE height = ?`).get(BigInt(height))
    return row && toSealedBlock(row as unknown as SealedBlockRow)
  }

  lastSealed(): SealedBlock | undefined {
    const row = this.#prepare(`${SEALED} ORDER BY height DESC LIMIT 1`).get()
    return row && toSealedBlock(row as unknown as SealedBlockRow)
  }

  leafIndex(seq: number): number | undefined {
    // The leaves of a block follow those of all blocks before it; the hash of a block stands after its own.
    const sql = `SELECT first, (SELECT size FROM seal WHERE height = block.height - 1) AS before
      FROM block JOIN seal USING (height) WHERE height = (SELECT height FROM tx WHERE seq = ?)`
    const row = this.#prepare(sql).get(BigInt(seq))
    return row && Number(row['before'] ?? 0) + seq - Number(row['first'])
  }

  leafAt(index: number): Uint8Array | undefined {
    const sql = 'SELECT height, size FROM seal WHERE size > ? ORDER BY size, height LIMIT 1'
    const row = this.#prepare(sql).get(BigInt(index))
    if (row === undefined) return undefined
    const height = Number(row['height'])
    const before = Number(
      this.#prepare('SELECT size FROM seal WHERE height = ?').get(BigInt(height - 1))?.['size'] ??
        0,
    )
    const first = Number(
      this.#prepare('SELECT first FROM block WHERE height = ?').get(BigInt(height))?.['first'],
    )
    const stored =
      height > 0 && index === Number(row['size']) - 1
        ? undefined
        : this.txAt(first + index - before)
    return stored === undefined ? this.#worked(height) : this.#leafOf(stored)
  }

  #leafOf({ id, kid, json, signature, outcome }: StoredTx): Uint8Array {
    const bytes = kid === null || signature === null ? json : toJws(kid, json, signature)
    return historyLeaf(this.#parts.hash, { id, bytes, outcome })
  }

  /** The hash of the last block with leaves before a height. */
  #worked(height: number): Uint8Array | undefined {
    const sql = `SELECT hash FROM seal WHERE size = (SELECT size FROM seal WHERE height = ?) ORDER BY height LIMIT 1`
    return this.#prepare(sql).get(BigInt(height - 1))?.['hash'] as Uint8Array | undefined
  }

  blocks({ before, limit }: Page): readonly ClosedBlock[] {
    const sql =
      'SELECT * FROM block WHERE height < ? AND count IS NOT NULL ORDER BY height DESC LIMIT ?'
    const rows = this.#prepare(sql).all(toBefore(before), BigInt(limit))
    return rows.map((row) => toClosedBlock(row as unknown as BlockRow))
  }

  records<K extends RecordKind>(
    kind: K,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): readonly { readonly id: string; readonly record: RecordOf<K> }[] {
    return this.#parts.state.list(kind, page)
  }
}

const NONE: readonly [number, number] = [0, 0]

function toBefore(before: number | undefined): bigint {
  return BigInt(before ?? Number.MAX_SAFE_INTEGER)
}
