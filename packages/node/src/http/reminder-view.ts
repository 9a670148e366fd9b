import {
  type RemindersView,
  type ReminderView,
  type ReminderWishesView,
  reminderSentence,
  type Static,
} from '@fedow/api'
import { DAY_MS, type StateReader } from '@fedow/ledger'
import type { Reminders, ReminderWishes } from '../reminders/reminders.ts'
import type { Reminder } from '../store/reminder-store.ts'
import { toIsoMs } from './time.ts'

/** How all of them stand. */
export function remindersView(reminders: Reminders): Static<typeof RemindersView> {
  return { mailed: reminders.isMailed, ...reminders.counts() }
}

export function reminderView(state: StateReader, reminder: Reminder): Static<typeof ReminderView> {
  const { number, wallet, dueDay, step, parts, tries, problem, nextMs } = reminder
  const melts = parts.map(([asset, amount]) => {
    const { name = '', code = '' } = state.get('asset', asset) ?? {}
    return { asset, name, code, amount: Number(amount) }
  })
  return {
    ...{ number, wallet, due: toIsoMs(dueDay * DAY_MS), step, melts, tries },
    state: reminder.state,
    created: toIsoMs(reminder.createdMs),
    changed: toIsoMs(reminder.changedMs),
    ...(reminder.state === 'waiting' && { next: toIsoMs(nextMs) }),
    ...(problem !== undefined && {
      problem: { code: problem, sentence: reminderSentence(problem) },
    }),
  }
}

/** What a person wishes; the address for the operator alone. */
export function wishesView(
  { wallet, isStopped, language, email }: ReminderWishes,
  isOperator: boolean,
): Static<typeof ReminderWishesView> {
  return {
    ...{
      wallet,
      subscribed: !isStopped,
      language: language ?? 'fr',
      addressed: email !== undefined,
    },
    ...(isOperator && email !== undefined && { email }),
  }
}
