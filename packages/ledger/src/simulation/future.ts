/**
 * What becomes of the accounts of a snapshot by some terms, followed by the ledger's own steps: `nextMelt` says when the
 * first period ends, `addPeriod` when the others do, `meltOf` what each takes. When depends on anchors alone, how much on
 * the balance alone; so each is computed once for all accounts that share it, and 40,000 accounts take no second.
 *
 * Amounts are whole numbers here: no supply exceeds 2^53 - 1, so none of their sums is rounded, and each is added in a tenth
 * of the time that a bigint takes.
 */
import { AMOUNT_MAX, type Amount, ZERO } from '../amount.ts'
import { assert } from '../assert.ts'
import type { Demurrage } from '../commons/demurrage.ts'
import {
  addPeriod,
  afterMelt,
  type Melt,
  type MeltTerms,
  meltOf,
  meltsUntil,
  nextMelt,
  type Sleeper,
} from '../commons/melting.ts'
import { DAY_MS } from '../limits.ts'
import type { Behaviour } from './question.ts'
import { SIMULATED_YEAR_DAYS, type SimulatedAccount } from './snapshot.ts'

/** What rules and how long. */
export interface Course {
  readonly policies: readonly MeltTerms[]
  /** The day of the snapshot. */
  readonly day: number
  readonly years: number
  readonly behaviour: Behaviour
}

/** The account as the ledger's schedule sees it. */
export function toSleeper(
  { balance, held, kind, ...days }: SimulatedAccount,
  policies: readonly MeltTerms[],
): Sleeper {
  const { activeDay, keptUntilDay, sinceDay, meltedDay, ageDay } = days
  const account = {
    ...{ balance, held, last: 0 },
    ...(sinceDay !== undefined && { sinceDay }),
    ...(meltedDay !== undefined && { meltedDay }),
    ...(ageDay !== undefined && { ageMs: ageDay * DAY_MS }),
  }
  const wallet = {
    kind,
    ...(activeDay !== undefined && { activeDay }),
    ...(keptUntilDay !== undefined && { keptUntilDay }),
  }
  return { account, wallet, policies }
}

/** Days of gestures to come, rising. */
export function gesturesToCome(
  { gestures }: SimulatedAccount,
  { day, years, behaviour }: Omit<Course, 'policies'>,
): readonly number[] {
  if (behaviour === 'asleep' || gestures.length === 0) return []
  const untilDay = day + years * SIMULATED_YEAR_DAYS
  const all = Array.from({ length: years }, (_, year) =>
    gestures.map((one) => one + (year + 1) * SIMULATED_YEAR_DAYS),
  )
  return all.flat().filter((one) => one > day && one <= untilDay)
}

/** Everything that melts of an account up to the end, in order: what is due on the day of a gesture melts before it. */
export function* meltsToCome(account: SimulatedAccount, course: Course): Generator<Melt, void> {
  let sleeper = toSleeper(account, course.policies)
  const endDay = course.day + course.years * SIMULATED_YEAR_DAYS
  for (const day of [...gesturesToCome(account, course), endDay]) {
    for (const melt of meltsUntil(sleeper, day)) {
      yield melt
      sleeper = { ...sleeper, account: afterMelt(sleeper.account, melt) }
    }
    sleeper = { ...sleeper, wallet: { ...sleeper.wallet, activeDay: day } }
  }
}

const UNKNOWN = -1

/**
 * What some terms leave of what can melt, period by period; each amount is computed once. Amounts are known by their number
 * in the order in which they came: lists of numbers stay near the processor, objects do not. Of each it is noted what is
 * left 1, 2, 4, 8 and so on periods later, so that years are a few steps.
 */
class Chain {
  readonly #terms: Demurrage
  readonly #numbers = new Map<number, number>()
  #amounts = new Float64Array(1_024)
  /** By power of two, the number of what is left so many periods later. */
  readonly #later: Int32Array[] = []

  constructor(terms: Demurrage) {
    this.#terms = terms
  }

  /** The number of an amount. */
  at(awake: number): number {
    const known = this.#numbers.get(awake)
    if (known !== undefined) return known
    const number = this.#numbers.size
    if (number === this.#amounts.length) this.#grow()
    this.#numbers.set(awake, number)
    this.#amounts[number] = awake
    return number
  }

  amountOf(number: number): number {
    return this.#amounts[number] as number
  }

  /** The number of what is left after so many periods. */
  after(number: number, periods: number): number {
    let left = number
    for (let power = 0; periods >> power > 0; power += 1) {
      if (((periods >> power) & 1) === 1) left = this.#leap(left, power)
    }
    return left
  }

  #leap(number: number, power: number): number {
    const known = this.#later[power]?.[number] ?? UNKNOWN
    if (known !== UNKNOWN) return known
    const half = power - 1
    const later = power === 0 ? this.#step(number) : this.#leap(this.#leap(number, half), half)
    this.#tableOf(power)[number] = later
    return later
  }

