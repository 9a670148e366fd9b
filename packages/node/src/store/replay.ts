/** Decides the log again, block by block, and compares: how a book recovers, and how it is audited. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  admit,
  applyGenesis,
  applyTx,
  Block,
  type BlockOpening,
  beginBlock,
  type Decided,
  encodeOutcome,
  endBlock,
  fromUuidBytes,
  genesisTxId,
  type Line,
  Malformed,
  ONLY,
  type Outcome,
  parseTx,
  type SignedGenesis,
  type SignedTx,
  type State,
  type SystemEntry,
  toHex,
  toJws,
  toUuidBytes,
} from '@fedow/ledger'
import { sha256 } from './hash.ts'
import type { Numbers, TxRow } from './rows.ts'
import { type LineRow, toLine } from './rows.ts'

/** The log does not follow from itself by the rules: the first place where it does not. */
export class BookMismatch extends Error {
  readonly height: number
  readonly what: string
  /** The line, when it is one that does not hold. */
  readonly line: number | undefined

  constructor(height: number, what: string, line?: number) {
    super(`block ${height}: ${what}`)
    this.height = height
    this.what = what
    this.line = line
  }
}

interface StoredBlock {
  readonly height: number
  readonly time_ms: number
  readonly first: number
  readonly count: number | null
  readonly txs: Uint8Array | null
}

interface VoidRow {
  readonly position: number
  readonly bytes: Uint8Array
}

export interface ReplayParts {
  readonly db: DatabaseSync
  readonly numbers: Numbers
  readonly state: State
  /** What a replayed tx needs checked beside the rules. */
  readonly onTx?: (row: TxRow, tx: SignedTx) => void
  /** Told of everything that has a leaf in the history, in order. */
  readonly onDecided?: (decided: Decided) => void
}

export class Replay {
  readonly #db: DatabaseSync
  readonly #numbers: Numbers
  readonly #state: State
  readonly #onTx: ReplayParts['onTx']
  readonly #onDecided: ReplayParts['onDecided']
  readonly #block: StatementSync
  readonly #txs: StatementSync
  readonly #voids: StatementSync
  readonly #lines: StatementSync
  readonly #lineId: StatementSync

