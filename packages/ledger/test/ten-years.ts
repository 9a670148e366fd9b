/**
 * Ten years of a federation of 2,000 cards, as plain values: who asks what on which day, drawn by lot from a named seed.
 * Busy festivals, quiet winters, one winter without a single block, policies that change. No block is spoken of here.
 */
import {
  type Action,
  type Amount,
  type AssetId,
  COOPERATIVE_MELTING,
  type Demurrage,
  type Hex32,
  type PolicyTerms,
  SHARES_USUAL,
  toCivil,
  toHex,
  toUtf8,
  type What,
} from '../src/index.ts'
import { DAY_MS } from '../src/limits.ts'
import { Draws } from '../src/simulation/draws.ts'
import type { Ask } from './histories.ts'
import { START_MS, toId } from './names.ts'
import { fastHash } from './play.ts'

export const SEED = 'jardin partagé'
export const WALLETS = 2_000
const PERSONS = 200

export const PLACES = ['garden', 'market', 'bar', 'cinema', 'baths'] as const
export type PlaceName = (typeof PLACES)[number]

/** Euros of the network; the garden's local money; the market's gift. */
export const MONEYS = ['FED', 'TLF', 'TNF'] as const
export type Money = (typeof MONEYS)[number]
export const ISSUERS = { TLF: 'garden', TNF: 'market' } as const

/** What is asked on one day, in this order. Days are of UTC, from 1970. */
export interface Day {
  readonly day: number
  readonly asks: readonly Ask[]
}

export const amountOf = (amount: number): Amount => BigInt(amount) as Amount
export const hashOf = (text: string): Hex32 => toHex(fastHash(toUtf8(text))) as Hex32

const ids = new Map<string, string>()

/** The id of a name, derived once. */
export function idOf(name: string): never {
  const id = ids.get(name) ?? toId(name)
  ids.set(name, id)
  return id as never
}

/** The day of a date, such as 2030-04-01. */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

/** From the first to the last of these days nobody makes a block: five months. */
export const SILENCE = { from: dayOfDate('2029-11-01'), until: dayOfDate('2030-03-31') }

export function isSilent(day: number): boolean {
  return day >= SILENCE.from && day <= SILENCE.until
}

const NO_FLOOR = amountOf(0)

/** What wears out in anybody's pocket, by parts per million each quarter. */
function localMelting(ppm: number, graceDays: number): Demurrage {
  const pace = { graceDays, period: { months: 3 }, form: { ppm }, floor: NO_FLOOR }
  return { basis: 'age', ...pace, exempt: ['place', 'fund'], shares: SHARES_USUAL }
}

/** All of it on one day, and burnt. */
function giftMelting(allDay: number): Demurrage {
  const pace = { graceDays: 0, period: { months: 12 }, form: { allDay }, floor: NO_FLOOR }
  const shares = { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 }
  return { basis: 'inactivity', ...pace, exempt: ['place', 'fund'], shares }
}

function termsOf(money: Money, demurrage: Demurrage): PolicyTerms {
  const refund = { FED: 'payout', TLF: 'issuer', TNF: 'never' } as const
  const usual = { spendAt: { accepted: true as const }, limits: {}, dayStartUtcMinutes: 0 }
  return { personToPerson: false, refund: refund[money], ...usual, demurrage }
}

export const cardName = (index: number): string => `card ${index}`
export const walletOf = (place: PlaceName): string => `wallet of ${place}`
const placeOf = (index: number): PlaceName => PLACES[index % PLACES.length] ?? 'garden'
const managerOf = (place: PlaceName): string => `${place} manager`