  #step(number: number): number {
    const balance = BigInt(this.amountOf(number)) as Amount
    return this.at(Number(balance - meltOf(this.#terms, { balance, held: ZERO, last: 0 })))
  }

  #tableOf(power: number): Int32Array {
    const table = this.#later[power] ?? new Int32Array(this.#amounts.length).fill(UNKNOWN)
    this.#later[power] = table
    return table
  }

  #grow(): void {
    const amounts = new Float64Array(this.#amounts.length * 2)
    amounts.set(this.#amounts)
    this.#amounts = amounts
    for (const [power, table] of this.#later.entries()) {
      const larger = new Int32Array(amounts.length).fill(UNKNOWN)
      larger.set(table)
      this.#later[power] = larger
    }
  }
}

/** When periods end for all that sleeps since one day, if it sleeps on. */
interface Ends {
  /** By versions before the last one, each of which ends. */
  readonly early: readonly Pick<Melt, 'dueDay' | 'version'>[]
  /** By the last version. */
  readonly late: readonly number[]
}

/** An account, with what all candidates need of it. */
export interface PreparedAccount {
  readonly account: SimulatedAccount
  /** What is there and not held. */
  readonly awake: number
  /** The same for all accounts whose sleep began alike. */
  readonly sleep: string
  /** The same number for all that lie alike: in a kind of wallet, kept until a day. */
  readonly room: number
  /** Days of gestures to come, rising. */
  readonly gestures: readonly number[]
}

/** More than any day. */
const ROOM = 131_072

export function prepareAccounts(
  accounts: readonly SimulatedAccount[],
  course: Omit<Course, 'policies'>,
): readonly PreparedAccount[] {
  const rooms = new Map<string, number>()
  return accounts.map((account) => {
    const { kind, activeDay, sinceDay, meltedDay, keptUntilDay, ageDay } = account
    const sleep = `${kind} ${activeDay} ${sinceDay} ${meltedDay} ${keptUntilDay} ${ageDay}`
    const name = `${kind} ${keptUntilDay}`
    const room = rooms.get(name) ?? rooms.size
    rooms.set(name, room)
    const awake = Number(account.balance - account.held)
    return { account, awake, sleep, room, gestures: gesturesToCome(account, course) }
  })
}

/** Follows accounts by one list of policies. */
export class Futures {
  readonly #course: Course
  readonly #endDay: number
  readonly #last: MeltTerms
  readonly #chains = new Map<number, Chain>()
  readonly #asleep = new Map<string, Ends>()
  readonly #woken = new Map<number, Ends>()
  readonly #late = new Map<number, readonly number[]>()
  /** Gestures: whether they matter, and the shortest grace, inside of which the next one makes all be well. */
  readonly #gestures: 'none' | 'all' | 'mixed'
  readonly #graceDays: number

  constructor(course: Course) {
    this.#course = course
    this.#endDay = course.day + course.years * SIMULATED_YEAR_DAYS
    const melting = course.policies.filter(({ demurrage }) => demurrage !== undefined)
    this.#last = course.policies.at(-1) ?? { version: 0, fromMs: 0 }
    for (const { version, demurrage } of melting) {
      if (demurrage !== undefined) this.#chains.set(version, new Chain(demurrage))
    }
    const wakes = melting.map(({ demurrage }) => demurrage !== undefined && isWoken(demurrage))
    const isAny = course.behaviour !== 'asleep' && wakes.includes(true)
    this.#gestures = !isAny ? 'none' : wakes.includes(false) ? 'mixed' : 'all'
    this.#graceDays = melting.reduce(
      (least, { demurrage }) =>
        demurrage !== undefined && demurrage.graceDays < least ? demurrage.graceDays : least,
      this.#endDay,
    )
  }

  /** Writes what an account has lost at the end of each year, in minor units, from an index on. */
  write(prepared: PreparedAccount, losses: Float64Array, at: number): void {
    const { day, years } = this.#course
    const firstEnd = day + SIMULATED_YEAR_DAYS
    if (this.#gestures === 'mixed') {
      let [lost, year] = [0, 0]
      for (const { dueDay, amount } of meltsToCome(prepared.account, this.#course)) {
        for (; dueDay > firstEnd + year * SIMULATED_YEAR_DAYS; year += 1) losses[at + year] = lost
        lost += Number(amount)
      }
      losses.fill(lost, at + year, at + years)
      return
    }
    const walk = new Walk(this.#chains, { awake: prepared.awake, losses, at, firstEnd })
    this.#follow(prepared, walk)
    walk.finish(at + years)
  }

  #follow(prepared: PreparedAccount, walk: Walk): void {
    const days = this.#gestures === 'none' ? [] : prepared.gestures
    const { version } = this.#last
    walk.along(this.#asleepEnds(prepared), version, days[0] ?? this.#endDay)
    for (let index = 0; index < days.length; index += 1) {
      const activeDay = days[index] ?? 0
      const untilDay = days[index + 1] ?? this.#endDay
      // Awake again before any period begins.
      if (untilDay - activeDay <= this.#graceDays) continue
      walk.along(this.#wokenEnds(prepared, activeDay), version, untilDay)
    }
  }

  /** When what sleeps like an account of the snapshot melts, if it sleeps on to the end. */
  #asleepEnds({ account, sleep }: PreparedAccount): Ends {
    const known = this.#asleep.get(sleep)
    if (known !== undefined) return known
    const ends = this.#endsOf(account)
    this.#asleep.set(sleep, ends)
    return ends
  }

  /** The same after a gesture: of what was before, only where it lies counts. */
  #wokenEnds({ account, room }: PreparedAccount, activeDay: number): Ends {
    const key = room * ROOM + activeDay
    const known = this.#woken.get(key)
    if (known !== undefined) return known
    const { kind, keptUntilDay, balance, held } = account
    const kept = keptUntilDay !== undefined && { keptUntilDay }
    const ends = this.#endsOf({ kind, ...kept, balance, held, activeDay, gestures: [] })
    this.#woken.set(key, ends)
    return ends
  }

  /** Of the largest amount: whatever melts of a smaller one melts on the same days, until nothing does. */
  #endsOf(like: SimulatedAccount): Ends {
    const most = { ...like, balance: AMOUNT_MAX as SimulatedAccount['balance'], held: ZERO }
    let sleeper = toSleeper(most, this.#course.policies)
    const early: Pick<Melt, 'dueDay' | 'version'>[] = []
    for (;;) {
      const melt = nextMelt(sleeper)
      if (melt === undefined || melt.dueDay > this.#endDay) return { early, late: [] }
      if (melt.version === this.#last.version) return { early, late: this.#lateFrom(melt.dueDay) }
      early.push(melt)
      sleeper = { ...sleeper, account: afterMelt(sleeper.account, melt) }
    }
  }

  /** The ends of periods of the last version, from the first one on. */
  #lateFrom(firstDay: number): readonly number[] {
    const known = this.#late.get(firstDay)
    if (known !== undefined) return known
    const { demurrage } = this.#last
    const days = [firstDay]
    if (demurrage !== undefined && !('allDay' in demurrage.form)) {
      let dueDay = addPeriod(firstDay, demurrage.period)
      for (; dueDay <= this.#endDay; dueDay = addPeriod(dueDay, demurrage.period)) days.push(dueDay)
    }
    this.#late.set(firstDay, days)
    return days
  }
}

/** True when a gesture begins the rest anew. */
function isWoken({ basis, form }: Demurrage): boolean {
  return basis === 'inactivity' && !('allDay' in form)
}

/** Where an account stands, and where what it has lost is written. */
interface WalkStart {
  readonly awake: number
  readonly losses: Float64Array
  readonly at: number
  /** The last day of the first year. */
  readonly firstEnd: number
}

/** One account on its way through the periods. */
class Walk {
  readonly #chains: ReadonlyMap<number, Chain>
  readonly #start: WalkStart
  #at: number
  #yearEnd: number
  #version = 0
  #chain: Chain | undefined
  /** The number of what is left, in the chain. */
  #left = 0

  constructor(chains: ReadonlyMap<number, Chain>, start: WalkStart) {
    this.#chains = chains
    this.#start = start
    this.#at = start.at
    this.#yearEnd = start.firstEnd
  }

  /** Through all periods that end up to a day. */
  along({ early, late }: Ends, version: number, untilDay: number): void {
    for (const end of early) {
      if (end.dueDay > untilDay) return
      this.#through([end.dueDay], end.version, untilDay)
    }
    this.#through(late, version, untilDay)
  }

  #through(dueDays: readonly number[], version: number, untilDay: number): void {
    const [first] = dueDays
    if (first === undefined || first > untilDay) return
    const chain = this.#turn(version)
    for (let at = 0; at < dueDays.length; ) {
      const dueDay = dueDays[at] ?? 0
      if (dueDay > untilDay) return
      while (dueDay > this.#yearEnd) this.#endYear()
      const limit = untilDay < this.#yearEnd ? untilDay : this.#yearEnd
      const from = at
      while (at < dueDays.length && (dueDays[at] ?? 0) <= limit) at += 1
      this.#left = chain.after(this.#left, at - from)
    }
  }

  #turn(version: number): Chain {
    if (this.#chain !== undefined && version === this.#version) return this.#chain
    const chain = this.#chains.get(version)
    assert(chain !== undefined, 'terms that make money melt have a chain')
    this.#left = chain.at(this.#awake())
    this.#version = version
    this.#chain = chain
    return chain
  }

  #awake(): number {
    return this.#chain?.amountOf(this.#left) ?? this.#start.awake
  }

  #endYear(): void {
    this.#start.losses[this.#at] = this.#start.awake - this.#awake()
    this.#at += 1
    this.#yearEnd += SIMULATED_YEAR_DAYS
  }

  /** Nothing melts any more. */
  finish(end: number): void {
    const { losses, awake } = this.#start
    losses.fill(awake - this.#awake(), this.#at, end)
  }
}
