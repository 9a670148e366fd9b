import { listReminders, REMINDER_STATES } from '@fedow/api'
import { readChoices } from '../book/choice.ts'
import { walletNamed } from '../book/named.ts'
import { command, text } from '../command.ts'
import { toRemindersStanding, toReminderTable } from '../text/reminders.ts'

export const reminderList = command({
  name: 'reminder list',
  summary: 'Reminders of money that melts, newest first: sent, waiting, or refused',
  details:
    'Without FEDOW_SMTP_URL nothing is sent, and this list is all there is. It shows the last 100.',
  options: {
    state: text('state', `only those that are ${REMINDER_STATES.join(', ')}`),
    wallet: text('wallet', 'only those of this wallet'),
  },
  examples: ['reminder list', 'reminder list --state failed --json'],
  async run({ client, screen }, values) {
    const asked = values.state === undefined ? [] : [values.state]
    const [state] = readChoices(asked, { of: REMINDER_STATES, what: 'state of a reminder' })
    const wallet =
      values.wallet === undefined ? undefined : await walletNamed(client, values.wallet)
    const query = { ...(state && { state }), ...(wallet && { wallet }) }
    const found = await client.call(listReminders, { query })
    screen.answer(found, () =>
      [toRemindersStanding(found.status), toReminderTable(found.reminders)].join('\n').trimEnd(),
    )
  },
})
