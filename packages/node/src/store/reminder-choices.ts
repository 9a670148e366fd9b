/** What is known of persons for reminders alone: language, an address of their own, whether they want any. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  fromBase64url,
  fromUuidBytes,
  toBase64url,
  toUuidBytes,
  type WalletId,
} from '@fedow/ledger'

export const REMINDER_LANGUAGES = ['fr', 'en'] as const
export type ReminderLanguage = (typeof REMINDER_LANGUAGES)[number]

export interface ReminderChoice {
  readonly wallet: WalletId
  /** Undefined: the one that v1's clients know, if any. */
  readonly email: string | undefined
  /** Undefined: French. */
  readonly language: ReminderLanguage | undefined
  /** Since when there are none; undefined: they come. */
  readonly stoppedMs: number | undefined
}

/** Bytes of the code that opens the page: nobody guesses it. */
const CODE_BYTES = 24

export class ReminderChoices {
  readonly #random: (count: number) => Uint8Array
  readonly #find: StatementSync
  readonly #byCode: StatementSync
  readonly #save: StatementSync
  readonly #code: StatementSync
  readonly #setCode: StatementSync

  /** `random`: so many bytes, of the kind that keys are made of. */
  constructor(db: DatabaseSync, random: (count: number) => Uint8Array) {
    this.#random = random
    this.#find = db.prepare('SELECT * FROM reminder_choice WHERE wallet = ?')
    this.#byCode = db.prepare('SELECT * FROM reminder_choice WHERE code = ?')
    this.#save = db.prepare(
      `INSERT INTO reminder_choice (wallet, email, language, stopped_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (wallet) DO UPDATE SET email = excluded.email, language = excluded.language,
       stopped_ms = excluded.stopped_ms`,
    )
    this.#code = db.prepare('SELECT code FROM reminder_choice WHERE wallet = ?')
    this.#setCode = db.prepare(
      `INSERT INTO reminder_choice (wallet, code) VALUES (?1, ?2)
       ON CONFLICT (wallet) DO UPDATE SET code = ?2`,
    )
  }

  /** That of a wallet, also one that nobody made yet. */
  of(wallet: WalletId): ReminderChoice {
    return toChoice(this.#find.get(toUuidBytes(wallet))) ?? untold(wallet)
  }

  byCode(text: string): ReminderChoice | undefined {
    const code = fromBase64url(text)
    return code?.length === CODE_BYTES ? toChoice(this.#byCode.get(code)) : undefined
  }

  save({ wallet, email, language, stoppedMs }: ReminderChoice): void {
    const stopped = stoppedMs === undefined ? null : BigInt(stoppedMs)
    this.#save.run(toUuidBytes(wallet), email ?? null, language ?? null, stopped)
  }

  /** The code that opens the page of a wallet, the same for all its e-mails. */
  codeOf(wallet: WalletId): string {
    const known = this.#code.get(toUuidBytes(wallet))?.['code'] as Uint8Array | null | undefined
    if (known) return toBase64url(known)
    const code = this.#random(CODE_BYTES)
    this.#setCode.run(toUuidBytes(wallet), code)
    return toBase64url(code)
  }

  /** Erases what is personal; that there are to be no reminders stays. */
  forget(wallet: WalletId, nowMs: number): void {
    this.save({ ...untold(wallet), stoppedMs: nowMs })
    this.#setCode.run(toUuidBytes(wallet), null)
  }
}

function untold(wallet: WalletId): ReminderChoice {
  return { wallet, email: undefined, language: undefined, stoppedMs: undefined }
}

function toChoice(row: ReturnType<StatementSync['get']>): ReminderChoice | undefined {
  if (row === undefined) return undefined
  const { wallet, email, language, stopped_ms: stoppedMs } = row
  return {
    wallet: fromUuidBytes(wallet as Uint8Array) as WalletId,
    email: (email as string | null) ?? undefined,
    language: (language as ReminderLanguage | null) ?? undefined,
    stoppedMs: stoppedMs === null ? undefined : Number(stoppedMs),
  }
}
