/** What the sandbox provider knows: payments in which no real money moves, and a clock that people may move. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'

export type SandboxState = 'open' | 'pending' | 'paid' | 'failed' | 'expired'

export interface SandboxOrder {
  readonly reference: string
  readonly idempotencyKey: string
  readonly state: SandboxState
  /** Cents that are asked for, then those that were paid; undefined: the payer chooses. */
  readonly amount: bigint | undefined
  readonly returnUrl: string
  readonly paymentReference: string | undefined
  readonly isDisputed: boolean
  /** By the sandbox's clock, as all its times. */
  readonly createdMs: number
  /** When a pending one is paid. */
  readonly settlesMs: number | undefined
  /** What whoever asked for it has noted. */
  readonly metadata: Readonly<Record<string, string>>
}

/** What the only reader of the sandbox does, or did last. */
export interface SandboxAction {
  readonly reference: string
  readonly state: 'waiting' | 'done' | 'failed'
  readonly failure: string | undefined
}

/** Money that went back. */
export interface SandboxRefund {
  readonly reference: string
  readonly idempotencyKey: string
  /** The payment that it is of. */
  readonly payment: string
  /** Cents. */
  readonly amount: bigint
}

export class SandboxOrders {
  readonly #db: DatabaseSync
  readonly #put: StatementSync
  readonly #find: StatementSync
  readonly #byKey: StatementSync
  readonly #byPayment: StatementSync
  readonly #putRefund: StatementSync
  readonly #refund: StatementSync
  readonly #refunds: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      return statement
    }
    this.#db = db
    this.#put = prepare(
      `INSERT INTO sandbox_order (reference, idempotency_key, state, amount, return_url, payment_reference,
         is_disputed, created_ms, settles_ms, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
       ON CONFLICT (reference) DO UPDATE SET state = ?3, amount = ?4, payment_reference = ?6, is_disputed = ?7,
         settles_ms = ?9`,
    )
    this.#find = prepare('SELECT * FROM sandbox_order WHERE reference = ?')
    this.#byKey = prepare('SELECT * FROM sandbox_order WHERE idempotency_key = ?')
    this.#byPayment = prepare('SELECT * FROM sandbox_order WHERE payment_reference = ?')
    this.#putRefund = prepare(
      'INSERT INTO sandbox_refund (reference, idempotency_key, payment, amount) VALUES (?, ?, ?, ?)',
    )
    this.#refund = prepare(
      'SELECT * FROM sandbox_refund WHERE reference = ?1 OR idempotency_key = ?1',
    )
    this.#refunds = prepare('SELECT * FROM sandbox_refund WHERE payment = ?')
  }

  put(order: SandboxOrder): void {
    const { reference, idempotencyKey, state, amount, returnUrl, paymentReference } = order
    const { isDisputed, createdMs, settlesMs, metadata } = order
    this.#put.run(
      ...[reference, idempotencyKey, state, amount ?? null, returnUrl, paymentReference ?? null],
      ...[isDisputed ? 1n : 0n, BigInt(createdMs)],
      ...[settlesMs === undefined ? null : BigInt(settlesMs), JSON.stringify(metadata)],
    )
  }

  find(reference: string): SandboxOrder | undefined {
    return toOrder(this.#find.get(reference) ?? this.#byPayment.get(reference))
  }

  byKey(idempotencyKey: string): SandboxOrder | undefined {
    return toOrder(this.#byKey.get(idempotencyKey))
  }

  addRefund({ reference, idempotencyKey, payment, amount }: SandboxRefund): void {
    this.#putRefund.run(reference, idempotencyKey, payment, amount)
  }

  /** By its reference, or by the key with which it was asked for. */
  refund(name: string): SandboxRefund | undefined {
    const row = this.#refund.get(name)
    return row === undefined ? undefined : toRefund(row)
  }

  refundsOf(payment: string): readonly SandboxRefund[] {
    return this.#refunds.all(payment).map(toRefund)
  }

  /** Undefined: the reader was asked for nothing yet, or was told to forget it. */
  action(): SandboxAction | undefined {
    const row = this.#db.prepare('SELECT * FROM sandbox_reader').get()
    if (typeof row?.['reference'] !== 'string') return undefined
    return {
      reference: row['reference'],
      state: row['action'] as SandboxAction['state'],
      failure: (row['failure'] ?? undefined) as string | undefined,
    }
  }

  setAction(action: SandboxAction | undefined): void {
    this.#db
      .prepare('UPDATE sandbox_reader SET reference = ?, action = ?, failure = ?')
      .run(action?.reference ?? null, action?.state ?? null, action?.failure ?? null)
  }

  /** How far the sandbox's clock is ahead of the machine's. */
  movedMs(): number {
    return Number(this.#db.prepare('SELECT moved_ms FROM sandbox_clock').get()?.['moved_ms'])
  }

  move(byMs: number): void {
    this.#db.prepare('UPDATE sandbox_clock SET moved_ms = moved_ms + ?').run(BigInt(byMs))
  }
}

function toRefund(row: Record<string, SQLOutputValue>): SandboxRefund {
  return {
    reference: String(row['reference']),
    idempotencyKey: String(row['idempotency_key']),
    payment: String(row['payment']),
    amount: row['amount'] as bigint,
  }
}

function toOrder(row: Record<string, SQLOutputValue> | undefined): SandboxOrder | undefined {
  if (row === undefined) return undefined
  const settles = row['settles_ms']
  return {
    reference: String(row['reference']),
    idempotencyKey: String(row['idempotency_key']),
    state: row['state'] as SandboxState,
    amount: (row['amount'] ?? undefined) as bigint | undefined,
    returnUrl: String(row['return_url']),
    paymentReference: (row['payment_reference'] ?? undefined) as string | undefined,
    isDisputed: row['is_disputed'] === 1n,
    createdMs: Number(row['created_ms']),
    settlesMs: typeof settles === 'bigint' ? Number(settles) : undefined,
    metadata: JSON.parse(String(row['metadata'] ?? '{}')) as Readonly<Record<string, string>>,
  }
}
