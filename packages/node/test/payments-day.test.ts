/**
 * A day of payments with every fault on the way; in the end Stripe, the reserve and the cards agree to the cent. The
 * whole day of 2,000 is `npm run bench -- --only payments`.
 */
import { expect, it } from 'vitest'
import { Day } from './payments-day.ts'
import { figuresOf } from './payments-day-figures.ts'

const PAYMENTS = 400

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`payments day seed: ${seed}`)

it('agrees to the cent after a day with every fault', { timeout: 300_000 }, async () => {
  await using day = await Day.begin(seed)
  await day.run(PAYMENTS)
  await day.end()
  const { found, expected } = await figuresOf(day)
  expect(found, `seed ${seed}`).toEqual(expected)
})
