import { forgetWalletReminders } from '@fedow/api'
import { walletNamed } from '../book/named.ts'
import { command, needed } from '../command.ts'
import { toWishes } from '../text/reminders.ts'

export const reminderForget = command({
  name: 'reminder forget',
  summary: 'Erase the address, language and reminders of a person; no more of them come',
  arguments: { wallet: needed('wallet', 'the id of their wallet') },
  examples: [
    'reminder forget 0198f3a0-1111-7000-8000-000000000001',
    'reminder forget 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { wallet: text }) {
    const wallet = await walletNamed(client, text)
    const wishes = await client.call(forgetWalletReminders, { params: { wallet } })
    screen.answer(wishes, () => toWishes(wishes))
  },
})
