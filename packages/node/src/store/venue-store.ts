/**
 * Money on its way from the reserve to venues: their accounts at banks, the files for our bank, and each transfer.
 *
 *   intended -> sent -> deposited      through the payment provider
 *      |  '-> failed
 *      '----> sent -> deposited        in a file: when a person attests it
 *       '---> cancelled
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import {
  fromUuidBytes,
  type Id,
  type PlaceId,
  type TxId,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'

export type TransferId = Id<'venue-transfer'>
export type TransferFileId = Id<'transfer-file'>

/** Where euros for a wallet go, or come from for the keeper's. */
export interface BankAccount {
  readonly holder: string | undefined
  readonly iban: string | undefined
  /** The keeper's: which account of the reserve it is. */
  readonly reserve: string | undefined
  /** A place's account at the payment provider. */
  readonly connect: string | undefined
}

export interface TransferFile {
  readonly id: TransferFileId
  /** The account of the reserve that pays. */
  readonly reserve: string
  /** Such as 2026-11-24. */
  readonly day: string
  readonly xml: string
  readonly sha256: Uint8Array
  readonly state: 'made' | 'done' | 'cancelled'
  /** The bank's, as the person who attests it gave it. */
  readonly reference: string | undefined
  readonly createdMs: number
  readonly changedMs: number
}

export type TransferState = 'intended' | 'sent' | 'deposited' | 'failed' | 'cancelled'

export interface VenueTransfer {
  readonly id: TransferId
  /** Undefined: through the payment provider. */
  readonly file: TransferFileId | undefined
  readonly provider: string | undefined
  readonly place: PlaceId
  /** Cents. */
  readonly amount: bigint
  readonly destination: string | undefined
  /** The end-to-end id, or the provider's: its hash is the evidence. */
  readonly reference: string | undefined
  readonly state: TransferState
  readonly tx: TxId | undefined
  /** Answers of the provider that spoilt an idempotency key. */
  readonly attempts: number
  /** Txs that the book refused. */
  readonly rejections: number
  readonly problem: string | undefined
  readonly createdMs: number
  readonly changedMs: number
}

type Row = Record<string, SQLOutputValue>

/** What a crash has left is among the last ones. */
const UNPAID_MAX = 200n

const TRANSFERS = `SELECT venue_transfer.*, transfer_file.id AS file_id FROM venue_transfer
  LEFT JOIN transfer_file ON transfer_file.number = venue_transfer.file`

