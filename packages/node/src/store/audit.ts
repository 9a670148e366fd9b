/**
 * Checks a whole book without believing the node that wrote it: every signature, every outcome by the rules, every line
 * and chain, every record, the sums. Reads only; a node may go on working on the folder.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type AssetId,
  encode,
  fromRecordKey,
  MemoryState,
  type SignedGenesis,
  type SignedTx,
} from '@fedow/ledger'
import { BOOK_FILE, MissingBookError } from './book.ts'
import { BOOK_MIGRATIONS } from './book-migrations.ts'
import { connect, isCorruption, isMissing, NewerVersionError, versionOf } from './database.ts'
import { readGenesis } from './folder.ts'
import { sha256 } from './hash.ts'
import { Names, Signers } from './names.ts'
import { BookMismatch, Replay } from './replay.ts'
import type { TxRow } from './rows.ts'
import { SignatureCheck } from './signature-check.ts'
import { readCheckpoint } from './sqlite-state.ts'

/** The first thing that does not hold. */
export interface AuditProblem {
  readonly what: string
  readonly height?: number
  readonly line?: number
}

/** One asset at the end of the book, in minor units. */
export interface AuditedAsset {
  readonly asset: AssetId
  readonly name: string
  readonly kind: string
  readonly issued: bigint
  /** Accounts that hold it, issuance apart. */
  readonly accounts: number
}

export interface AuditReport {
  readonly ok: boolean
  readonly chain: string
  readonly height: number
  readonly txs: number
  readonly lines: number
  readonly signatures: number
  readonly assets: readonly AuditedAsset[]
  readonly problem?: AuditProblem
}

export type AuditProgress = (done: number, total: number) => void

/** Signatures in the pool at a time. */
const LANES = 512

/**
 * Audits a data folder. Throws when there is no book to audit: the genesis is damaged, the book is missing or of a newer
 * version. What stands in the book never throws: the report names it.
 */
export async function auditFolder(
  folder: string,
  onProgress: AuditProgress = () => {},
): Promise<AuditReport> {
  const genesis = readGenesis(folder)
  const path = join(folder, BOOK_FILE)
  if (isMissing(path)) throw new MissingBookError(path)
  const db = connect(path, { readOnly: true })
  try {
    return await new Audit(db, genesis).run(onProgress)
  } finally {
    db.close()
  }
}

class Audit {
  readonly #db: DatabaseSync
  readonly #genesis: SignedGenesis
  readonly #state = new MemoryState()
  readonly #signatures = new SignatureCheck()
  #checked = 0
  #running = 0
  #wake: (() => void) | undefined
  #forged: TxRow | undefined

  constructor(db: DatabaseSync, genesis: SignedGenesis) {
    this.#db = db
    this.#genesis = genesis
  }

  async run(onProgress: AuditProgress): Promise<AuditReport> {
    try {
      // One read transaction: a node that goes on writing does not move the book under the audit.
      this.#db.exec('BEGIN')
      this.#checkFile()
      await this.#replay(onProgress)
      this.#checkCounts()
      return this.#report()
    } catch (cause) {
      if (cause instanceof BookMismatch) return this.#report(toProblem(cause))
      if (isCorruption(cause))
        return this.#report({ what: `the file is damaged: ${cause.message}` })
      if (isUnreadable(cause)) return this.#report({ what: cause.message })
      throw cause
    }
  }

