import { DAY_MS, type FakeClock } from './clock.ts'
import { Refusal } from './refusal.ts'

export interface Answer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

interface Kept {
  readonly endpoint: string
  readonly params: string
  readonly requestId: string
  readonly timeMs: number
  /** Absent while the first call runs. */
  answer?: Answer
}

export interface Asked {
  readonly key: string
  readonly endpoint: string
  /** The same for the same parameters. */
  readonly params: string
  readonly requestId: string
}

const KEY_LENGTH_MAX = 255

/** What was answered for each idempotency key. Stripe forgets a key after a day. */
export class IdempotencyKeys {
  readonly #clock: FakeClock
  readonly #kept = new Map<string, Kept>()

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** The answer of the first call, or `undefined` for the first call itself. */
  begin({ key, endpoint, params, requestId }: Asked): (Answer & { first: string }) | undefined {
    if (key.length > KEY_LENGTH_MAX) {
      throw new Refusal(`Idempotency keys have at most ${KEY_LENGTH_MAX} characters.`, MISUSED)
    }
    const kept = this.#found(key)
    if (!kept) {
      this.#kept.set(key, { endpoint, params, requestId, timeMs: this.#clock.nowMs() })
      return undefined
    }
    if (kept.endpoint !== endpoint) {
      throw new Refusal(
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${endpoint}' is not '${kept.endpoint}'). Try using a key other than '${key}' if you meant to execute a different request.`,
        MISUSED,
      )
    }
    if (kept.params !== params) {
      throw new Refusal(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        MISUSED,
      )
    }
    if (!kept.answer) {
      throw new Refusal(
        'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through). Please try again later.',
        { status: 409, type: 'idempotency_error', code: 'idempotency_key_in_use' },
      )
    }
    return { ...kept.answer, first: kept.requestId }
  }

  /** Keeps the answer of the first call. */
  keep(key: string, answer: Answer): void {
    const kept = this.#kept.get(key)
    if (kept) kept.answer = { ...answer, body: structuredClone(answer.body) }
  }

  /** The first call was never carried out: the key is as new. */
  forget(key: string): void {
    this.#kept.delete(key)
  }

  #found(key: string): Kept | undefined {
    const kept = this.#kept.get(key)
    if (!kept || kept.timeMs + DAY_MS > this.#clock.nowMs()) return kept
    this.#kept.delete(key)
    return undefined
  }
}

const MISUSED = { status: 400, type: 'idempotency_error' } as const
