import { expect, it } from 'vitest'
import { reminderStep } from './reminder-steps.ts'

it('names the step of a day, and no other', () => {
  const steps = Array.from({ length: 40 }, (_, left) => [
    left,
    reminderStep(1_000 + left, { since: 999, today: 1_000 }),
  ])
  expect(steps.filter(([, step]) => step !== undefined)).toEqual([
    [1, 1],
    [7, 7],
    [30, 30],
  ])
})

it('names the closest step of several days, none for what is due', () => {
  const days = { since: 960, today: 1_000 }
  expect(reminderStep(1_000, days)).toBeUndefined()
  expect(reminderStep(1_001, days)).toBe(1)
  expect(reminderStep(1_002, days)).toBe(7)
  expect(reminderStep(1_008, days)).toBe(30)
  expect(reminderStep(1_031, days)).toBeUndefined()
})
