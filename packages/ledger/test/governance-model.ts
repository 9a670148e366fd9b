/** Proposals and votes as a plain model would count them: what the ledger is compared with, step by step. */
import { DAY_MS } from '../src/limits.ts'
import { START_MS, toId } from './names.ts'

export const VOTE_MS = 2 * DAY_MS
export const DELAY_MS = DAY_MS
const NOTICE_MS = 90 * DAY_MS
const OPEN_PER_PLACE = 4
const FOUNDED = 4

/** What is proposed, in the names of the model. */
export type Wish =
  | { readonly kind: 'parameter'; readonly name: 'dueCap'; readonly value: number }
  | {
      readonly kind: 'parameter'
      readonly name: 'placeHourCeiling'
      readonly value: number | null
    }
  | { readonly kind: 'policy'; readonly inMs: number; readonly personToPerson: boolean }
  | { readonly kind: 'grant'; readonly to: string; readonly amount: number }
  | { readonly kind: 'admit'; readonly place: string }
  | { readonly kind: 'suspend'; readonly place: string; readonly suspended: boolean }
  | { readonly kind: 'upgrade'; readonly rules: number; readonly height: number }

export type Status = 'open' | 'passed' | 'rejected' | 'applied' | 'failed'

interface Motion {
  readonly id: string
  readonly place: string
  readonly wish: Wish
  /** What was in force at the opening, as text. */
  readonly before: string
  readonly electorate: readonly string[]
  readonly closesMs: number
  readonly appliesMs: number
  readonly fromMs: number
  readonly votes: Map<string, string>
  status: Status
  reason?: string
}

/** One place of the model. */
interface Venue {
  isAdmitted: boolean
  isSuspended: boolean
  federatedEuros: number
}

export class Model {
  timeMs = START_MS
  height = 1
  readonly venues = new Map<string, Venue>()
  readonly admitted: string[] = []
  readonly motions: Motion[] = []
  readonly parameters = new Map<string, number | null>([
    ['dueCap', 50_000],
    ['placeHourCeiling', null],
  ])
  readonly policies = [{ fromMs: START_MS, personToPerson: false }]
  plan: { rules: number; height: number } | undefined
  fund = 0
  paid = 0
  /** Lines that the ledger must have written. */
  lines = 0

  constructor(venues: readonly string[]) {
    for (const name of venues) {
      this.venues.set(name, { isAdmitted: false, isSuspended: false, federatedEuros: 0 })
    }
  }

  /** Opens a block: everything whose time has come, one after the other by time. */
  pass(ms: number): void {
    this.timeMs += ms
    this.height += 1
    for (;;) {
      const [next] = this.motions
        .flatMap((motion) => {
          const dueMs = dueOf(motion)
          return dueMs !== undefined && dueMs <= this.timeMs ? [{ motion, dueMs }] : []
        })
        .sort((a, b) => a.dueMs - b.dueMs || (toId(a.motion.id) < toId(b.motion.id) ? -1 : 1))
      if (next === undefined) return
      this.lines += 1
      if (next.motion.status === 'open') this.#close(next.motion)
      else this.#apply(next.motion)
    }
  }

  /** When something happens next. */
  nextMs(): number | undefined {
    return this.motions.flatMap((motion) => dueOf(motion) ?? []).sort((a, b) => a - b)[0]
  }