/** What stands before the first day, in its own block. */
export function founding(keyOf: (name: string) => string): readonly Ask[] {
  const asks: Ask[] = []
  for (const place of PLACES) {
    const named = { place: idOf(place), wallet: idOf(walletOf(place)), name: place }
    const add = [{ x: keyOf(managerOf(place)), can: ['admin' as const] }]
    const on = `place/${idOf(place)}` as const
    asks.push(by('node', { kind: 'place-open', ...named, node: idOf('node') }))
    asks.push(by('node', { kind: 'keys-change', on, add, remove: [] }))
  }
  for (const place of PLACES.slice(0, 4)) {
    asks.push(by('operator', { kind: 'place-admit', place: idOf(place) }))
  }
  asks.push(by('node', assetCreate('TLF', localMelting(20_000, 0))))
  asks.push(by('node', assetCreate('TNF', giftMelting(dayOfDate('2026-12-31')))))
  for (const place of PLACES) asks.push(by('node', batchOf(place)))
  for (let person = 0; person < PERSONS; person += 1) {
    const wallet = idOf(`person ${person}`)
    asks.push(by('node', { kind: 'wallet-open', wallet, node: idOf('node') }))
  }
  return asks
}

function by(name: string, ...actions: readonly Action[]): Ask {
  return { by: name, actions }
}

function assetCreate(money: 'TLF' | 'TNF', demurrage: Demurrage): Action {
  const named = { asset: idOf(money), name: `${money} of ten years`, code: money } as const
  const terms = termsOf(money, demurrage)
  return {
    kind: 'asset-create',
    place: idOf(ISSUERS[money]),
    assetKind: money,
    ...named,
    terms,
  } as Action
}

function batchOf(place: PlaceName): Action {
  const cards = Array.from({ length: WALLETS }, (_, index) => index)
    .filter((index) => placeOf(index) === place)
    .map((index) => idOf(cardName(index)))
  const order = { generation: 1, root: hashOf(place), count: cards.length, offset: 0 } as const
  const batch = idOf(`batch of ${place}`)
  return { kind: 'cards-register', batch, place: idOf(place), ...order, level: 'L0', cards }
}

/** A proposal of the garden on which three other places vote yes, and one no. */
function voted(name: string, what: What): readonly Ask[] {
  const proposal = idOf(name)
  const opened = { proposal, place: idOf('garden'), what, text: hashOf(name) }
  const votes = (['garden', 'market', 'bar', 'cinema'] as const).map((place) => {
    const choice = place === 'cinema' ? 'no' : 'yes'
    return by(managerOf(place), { kind: 'vote', proposal, place: idOf(place), choice })
  })
  return [by(managerOf('garden'), { kind: 'propose', ...opened }), ...votes]
}

/** How federated euros melt after a vote that opens on a date: the rate each month, and the grace. */
function votedMelting(date: string, ppm: number, graceDays: number): readonly Ask[] {
  // Three weeks until it applies, and the 90 days of notice.
  const fromMs = (dayOfDate(date) + 120) * DAY_MS
  const terms = termsOf('FED', { ...COOPERATIVE_MELTING, form: { ppm }, graceDays })
  return voted(`melting of ${date}`, { kind: 'policy', asset: idOf('FED'), fromMs, terms })
}

function grantOf(date: string, to: PlaceName, amount: number): readonly Ask[] {
  const moved = { fund: idOf('commons'), to: idOf(walletOf(to)), asset: idOf('FED') }
  return voted(`grant of ${date}`, { kind: 'grant', ...moved, amount: amountOf(amount) })
}

/** Terms of an issuer that begin on a day. */
function announced(money: 'TLF' | 'TNF', fromDay: number, demurrage: Demurrage): Ask {
  const terms = termsOf(money, demurrage)
  const fromMs = fromDay * DAY_MS + DAY_MS / 2
  return by('node', { kind: 'policy-change', asset: idOf(money) as AssetId, fromMs, terms })
}

function localChange(date: string, notice: number, demurrage: Demurrage): readonly Ask[] {
  return [announced('TLF', dayOfDate(date) + notice, demurrage)]
}

/** What is decided, by the day on which it is asked. */
const DECIDED: ReadonlyMap<number, readonly Ask[]> = new Map(
  (
    [
      ['2026-01-12', voted('the baths', { kind: 'admit', place: idOf('baths') })],
      ['2027-09-01', localChange('2027-09-01', 90, localMelting(30_000, 0))],
      ['2028-02-01', votedMelting('2028-02-01', 15_000, 365)],
      ['2028-12-01', grantOf('2028-12-01', 'bar', 2_000)],
      ['2030-05-02', localChange('2030-05-02', 0, localMelting(10_000, 0))],
      ['2030-12-02', grantOf('2030-12-02', 'cinema', 3_000)],
      ['2031-02-03', votedMelting('2031-02-03', 8_000, 365)],
      ['2032-06-01', localChange('2032-06-01', 0, localMelting(10_000, 60))],
      ['2033-03-01', votedMelting('2033-03-01', 8_000, 540)],
      ['2033-12-01', grantOf('2033-12-01', 'baths', 5_000)],
      // More than the commons will ever have: the vote passes, and its payment fails.
      ['2034-12-01', grantOf('2034-12-01', 'market', 90_000_000)],
    ] as const
  ).map(([date, asks]) => [dayOfDate(date), asks]),
)

