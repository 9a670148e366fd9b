/** Terms by which money melts, of every form and often unlawful, for random histories. */
import fc from 'fast-check'
import type { Amount, Demurrage, MeltForm, MeltPeriod, MeltShares } from '../src/index.ts'
import { SHARES_USUAL } from '../src/index.ts'

const uniform = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list)

const anyForm: fc.Arbitrary<MeltForm> = fc.oneof(
  uniform([1, 164, 10_000, 20_000, 500_000, 1_000_000]).map((ppm) => ({ ppm })),
  uniform([0n, 1n, 40n, 100n, 5_000n]).map((fixed) => ({ fixed: fixed as Amount })),
  // From the first day of the histories on.
  fc.integer({ min: 20_454, max: 20_800 }).map((allDay) => ({ allDay })),
)

const anyPeriod: fc.Arbitrary<MeltPeriod> = uniform([
  { days: 1 },
  { days: 7 },
  { days: 30 },
  { months: 1 },
  { months: 3 },
  { months: 12 },
])

const anyShares: fc.Arbitrary<MeltShares> = uniform([
  SHARES_USUAL,
  { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 },
  { node: 1_000_000, commons: 0, maintenance: 0, burnt: 0 },
  { node: 500_000, commons: 500_000, maintenance: 1, burnt: 0 },
])

export const anyDemurrage: fc.Arbitrary<Demurrage> = fc.record({
  basis: uniform(['inactivity', 'age'] as const),
  graceDays: uniform([0, 1, 30, 90, 365]),
  period: anyPeriod,
  form: anyForm,
  floor: uniform([0n, 0n, 100n]).map((floor) => floor as Amount),
  exempt: uniform([['place', 'fund'] as const, [] as const, ['card', 'place', 'fund'] as const]),
  shares: anyShares,
})
