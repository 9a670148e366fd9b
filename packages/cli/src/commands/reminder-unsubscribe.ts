import { changeWalletReminders } from '@fedow/api'
import { walletNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toWishes } from '../text/reminders.ts'

export const reminderUnsubscribe = command({
  name: 'reminder unsubscribe',
  summary: 'No more reminders for a person; the money melts all the same',
  details: 'As the address in each reminder does. "fedow reminder set --again" takes it back.',
  arguments: { wallet: needed('wallet', 'the id of their wallet') },
  examples: [
    'reminder unsubscribe 0198f3a0-1111-7000-8000-000000000001',
    'reminder unsubscribe 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { wallet: text }) {
    const wallet = await walletNamed(client, text)
    const body = { subscribed: false }
    const wishes = await client.call(changeWalletReminders, { params: { wallet }, body })
    screen.answer(wishes, () => toWishes(wishes))
  },
})
