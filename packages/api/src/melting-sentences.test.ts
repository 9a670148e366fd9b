import {
  type Amount,
  type Demurrage,
  fromIsoDay,
  meltSchedule,
  type Sleeper,
  toIsoDay,
} from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { formatAmount, toDayText } from './amount-text.ts'
import { presetTerms } from './melting-presets.ts'
import {
  type MeltReason,
  meltSentence,
  scheduleSentence,
  shareSentence,
  termsSentence,
  toPercent,
  toRoundPercent,
} from './melting-sentences.ts'

const unit = { kind: 'TLF', code: 'PRL', name: 'Perle' } as const
const hours = { kind: 'TIM', code: 'HRE', name: 'Heures' } as const
const amount = (minor: number) => BigInt(minor) as Amount
const day = (text: string) => fromIsoDay(text) ?? Number.NaN

const MONTHLY: Demurrage = {
  basis: 'inactivity',
  graceDays: 365,
  period: { months: 1 },
  form: { ppm: 10_000 },
  floor: amount(0),
  exempt: [],
  shares: { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 },
}

describe('percentages', () => {
  it.each([
    [1, '0.0001 %'],
    [164, '0.0164 %'],
    [10_000, '1 %'],
    [125_000, '12.5 %'],
    [1_000_000, '100 %'],
  ])('of a rate of %i are exact', (ppm, text) => {
    expect(toPercent(ppm)).toBe(text)
  })

  it.each([
    [12, '0.0012 %'],
    [58_172, '5.82 %'],
    [77_632, '7.76 %'],
    [113_616, '11.4 %'],
    [215_284, '21.5 %'],
    [581_404, '58.1 %'],
    [99_950, '10 %'],
    [999_501, '99.9 %'],
    [1_000_000, '100 %'],
  ])('of a year of %i have three figures', (ppm, text) => {
    expect(toRoundPercent(ppm)).toBe(text)
  })
})

describe('terms', () => {
  const shares = (node: number, commons: number, maintenance: number, burnt = 0) => ({
    shares: { node, commons, maintenance, burnt },
  })
  it.each<[Partial<Demurrage>, string]>([
    [
      {},
      'After 365 days without a gesture, 1 % melts each month: 11.4 % in a year; a third each to the place of origin, the commons and maintenance.',
    ],
    [
      { basis: 'age', graceDays: 1, period: { days: 30 }, ...shares(0, 500_000, 500_000) },
      'After 1 day in the same wallet, on average of what is there, 1 % melts each 30 days: at most 12.2 % in a year; half each to the commons and maintenance.',
    ],
    [
      { graceDays: 0, period: { days: 1 }, form: { ppm: 164 }, ...shares(0, 1_000_000, 0) },
      'From the day after a gesture on, 0.0164 % melts each day: 5.81 % in a year; all of it to the commons.',
    ],
    [
      { form: { fixed: amount(100) }, period: { months: 24 }, ...shares(250_000, 0, 0, 750_000) },
      'After 365 days without a gesture, 1.00 PRL melts each 24 months: at most 1.00 PRL in a year; 25 % to the place of origin, 75 % leaves circulation.',
    ],
    [
      { ...shares(200_000, 300_000, 500_000), floor: amount(500), exempt: ['place', 'fund'] },
      'After 365 days without a gesture, 1 % melts each month: 11.4 % in a year; 20 % to the place of origin, 30 % to the commons and 50 % to maintenance; never the last 5.00 PRL; not in the wallets of places and funds.',
    ],
    [
      { form: { allDay: day('2027-12-31') }, ...shares(0, 0, 0, 1_000_000) },
      'On Friday 31 December 2027 all of it melts; it leaves circulation.',
    ],
  ])('are one sentence (%#)', (odd, sentence) => {
    expect(termsSentence({ ...MONTHLY, ...odd }, unit)).toBe(sentence)
  })

  it('of time count hours and minutes', () => {
    const terms = { ...MONTHLY, form: { fixed: amount(150) }, floor: amount(50) }
    expect(termsSentence(terms, hours)).toContain('1:30 HRE melts each month: 18:00 HRE in a year')
    expect(termsSentence(terms, hours)).toContain('never the last 0:30 HRE')
    expect(formatAmount(-150n, hours)).toBe('-1:30 HRE')
  })
})