  #close(motion: Motion): void {
    const count = (choice: string) =>
      [...motion.votes.values()].filter((one) => one === choice).length
    const [yes, no] = [count('yes'), count('no')]
    const { kind } = motion.wish
    const isUsual = kind === 'grant' || kind === 'admit'
    const share = motion.votes.size / motion.electorate.length
    const isHeard = isUsual ? share >= 1 / 3 : share >= 1 / 2
    const isWanted = yes > 0 && (isUsual ? yes > no : yes >= 2 * no)
    motion.status = isHeard && isWanted ? 'passed' : 'rejected'
  }

  #apply(motion: Motion): void {
    const { wish } = motion
    const reason = this.#obstacle(motion) ?? this.#shortage(wish)
    motion.status = reason === undefined ? 'applied' : 'failed'
    if (reason !== undefined) motion.reason = reason
    else this.#enact(motion)
  }

  #shortage(wish: Wish): string | undefined {
    return wish.kind === 'grant' && wish.amount > this.fund ? 'insufficient_balance' : undefined
  }

  /** Why it cannot be, at the time when it would apply. */
  #obstacle({ wish, before, appliesMs, fromMs }: Omit<Motion, 'id'>): string | undefined {
    switch (wish.kind) {
      case 'parameter': {
        if (this.#force(wish) !== before) return 'changed_meanwhile'
        return wish.value === this.parameters.get(wish.name) ? 'nothing_changes' : undefined
      }
      case 'policy': {
        if (this.#force(wish) !== before) return 'changed_meanwhile'
        const inForce = this.policies.findLast((one) => one.fromMs <= appliesMs)
        const rivals = [inForce, ...this.policies.filter((one) => one.fromMs > appliesMs)]
        const isLoose = rivals.every((one) => wish.personToPerson || one?.personToPerson !== true)
        const last = this.policies.at(-1)?.fromMs ?? 0
        const isEarly = fromMs < last || fromMs < appliesMs + (isLoose ? 0 : NOTICE_MS)
        return isEarly ? 'policy_too_early' : undefined
      }
      case 'grant':
        if (wish.amount === 0) return 'amount_must_be_positive'
        return this.venues.get(wish.to)?.isSuspended === true ? 'place_suspended' : undefined
      case 'admit': {
        const venue = this.venues.get(wish.place)
        if (venue?.isSuspended === true) return 'place_suspended'
        return venue?.isAdmitted === true ? 'place_already_admitted' : undefined
      }
      case 'suspend': {
        const isSuspended = this.venues.get(wish.place)?.isSuspended
        return isSuspended === wish.suspended ? 'nothing_changes' : undefined
      }
      case 'upgrade': {
        if (this.#force(wish) !== before) return 'changed_meanwhile'
        if (wish.rules !== 2 || wish.height <= this.height) return 'upgrade_refused'
        return this.plan?.height === wish.height ? 'nothing_changes' : undefined
      }
    }
  }

  #enact({ wish, fromMs }: Motion): void {
    switch (wish.kind) {
      case 'parameter':
        this.parameters.set(wish.name, wish.value)
        break
      case 'policy':
        this.policies.push({ fromMs, personToPerson: wish.personToPerson })
        break
      case 'grant':
        this.fund -= wish.amount
        this.paid += wish.amount
        this.venue(wish.to).federatedEuros += wish.amount
        this.lines += 1
        break
      case 'admit':
        this.join(wish.place)
        break
      case 'suspend':
        this.venue(wish.place).isSuspended = wish.suspended
        break
      case 'upgrade':
        this.plan = { rules: wish.rules, height: wish.height }
    }
  }

  venue(name: string): Venue {
    const venue = this.venues.get(name)
    if (venue === undefined) throw new Error(`${name} is no place of the model`)
    return venue
  }

  join(place: string): void {
    this.venue(place).isAdmitted = true
    this.admitted.push(place)
  }

  #force(wish: Wish): string {
    if (wish.kind === 'parameter') return String(this.parameters.get(wish.name))
    if (wish.kind === 'policy') return String(this.policies.length)
    return wish.kind === 'upgrade' ? JSON.stringify(this.plan ?? null) : ''
  }

  /** A place asks: the code of the refusal, or nothing. */
  propose(ask: { id: string; by: string; place: string; wish: Wish }): string | undefined {
    const { id, by, place, wish } = ask
    if (this.motions.some((motion) => motion.id === id)) return 'id_taken'
    if (this.venue(place).isSuspended) return 'place_suspended'
    if (by !== place) return 'not_authorised'
    const electorate = this.admitted.filter((one) => !this.venue(one).isSuspended)
    if (!electorate.includes(place)) return 'not_in_electorate'
    const closesMs = this.timeMs + VOTE_MS
    const appliesMs = closesMs + DELAY_MS
    const fromMs = this.timeMs + (wish.kind === 'policy' ? wish.inMs : 0)
    const votes = new Map<string, string>()
    const times = { closesMs, appliesMs, fromMs }
    const before = this.#force(wish)
    const motion: Motion = { id, place, wish, before, electorate, ...times, votes, status: 'open' }
    const obstacle = this.#obstacle(motion)
    if (obstacle !== undefined) return obstacle
    const under = this.motions.filter((one) => one.place === place && dueOf(one) !== undefined)
    if (under.length >= OPEN_PER_PLACE) return 'too_many'
    this.motions.push(motion)
    this.lines += 1
    return undefined
  }

  vote(ask: { id: string; by: string; place: string; choice: string }): string | undefined {
    const { id, by, place, choice } = ask
    const motion = this.motions.find((one) => one.id === id)
    if (motion === undefined) return 'proposal_not_found'
    if (this.venue(place).isSuspended) return 'place_suspended'
    if (by !== place) return 'not_authorised'
    if (!motion.electorate.includes(place)) return 'not_in_electorate'
    if (motion.status !== 'open' || this.timeMs >= motion.closesMs) return 'ballot_closed'
    if (motion.votes.get(place) === choice) return 'already_voted'
    motion.votes.set(place, choice)
    this.lines += 1
    return undefined
  }

  admit(place: string, by: string): string | undefined {
    if (by !== 'operator') return 'not_authorised'
    if (this.admitted.length >= FOUNDED) return 'electorate_founded'
    const { isSuspended, isAdmitted } = this.venue(place)
    if (isSuspended) return 'place_suspended'
    if (isAdmitted) return 'place_already_admitted'
    this.join(place)
    return undefined
  }
}

function dueOf({ status, closesMs, appliesMs }: Motion): number | undefined {
  if (status === 'open') return closesMs
  return status === 'passed' ? appliesMs : undefined
}
