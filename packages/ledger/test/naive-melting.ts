/**
 * Melting as docs/spec/demurrage.md tells it, one day after the other, with a list of everything: slow, and written from
 * that page alone. It shares no code with the ledger, not even the calendar.
 */
import type { Act, Bearing, Money, Story } from './melt-story.ts'
import { CARDS, isPerson, MONEYS, PERSONS } from './melt-story.ts'

type Terms = NonNullable<Story['terms'][Money]>
type Kind = 'card' | 'person' | 'place' | 'fund'

const DAY_MS = 86_400_000
const MILLION = 1_000_000n

interface Version {
  readonly fromMs: number
  readonly terms: Terms | undefined
}

interface Holder {
  readonly kind: Kind
  origin: string | undefined
  gestureDay?: number
}

interface Running {
  readonly begin: number
  readonly end: number
  readonly terms: Terms
}

export interface Pot {
  readonly holder: string
  readonly money: Money
  balance: bigint
  /** When money came where there was none; nobody counted before a policy was announced. */
  cameDay?: number
  meanMs?: number
  running?: Running
  /** The end of the last period that was over. */
  endDay?: number | undefined
}

interface Hold {
  readonly pot: Pot
  readonly amount: bigint
  readonly endMs: number
}

export interface Shared {
  melted: bigint
  places: bigint
  commons: bigint
  maintenance: bigint
  burnt: bigint
}

export class NaiveWorld {
  readonly pots = new Map<string, Pot>()
  readonly pools = new Map<string, bigint>()
  readonly shared = new Map<Money, Shared>()
  readonly #story: Story
  readonly #holders = new Map<string, Holder>()
  readonly #versions = new Map<Money, Version[]>()
  readonly #cards = new Map<string, { person?: string; counter: number; isLost: boolean }>()
  readonly #holds: (Hold | undefined)[] = []
  readonly #suspended = new Set<string>()
  readonly #firstDay: number
  #now: number

  constructor(story: Story, startMs: number) {
    this.#story = story
    this.#now = startMs
    this.#firstDay = Math.floor(startMs / DAY_MS)
    for (const place of ['bar', 'shop'])
      this.#holders.set(place, { kind: 'place', origin: undefined })
    for (const fund of story.funds) this.#holders.set(fund, { kind: 'fund', origin: undefined })
    for (const person of PERSONS) this.#holders.set(person, { kind: 'person', origin: undefined })
    for (const card of CARDS) this.#cards.set(card, { counter: 0, isLost: false })
    for (const money of MONEYS) {
      this.#versions.set(money, [{ fromMs: startMs, terms: story.terms[money] }])
      this.shared.set(money, { melted: 0n, places: 0n, commons: 0n, maintenance: 0n, burnt: 0n })
    }
  }

  /** Lives every midnight until a moment, then every hold that has ended by it. */
  live(untilMs: number): void {
    for (let day = Math.floor(this.#now / DAY_MS) + 1; day * DAY_MS <= untilMs; day += 1) {
      this.#endHolds(day * DAY_MS - 1)
      this.#now = day * DAY_MS
      for (const pot of this.pots.values()) this.#midnight(pot, day)
      this.#shareOut(day)
    }
    this.#now = untilMs
    this.#endHolds(untilMs)
  }

  #endHolds(untilMs: number): void {
    for (const [index, hold] of this.#holds.entries()) {
      if (hold !== undefined && hold.endMs <= untilMs) this.#holds[index] = undefined
    }
  }

