/**
 * Checks a whole book without believing the node that wrote it: every signature, every outcome by the rules, every line
 * and chain, every record, the sums. Reads only; a node may go on working on the folder.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { AssetId, Block, SignedGenesis, SignedTx } from '@fedow/ledger'
import { BOOK_FILE, MissingBookError } from './book.ts'
import { BOOK_MIGRATIONS } from './book-migrations.ts'
import { checkCosignatures, type KeptCosignatures, keptCosignatures } from './cosignature-audit.ts'
import {
  connect,
  isCorruption,
  isMissing,
  NewerVersionError,
  OlderVersionError,
  versionOf,
} from './database.ts'
import { type Comparison, compareWith, type Earlier } from './earlier-checkpoint.ts'
import { readGenesis } from './folder.ts'
import { sha256 } from './hash.ts'
import { Names, Signers } from './names.ts'
import { checkRecords, checkRecordsAhead } from './record-audit.ts'
import { BookMismatch, Replay } from './replay.ts'
import { NEEDS_BYTES, type TxRow } from './rows.ts'
import { NEAR_MAX, SealAudit, WatchedState } from './seal-audit.ts'
import { SignatureCheck } from './signature-check.ts'
import { SignatureThreads } from './signature-threads.ts'

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
  /** Sealed blocks whose roots and checkpoint hold. */
  readonly checkpoints: number
  /** Co-signatures of witnesses over them, as the node keeps them. */
  readonly cosignatures: number
  readonly assets: readonly AuditedAsset[]
  readonly problem?: AuditProblem
  /** How the book stands to a checkpoint of earlier; absent when the book does not hold. */
  readonly against?: Comparison
}

export type AuditProgress = (done: number, total: number) => void

/** Signatures being checked at a time, about. */
const LANES = 512

/**
 * Audits a data folder. Throws when there is no book to audit: the genesis is damaged, the book is missing or of another
 * version. What stands in the book never throws: the report names it. With `earlier`, compares the book with it.
 */
export async function auditFolder(
  folder: string,
  onProgress: AuditProgress = () => {},
  earlier?: Earlier,
): Promise<AuditReport> {
  const genesis = readGenesis(folder)
  const path = join(folder, BOOK_FILE)
  if (isMissing(path)) throw new MissingBookError(path)
  const db = connect(path, { readOnly: true })
  try {
    return await new Audit(db, genesis, { folder, earlier }).run(onProgress)
  } finally {
    db.close()
  }
}

interface Beside {
  readonly folder: string
  readonly earlier: Earlier | undefined
}

class Audit {
  readonly #db: DatabaseSync
  readonly #genesis: SignedGenesis
  readonly #beside: Beside
  #kept: KeptCosignatures = { witnesses: [], cosignatures: [] }
  readonly #state = new WatchedState()
  readonly #signatures = new SignatureCheck()
  #checked = 0
  #checkpoints = 0
  /** Of the last closed block so far. */
  #height = -1
  #running = 0
  #wake: (() => void) | undefined
  #forged: TxRow | undefined
  #failure: unknown

  constructor(db: DatabaseSync, genesis: SignedGenesis, beside: Beside) {
    this.#db = db
    this.#genesis = genesis
    this.#beside = beside
  }

