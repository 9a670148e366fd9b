/**
 * Reminds persons of money that melts, 30, 7 and 1 days before. Once a day all accounts whose day comes near are looked
 * at, on a thread; what is found goes into the outbox, and from there by e-mail. Source: docs/spec/reminders.md.
 *
 * @module
 */
import { dayOf, type WalletId } from '@fedow/ledger'
import { Rounds } from '../rounds.ts'
import type { MeltsAheadReader } from '../store/melts-ahead-reader.ts'
import type { ReminderChoice } from '../store/reminder-choices.ts'
import type { Reminder, ReminderCounts, ReminderPage } from '../store/reminder-store.ts'
import { comingMelts } from './coming.ts'
import { KEPT_DAYS, ROWS_EACH } from './pace.ts'
import { LANGUAGE_USUAL, ReminderSender, type SenderParts } from './sender.ts'

export interface ReminderParts extends SenderParts {
  readonly ahead: Pick<MeltsAheadReader, 'find'>
}

/** How persons are reached, and what they wish. */
export interface ReminderWishes extends Required<Pick<ReminderChoice, 'language' | 'email'>> {
  readonly wallet: WalletId
  readonly isStopped: boolean
}

/** What is to change of it; what is absent stays. `email: undefined`: the node forgets the one it was told. */
export interface WishChange {
  readonly isStopped?: boolean | undefined
  readonly language?: ReminderChoice['language']
  readonly email?: { readonly address: string | undefined } | undefined
}

export class Reminders implements AsyncDisposable {
  readonly #parts: ReminderParts
  readonly #sender: ReminderSender
  readonly #rounds = new Rounds()
  readonly #stop = new AbortController()

  constructor(parts: ReminderParts) {
    this.#parts = parts
    this.#sender = new ReminderSender(parts)
  }

  /** Begins to look each day, and to send. */
  begin(): void {
    const { warn } = this.#parts
    this.#rounds.begin({
      round: () => this.round(),
      restMs: () => this.#restMs(),
      onFailed: (cause) => warn('A round of reminders failed', { cause }),
    })
  }

  /** Looks at all accounts if that was not done today, then sends what is due. */
  async round(): Promise<void> {
    await this.#look()
    await this.#sender.send(this.#stop.signal)
  }

  #restMs(): number | undefined {
    const nextMs = this.#sender.nextMs()
    return nextMs === undefined ? undefined : Math.max(nextMs - this.#parts.now(), 1_000)
  }

  async #look(): Promise<void> {
    const { store, ahead, now } = this.#parts
    const today = dayOf(now())
    const looked = store.lookedDay
    if (looked === today) return
    // A clock that went back does not silence anybody: what was written is not written twice.
    const since = looked === undefined || looked > today ? today - 1 : looked
    await this.#tidy(today)
    for await (const found of ahead.find({ since, today }, this.#stop.signal)) {
      for (let at = 0; at < found.length; at += ROWS_EACH) {
        store.add(found.slice(at, at + ROWS_EACH), now())
        // Between steps the tills have their turn.
        await new Promise(setImmediate)
      }
    }
    store.setLookedDay(today)
  }

  /** Ends what the day has overtaken, and erases what is long over. */
  async #tidy(today: number): Promise<void> {
    const { store, now } = this.#parts
    const steps = [
      () => store.endOver(today, now(), ROWS_EACH),
      () => store.erase(today - KEPT_DAYS, ROWS_EACH),
    ]
    for (const step of steps) {
      while (step() === ROWS_EACH && !this.#stop.signal.aborted) await new Promise(setImmediate)
    }
  }

  /** True when reminders leave by e-mail. */
  get isMailed(): boolean {
    return this.#sender.isOn
  }

  /** From the newest on. Those that wait are told as they stand: a gesture may have moved them. */
  page(page: ReminderPage): readonly Reminder[] {
    const { store, state, now } = this.#parts
    const today = dayOf(now())
    return store.page(page).map((reminder) => {
      if (reminder.state !== 'waiting') return reminder
      if (reminder.dueDay <= today) return { ...reminder, state: 'over' }
      const melts = comingMelts(state, reminder)
      if (melts.length === 0) return { ...reminder, state: 'moved' }
      return { ...reminder, parts: melts.map(({ asset, amount }) => [asset, amount] as const) }
    })
  }

  counts(): ReminderCounts {
    return this.#parts.store.counts()
  }

  /** What a person wishes, with the address that would be written to. */
  wishesOf(wallet: WalletId): ReminderWishes {
    const { choices, emailOf } = this.#parts
    const { email = emailOf(wallet), language = LANGUAGE_USUAL, stoppedMs } = choices.of(wallet)
    return { wallet, email, language, isStopped: stoppedMs !== undefined }
  }

  /** The wallet of a page that stops reminders. */
  byCode(code: string): ReminderWishes | undefined {
    const choice = this.#parts.choices.byCode(code)
    return choice && this.wishesOf(choice.wallet)
  }

  change(wallet: WalletId, { isStopped, language, email }: WishChange): ReminderWishes {
    const { store, choices, now } = this.#parts
    const before = choices.of(wallet)
    const { stoppedMs = now() } = before
    choices.save({
      wallet,
      language: language ?? before.language,
      email: email === undefined ? before.email : email.address,
      stoppedMs: (isStopped ?? before.stoppedMs !== undefined) ? stoppedMs : undefined,
    })
    if (isStopped === true) store.stop(wallet, now())
    else if (email?.address !== undefined) store.retry(wallet, now())
    this.#rounds.wake()
    return this.wishesOf(wallet)
  }

  /** Erases what this node knows of a person for reminders; there are none any more. */
  forget(wallet: WalletId): void {
    const { store, choices, now } = this.#parts
    choices.forget(wallet, now())
    store.forget(wallet)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#rounds[Symbol.asyncDispose]()
    this.#sender[Symbol.dispose]()
  }
}
