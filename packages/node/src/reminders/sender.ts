/**
 * Sends what waits in the outbox, one letter for each wallet with all that it is to be reminded of. Looks at the book
 * again before: a gesture may have come in between.
 */
import { createHash } from 'node:crypto'
import { dayOf, type StateReader, type WalletId } from '@fedow/ledger'
import type { MailConfig } from '../config.ts'
import type { ReminderChoices, ReminderLanguage } from '../store/reminder-choices.ts'
import {
  NO_ADDRESS,
  type Reminder,
  type ReminderState,
  type ReminderStore,
} from '../store/reminder-store.ts'
import { type ComingMelt, comingMelts } from './coming.ts'
import { toLetter } from './letter.ts'
import { type Mail, type MailAnswer, openMail } from './mail.ts'
import { NO_ADDRESS_MS, pauseMs, TRIES_MAX, WALLETS_EACH } from './pace.ts'

export interface SenderParts {
  readonly state: StateReader
  readonly store: ReminderStore
  readonly choices: ReminderChoices
  readonly mail: MailConfig | undefined
  /** The address of a person, as far as this node knows it. */
  readonly emailOf: (wallet: WalletId) => string | undefined
  /** Where this node is reached, such as `https://fedow.example.org`. */
  readonly origin: () => string
  /** Wall clock, in milliseconds. */
  readonly now: () => number
  /** Told in codes and numbers: no address, no password. */
  readonly warn: (what: string, facts: object) => void
}

/** A reminder that still holds, with what it says now. */
interface Holding {
  readonly reminder: Reminder
  readonly melts: readonly ComingMelt[]
}

export const LANGUAGE_USUAL: ReminderLanguage = 'fr'

export class ReminderSender implements Disposable {
  readonly #parts: SenderParts
  #mail: Mail | undefined
  /** Since the server last took a letter or spoke of one. */
  #failures = 0
  #offUntilMs = 0

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  get isOn(): boolean {
    return this.#parts.mail !== undefined
  }

  /** When there is something to do next, in milliseconds since 1970. */
  nextMs(): number | undefined {
    const nextMs = this.isOn ? this.#parts.store.nextMs() : undefined
    return nextMs === undefined ? undefined : Math.max(nextMs, this.#offUntilMs)
  }

  /** Sends what is due, until the server fails or somebody stops it. */
  async send(stop: AbortSignal): Promise<void> {
    const { store, now } = this.#parts
    if (!this.isOn) return
    while (!stop.aborted) {
      const wallets = now() < this.#offUntilMs ? [] : store.due(now(), WALLETS_EACH)
      if (wallets.length === 0) return
      for (const wallet of wallets) {
        if (stop.aborted || now() < this.#offUntilMs) return
        await this.#remind(wallet, stop)
        // Between letters the tills have their turn, also when none is sent.
        await new Promise(setImmediate)
      }
    }
  }

  async #remind(wallet: WalletId, stop: AbortSignal): Promise<void> {
    const { choices, emailOf, store, now } = this.#parts
    const holding = this.settle(wallet)
    if (holding.length === 0) return
    const email = choices.of(wallet).email ?? emailOf(wallet)
    if (email === undefined) {
      const nextMs = now() + NO_ADDRESS_MS
      this.#save(holding, { problem: NO_ADDRESS, nextMs })
      return
    }
    const answer = await this.#deliver(wallet, email, holding, stop)
    if (stop.aborted && answer.is !== 'sent') return
    this.#note(answer)
    if (answer.is === 'sent') {
      this.#save(holding, { state: 'sent', problem: undefined })
      return
    }
    // A person may have said stop, or another address, while the server was asked.
    const waiting = new Set(store.waitingOf(wallet).map(({ number }) => number))
    this.#failed(
      holding.filter(({ reminder }) => waiting.has(reminder.number)),
      answer,
    )
  }

  /** Ends the reminders of a wallet that have nothing left to say; answers the others, as they stand now. */
  settle(wallet: WalletId): readonly Holding[] {
    const { state, store, now } = this.#parts
    const today = dayOf(now())
    const holding: Holding[] = []
    const ended: Reminder[] = []
    for (const reminder of store.waitingOf(wallet)) {
      const melts = comingMelts(state, reminder)
      const isOver = reminder.dueDay <= today
      const isTold = holding.some((other) => other.reminder.dueDay === reminder.dueDay)
      const end = isOver ? 'over' : isTold ? 'superseded' : melts.length === 0 ? 'moved' : undefined
      if (end === undefined) {
        const parts = melts.map(({ asset, amount }) => [asset, amount] as const)
        holding.push({ reminder: { ...reminder, parts }, melts })
      } else ended.push({ ...reminder, state: end, changedMs: now() })
    }
    if (ended.length > 0) store.save(ended)
    return holding
  }

  async #deliver(
    wallet: WalletId,
    to: string,
    holding: readonly Holding[],
    signal: AbortSignal,
  ): Promise<MailAnswer> {
    const { mail, choices, origin, now } = this.#parts
    if (mail === undefined) return { is: 'off', problem: 'mail_off' }
    this.#mail ??= await openMail(mail)
    const stopUrl = `${origin()}/reminders/stop?code=${choices.codeOf(wallet)}`
    const days = holding.map(({ reminder: { dueDay }, melts }) => ({ dueDay, melts }))
    const facts = { days, today: dayOf(now()), origin: origin(), stopUrl }
    const letter = toLetter(facts, choices.of(wallet).language ?? LANGUAGE_USUAL)
    const messageId = toMessageId(holding, new URL(origin()).hostname)
    return this.#mail.send({ ...letter, to, messageId, stopUrl }, signal)
  }

  /** A server that is away is left alone for a while, whatever waits. */
  #note(answer: MailAnswer): void {
    if (answer.is !== 'off') {
      this.#failures = 0
      return
    }
    this.#failures += 1
    const waitMs = pauseMs(this.#failures)
    this.#offUntilMs = this.#parts.now() + waitMs
    const { problem } = answer
    this.#parts.warn('The mail server takes no reminder', { problem, waitMs })
  }

  #failed(holding: readonly Holding[], answer: Exclude<MailAnswer, { is: 'sent' }>): void {
    const { now } = this.#parts
    const { is, problem } = answer
    if (is === 'off') {
      this.#save(holding, { problem, nextMs: this.#offUntilMs })
      return
    }
    for (const one of holding) {
      const tries = one.reminder.tries + 1
      const isFinal = is === 'refused' || tries >= TRIES_MAX
      if (isFinal) {
        const facts = { reminder: one.reminder.number, problem, tries }
        this.#parts.warn('A reminder is given up', facts)
      }
      const state: ReminderState = isFinal ? 'failed' : 'waiting'
      this.#save([one], { state, tries, problem, nextMs: now() + pauseMs(tries) })
    }
  }

  #save(
    holding: readonly Holding[],
    change: Partial<Pick<Reminder, 'state' | 'tries' | 'nextMs'>> & Pick<Reminder, 'problem'>,
  ): void {
    const changedMs = this.#parts.now()
    this.#parts.store.save(holding.map(({ reminder }) => ({ ...reminder, ...change, changedMs })))
  }

  [Symbol.dispose](): void {
    this.#mail?.[Symbol.dispose]()
  }
}

/** The same for the same reminders, and of no use to whoever wants to know whose they are. */
function toMessageId(holding: readonly Holding[], host: string): string {
  const hash = createHash('sha256')
  for (const { reminder } of holding) {
    hash.update(`${reminder.wallet} ${reminder.dueDay} ${reminder.step}\n`)
  }
  return `<${hash.digest('hex').slice(0, 32)}@${host}>`
}