/** Public since 2026; the last gesture was on 1 January 2026. */
function sleeper(balance: number, changes: Partial<Demurrage>, held = 0): Sleeper {
  const policy = {
    ...{ version: 1, fromMs: Date.parse('2025-01-01'), personToPerson: false, limits: {} },
    ...({ spendAt: { accepted: true }, refund: 'never', dayStartUtcMinutes: 0 } as const),
    demurrage: { ...MONTHLY, ...changes },
  } as const
  return {
    account: { balance: BigInt(balance), held: amount(held), last: 1 },
    wallet: { kind: 'card', activeDay: day('2026-01-01') },
    policies: [policy],
  }
}

function sentenceOf(sleeper: Sleeper, untilDay: string, today = '2026-06-01'): string {
  const schedule = meltSchedule(sleeper, { untilDay: day(untilDay), max: 120 })
  return scheduleSentence({ sleeper, schedule, today: day(today), unit })
}

describe('what is ahead', () => {
  it.each<[string, Sleeper, string]>([
    [
      '2027-06-01',
      sleeper(4_000, { form: { fixed: amount(40) } }),
      'Until Tuesday 2 February 2027 nothing; then 0.40 PRL a month.',
    ],
    [
      '2026-07-01',
      sleeper(4_000, {}),
      'Until Tuesday 2 February 2027 nothing; then 0.40 PRL a month.',
    ],
    [
      '2029-01-01',
      sleeper(100, { form: { fixed: amount(40) }, period: { days: 45 } }),
      'Until Tuesday 16 February 2027 nothing; then 0.40 PRL each 45 days; from Monday 17 May 2027 on nothing is left.',
    ],
    [
      '2029-01-01',
      sleeper(100, { form: { ppm: 500_000 }, floor: amount(50) }),
      'Until Tuesday 2 February 2027 nothing; then 0.50 PRL at once, and 0.50 PRL are left.',
    ],
    [
      '2029-01-01',
      sleeper(100, { floor: amount(100) }),
      'Nothing melts: the last 1.00 PRL never do.',
    ],
    ['2029-01-01', sleeper(0, {}), 'Nothing melts: there is no Perle here.'],
    ['2029-01-01', sleeper(100, {}, 100), 'Nothing melts while all of it is held.'],
    [
      '2029-01-01',
      sleeper(100, { exempt: ['card'] }),
      'Nothing melts: Perle does not melt in the wallet of a card.',
    ],
    ['2029-01-01', sleeper(99, {}), 'Nothing melts: by the policy nothing of it falls due.'],
  ])('up to %s is one sentence (%#)', (untilDay, found, sentence) => {
    expect(sentenceOf(found, untilDay)).toBe(sentence)
  })

  it('tells what is due already, and only that when nothing follows', () => {
    const fixed = { form: { fixed: amount(40) } } as const
    expect(sentenceOf(sleeper(100, fixed), '2029-01-01', '2028-01-01')).toBe(
      '1.00 PRL fell due on Tuesday 2 February 2027 and after and will melt before anything else happens to it; from Friday 2 April 2027 on nothing is left.',
    )
  })
})