  async run(onProgress: AuditProgress): Promise<AuditReport> {
    try {
      this.#kept = keptCosignatures(this.#beside.folder)
      // One read transaction: a node that goes on writing does not move the book under the audit.
      this.#db.exec('BEGIN')
      this.#checkFile()
      await this.#replay(onProgress)
      this.#checkCounts()
      const { chain } = this.#genesis
      const { verify } = this.#signatures
      checkCosignatures({ db: this.#db, chain }, verify, this.#kept.cosignatures)
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
    for (const { sql } of BOOK_MIGRATIONS.slice(0, version)) wanted.exec(sql)
    if (version === 0 || schemaOf(this.#db) !== schemaOf(wanted)) {
      throw new BookMismatch(0, 'its tables and indexes are not those of a book')
    }
    const stored = this.#db.prepare(`SELECT value FROM mark WHERE name = 'genesis'`).get()
    if (stored?.['value'] !== this.#genesis.jws) {
      throw new BookMismatch(0, 'the book has another genesis than the folder')
    }
    if (version < BOOK_MIGRATIONS.length) {
      const path = join(this.#beside.folder, BOOK_FILE)
      throw new OlderVersionError(path, version, BOOK_MIGRATIONS.length)
    }
    if (this.#number('SELECT count(*) FROM mark') !== 1) {
      throw new BookMismatch(0, 'it has marks that no book has')
    }
  }

  #number(sql: string): number {
    return Number(Object.values(this.#db.prepare(sql).get() ?? {})[0] ?? 0)
  }

  async #replay(onProgress: AuditProgress): Promise<void> {
    const numbers = { names: new Names(this.#db), signers: new Signers(this.#db), hash: sha256 }
    const state = this.#state
    const total = this.#number('SELECT max(seq) FROM tx')
    const signatures = this.#signatures
    const parts = { db: this.#db, genesis: this.#genesis, state, signatures, entries: total }
    using seals = new SealAudit(parts)
    using threads = new SignatureThreads({ spare: 0 }, (cause) => this.#fail(cause))
    const isSmall = total <= NEAR_MAX
    if (!isSmall) await threads.begin()
    const replay = new Replay({
      db: this.#db,
      numbers,
      state,
      onTx: (row, tx) => this.#checkSignature(row, tx, isSmall ? undefined : threads),
      onDecided: (decided) => seals.decided(decided),
    })
    if (seals.lastHeight < 0) checkRecords(this.#db, state, -1)
    await this.#closed(seals, replay.genesis(this.#genesis))
    if (seals.lastHeight >= 0 && !replay.isClosed(seals.lastHeight)) {
      throw new BookMismatch(seals.lastHeight, 'it is sealed, and its list is not fixed')
    }
    let done = 1
    for (const height of replay.heights(0)) {
      const { block, isOpen } = replay.block(this.#genesis.chain, height)
      done += block.length
      if (!isOpen) await this.#closed(seals, block)
      onProgress(Math.min(done, total), total)
      // Whoever is to stop the audit, or to draw its progress, has its turn.
      await setImmediate()
      await this.#settle(LANES)
    }
    await this.#settle(1)
    await seals.end()
    if (this.#height <= seals.lastHeight) checkRecordsAhead(this.#db, [], seals.lastHeight)
    this.#checkpoints = seals.checked
  }

  async #closed(seals: SealAudit, block: Block): Promise<void> {
    await seals.closed(block)
    const { height } = block
    this.#height = height
    if (height === seals.lastHeight) checkRecords(this.#db, this.#state, height)
    if (height !== seals.lastHeight + 1) return
    checkRecordsAhead(this.#db, this.#state.takeChanged(), seals.lastHeight)
  }

  #checkSignature(row: TxRow, { kid, jws }: SignedTx, threads: SignatureThreads | undefined): void {
    const key = this.#state.get('key', kid)
    if (key === undefined) {
      throw new BookMismatch(row.height, `tx ${row.seq} is signed by an unknown key`, row.line)
    }
    const answer = threads?.isSigned(key.x, jws) ?? this.#signatures.isSignedJws(key.x, jws)
    if (typeof answer === 'boolean') {
      this.#signatureChecked(row, answer)
      return
    }
    this.#running += 1
    void answer.then((isValid) => {
      this.#running -= 1
      this.#signatureChecked(row, isValid)
      this.#wake?.()
    })
  }

  #signatureChecked(row: TxRow, isValid: boolean | undefined): void {
    this.#checked += 1
    if (isValid === false && (this.#forged === undefined || row.seq < this.#forged.seq)) {
      this.#forged = row
    }
  }

  #fail(cause: unknown): void {
    this.#failure ??= cause
    this.#wake?.()
  }

  /** Waits until fewer than `most` signatures are being checked. */
  async #settle(most: number): Promise<void> {
    while (this.#running >= most) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    const forged = this.#forged
    if (forged !== undefined) {
      throw new BookMismatch(
        forged.height,
        `tx ${forged.seq} is not signed by its key`,
        forged.line,
      )
    }
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
    // An imported id may stand twice, and then leads to the first one.
    const later = `SELECT count(*) FROM line WHERE ${NEEDS_BYTES}`
    const imported = 'SELECT count(DISTINCT substr(imported, 1, 16)) FROM line'
    const named = this.#number(later) + this.#number(imported)
    if (this.#number('SELECT count(*) FROM line_id') !== named) {
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
    const signatures = this.#checked
    const cosignatures = problem === undefined ? this.#kept.cosignatures.length : 0
    const counts = { signatures, checkpoints: this.#checkpoints, cosignatures }
    const base = { ok: problem === undefined, chain, ...counts }
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
      ...this.#compare(),
    }
  }

  #compare(): Pick<AuditReport, 'against'> {
    const { earlier } = this.#beside
    if (earlier === undefined) return {}
    const { verify } = this.#signatures
    const { witnesses } = this.#kept
    const book = { db: this.#db, genesis: this.#genesis, verify, witnesses }
    return { against: compareWith(book, earlier) }
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
