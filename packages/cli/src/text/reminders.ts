import {
  type AnswerOf,
  type changeWalletReminders,
  type listReminders,
  toDecimal,
} from '@fedow/api'
import { toTable } from './table.ts'

type Reminders = AnswerOf<typeof listReminders>

/** How the reminders of a node stand: a line. */
export function toRemindersStanding(status: Reminders['status']): string {
  const { mailed, waiting, unaddressed, failed } = status
  const how = mailed ? 'by e-mail' : 'listed only, no mail server is set'
  const lost = unaddressed === 0 ? '' : ` (${unaddressed} without an address)`
  const given = failed === 0 ? '' : '; "fedow reminder list --state failed" shows why'
  return `Reminders: ${how}\n  ${waiting} waiting${lost}; ${failed} refused by the mail server${given}`
}

/** Reminders in a table. */
export function toReminderTable(reminders: Reminders['reminders']): string {
  const rows = reminders.map(({ number, wallet, due, step, melts, state, problem }) => [
    String(number),
    state,
    `${step} d before`,
    due.slice(0, 10),
    melts.map(({ amount, code }) => `${toDecimal(amount)} ${code}`).join(' + '),
    wallet,
    problem?.code ?? '',
  ])
  return toTable(rows)
}

/** What a person wishes. */
export function toWishes(wishes: AnswerOf<typeof changeWalletReminders>): string {
  const { wallet, subscribed, language, email } = wishes
  return toTable([
    ['wallet', wallet],
    ['reminders', subscribed ? 'they come' : 'none; money melts all the same'],
    ['language', language],
    ['address', email ?? 'none is known'],
  ])
}
