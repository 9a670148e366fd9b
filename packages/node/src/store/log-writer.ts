/** Appends to the log: blocks, txs, system entries, void bytes, lines. Only the sequencer calls it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Block,
  encodeOutcome,
  fromHex,
  type Hex32,
  type Kid,
  LINE_ACTIONS,
  type Line,
  type Outcome,
  type TxId,
  toUuidBytes,
} from '@fedow/ledger'
import type { Tip } from './book-reader.ts'
import type { Names, Signers } from './names.ts'
import { toImportedBytes } from './rows.ts'

/** A tx or system entry to append. */
export interface Entry {
  readonly id: TxId
  /** Null for the genesis and system entries. */
  readonly kid: Kid | null
  readonly json: string
  readonly signature: Uint8Array | null
  /** Its compact JWS; the JSON of a system entry. */
  readonly bytes: Uint8Array | string
  readonly outcome: Outcome
}

const ACTION_NUMBER = new Map(LINE_ACTIONS.map((action, index) => [action, BigInt(index)]))

export class LogWriter {
  readonly #names: Names
  readonly #signers: Signers
  readonly #openBlock: StatementSync
  readonly #closeBlock: StatementSync
  readonly #tx: StatementSync
  readonly #line: StatementSync
  readonly #lineId: StatementSync
  readonly #void: StatementSync
  #seq: bigint
  #lines: bigint
  #block: Pick<Tip, 'height' | 'timeMs' | 'isOpen'>

  constructor(db: DatabaseSync, names: Names, signers: Signers) {
    this.#names = names
    this.#signers = signers
    this.#openBlock = db.prepare('INSERT INTO block (height, time_ms, first) VALUES (?, ?, ?)')
    this.#closeBlock = db.prepare('UPDATE block SET count = ?, txs = ? WHERE height = ?')
    this.#tx = db.prepare('INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#line = db.prepare(
      'INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    // By an id alone, the first line in the order is found.
    this.#lineId = db.prepare('INSERT OR IGNORE INTO line_id VALUES (?, ?)')
    this.#void = db.prepare('INSERT INTO void VALUES (?, ?, ?, ?)')
    this.#seq = last(db, 'SELECT max(seq) AS last FROM tx')
    this.#lines = last(db, 'SELECT max(number) AS last FROM line')
    this.#block = lastBlock(db)
  }

  /** Txs and system entries so far, genesis included. */
  get txs(): number {
    return Number(this.#seq)
  }

  /** Lines so far. */
  get lines(): number {
    return Number(this.#lines)
  }

  /** Where the book ends; durable outside of a commit. */
  get tip(): Tip {
    return { ...this.#block, txs: this.txs, lines: this.lines }
  }

  openBlock({ height, timeMs }: Pick<Block, 'height' | 'timeMs'>): void {
    this.#openBlock.run(BigInt(height), BigInt(timeMs), this.#seq + 1n)
    this.#block = { height, timeMs, isOpen: true }
  }

  closeBlock({ height, length }: Block, txs: Hex32): void {
    this.#closeBlock.run(BigInt(length), fromHex(txs) ?? null, BigInt(height))
    this.#block = { ...this.#block, isOpen: false }
  }

  append({ id, kid, json, signature, outcome }: Entry): void {
    this.#seq += 1n
    const lines = outcome.status === 'applied' ? outcome.lines : []
    this.#tx.run(
      this.#seq,
      BigInt(outcome.height),
      BigInt(outcome.index),
      toUuidBytes(id),
      kid === null ? null : this.#signers.number(kid),
      json,
      signature,
      outcome.status === 'applied' ? null : encodeOutcome(outcome),
      this.#lines + 1n,
      BigInt(lines.length),
    )
    for (const line of lines) this.#appendLine(line)
  }

  #appendLine(line: Line): void {
    this.#lines += 1n
    this.#line.run(
      BigInt(line.number),
      this.#seq,
      BigInt(line.actionIndex),
      BigInt(line.lineIndex),
      ACTION_NUMBER.get(line.action) ?? null,
      this.#names.number(line.asset),
      BigInt(line.seq),
      this.#names.number(line.from),
      this.#names.number(line.to),
      line.amount,
      BigInt(line.timeUs),
      line.card === null ? null : this.#names.number(line.card),
      line.primary === null ? null : this.#names.number(line.primary),
      BigInt(line.previousFrom),
      BigInt(line.previousTo),
      fromHex(line.hash) ?? null,
      line.imported === undefined ? null : toImportedBytes(line.imported),
    )
    if (line.actionIndex > 0 || line.lineIndex > 0 || line.imported !== undefined) {
      this.#lineId.run(toUuidBytes(line.id), BigInt(line.number))
    }
  }

  appendVoid(at: { height: number; index: number }, code: number, bytes: Uint8Array): void {
    this.#void.run(BigInt(at.height), BigInt(at.index), BigInt(code), bytes)
  }
}

function last(db: DatabaseSync, sql: string): bigint {
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  return (statement.get()?.['last'] as bigint | null | undefined) ?? 0n
}

function lastBlock(db: DatabaseSync): Pick<Tip, 'height' | 'timeMs' | 'isOpen'> {
  const sql = 'SELECT height, time_ms, count FROM block ORDER BY height DESC LIMIT 1'
  const { height = 0, time_ms = 0, count } = db.prepare(sql).get() ?? {}
  return { height: Number(height), timeMs: Number(time_ms), isOpen: count === null }
}
