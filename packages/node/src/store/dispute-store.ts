/**
 * What disputes have taken, or given back, and the book has not all moved yet. An account of the reserve does not go
 * below zero: what it lacks is moved when there is money again.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { ProviderName } from './payment-store.ts'

/** Money that is to go from a provider's account of the reserve to what the keeper owes, or back. */
export interface DueMove {
  /** At the provider: what shows it. */
  readonly reference: string
  readonly provider: ProviderName
  /** Cents; below zero: from what the keeper owes to the provider. */
  readonly amount: bigint
  readonly why: 'dispute' | 'fee'
  /** The first part burns the reference itself, so that a hand does not book the same. */
  readonly isPlain?: boolean | undefined
  readonly isDone: boolean
  /** Txs that the book refused. */
  readonly rejections: number
}

/** A payment whose payer has complained, while more may come of it. */
export interface WatchedDispute {
  readonly payment: string
  readonly provider: ProviderName
  readonly tries: number
  readonly problem: string | undefined
  /** When to ask again; undefined: it is decided. */
  readonly nextMs: number | undefined
}

export class DisputeStore {
  readonly #putMove: StatementSync
  readonly #move: StatementSync
  readonly #openMoves: StatementSync
  readonly #watch: StatementSync
  readonly #watched: StatementSync
  readonly #due: StatementSync
  readonly #next: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#putMove = prepare(
      `INSERT INTO due_move (reference, provider, amount, why, is_done, rejections, is_plain)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (reference) DO UPDATE SET is_done = ?5, rejections = ?6`,
    )
    this.#move = prepare('SELECT * FROM due_move WHERE reference = ?')
    this.#openMoves = prepare('SELECT * FROM due_move WHERE is_done = 0 ORDER BY number')
    this.#watch = prepare(
      `INSERT INTO watched_dispute (payment, provider, tries, problem, next_ms)
       VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (payment) DO UPDATE SET tries = ?3, problem = ?4, next_ms = ?5`,
    )
    this.#watched = prepare('SELECT * FROM watched_dispute WHERE payment = ?')
    this.#due = prepare('SELECT * FROM watched_dispute WHERE next_ms <= ? ORDER BY next_ms')
    this.#next = prepare('SELECT min(next_ms) AS next_ms FROM watched_dispute')
  }

  /** Durable when it returns. */
  saveMove(move: DueMove): DueMove {
    const { reference, provider, amount, why, isDone, rejections, isPlain = false } = move
    const [done, plain] = [isDone, isPlain].map((is) => (is ? 1n : 0n))
    this.#putMove.run(
      ...[reference, provider, amount, why, done ?? 0n, BigInt(rejections), plain ?? 0n],
    )
    return move
  }

  move(reference: string): DueMove | undefined {
    const row = this.#move.get(reference)
    return row === undefined ? undefined : toMove(row)
  }

  /** Those that are not all in the book, oldest first. */
  openMoves(): readonly DueMove[] {
    return this.#openMoves.all().map(toMove)
  }

  watch(dispute: WatchedDispute): void {
    const { payment, provider, tries, problem, nextMs } = dispute
    const next = nextMs === undefined ? null : BigInt(nextMs)
    this.#watch.run(payment, provider, BigInt(tries), problem ?? null, next)
  }

  watched(payment: string): WatchedDispute | undefined {
    const row = this.#watched.get(payment)
    return row === undefined ? undefined : toWatched(row)
  }

  due(nowMs: number): readonly WatchedDispute[] {
    return this.#due.all(BigInt(nowMs)).map(toWatched)
  }

  nextMs(): number | undefined {
    const next = this.#next.get()?.['next_ms']
    return typeof next === 'bigint' ? Number(next) : undefined
  }
}

function toMove(row: Record<string, SQLOutputValue>): DueMove {
  return {
    reference: String(row['reference']),
    provider: row['provider'] as ProviderName,
    amount: row['amount'] as bigint,
    why: row['why'] as DueMove['why'],
    isPlain: row['is_plain'] === 1n,
    isDone: row['is_done'] === 1n,
    rejections: Number(row['rejections']),
  }
}

function toWatched(row: Record<string, SQLOutputValue>): WatchedDispute {
  const next = row['next_ms']
  return {
    payment: String(row['payment']),
    provider: row['provider'] as ProviderName,
    tries: Number(row['tries']),
    problem: (row['problem'] ?? undefined) as string | undefined,
    nextMs: typeof next === 'bigint' ? Number(next) : undefined,
  }
}