export class VenueStore {
  readonly #db: DatabaseSync
  readonly #prepare: (sql: string) => StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    const prepared = new Map<string, StatementSync>()
    this.#prepare = (sql) => {
      const there = prepared.get(sql)
      if (there !== undefined) return there
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      prepared.set(sql, statement)
      return statement
    }
  }

  account(wallet: WalletId): BankAccount | undefined {
    const row = this.#prepare('SELECT * FROM bank_account WHERE wallet = ?').get(
      toUuidBytes(wallet),
    )
    if (row === undefined) return undefined
    const { holder, iban, reserve, connect } = textsOf(row)
    return { holder, iban, reserve, connect }
  }

  setAccount(wallet: WalletId, account: BankAccount, nowMs: number): void {
    const { holder, iban, reserve, connect } = account
    this.#prepare(
      `INSERT INTO bank_account (wallet, holder, iban, reserve, connect, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (wallet) DO UPDATE SET holder = ?2, iban = ?3, reserve = ?4, connect = ?5, changed_ms = ?6`,
    ).run(
      toUuidBytes(wallet),
      ...[holder, iban, reserve, connect].map((text) => text ?? null),
      BigInt(nowMs),
    )
  }

  /** Writes a file and its transfers, all or nothing. */
  addFile(file: TransferFile, transfers: readonly VenueTransfer[]): void {
    const { id, reserve, day, xml, sha256, state, createdMs } = file
    const times = [BigInt(createdMs), BigInt(createdMs)]
    this.#atOnce(() => {
      this.#prepare(
        `INSERT INTO transfer_file (id, reserve, day, xml, sha256, state, created_ms, changed_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(toUuidBytes(id), reserve, day, xml, sha256, state, ...times)
      for (const one of transfers) this.add(one)
    })
  }

  file(id: TransferFileId): TransferFile | undefined {
    return toFile(this.#prepare('SELECT * FROM transfer_file WHERE id = ?').get(toUuidBytes(id)))
  }

  /** Newest first. */
  files(limit: number): readonly TransferFile[] {
    const rows = this.#prepare('SELECT * FROM transfer_file ORDER BY number DESC LIMIT ?')
    return rows.all(BigInt(limit)).flatMap((row) => toFile(row) ?? [])
  }

  /** Ends a file, and its transfers that were waiting with it. */
  endFile(
    id: TransferFileId,
    { state, reference }: Pick<TransferFile, 'state' | 'reference'>,
    nowMs: number,
  ): void {
    this.#atOnce(() => {
      this.#prepare(
        `UPDATE transfer_file SET state = ?, reference = ?, changed_ms = ? WHERE id = ?`,
      ).run(state, reference ?? null, BigInt(nowMs), toUuidBytes(id))
      this.#prepare(
        `UPDATE venue_transfer SET state = ?, changed_ms = ? WHERE state = 'intended'
         AND file = (SELECT number FROM transfer_file WHERE id = ?)`,
      ).run(state === 'done' ? 'sent' : 'cancelled', BigInt(nowMs), toUuidBytes(id))
    })
  }

  add(transfer: VenueTransfer): void {
    const { id, file, provider, place, amount, destination, reference, state } = transfer
    const times = [BigInt(transfer.createdMs), BigInt(transfer.changedMs)]
    this.#prepare(
      `INSERT INTO venue_transfer (id, file, provider, place, amount, destination, reference, state,
         created_ms, changed_ms)
       VALUES (?, (SELECT number FROM transfer_file WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      ...[toUuidBytes(id), toBlob(file), provider ?? null, toUuidBytes(place), amount],
      ...[destination ?? null, reference ?? null, state, ...times],
    )
  }

  /** Writes what may change of a transfer. Durable when it returns. */
  save(transfer: VenueTransfer): VenueTransfer {
    const { id, reference, state, tx, attempts, rejections, problem, changedMs } = transfer
    this.#prepare(
      `UPDATE venue_transfer SET reference = ?, state = ?, tx = ?, attempts = ?, rejections = ?, problem = ?,
         changed_ms = ? WHERE id = ?`,
    ).run(
      ...[reference ?? null, state, toBlob(tx), BigInt(attempts), BigInt(rejections)],
      ...[problem ?? null, BigInt(changedMs), toUuidBytes(id)],
    )
    return transfer
  }

  find(id: TransferId): VenueTransfer | undefined {
    const row = this.#prepare(`${TRANSFERS} WHERE venue_transfer.id = ?`).get(toUuidBytes(id))
    return toTransfer(row)
  }

  ofFile(id: TransferFileId): readonly VenueTransfer[] {
    const rows = this.#prepare(`${TRANSFERS} WHERE transfer_file.id = ? ORDER BY 1`)
    return rows.all(toUuidBytes(id)).flatMap((row) => toTransfer(row) ?? [])
  }

  /** Newest first. */
  page(limit: number): readonly VenueTransfer[] {
    const rows = this.#prepare(`${TRANSFERS} ORDER BY 1 DESC LIMIT ?`)
    return rows.all(BigInt(limit)).flatMap((row) => toTransfer(row) ?? [])
  }

  /** Those that can go on by themselves, oldest first: a file that was made waits for a person. */
  goingOn(): readonly VenueTransfer[] {
    const rows = this.#prepare(
      `${TRANSFERS} WHERE venue_transfer.state = 'sent'
         OR (venue_transfer.state = 'intended' AND venue_transfer.file IS NULL) ORDER BY 1`,
    )
    return rows.all().flatMap((row) => toTransfer(row) ?? [])
  }

  /** True while a transfer of the provider has left and is not deposited. */
  isSent(reference: string): boolean {
    const row = this.#prepare(
      `SELECT 1 FROM venue_transfer WHERE reference = ? AND state = 'sent'`,
    ).get(reference)
    return row !== undefined
  }

  /** Those on their way to a place, that its balance still has. */
  ofPlace(place: PlaceId): readonly VenueTransfer[] {
    const rows = this.#prepare(
      `${TRANSFERS} WHERE venue_transfer.place = ? AND venue_transfer.state IN ('intended', 'sent')`,
    )
    return rows.all(toUuidBytes(place)).flatMap((row) => toTransfer(row) ?? [])
  }

  /** Those that ended without being paid, newest first. */
  unpaid(): readonly VenueTransfer[] {
    const rows = this.#prepare(
      `${TRANSFERS} WHERE venue_transfer.state IN ('failed', 'cancelled') ORDER BY 1 DESC LIMIT ?`,
    )
    return rows.all(UNPAID_MAX).flatMap((row) => toTransfer(row) ?? [])
  }

  /** Cents on their way to a place. */
  underWay(place: PlaceId): bigint {
    return this.ofPlace(place).reduce((sum, { amount }) => sum + amount, 0n)
  }

  #atOnce(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#db.exec('COMMIT')
    } catch (cause) {
      this.#db.exec('ROLLBACK')
      throw cause
    }
  }
}

function toBlob(id: Id<string> | undefined): Uint8Array | null {
  return id === undefined ? null : toUuidBytes(id)
}

/** The texts of a row; those that are null are undefined. */
function textsOf(row: Row): Readonly<Record<string, string | undefined>> {
  const texts = Object.entries(row).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts) as Record<string, string>
}

function idOf<T extends Id<string>>(value: SQLOutputValue | undefined): T | undefined {
  return value instanceof Uint8Array ? (fromUuidBytes(value) as T) : undefined
}

function toFile(row: Row | undefined): TransferFile | undefined {
  if (row === undefined) return undefined
  const { reserve = '', day = '', xml = '', state, reference } = textsOf(row)
  return {
    id: idOf<TransferFileId>(row['id']) ?? unread('transfer_file'),
    ...{ reserve, day, xml, reference, state: state as TransferFile['state'] },
    sha256: row['sha256'] as Uint8Array,
    createdMs: Number(row['created_ms']),
    changedMs: Number(row['changed_ms']),
  }
}

function toTransfer(row: Row | undefined): VenueTransfer | undefined {
  if (row === undefined) return undefined
  const { provider, destination, reference, state, problem } = textsOf(row)
  return {
    id: idOf<TransferId>(row['id']) ?? unread('venue_transfer'),
    file: idOf<TransferFileId>(row['file_id']),
    place: idOf<PlaceId>(row['place']) ?? unread('venue_transfer'),
    ...{ provider, destination, reference, problem, state: state as TransferState },
    amount: row['amount'] as bigint,
    tx: idOf<TxId>(row['tx']),
    attempts: Number(row['attempts']),
    rejections: Number(row['rejections']),
    createdMs: Number(row['created_ms']),
    changedMs: Number(row['changed_ms']),
  }
}

function unread(table: string): never {
  throw new Error(`a row of ${table} has no id`)
}