  #checkFile(): void {
    const version = versionOf(this.#db)
    if (version > BOOK_MIGRATIONS.length) {
      throw new NewerVersionError(BOOK_FILE, version, BOOK_MIGRATIONS.length)
    }
    const check = this.#db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
    if (check !== 'ok') throw new BookMismatch(0, `the file is damaged: ${String(check)}`)
    using wanted = new DatabaseSync(':memory:')
    for (const { sql } of BOOK_MIGRATIONS) wanted.exec(sql)
    if (schemaOf(this.#db) !== schemaOf(wanted)) {
      throw new BookMismatch(0, 'its tables and indexes are not those of a book')
    }
    const stored = this.#db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
    if (stored?.['value'] !== this.#genesis.jws) {
      throw new BookMismatch(0, 'the book has another genesis than the folder')
    }
  }

  #number(sql: string): number {
    return Number(Object.values(this.#db.prepare(sql).get() ?? {})[0] ?? 0)
  }

  async #replay(onProgress: AuditProgress): Promise<void> {
    const numbers = { names: new Names(this.#db), signers: new Signers(this.#db), hash: sha256 }
    const observe = (row: TxRow, tx: SignedTx) => this.#checkSignature(row, tx)
    const replay = new Replay(this.#db, numbers, this.#state, observe)
    const checkpoint = readCheckpoint(this.#db)
    const total = this.#number('SELECT max(seq) FROM tx')
    replay.genesis(this.#genesis)
    if (!replay.isClosed(checkpoint)) {
      throw new BookMismatch(checkpoint, 'its records are there, and not its list')
    }
    if (checkpoint === 0) this.#checkRecords(checkpoint)
    let done = 1
    for (const height of replay.heights(0)) {
      done += replay.block(this.#genesis.chain, height).block.length
      if (height === checkpoint) this.#checkRecords(checkpoint)
      onProgress(Math.min(done, total), total)
      await this.#settle(LANES)
    }
    await this.#settle(1)
  }

  #checkSignature(row: TxRow, { kid, jws, signature }: SignedTx): void {
    const key = this.#state.get('key', kid)
    if (key === undefined) {
      throw new BookMismatch(row.height, `tx ${row.seq} is signed by an unknown key`, row.line)
    }
    this.#running += 1
    const input = jws.slice(0, jws.lastIndexOf('.'))
    this.#signatures.inPool(key.x, input, signature).then((isValid) => {
      this.#running -= 1
      this.#checked += 1
      if (!isValid && (this.#forged === undefined || row.seq < this.#forged.seq)) this.#forged = row
      this.#wake?.()
    })
  }

  /** Waits until fewer than `most` signatures are being checked. */
  async #settle(most: number): Promise<void> {
    while (this.#running >= most) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const forged = this.#forged
    if (forged !== undefined) {
      throw new BookMismatch(
        forged.height,
        `tx ${forged.seq} is not signed by its key`,
        forged.line,
      )
    }
  }

  /** The records on disk are the state that the log gives at their height. */
  #checkRecords(checkpoint: number): void {
    const rows = this.#db.prepare('SELECT id, value, height, previous FROM record').iterate()
    let found = 0
    for (const row of rows) {
      const text = Number(row['height']) > checkpoint ? row['previous'] : row['value']
      const key = String(row['id'])
      const { kind, id } = fromRecordKey(key)
      const record = this.#state.get(kind, id)
      if (text !== (record === undefined ? null : encode(record))) {
        throw new BookMismatch(checkpoint, `the record ${key} is not what the log gives`)
      }
      if (record !== undefined) found += 1
    }
    if (found !== this.#state.all().size) throw new BookMismatch(checkpoint, 'records are missing')
  }

  /** Nothing stands in the file that the replay did not meet. */
  #checkCounts(): void {
    const height = this.#number('SELECT max(height) FROM block')
    const lines = this.#state.get('clock', 'network')?.line ?? 0
    if (this.#number('SELECT count(*) FROM line') !== lines) {
      throw new BookMismatch(height, 'there are lines that no tx makes')
    }
    if (this.#number('SELECT count(*) FROM tx') !== this.#number('SELECT max(seq) FROM tx')) {
      throw new BookMismatch(height, 'the numbers of the txs have a gap')
    }
    this.#checkStrays(height)
    const twice = 'SELECT count(*) FROM (SELECT 1 FROM tx GROUP BY id, signer HAVING count(*) > 1)'
    if (this.#number(twice) > 0) throw new BookMismatch(height, 'a tx id is used twice by one key')
    for (const { name, issued, held } of this.#sums()) {
      if (issued !== held) throw new BookMismatch(height, `${name}: ${issued} issued, ${held} held`)
    }
  }

  /** Rows that no block leads to. */
  #checkStrays(height: number): void {
    const later = 'SELECT count(*) FROM line WHERE action_index > 0 OR line_index > 0'
    if (this.#number('SELECT count(*) FROM line_id') !== this.#number(later)) {
      throw new BookMismatch(height, 'there are ids of lines that no tx makes')
    }
    const strays = 'SELECT count(*) FROM void WHERE height NOT IN (SELECT height FROM block)'
    if (this.#number('SELECT min(height) FROM block') !== 0 || this.#number(strays) > 0) {
      throw new BookMismatch(height, 'there are entries before the first block or after the last')
    }
  }

  #sums() {
    const sums = new Map<AssetId, { issued: bigint; held: bigint; accounts: number }>()
    for (const { id, record } of this.#state.entries('account')) {
      const [wallet, asset] = id.split('/') as [string, AssetId]
      const sum = sums.get(asset) ?? { issued: 0n, held: 0n, accounts: 0 }
      if (this.#state.get('wallet', wallet)?.kind === 'issuance') sum.issued -= record.balance
      else {
        sum.held += record.balance
        if (record.balance > 0n) sum.accounts += 1
      }
      sums.set(asset, sum)
    }
    return [...this.#state.entries('asset')].map(({ id, record }) => ({
      asset: id as AssetId,
      name: record.name,
      kind: record.kind,
      ...(sums.get(id as AssetId) ?? { issued: 0n, held: 0n, accounts: 0 }),
    }))
  }

  #report(problem?: AuditProblem): AuditReport {
    const { chain } = this.#genesis
    const base = { ok: problem === undefined, chain, signatures: this.#checked }
    if (problem !== undefined) {
      const lines = this.#state.get('clock', 'network')?.line ?? 0
      return { ...base, height: problem.height ?? 0, txs: 0, lines, assets: [], problem }
    }
    return {
      ...base,
      height: this.#number('SELECT max(height) FROM block'),
      txs: this.#number('SELECT max(seq) FROM tx'),
      lines: this.#number('SELECT max(number) FROM line'),
      assets: this.#sums().map(({ held: _, ...asset }) => asset),
    }
  }
}

function schemaOf(db: DatabaseSync): string {
  const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
  return rows.map(({ type, name, sql }) => `${type} ${name} ${sql}`).join('\n')
}

/** A belief of ours that the file breaks, or an integer that no book holds. */
function isUnreadable(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false
  const { code } = cause as { code?: string }
  return cause.message.startsWith('broken invariant') || code === 'ERR_OUT_OF_RANGE'
}

function toProblem({ what, height, line }: BookMismatch): AuditProblem {
  return { what, height, ...(line !== undefined && { line }) }
}
