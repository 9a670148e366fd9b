/** Stories of money that sleeps, as plain values: who did what and when, under which terms, without any block. */
import fc from 'fast-check'
import type { Amount, Demurrage, MeltForm, MeltPeriod, MeltShares } from '../src/index.ts'
import { SHARES_USUAL } from '../src/index.ts'
import { DAY_MS, HOUR_MS } from '../src/limits.ts'
import { HOLD_MAX_MS } from '../src/money/hold.ts'
import { NOTICE_MS } from '../src/registry/policy-change.ts'

/** Moneys of the bar: local, gift, time. */
export const MONEYS = ['TLF', 'TNF', 'TIM'] as const
export type Money = (typeof MONEYS)[number]

/** Cards of the bar, and one of the shop. */
export const CARDS = ['c0', 'c1', 'c2', 'far'] as const
export type CardName = (typeof CARDS)[number]
export const PERSONS = ['ana', 'bob'] as const
export type Person = (typeof PERSONS)[number]
export type Bearing = CardName | Person

export function isPerson(name: string): name is Person {
  return (PERSONS as readonly string[]).includes(name)
}

export type Act =
  | { readonly act: 'refill'; readonly money: Money; readonly to: Bearing; readonly amount: bigint }
  | { readonly act: 'sale'; readonly money: Money; readonly from: Bearing; readonly amount: bigint }
  | {
      readonly act: 'give'
      readonly money: Money
      readonly from: Person | 'bar'
      readonly to: Person
      readonly amount: bigint
    }
  | {
      readonly act: 'refund'
      readonly money: Money
      readonly card: CardName
      readonly amount: bigint
    }
  | {
      readonly act: 'hold'
      readonly money: Money
      readonly from: Bearing
      readonly amount: bigint
      readonly lastsMs: number
    }
  /** `hold`: one of those so far, counted round. */
  | { readonly act: 'capture'; readonly hold: number; readonly amount: bigint | undefined }
  | { readonly act: 'release'; readonly hold: number }
  | { readonly act: 'link'; readonly card: CardName; readonly person: Person }
  | { readonly act: 'lose'; readonly card: CardName; readonly person: Person }
  | { readonly act: 'restore'; readonly card: CardName }
  | {
      readonly act: 'policy'
      readonly money: Money
      readonly terms: Demurrage | undefined
      readonly noticeMs: number
    }
  | { readonly act: 'suspend'; readonly place: 'bar' | 'shop'; readonly suspended: boolean }
  | { readonly act: 'nothing' }

export interface Deed {
  /** Time since the deed before. */
  readonly afterMs: number
  readonly does: Act
  /** Where this time is cut by blocks, in thousandths of it. */
  readonly cuts: readonly number[]
}

export interface Story {
  readonly epochDays: number
  readonly funds: readonly ('commons' | 'maintenance')[]
  readonly terms: { readonly [M in Money]: Demurrage | undefined }
  readonly deeds: readonly Deed[]
}

const uniform = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list)

const anyRate: fc.Arbitrary<MeltForm> = fc.oneof(
  uniform([1, 164, 10_000, 20_000, 500_000, 1_000_000]).map((ppm) => ({ ppm })),
  uniform([1n, 40n, 100n]).map((fixed) => ({ fixed: fixed as Amount })),
)

/** Days of the first three years of a story. */
const anyExpiry: fc.Arbitrary<MeltForm> = fc
  .integer({ min: 20_454, max: 21_500 })
  .map((allDay) => ({ allDay }))

const anyPeriod: fc.Arbitrary<MeltPeriod> = fc.oneof(
  uniform([{ days: 1 }, { days: 7 }, { days: 30 }, { days: 31 }]),
  uniform([{ months: 1 }, { months: 3 }, { months: 12 }]),
)

const SHARES: readonly MeltShares[] = [
  SHARES_USUAL,
  { node: 250_000, commons: 250_000, maintenance: 250_000, burnt: 250_000 },
  { node: 1, commons: 499_999, maintenance: 1, burnt: 499_999 },
  { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 },
  { node: 1_000_000, commons: 0, maintenance: 0, burnt: 0 },
]

const EXEMPT: readonly Demurrage['exempt'][] = [
  ['place', 'fund'],
  ['place', 'fund'],
  ['card', 'place', 'fund'],
  ['person', 'fund', 'place'],
  ['place'],
  [],
]

/** Lawful terms. Euros never end at a date. */
function anyTerms(money: Money): fc.Arbitrary<Demurrage> {
  const form =
    money === 'TLF'
      ? anyRate
      : fc.oneof({ weight: 4, arbitrary: anyRate }, { weight: 1, arbitrary: anyExpiry })
  return fc.record({
    basis: uniform(['inactivity', 'inactivity', 'age'] as const),
    graceDays: uniform([0, 0, 1, 10, 30, 90, 365]),
    period: anyPeriod,
    form,
    floor: uniform([0n, 0n, 0n, 100n, 400n]).map((floor) => floor as Amount),
    exempt: uniform(EXEMPT),
    shares: uniform(SHARES),
  })
}