  constructor({ db, numbers, state, onTx, onDecided }: ReplayParts) {
    this.#db = db
    this.#numbers = numbers
    this.#state = state
    this.#onTx = onTx
    this.#onDecided = onDecided
    this.#block = db.prepare('SELECT * FROM block WHERE height = ?')
    this.#txs = db.prepare(
      `SELECT tx.*, :time AS time_ms FROM tx WHERE seq >= :first AND
       seq < coalesce((SELECT first FROM block WHERE height = :height + 1), :end) ORDER BY seq`,
    )
    this.#voids = db.prepare('SELECT position, bytes FROM void WHERE height = ?')
    this.#lineId = db.prepare('SELECT number FROM line_id WHERE id = ?')
    this.#lines = db.prepare('SELECT * FROM line WHERE number >= ? AND number < ? ORDER BY number')
  }

  /** Writes the genesis to the state, and compares what the log has of it. Answers its block; throws BookMismatch. */
  genesis(signed: SignedGenesis): Block {
    try {
      return this.#replayGenesis(signed)
    } catch (cause) {
      throw toMismatch(0, cause)
    }
  }

  #replayGenesis(signed: SignedGenesis): Block {
    const { chain, genesis, jws } = signed
    const stored = this.#block.get(0n) as unknown as StoredBlock | undefined
    const rows = stored === undefined ? [] : this.#rows(stored)
    const [row] = rows
    if (stored === undefined || rows.length !== 1 || row === undefined || !('json' in row)) {
      throw new BookMismatch(0, 'it lacks the genesis')
    }
    const isFirst = row.position === 0 && stored.time_ms === genesis.timeMs
    const isNamed = fromUuidBytes(row.id) === genesisTxId(sha256, chain)
    if (!isFirst || !isNamed || row.signer === null || this.#jws(row) !== jws) {
      throw new BookMismatch(0, 'it has another genesis')
    }
    const block = new Block({ chain, height: 0, timeMs: genesis.timeMs }, sha256)
    const index = block.append(jws)
    const lines = applyGenesis(this.#state, sha256, signed)
    const outcome = { status: 'applied', height: 0, index, timeUs: block.timeUs, lines } as const
    this.#compare(row, outcome)
    this.#compareEnd(stored, block)
    this.#onDecided?.({ id: genesisTxId(sha256, chain), bytes: jws, outcome })
    return block
  }

  #jws({ signer, json, signature }: TxRow): string {
    return toJws(this.#numbers.signers.kid(signer ?? 0), json, signature ?? new Uint8Array())
  }

  #compareEnd(stored: StoredBlock, block: Block): void {
    const txs = endBlock(this.#state, block)
    if (stored.count !== block.length) throw new BookMismatch(block.height, 'it lacks entries')
    if (stored.txs === null || toHex(stored.txs) !== txs) {
      throw new BookMismatch(block.height, 'its txs root is not that of its entries')
    }
  }

  /** Heights after one, in order. Throws BookMismatch. */
  heights(after: number): readonly number[] {
    const sql = 'SELECT height FROM block WHERE height > ? ORDER BY height'
    const heights = this.#db
      .prepare(sql)
      .all(BigInt(after))
      .map((row) => Number(row['height']))
    for (const [index, height] of heights.entries()) {
      const wanted = after + 1 + index
      if (height !== wanted) throw new BookMismatch(wanted, 'it is missing')
    }
    return heights
  }

  /** True when the list of a block is fixed. */
  isClosed(height: number): boolean {
    const stored = this.#block.get(BigInt(height)) as unknown as StoredBlock | undefined
    return stored !== undefined && stored.count !== null
  }

  /** Decides one block again. Answers the block as it then stands; throws BookMismatch. */
  block(chain: BlockOpening['chain'], height: number): { block: Block; isOpen: boolean } {
    try {
      return this.#replay(chain, height)
    } catch (cause) {
      throw toMismatch(height, cause)
    }
  }

  #replay(chain: BlockOpening['chain'], height: number): { block: Block; isOpen: boolean } {
    const stored = this.#block.get(BigInt(height)) as unknown as StoredBlock
    const block = new Block({ chain, height, timeMs: stored.time_ms }, sha256)
    const rows = this.#rows(stored)
    const system = beginBlock(this.#state, block)
    for (const [index, entry] of system.entries()) this.#system(height, rows[index], entry)
    this.#entries(block, rows.slice(system.length))
    if (stored.count === null) {
      const isLast = this.#block.get(BigInt(height + 1)) === undefined
      if (!isLast || stored.txs !== null) throw new BookMismatch(height, 'its list was never fixed')
      return { block, isOpen: true }
    }
    this.#compareEnd(stored, block)
    return { block, isOpen: false }
  }

  #rows({ height, time_ms, first }: StoredBlock): readonly (TxRow | VoidRow)[] {
    const txs = this.#txs.all({
      time: BigInt(time_ms),
      first: BigInt(first),
      height: BigInt(height),
      end: BigInt(Number.MAX_SAFE_INTEGER),
    }) as unknown as TxRow[]
    const stranger = txs.find((row) => row.height !== height)
    if (stranger !== undefined) {
      throw new BookMismatch(height, `tx ${stranger.seq} says that it is of another block`)
    }
    const voids = this.#voids.all(BigInt(height)) as unknown as VoidRow[]
    return [...txs, ...voids].sort((a, b) => a.position - b.position)
  }

  #system(height: number, row: TxRow | VoidRow | undefined, entry: SystemEntry): void {
    if (row === undefined || !('json' in row) || !isSystem(row, entry)) {
      throw new BookMismatch(height, 'what was due is not in it')
    }
    this.#compare(row, entry.outcome)
    this.#onDecided?.({ id: entry.id, bytes: entry.json, outcome: entry.outcome })
  }

  #entries(block: Block, rows: readonly (TxRow | VoidRow)[]): void {
    // What melts before a tx stands before it, and only the tx tells what that is.
    let due: TxRow | undefined
    for (const row of rows) {
      const isUnsigned = 'json' in row && row.signer === null
      if (due !== undefined && (isUnsigned || !('json' in row))) break
      if (isUnsigned) due = row
      else {
        this.#entry(block, row, due)
        due = undefined
      }
    }
    this.#demandNothing(block, due)
  }

  #demandNothing({ height }: Block, due: TxRow | undefined): void {
    if (due === undefined) return
    throw new BookMismatch(height, `position ${due.position} was not due`)
  }

  #entry(block: Block, row: TxRow | VoidRow, due: TxRow | undefined): void {
    const position = block.length + (due === undefined ? 0 : 1)
    if (row.position !== position) {
      throw new BookMismatch(block.height, `position ${position} is missing`)
    }
    if ('json' in row) this.#tx(block, row, due)
    else block.append(row.bytes)
  }

  #tx(block: Block, row: TxRow, due: TxRow | undefined): void {
    const tx = parseTx(this.#jws(row))
    if (tx instanceof Malformed) {
      const what = `the tx at position ${row.position} is malformed at ${tx.path}`
      throw new BookMismatch(block.height, what, row.line)
    }
    const { kid, payload, jws } = tx
    if (payload.id !== fromUuidBytes(row.id)) {
      throw new BookMismatch(block.height, `the tx at position ${row.position} has another id`)
    }
    const { timeMs } = block
    const code = admit(this.#state, { kid, payload }, { timeMs, isUsed: () => false })
    if (code !== undefined) {
      throw new BookMismatch(block.height, `the tx at position ${row.position} is void: ${code}`)
    }
    this.#onTx?.(row, tx)
    const { before, outcome } = applyTx(this.#state, block, { kid, payload, bytes: jws })
    if (before !== undefined) this.#system(block.height, due, before)
    else this.#demandNothing(block, due)
    this.#compare(row, outcome)
    this.#onDecided?.({ id: payload.id, bytes: jws, outcome })
  }

  /** The look-up of lines that are not the first of their tx. */
  #compareId(row: TxRow, { id, number, actionIndex, lineIndex, imported }: Line): void {
    if (actionIndex === 0 && lineIndex === 0 && imported === undefined) return
    const found = this.#lineId.get(toUuidBytes(id))?.['number']
    // An imported id may stand twice: the first one is found.
    if (found === number || (imported !== undefined && Number(found) < number)) return
    throw new BookMismatch(row.height, 'the id of the line leads elsewhere', number)
  }

  /** Compares an outcome with what the log says became of the row. */
  #compare(row: TxRow, outcome: Outcome): void {
    const made = outcome.status === 'applied' ? outcome.lines : []
    const next = (this.#state.get('clock', ONLY)?.line ?? 0) + 1
    if (row.line !== (made[0]?.number ?? next) || row.lines !== made.length) {
      throw new BookMismatch(row.height, `position ${row.position} has other lines`, row.line)
    }
    if (outcome.status === 'rejected' || row.rejected !== null) {
      if (outcome.status === 'rejected' && row.rejected === encodeOutcome(outcome)) return
      throw new BookMismatch(row.height, `the outcome at position ${row.position} is another`)
    }
    const lines = this.#lines.all(
      BigInt(row.line),
      BigInt(row.line + row.lines),
    ) as unknown as (LineRow & { readonly tx: number })[]
    if (lines.length !== made.length) {
      throw new BookMismatch(row.height, `position ${row.position} lacks lines`, row.line)
    }
    for (const [index, line] of lines.entries()) {
      const wanted = outcome.lines[index]
      const { id, signer, json, signature } = row
      const stored = toLine(this.#numbers, { ...line, id, signer, json, signature })
      if (wanted === undefined || line.tx !== row.seq || !isSame(stored, wanted)) {
        throw new BookMismatch(row.height, 'the line is not what its tx makes', line.number)
      }
      this.#compareId(row, wanted)
    }
  }
}

function isSame({ imported, ...stored }: Line, { imported: there, ...wanted }: Line): boolean {
  for (const name in wanted) {
    if (stored[name as keyof typeof stored] !== wanted[name as keyof typeof wanted]) return false
  }
  const isImportedSame = imported?.hash === there?.hash && imported?.previous === there?.previous
  return isImportedSame && imported?.id === there?.id
}

function isSystem(row: TxRow, { id, json, outcome }: SystemEntry): boolean {
  const isUnsigned = row.signer === null && row.signature === null
  return (
    isUnsigned &&
    row.json === json &&
    row.position === outcome.index &&
    fromUuidBytes(row.id) === id
  )
}

/** A row that cannot be read does not follow either. What SQLite says of its file stays what it is. */
function toMismatch(height: number, cause: unknown): unknown {
  if (cause instanceof BookMismatch || !(cause instanceof Error) || 'errcode' in cause) return cause
  return new BookMismatch(height, cause.message)
}