/** The gift of a year, announced on its second day, or on the first after the silence. */
function giftOf(day: number): readonly Ask[] {
  const { year, month, date } = toCivil(day)
  const isDay = month === 0 && date === 2 && year > 2026 && !isSilent(day)
  if (!isDay && day !== SILENCE.until + 1) return []
  return [announced('TNF', day, giftMelting(dayOfDate(`${year}-12-31`)))]
}

/** How many people come on a day. */
function visitsOn(day: number): number {
  const { month, date } = toCivil(day)
  if (isSilent(day)) return 0
  if (day === SILENCE.until + 1) return 40
  const weekday = (day + 4) % 7
  if (month === 6 && date >= 5 && date <= 25) return 70
  if (month >= 5 && month <= 7) return 8
  if (month === 11 || month <= 1) return weekday === 6 ? 3 : 0
  return [0, 3, 6].includes(weekday) ? 5 : 0
}

interface CardStory {
  person: string | undefined
  lostDay: number | undefined
  counter: number
}

/** What the teller believes; it knows nothing of what melts, so that a payment may be refused. */
class Teller {
  readonly #draws: Draws
  readonly #cards: readonly CardStory[] = Array.from({ length: WALLETS }, () => {
    return { person: undefined, lostDay: undefined, counter: 0 }
  })
  readonly #purses = new Map<string, number>()
  readonly #asks: Ask[] = []
  #payments = 0
  /** Cards that were ever shown: the first ones. */
  #known = 0

  constructor(word: string) {
    const bytes = fastHash(toUtf8(word))
    const view = new DataView(bytes.buffer, bytes.byteOffset, 16)
    this.#draws = new Draws([
      view.getInt32(0),
      view.getInt32(4),
      view.getInt32(8),
      view.getInt32(12),
    ])
  }

  day(day: number): Day {
    this.#asks.length = 0
    if (!isSilent(day)) {
      this.#asks.push(...(DECIDED.get(day) ?? []), ...giftOf(day))
      for (let left = visitsOn(day); left > 0; left -= 1) this.#visit()
      if (day % 6 === 0) this.#link()
      if (day % 30 === 0) this.#lose(day)
      this.#restore(day)
    }
    return { day, asks: [...this.#asks] }
  }

  #upTo(most: number): number {
    return this.#draws.below(most)()
  }

  /** One in eight comes for the first time; half of the others are of those who come often. */
  #visitor(): number {
    if (this.#known < 100 || (this.#known < WALLETS && this.#upTo(8) === 0)) {
      this.#known += 1
      return this.#known - 1
    }
    return this.#upTo(2) === 0
      ? this.#upTo(this.#known)
      : this.#upTo(Math.ceil(this.#known / 10)) * 10
  }

  #visit(): void {
    const index = this.#visitor()
    const card = this.#cards[index]
    if (card === undefined || card.lostDay !== undefined) return
    const place = this.#upTo(10) < 7 ? placeOf(index) : placeOf(this.#upTo(PLACES.length))
    const money = place === 'garden' && this.#upTo(3) > 0 ? 'TLF' : 'FED'
    const price = 100 + 50 * this.#upTo(14)
    if (this.#purse(index, money) < price + 100) this.#load(index, money)
    this.#sale(index, place, { money, price })
    if (place === 'market') this.#gift(index)
    if (this.#upTo(14) === 0) this.#refund(index, place, money)
  }

  #load(index: number, money: 'FED' | 'TLF'): void {
    const gross = 1_000 + 500 * this.#upTo(9)
    this.#add(index, money, gross)
    const amount = amountOf(gross)
    const to = { card: idOf(cardName(index)) }
    if (money === 'TLF') {
      this.#asks.push(by('node', { kind: 'refill', asset: idOf('TLF'), to, amount }))
      return
    }
    this.#payments += 1
    const reference = hashOf(`payment ${this.#payments}`)
    const net = { account: 'bank/main', reference, gross: amount, fee: NO_FLOOR, net: amount }
    this.#asks.push(by('keeper', { kind: 'issue', to, evidence: net }))
  }

  #gift(index: number): void {
    const to = { card: idOf(cardName(index)) }
    const amount = amountOf(300)
    this.#asks.push(by('node', { kind: 'refill', asset: idOf('TNF'), to, amount }))
    if (this.#upTo(2) === 0) this.#sale(index, 'market', { money: 'TNF', price: 200 })
  }

  #sale(index: number, place: PlaceName, bill: { money: Money; price: number }): void {
    this.#add(index, bill.money, -bill.price)
    const parts = [{ asset: idOf(bill.money) as AssetId, amount: amountOf(bill.price) }]
    const person = this.#cards[index]?.person
    const paid = { to: idOf(place), parts } as const
    const isByPhone = person !== undefined && this.#upTo(2) === 0
    const card = idOf(cardName(index))
    const phone: Action = { kind: 'qr-sale', from: idOf(person ?? ''), ...paid }
    this.#asks.push(by('node', isByPhone ? phone : { kind: 'sale', card, ...paid }))
  }

  #refund(index: number, at: PlaceName, money: 'FED' | 'TLF'): void {
    const back = Math.floor(this.#purse(index, money) / 2)
    if (back <= 0) return
    this.#add(index, money, -back)
    const place = idOf(money === 'TLF' ? 'garden' : at)
    const parts = [{ asset: idOf(money) as AssetId, amount: amountOf(back) }]
    this.#asks.push(by('node', { kind: 'refund', card: idOf(cardName(index)), place, parts }))
  }

  /** Somebody makes a card theirs: what is on it moves to their wallet. */
  #link(): void {
    const index = this.#upTo(this.#known)
    const card = this.#cards[index]
    if (card === undefined || card.person !== undefined || card.lostDay !== undefined) return
    const moved = MONEYS.map((money) => [money, this.#purse(index, money)] as const)
    const person = `person ${this.#upTo(PERSONS)}`
    card.person = person
    for (const [money, amount] of moved) this.#add(index, money, amount)
    const wallet = idOf(person)
    this.#asks.push(by('node', { kind: 'card-link', card: idOf(cardName(index)), wallet }))
  }

  #lose(day: number): void {
    const linked = [...this.#cards.entries()].filter(([, { person }]) => person !== undefined)
    const [index = 0, card] = linked[this.#upTo(linked.length + 1)] ?? []
    if (card?.person === undefined) return
    const wallet = idOf(card.person)
    card.person = undefined
    card.lostDay = day
    card.counter += 1
    this.#asks.push(by('node', { kind: 'card-lost', card: idOf(cardName(index)), wallet }))
  }

  /** Found again after three weeks or more, on a day of business. */
  #restore(day: number): void {
    for (const [index, card] of this.#cards.entries()) {
      if (card.lostDay === undefined || day < card.lostDay + 21) continue
      card.lostDay = undefined
      this.#asks.push(by('node', { kind: 'card-restore', card: idOf(cardName(index)) }))
    }
  }

  #holder(index: number): string {
    const { person, counter = 0 } = this.#cards[index] ?? {}
    return person ?? `${index}#${counter}`
  }

  #purse(index: number, money: Money): number {
    return this.#purses.get(`${this.#holder(index)} ${money}`) ?? 0
  }

  #add(index: number, money: Money, change: number): void {
    this.#purses.set(`${this.#holder(index)} ${money}`, this.#purse(index, money) + change)
  }
}

/** Every day of the ten years, empty ones too. */
export function* tenYears(word: string): Generator<Day> {
  const teller = new Teller(word)
  const last = dayOfDate('2035-12-31')
  for (let day = START_MS / DAY_MS; day <= last; day += 1) yield teller.day(day)
}
