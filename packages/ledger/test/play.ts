/** Plays histories on any State, as a node does: signed bytes, read strictly, decided in blocks. */
import { createHash } from 'node:crypto'
import {
  admit,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  encodeGenesis,
  encodeOutcome,
  endBlock,
  type Hash,
  type Line,
  Malformed,
  type Outcome,
  parseGenesis,
  parseTx,
  type SignedGenesis,
  type SignedTx,
  type State,
  type TxId,
  toUtf8,
  type VoidCode,
} from '../src/index.ts'
import {
  type Ask,
  FOUNDING,
  HISTORY_GENESIS,
  type History,
  type HistoryBlock,
  toSigner,
} from './histories.ts'
import { START_MS, signText, signTx, toId, toKey } from './names.ts'

export const fastHash: Hash = (bytes) => createHash('sha256').update(bytes).digest()

/** What became of one tx: `void` when it was not admitted. */
export interface Decided {
  readonly ask: Ask
  readonly jws: string
  readonly outcome: Outcome | VoidCode
}

let genesis: SignedGenesis | undefined

/** The genesis of every history, signed by its operator. */
export function historyGenesis(): SignedGenesis {
  const json = encodeGenesis(HISTORY_GENESIS)
  const parsed = genesis ?? parseGenesis(fastHash, signText(toKey('operator'), json))
  if (parsed instanceof Malformed) throw new Error(`${parsed.path}: expected ${parsed.expected}`)
  genesis = parsed
  return parsed
}

/** The signed bytes of the n-th tx of a book: the same for the same arguments. */
export function signAsk(
  { by, actions }: Ask,
  { n, timeMs }: { n: number; timeMs: number },
): string {
  const { chain } = historyGenesis()
  const id = toId<TxId>(`history tx ${n}`)
  return signTx(toSigner(by), { chain, id, actions, notAfter: timeMs + 60_000 }).jws
}

/** A running book over one State. */
export class Play {
  readonly state: State
  readonly lines: Line[] = []
  /** Every outcome and txs root so far, as text: what two books compare. */
  readonly told: string[] = []
  #block: Block
  #txs: number

  private constructor(state: State, block: Block, txs: number) {
    this.state = state
    this.#block = block
    this.#txs = txs
  }

  /** Opens a book in an empty State: its genesis alone. */
  static fresh(state: State, hash: Hash = fastHash): Play {
    const signed = historyGenesis()
    const { chain } = signed
    const lines = applyGenesis(state, hash, signed)
    const book = new Play(state, new Block({ chain, height: 0, timeMs: START_MS }, hash), 0)
    book.lines.push(...lines)
    return book
  }

  /** Opens a book in an empty State: its genesis, and the founding as block 1. */
  static found(state: State, hash: Hash = fastHash): Play {
    const book = Play.fresh(state, hash)
    book.open(FOUNDING.afterMs)
    for (const ask of FOUNDING.asks) {
      const { outcome } = book.ask(ask)
      if (typeof outcome === 'string' || outcome.status === 'rejected') {
        throw new Error(`the founding is refused: ${JSON.stringify(outcome, withBigints)}`)
      }
    }
    book.close()
    return book
  }

  /** The same book over another State, before its next block: this one does not move. */
  over(state: State): Play {
    return new Play(state, this.#block, this.#txs)
  }

  /** Plays one whole block. */
  block({ afterMs, asks }: HistoryBlock): void {
    this.open(afterMs)
    for (const ask of asks) this.ask(ask)
    this.close()
  }

  /** Opens the next block, and executes what is due. */
  open(afterMs: number): void {
    const { chain, height, hash } = this.#block
    const timeMs = this.#block.timeMs + afterMs
    this.#block = new Block({ chain, height: height + 1, timeMs }, hash)
    for (const { outcome } of beginBlock(this.state, this.#block)) {
      this.lines.push(...outcome.lines)
      this.told.push(encodeOutcome(outcome))
    }
  }

  /** Signs and decides one tx. */
  ask(ask: Ask): Decided {
    const { timeMs } = this.#block
    const n = this.#txs
    this.#txs += 1
    const jws = signAsk(ask, { n, timeMs })
    const tx = parse(jws)
    const refusal = admit(this.state, tx, { timeMs, isUsed: () => false })
    if (refusal !== undefined) return { ask, jws, outcome: refusal }
    const { kid, payload } = tx
    const bytes = toUtf8(jws)
    const { before, outcome } = applyTx(this.state, this.#block, { kid, payload, bytes })
    if (before !== undefined) {
      this.lines.push(...before.outcome.lines)
      this.told.push(encodeOutcome(before.outcome))
    }
    if (outcome.status === 'applied') this.lines.push(...outcome.lines)
    this.told.push(encodeOutcome(outcome))
    return { ask, jws, outcome }
  }

  close(): void {
    this.told.push(endBlock(this.state, this.#block))
  }
}

/** Plays a whole history on a new book. */
export function play(history: History, state: State, hash: Hash = fastHash): Play {
  const book = Play.found(state, hash)
  for (const block of history) book.block(block)
  return book
}

function parse(jws: string): SignedTx {
  const tx = parseTx(jws)
  if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
  return tx
}

function withBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
