import type { AssetId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { simulationText } from './simulation.ts'

const PKS = { kind: 'TLF', code: 'PKS', name: 'Peaksu' }

const FILLED: Parameters<typeof simulationText>[0] = {
  ...{ method: 1, hash: 'aa', resultHash: 'bb', snapshot: 'cc', asset: 'x' as AssetId },
  ...{
    height: 7,
    day: 20_454,
    wallets: 24,
    years: 2,
    behaviour: 'asleep',
    seed: 1,
    resamples: 200,
  },
  feesOf: { ppm: 14_000, fixed: 10 },
  spending: { payments: 400, amount: 320_000, fees: 8_480, left: 311_520 },
  candidates: [
    {
      demurrage: {
        ...{ basis: 'inactivity', graceDays: 365, period: { months: 1 }, form: { ppm: 10_000 } },
        ...{ floor: 500, exempt: ['place', 'fund'] },
        shares: { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 },
      },
      ...{ touched: 24, amount: 8_412, interval: { low: 6_900, high: 9_800 } },
      years: [
        { fromYear: 1, toYear: 1, touched: 12, amount: 984 },
        { fromYear: 2, toYear: 2, touched: 24, amount: 7_428 },
      ],
      ...{ medianLoss: 181, coversPpm: 495_990 },
      bands: [
        { from: 1, to: 1_000, wallets: 0, touched: 0, amount: 0 },
        { from: 1_000, to: 2_000, wallets: 12, touched: 12, amount: 2_172 },
        { from: 2_000, wallets: 12, touched: 12, amount: 6_240 },
      ],
    },
    { why: 'too_few' },
  ],
}

describe('a simulation in words', () => {
  it('is what a treasurer reads', () => {
    expect(
      simulationText(FILLED, PKS),
    ).toBe(`Peaksu (PKS): 24 wallets with some on 2026-01-01, at height 7.
The next 2 years of 365 days, if nobody makes a gesture any more: the most that the money of today can bring. Balances change by melting alone.
Seed 1, 200 draws of all wallets; nine of ten draws bring what stands between.

In the year before, people made 400 payments of 3200.00 PKS in all. A card processor (1.4 % and 0.10 PKS a payment) would have taken 84.80 PKS and left 3115.20 PKS.

1. After 365 days without a gesture, 1 % melts each month: 11.4 % in a year; a third each to the place of origin, the commons and maintenance; never the last 5.00 PKS; not in the wallets of places and funds.
            melts  wallets
year 1   9.84 PKS       12
year 2  74.28 PKS       24
in all  84.12 PKS       24
Between 69.00 PKS and 98.00 PKS in all. Half of those who lose lose at most 1.81 PKS. In a year it is 49.599 % of what the card processor would have taken.
balance                           wallets  lose   together
10.00 PKS to less than 20.00 PKS       12    12  21.72 PKS
20.00 PKS or more                      12    12  62.40 PKS

2. The terms in force.
Fewer than 10 wallets would lose something: no more is shown.

simulation aa
result     bb
accounts   cc`)
  })
})