describe('the examples of the specification', () => {
  const melts = (balance: number, terms: Demurrage, activeDay: string) => {
    const { policies, account } = sleeper(balance, terms)
    const wallet = { kind: 'card', activeDay: day(activeDay) } as const
    const found = { policies, account: { ...account, ageMs: Date.parse(activeDay) }, wallet }
    const { melts } = meltSchedule(found, { untilDay: day('2031-01-01'), max: 12 })
    return melts.map(({ dueDay, amount, balance }) => [
      toIsoDay(dueDay),
      Number(amount),
      Number(balance - amount),
    ])
  }

  it('are what is shown: worgl and chiemgauer', () => {
    const worgl = melts(10_000, presetTerms('worgl', 0), '2027-01-01')
    const parts = [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89]
    expect(worgl.map(([, amount]) => amount)).toEqual(parts)
    expect(worgl.at(-1)).toEqual(['2028-01-01', 89, 8_866])
    expect(melts(10_000, presetTerms('chiemgauer', 0), '2027-01-01').slice(0, 4)).toEqual([
      ['2027-04-01', 200, 9_800],
      ['2027-07-01', 196, 9_604],
      ['2027-10-01', 192, 9_412],
      ['2028-01-01', 188, 9_224],
    ])
  })

  it('are what is shown: cooperative', () => {
    const terms = { ...presetTerms('cooperative', 0), exempt: [] }
    expect(melts(4_000, terms, '2027-01-01').slice(0, 2)).toEqual([
      ['2028-02-02', 40, 3_960],
      ['2028-03-02', 39, 3_921],
    ])
    expect(melts(3_921, terms, '2028-03-10')[0]?.[0]).toBe('2029-04-11')
  })

  it('are what is shown: a fixed amount, and all on one day', () => {
    const fixed = { ...MONTHLY, form: { fixed: amount(100) }, floor: amount(200) }
    expect(melts(450, fixed, '2027-01-01').map(([, ...rest]) => rest)).toEqual([
      [100, 350],
      [100, 250],
      [50, 200],
    ])
    const gift = presetTerms('calendar-day', day('2027-12-31'))
    expect(melts(700, gift, '2027-12-30')).toEqual([['2027-12-31', 700, 0]])
  })
})

describe('why something melted', () => {
  const melt: MeltReason['melt'] = {
    ...{ version: 2, restDay: day('2026-01-02'), beginDay: day('2027-01-02') },
    ...{ dueDay: day('2027-02-02'), balance: 4_000n, held: amount(200), amount: amount(38) },
  }
  const reason = (terms: Partial<Demurrage>, odd: Partial<MeltReason['melt']> = {}) =>
    meltSentence({ melt: { ...melt, ...odd }, terms: { ...MONTHLY, ...terms }, unit })

  it('has all numbers in it', () => {
    expect(reason({})).toBe(
      '0.38 PRL melted on Tuesday 2 February 2027: 1 % of 40.00 PRL less 2.00 PRL that was held, rounded down, for the month from Saturday 2 January 2027 on, after 396 days without a gesture, by version 2 of the policy of Perle.',
    )
    expect(reason({ basis: 'age' })).toContain(', after 396 days in this wallet on average, by')
  })

  it('tells of a floor, and of a rest', () => {
    const floor = reason({ floor: amount(3_790) }, { amount: amount(10) })
    expect(floor).toContain('rounded down, but never the last 37.90 PRL, for the month')
    const rest = reason({ form: { fixed: amount(5_000) } }, { amount: amount(3_800) })
    expect(rest).toContain(
      '50.00 PRL of 40.00 PRL less 2.00 PRL that was held, as there was no more',
    )
  })

  it('tells of a day on which all melts', () => {
    const { restDay: _, ...onDay } = melt
    const sums = { amount: amount(4_000), held: amount(0) }
    const form = { allDay: day('2027-02-02') }
    const terms = { ...MONTHLY, form }
    expect(meltSentence({ melt: { ...onDay, ...sums }, terms, unit })).toBe(
      '40.00 PRL melted on Tuesday 2 February 2027: all of 40.00 PRL, by version 2 of the policy of Perle.',
    )
  })

  it('and of a share', () => {
    const planned = { share: 'places', ppm: 333_333, amount: 3n } as const
    const rest = { planned, total: 10n, dueMs: Date.parse('2027-03-01'), unit }
    expect(shareSentence({ ...rest, origin: 'Bar', fellTo: undefined })).toBe(
      '0.03 PRL of the 0.10 PRL that melted up to Monday 1 March 2027 from wallets of Bar: 33.3333 % for the place of origin.',
    )
    expect(shareSentence({ ...rest, origin: undefined, fellTo: 'the commons' })).toBe(
      '0.03 PRL of the 0.10 PRL that melted up to Monday 1 March 2027 from wallets that no place handed out: 33.3333 % for the place of origin, which cannot take it: it fell to the commons.',
    )
  })
})

it('writes days as people do', () => {
  expect([0, day('2028-02-29')].map(toDayText)).toEqual([
    'Thursday 1 January 1970',
    'Tuesday 29 February 2028',
  ])
})