  /** True when it is done; false when it is refused. What becomes of `policy` is the book's word. */
  act(act: Act): boolean {
    switch (act.act) {
      case 'refill': {
        const holder = this.#bearing(act.to)
        if (holder === undefined || this.#suspended.has('bar')) return false
        if (!isPerson(act.to)) this.#gesture(holder)
        this.#credit(this.#pot(holder, act.money), act.amount)
        return true
      }
      case 'sale':
        return this.#sale(act)
      case 'give':
        return this.#give(act)
      case 'refund': {
        const holder = this.#bearing(act.card)
        if (holder === undefined || act.money === 'TIM' || this.#suspended.has('bar')) return false
        if (this.#awake(holder, act.money) < act.amount) return false
        this.#gesture(holder)
        this.#pot(holder, act.money).balance -= act.amount
        return true
      }
      case 'hold': {
        const holder = this.#bearing(act.from)
        const isRoom = holder !== undefined && this.#awake(holder, act.money) >= act.amount
        if (!isRoom || this.#suspended.has('bar')) {
          this.#holds.push(undefined)
          return false
        }
        const pot = this.#pot(holder, act.money)
        this.#holds.push({ pot, amount: act.amount, endMs: this.#now + act.lastsMs })
        return true
      }
      case 'capture': {
        const index = this.#holds.length === 0 ? 0 : act.hold % this.#holds.length
        const hold = this.#holds[index]
        if (hold === undefined || (act.amount ?? 0n) > hold.amount) return false
        const amount = act.amount ?? hold.amount
        this.#holds[index] = undefined
        hold.pot.balance -= amount
        this.#credit(this.#pot('bar', hold.pot.money), amount)
        return true
      }
      case 'release': {
        const index = this.#holds.length === 0 ? 0 : act.hold % this.#holds.length
        if (this.#holds[index] === undefined) return false
        this.#holds[index] = undefined
        return true
      }
      case 'link':
        return this.#link(act.card, act.person)
      case 'lose': {
        const card = this.#cards.get(act.card)
        if (card?.person !== act.person) return false
        this.#gesture(act.person)
        this.#cards.set(act.card, { counter: card.counter + 1, isLost: true })
        return true
      }
      case 'restore': {
        const card = this.#cards.get(act.card)
        if (card?.isLost !== true) return false
        card.isLost = false
        return true
      }
      case 'suspend':
        if (act.suspended) this.#suspended.add(act.place)
        else this.#suspended.delete(act.place)
        return true
      case 'policy':
        this.#announce(act.money, { fromMs: this.#now + act.noticeMs, terms: act.terms })
        return true
      case 'nothing':
        return true
    }
  }

  /** Relief may be in force at once, and rules what has begun at the same moment. */
  #announce(money: Money, version: Version): void {
    this.#versions.get(money)?.push(version)
    for (const pot of this.pots.values()) {
      if (pot.money !== money || pot.running === undefined) continue
      if (pot.running.begin * DAY_MS < version.fromMs) continue
      delete pot.running
      this.#begin(pot, this.#today)
    }
  }

  #sale({ money, from, amount }: Extract<Act, { act: 'sale' }>): boolean {
    const holder = this.#bearing(from)
    if (holder === undefined || this.#awake(holder, money) < amount) return false
    if (this.#suspended.has('bar')) return false
    this.#gesture(holder)
    this.#pot(holder, money).balance -= amount
    this.#credit(this.#pot('bar', money), amount)
    return true
  }

  #give({ money, from, to, amount }: Extract<Act, { act: 'give' }>): boolean {
    if (from === to || money === 'TNF' || this.#awake(from, money) < amount) return false
    this.#gesture(from)
    this.#pot(from, money).balance -= amount
    this.#credit(this.#pot(to, money), amount)
    return true
  }

  #link(name: string, person: string): boolean {
    const card = this.#cards.get(name)
    if (card === undefined || card.isLost || card.person !== undefined) return false
    const own = `${name}#${card.counter}`
    const pots = MONEYS.flatMap((money) => this.pots.get(`${own} ${money}`) ?? [])
    if (pots.some((pot) => this.#held(pot) > 0n)) return false
    card.person = person
    this.#gesture(person)
    const holder = this.#holders.get(person)
    if (holder !== undefined) holder.origin ??= originOf(name)
    for (const pot of pots) {
      const { balance } = pot
      pot.balance = 0n
      if (balance > 0n) this.#credit(this.#pot(person, pot.money), balance, pot)
    }
    return true
  }

  /** The holder behind a card or a person; `undefined` when the card is lost. */
  #bearing(name: Bearing): string | undefined {
    if (isPerson(name)) return name
    const card = this.#cards.get(name)
    if (card === undefined || card.isLost) return undefined
    const holder = card.person ?? `${name}#${card.counter}`
    if (!this.#holders.has(holder)) {
      this.#holders.set(holder, { kind: 'card', origin: originOf(name) })
    }
    return holder
  }

  #pot(holder: string, money: Money): Pot {
    const name = `${holder} ${money}`
    const pot = this.pots.get(name) ?? { holder, money, balance: 0n }
    this.pots.set(name, pot)
    return pot
  }

  #held(pot: Pot): bigint {
    return this.#holds.reduce((sum, hold) => sum + (hold?.pot === pot ? hold.amount : 0n), 0n)
  }

  heldOf(name: string): bigint {
    const pot = this.pots.get(name)
    return pot === undefined ? 0n : this.#held(pot)
  }

  #awake(holder: string, money: Money): bigint {
    const pot = this.pots.get(`${holder} ${money}`)
    return pot === undefined ? 0n : pot.balance - this.#held(pot)
  }

  get #today(): number {
    return Math.floor(this.#now / DAY_MS)
  }

  #gesture(name: string): void {
    const holder = this.#holder(name)
    holder.gestureDay = this.#today
    for (const money of MONEYS) {
      const pot = this.pots.get(`${name} ${money}`)
      if (pot !== undefined) this.#restChanged(pot)
    }
  }

