import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type Action,
  type AssetId,
  DAY_MS,
  type Demurrage,
  dayOf,
  fromAccountId,
  MemoryState,
  meltSchedule,
  type PolicyTerms,
  sleeperOf,
} from '../src/index.ts'
import { anyDemurrage } from './melt-terms.ts'
import { START_MS, toId } from './names.ts'
import { Play } from './play.ts'

const ASSET = toId<AssetId>('TNF')
const DAYS = 1_300
const UNTIL = dayOf(START_MS) + DAYS

/** Some versions of a policy, each so many days after the one before. */
const anyVersions = fc.array(
  fc.record({
    afterDays: fc.integer({ min: 91, max: 500 }),
    demurrage: fc.option(anyDemurrage, { nil: undefined, freq: 5 }),
  }),
  { minLength: 1, maxLength: 4 },
)

function change(fromMs: number, demurrage: Demurrage | undefined): Action {
  const terms: PolicyTerms = {
    ...{ personToPerson: false, spendAt: { accepted: true }, refund: 'never', limits: {} },
    ...{ dayStartUtcMinutes: 0, ...(demurrage && { demurrage }) },
  }
  return { kind: 'policy-change', asset: ASSET, fromMs, terms }
}

it('shows what the book then melts, to the cent, whatever the versions and the steps of time', () => {
  let seen = 0
  const anySteps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(anyVersions, anySteps, (versions, steps) => {
      const state = new MemoryState()
      const book = Play.found(state)
      book.open(1_000)
      let fromMs = START_MS
      for (const { afterDays, demurrage } of versions) {
        fromMs += afterDays * DAY_MS + 12_345
        book.ask({ by: 'node', actions: [change(fromMs, demurrage)] })
      }
      book.close()
      const shown = [...state.entries('account')].flatMap(({ id }) => {
        const sleeper = sleeperOf(state, id)
        if (sleeper === undefined || fromAccountId(id).asset !== ASSET) return []
        // Places and funds get shares meanwhile.
        if (!['person', 'card'].includes(sleeper.wallet.kind)) return []
        const most = { untilDay: UNTIL, max: Number.POSITIVE_INFINITY }
        return [{ id, balance: sleeper.account.balance, ...meltSchedule(sleeper, most) }]
      })
      const before = book.lines.length
      let passed = 0
      for (const days of [...steps, DAYS]) {
        const step = passed + days < DAYS ? days : DAYS - passed
        passed += step
        book.open(step * DAY_MS)
        book.close()
      }
      while (state.meltsDue(UNTIL, 1).length > 0) {
        book.open(0)
        book.close()
      }
      for (const { id, balance, melts, next } of shown) {
        const { wallet } = fromAccountId(id)
        const melted = book.lines
          .slice(before)
          .filter(
            ({ action, from, asset }) => action === 'MLT' && from === wallet && asset === ASSET,
          )
        expect(melted.map(({ amount }) => amount)).toEqual(melts.map(({ amount }) => amount))
        const left = melts.reduce((sum, { amount }) => sum - amount, balance)
        if (melts.length > 0) expect(state.get('account', id)?.balance).toBe(left)
        if (next !== undefined) expect(next.dueDay).toBeGreaterThan(UNTIL)
        seen += melts.length
      }
    }),
    { numRuns: 60 },
  )
  expect(seen).toBeGreaterThan(100)
})
