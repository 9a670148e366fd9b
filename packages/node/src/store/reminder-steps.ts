/** On which days before a melt its holder is reminded. Source: docs/spec/reminders.md. */

/** Days before, the closest first. */
export const REMINDER_STEPS = [1, 7, 30] as const
export type ReminderStep = (typeof REMINDER_STEPS)[number]

/** How far ahead melts are looked for. */
export const STEP_DAYS_MAX = 30

/** Days in UTC: those after `since` up to `today` are to be looked at. */
export interface LookedDays {
  readonly since: number
  readonly today: number
}

/** The step that falls on one of some days: the closest one when several do, none when the melt is due. */
export function reminderStep(
  dueDay: number,
  { since, today }: LookedDays,
): ReminderStep | undefined {
  if (dueDay <= today) return undefined
  return REMINDER_STEPS.find((step) => dueDay - step > since && dueDay - step <= today)
}