  #holder(name: string): Holder {
    const holder = this.#holders.get(name)
    if (holder === undefined) throw new Error(`nobody is called ${name}`)
    return holder
  }

  /** `card`: the pot of a card that was linked. */
  #credit(pot: Pot, amount: bigint, card?: Pot): void {
    const bornMs = card?.meanMs ?? this.#now
    const { kind } = this.#holder(pot.holder)
    const versions = this.#versions.get(pot.money) ?? []
    const isCounted = versions.some(({ terms }) => terms && !isExempt(terms, kind))
    const before = pot.balance
    pot.balance += amount
    if (!isCounted) return
    if (before === 0n) pot.cameDay = this.#today
    if (versions.some(({ terms }) => terms?.basis === 'age')) {
      const oldMs = pot.meanMs ?? this.#now
      const total = before * BigInt(oldMs) + amount * BigInt(bornMs)
      pot.meanMs = Number((total + pot.balance - 1n) / pot.balance)
    }
    if (before === 0n && card !== undefined) pot.endDay = card.endDay
    if (before === 0n || card !== undefined) this.#beginAgain(pot)
    else this.#restChanged(pot)
  }

  /** A period goes on unless the rest that it began after is no longer one. */
  #restChanged(pot: Pot): void {
    const { running } = pot
    if (running === undefined || this.#mayBegin(pot, running.begin)?.terms === running.terms) return
    this.#beginAgain(pot)
  }

  /** Periods one after the other since the last one that was over; what would have ended by today ends without a melt. */
  #beginAgain(pot: Pot): void {
    delete pot.running
    for (let day = pot.endDay ?? this.#firstDay; day <= this.#today; day += 1) {
      this.#endOn(pot, day)
      if (pot.running === undefined) this.#begin(pot, day)
    }
  }

  /** The version that is in force on a day: one that begins within a day is in force from the next. */
  #versionOn(money: Money, day: number): (Version & { readonly fromDay: number }) | undefined {
    const versions = this.#versions.get(money) ?? []
    const version = versions.findLast(({ fromMs }) => fromMs <= day * DAY_MS)
    if (version === undefined) return undefined
    const [first] = versions
    const fromDay = Math.ceil(version.fromMs / DAY_MS)
    // Later versions are announced 90 days before by law.
    const publicDay = first?.terms === undefined ? 0 : Math.ceil(first.fromMs / DAY_MS) + 90
    return { ...version, fromDay: Math.max(fromDay, publicDay) }
  }

  /** The terms by which a period may begin on a day. */
  #mayBegin(pot: Pot, day: number): { readonly terms: Terms } | undefined {
    const version = this.#versionOn(pot.money, day)
    const holder = this.#holder(pot.holder)
    if (version?.terms === undefined || 'allDay' in version.terms.form) return undefined
    const { terms, fromDay } = version
    if (isExempt(terms, holder.kind) || day < fromDay) return undefined
    return day >= this.#restDay(pot, terms, fromDay) + terms.graceDays ? { terms } : undefined
  }

  /** Where nothing was ever counted, the rest begins with the version. */
  #restDay(pot: Pot, terms: Terms, fromDay: number): number {
    if (terms.basis === 'age') {
      return pot.meanMs === undefined ? fromDay : Math.ceil(pot.meanMs / DAY_MS)
    }
    const { gestureDay } = this.#holder(pot.holder)
    if (gestureDay === undefined && pot.cameDay === undefined) return fromDay
    return Math.max(gestureDay ?? 0, pot.cameDay ?? 0) + 1
  }

  #begin(pot: Pot, day: number): void {
    const terms = this.#mayBegin(pot, day)?.terms
    if (terms !== undefined) pot.running = { begin: day, end: addPeriod(day, terms.period), terms }
  }

  /** Where nothing is, nothing rests. */
  #midnight(pot: Pot, day: number): void {
    if (pot.balance === 0n) return
    const terms = this.#endOn(pot, day)
    if (terms !== undefined) this.#melt(pot, terms, day)
    if (pot.running === undefined) this.#begin(pot, day)
  }

  /** Ends the period that ends on a day, or where none runs, what terms with one day end. Answers by which terms it melts. */
  #endOn(pot: Pot, day: number): Terms | undefined {
    const { running } = pot
    const terms = running === undefined ? this.#lastDayTerms(pot, day) : running.terms
    if (terms === undefined || (running !== undefined && running.end !== day)) return undefined
    delete pot.running
    pot.endDay = day
    return terms
  }

  /** Terms with one day: all of it, on that day or on the first on which they may. */
  #lastDayTerms(pot: Pot, day: number): Terms | undefined {
    const version = this.#versionOn(pot.money, day)
    const terms = version?.terms
    if (version === undefined || terms === undefined || !('allDay' in terms.form)) return undefined
    if (isExempt(terms, this.#holder(pot.holder).kind)) return undefined
    return day === Math.max(terms.form.allDay, version.fromDay) ? terms : undefined
  }

  #melt(pot: Pot, terms: Terms, day: number): void {
    const awake = pot.balance - this.#held(pot)
    const most = awake - terms.floor
    let part = most
    if ('ppm' in terms.form) part = (awake * BigInt(terms.form.ppm)) / MILLION
    if ('fixed' in terms.form) part = terms.form.fixed
    if (part > most) part = most
    if (part <= 0n) return
    pot.balance -= part
    const { epochDays } = this.#story
    const end = Math.ceil(day / epochDays) * epochDays
    const pool = `${pot.money} ${this.#holder(pot.holder).origin ?? 'nowhere'} ${end}`
    this.pools.set(pool, (this.pools.get(pool) ?? 0n) + part)
    const shared = this.shared.get(pot.money)
    if (shared !== undefined) shared.melted += part
  }

  #shareOut(day: number): void {
    for (const [pool, amount] of [...this.pools].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [money, origin = '', end] = pool.split(' ')
      if (Number(end) !== day) continue
      this.pools.delete(pool)
      this.#splitPool(money as Money, origin, amount)
    }
  }

  /** By the shares of the last terms that have begun. */
  #splitPool(money: Money, origin: string, amount: bigint): void {
    const versions = this.#versions.get(money) ?? []
    const begun = versions.filter(({ fromMs, terms }) => terms && fromMs <= this.#now)
    const shares = begun.at(-1)?.terms?.shares
    const shared = this.shared.get(money)
    if (shares === undefined || shared === undefined) throw new Error('what melted had terms')
    const names = ['node', 'commons', 'maintenance', 'burnt'] as const
    const parts = names.map((name) => (amount * BigInt(shares[name])) / MILLION)
    const rests = names.map((name) => (amount * BigInt(shares[name])) % MILLION)
    for (let left = amount - parts.reduce((a, b) => a + b); left > 0n; left -= 1n) {
      const largest = rests.reduce((best, rest, at) => (rest > (rests[best] ?? 0n) ? at : best), 0)
      parts[largest] = (parts[largest] ?? 0n) + 1n
      rests[largest] = -1n
    }
    for (const [at, name] of names.entries()) {
      const part = parts[at] ?? 0n
      if (part > 0n) this.#receive({ money, origin, name, part, shared })
    }
  }

  #receive(share: {
    readonly money: Money
    readonly origin: string
    readonly name: 'node' | 'commons' | 'maintenance' | 'burnt'
    readonly part: bigint
    readonly shared: Shared
  }): void {
    const { money, origin, name, part, shared } = share
    const { funds } = this.#story
    if (name === 'node' && origin !== 'nowhere' && !this.#suspended.has(origin)) {
      shared.places += part
      this.#credit(this.#pot(origin, money), part)
    } else if (name === 'maintenance' && funds.includes('maintenance')) {
      shared.maintenance += part
      this.#credit(this.#pot('maintenance', money), part)
    } else if (name !== 'burnt' && funds.includes('commons')) {
      shared.commons += part
      this.#credit(this.#pot('commons', money), part)
    } else shared.burnt += part
  }
}

function originOf(card: string): string {
  return card === 'far' ? 'shop' : 'bar'
}

function isExempt({ exempt }: Terms, kind: Kind): boolean {
  return exempt.includes(kind)
}

function addPeriod(day: number, period: Terms['period']): number {
  if ('days' in period) return day + period.days
  const from = new Date(day * DAY_MS)
  const [year, month, date] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()]
  const last = new Date(Date.UTC(year, month + period.months + 1, 0)).getUTCDate()
  return Date.UTC(year, month + period.months, Math.min(date, last)) / DAY_MS
}