const anyAmount = fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 2_000n), uniform([1n, 100n, 5_000n]))
const anyMoney = uniform(MONEYS)
const anyBearing = uniform([...CARDS, ...PERSONS])
const anyPolicy = anyMoney.chain((money) =>
  fc.record({
    act: fc.constant('policy' as const),
    money: fc.constant(money),
    terms: fc.option(anyTerms(money), { nil: undefined, freq: 5 }),
    noticeMs: fc.oneof(
      { weight: 4, arbitrary: uniform([NOTICE_MS, NOTICE_MS + HOUR_MS, NOTICE_MS + 40 * DAY_MS]) },
      { weight: 1, arbitrary: uniform([0, NOTICE_MS - 1]) },
    ),
  }),
)

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('refill' as const),
      money: anyMoney,
      to: anyBearing,
      amount: anyAmount,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('sale' as const),
      money: anyMoney,
      from: anyBearing,
      amount: anyAmount,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('give' as const),
      money: uniform(['TLF', 'TLF', 'TIM', 'TNF'] as const),
      from: uniform([...PERSONS, 'bar'] as const),
      to: uniform(PERSONS),
      amount: anyAmount,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('refund' as const),
      money: anyMoney,
      card: uniform(CARDS),
      amount: anyAmount,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('hold' as const),
      money: anyMoney,
      from: anyBearing,
      amount: anyAmount,
      lastsMs: fc.oneof(
        uniform([1, HOUR_MS, DAY_MS, HOLD_MAX_MS]),
        fc.integer({ min: 1, max: HOLD_MAX_MS }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('capture' as const),
      hold: fc.nat(9),
      amount: fc.option(fc.bigInt(1n, 200n), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('release' as const), hold: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('link' as const),
      card: uniform(CARDS),
      person: uniform(PERSONS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('lose' as const),
      card: uniform(CARDS),
      person: uniform(PERSONS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('restore' as const), card: uniform(CARDS) }),
  },
  { weight: 3, arbitrary: anyPolicy },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('suspend' as const),
      place: uniform(['bar', 'shop'] as const),
      suspended: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ act: 'nothing' as const }) },
)

/** Often at the very first moment of a day, often the same moment again, at times a year of silence. */
const anyPause = fc.oneof(
  { weight: 3, arbitrary: uniform([0, 0, 1, HOUR_MS]) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }).map((days) => days * DAY_MS) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 60 * DAY_MS }) },
  { weight: 3, arbitrary: uniform([29, 30, 31, 90, 91]).map((days) => days * DAY_MS) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 400 * DAY_MS }) },
)

const anyDeed: fc.Arbitrary<Deed> = fc.record({
  afterMs: anyPause,
  does: anyAct,
  cuts: fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 4 }),
})

const anyFunds = uniform<Story['funds']>([
  ['commons', 'maintenance'],
  ['commons', 'maintenance'],
  ['commons'],
  [],
])

/** Whatever may happen. */
export const anyLife: fc.Arbitrary<Story> = anyStoryOf(anyDeed)

const COMING: readonly Act['act'][] = ['refill', 'sale', 'link', 'lose', 'policy', 'nothing']

/** Ages alone: money comes to where there is other money, or none, and cards bring along what they have. */
export const anyAges: fc.Arbitrary<Story> = anyStoryOf(
  anyDeed.filter(({ does }) => COMING.includes(does.act)),
).map(({ terms: { TLF, TNF, TIM }, deeds, ...grounds }) => ({
  ...grounds,
  terms: { TLF: byAge(TLF), TNF: byAge(TNF), TIM: byAge(TIM) },
  deeds: deeds.map((deed) =>
    deed.does.act === 'policy'
      ? { ...deed, does: { ...deed.does, terms: byAge(deed.does.terms) } }
      : deed,
  ),
}))

export const anyStory: fc.Arbitrary<Story> = fc.oneof(
  { weight: 3, arbitrary: anyLife },
  { weight: 1, arbitrary: anyAges },
)

function byAge(terms: Demurrage | undefined): Demurrage | undefined {
  return terms && { ...terms, basis: 'age' }
}

function anyStoryOf(deed: fc.Arbitrary<Deed>): fc.Arbitrary<Story> {
  return fc.noBias(
    fc.record({
      epochDays: uniform([1, 7, 30, 30, 100]),
      funds: anyFunds,
      terms: fc.record({
        TLF: fc.option(anyTerms('TLF'), { nil: undefined, freq: 6 }),
        TNF: fc.option(anyTerms('TNF'), { nil: undefined, freq: 6 }),
        TIM: fc.option(anyTerms('TIM'), { nil: undefined, freq: 3 }),
      }),
      deeds: fc.array(deed, { minLength: 8, maxLength: 30, size: 'max' }),
    }),
  )
}
