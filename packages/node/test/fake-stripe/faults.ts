/**
 * - `reset-before`, `timeout`, `500`, `429`: the request is not carried out.
 * - `reset-after`, `timeout-after`, `500-after`: it is, and its answer does not arrive. Stripe keeps
 *   the 500 for the idempotency key, so that a repeat gets it again.
 * - `slow`, `slow-after`: it waits before it is carried out, or is answered late, until `release`.
 */
export type How =
  | 'reset-before'
  | 'reset-after'
  | 'timeout'
  | 'timeout-after'
  | '500'
  | '500-after'
  | '429'
  | 'slow'
  | 'slow-after'

export interface FaultPlan {
  readonly method?: string
  /** The path as called, or its beginning with `*` at the end; every path unless said. */
  readonly path?: string
  readonly how: How
  /** How many requests it is for; one unless said. */
  readonly times?: number
}

/** One fault that was asked for. */
export class Fault {
  readonly plan: FaultPlan
  /** Resolves when the first request has met it; after an `-after`, its effect has taken place. */
  readonly met: Promise<void>
  /** Lets slow requests go on. */
  readonly release: () => void
  readonly released: Promise<void>
  readonly meet: () => void
  left: number

  constructor(plan: FaultPlan) {
    const [met, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.plan = plan
    this.met = met.promise
    this.meet = met.resolve
    this.release = released.resolve
    this.released = released.promise
    this.left = plan.times ?? 1
  }
}

/** What goes wrong between the node and Stripe, in the order in which it was asked for. */
export class Faults {
  #planned: readonly Fault[] = []
  readonly #all: Fault[] = []

  next(plan: FaultPlan): Fault {
    const fault = new Fault(plan)
    this.#planned = [...this.#planned, fault]
    this.#all.push(fault)
    return fault
  }

  /** Forgets what has not happened yet. */
  clear(): void {
    this.#planned = []
  }

  take(method: string, path: string): Fault | undefined {
    const fault = this.#planned.find(({ plan }) => isMeant(plan, method, path))
    if (!fault) return undefined
    fault.left -= 1
    this.#planned = this.#planned.filter(({ left }) => left > 0)
    return fault
  }

  /** Lets every slow request go, so that the server can close. */
  releaseAll(): void {
    for (const fault of this.#all) fault.release()
  }
}

function isMeant({ method, path = '*' }: FaultPlan, called: string, at: string): boolean {
  if (method !== undefined && method !== called) return false
  return path.endsWith('*') ? at.startsWith(path.slice(0, -1)) : at === path
}
