import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromIsoDay, toIsoDay } from './calendar.ts'

const DAY_MS = 86_400_000

it('writes and reads each day from 1970 to 2255 as the calendar of the language does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 104_166 }), (day) => {
      const text = new Date(day * DAY_MS).toISOString().slice(0, 10)
      expect([toIsoDay(day), fromIsoDay(text)]).toEqual([text, day])
    }),
  )
})

it.each([
  ...['2027-02-29', '2100-02-29', '2027-00-01', '2027-13-01', '2027-04-31', '1969-12-31'],
  ...['2027-4-1', '27-04-01', '2027-04-01T00:00:00Z', ' 2027-04-01', '', '9999-12-31'],
])('knows no day %j', (text) => {
  expect(fromIsoDay(text)).toBeUndefined()
})
