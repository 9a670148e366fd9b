/** Simulations against the schedule of the ledger, account by account, with every form of terms. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Amount, DAY_MS, type MeltTerms } from '../src/index.ts'
import { Futures, meltsToCome, prepareAccounts } from '../src/simulation/future.ts'
import { BEHAVIOURS } from '../src/simulation/question.ts'
import type { SimulatedAccount } from '../src/simulation/snapshot.ts'
import { anyDemurrage } from './melt-terms.ts'

const DAY = 20_600
const YEAR = 365

const anyDay = fc.option(fc.integer({ min: DAY - 900, max: DAY }), { nil: undefined })

const anyAccount: fc.Arbitrary<SimulatedAccount> = fc
  .record({
    kind: fc.constantFrom('person' as const, 'card' as const, 'place' as const),
    balance: fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 1_000_000n), fc.bigInt(1n, 2n ** 52n)),
    heldPart: fc.constantFrom(0n, 0n, 0n, 3n, 1n),
    days: fc.record({ activeDay: anyDay, sinceDay: anyDay, meltedDay: anyDay, ageDay: anyDay }),
    keptUntilDay: fc.constantFrom(undefined, undefined, DAY + 20, DAY + 200),
    gestures: fc.uniqueArray(fc.integer({ min: DAY - YEAR + 1, max: DAY }), { maxLength: 6 }),
  })
  .map(({ kind, balance, heldPart, days, keptUntilDay, gestures }) => {
    const held = heldPart === 0n ? 0n : balance / heldPart
    const known = Object.entries({ ...days, keptUntilDay }).filter(([, day]) => day !== undefined)
    return {
      ...{ kind, balance: balance as Amount, held: held as Amount },
      ...Object.fromEntries(known),
      gestures: gestures.toSorted((a, b) => a - b),
    }
  })

/** One to three versions, some of which melt nothing; the first is public for long, or only just. */
const anyPolicies: fc.Arbitrary<readonly MeltTerms[]> = fc
  .array(
    fc.record({
      afterDays: fc.integer({ min: 1, max: 400 }),
      demurrage: fc.option(anyDemurrage, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((versions) => {
    let day = DAY - 300
    return versions.map(({ afterDays, demurrage }, index) => {
      day += afterDays
      return { version: index + 1, fromMs: day * DAY_MS, ...(demurrage && { demurrage }) }
    })
  })

describe('what a simulation writes', () => {
  it('is what the schedule of the ledger says, at the end of every year', () => {
    const course = fc.record({
      policies: anyPolicies,
      accounts: fc.array(anyAccount, { minLength: 1, maxLength: 12 }),
      years: fc.integer({ min: 1, max: 3 }),
      behaviour: fc.constantFrom(...BEHAVIOURS),
    })
    let melted = 0
    fc.assert(
      fc.property(course, ({ policies, accounts, years, behaviour }) => {
        const of = { policies, day: DAY, years, behaviour }
        const futures = new Futures(of)
        for (const prepared of prepareAccounts(accounts, of)) {
          const losses = new Float64Array(years)
          futures.write(prepared, losses, 0)
          const wanted = Array.from({ length: years }, () => 0)
          for (const { dueDay, amount } of meltsToCome(prepared.account, of)) {
            melted += 1
            for (let year = 0; year < years; year += 1) {
              if (dueDay <= DAY + (year + 1) * YEAR)
                wanted[year] = (wanted[year] ?? 0) + Number(amount)
            }
          }
          expect([...losses]).toEqual(wanted)
        }
      }),
      { numRuns: 400 },
    )
    expect(melted).toBeGreaterThan(1_000)
  })
})
