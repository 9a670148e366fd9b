import { changeWalletReminders } from '@fedow/api'
import { readChoices } from '../book/choice.ts'
import { walletNamed } from '../book/named.ts'
import { command, flag, needed, text } from '../command.ts'
import { toWishes } from '../text/reminders.ts'

export const reminderSet = command({
  name: 'reminder set',
  summary: 'Where and in which language a person is reminded, and whether again',
  details:
    'An address that is set here stands before the one that clients of v1 gave. Only the data folder of this node knows it: neither the book nor other nodes. What is not given stays as it is.',
  arguments: { wallet: needed('wallet', 'the id of their wallet') },
  options: {
    email: text('address', 'the e-mail address; an empty text forgets it'),
    language: text('language', 'fr or en'),
    again: flag('reminders come again after they were stopped'),
  },
  examples: [
    'reminder set 0198f3a0-1111-7000-8000-000000000001 --email ana@example.org --language fr',
    'reminder set 0198f3a0-1111-7000-8000-000000000001 --again --json',
  ],
  async run({ client, screen }, { wallet: text, email, language: spoken, again }) {
    const asked = spoken === undefined ? [] : [spoken]
    const [language] = readChoices(asked, { of: ['fr', 'en'], what: 'language of a reminder' })
    const wallet = await walletNamed(client, text)
    const body = {
      ...(email !== undefined && { email }),
      ...(language && { language }),
      ...(again && { subscribed: true }),
    }
    const wishes = await client.call(changeWalletReminders, { params: { wallet }, body })
    screen.answer(wishes, () => toWishes(wishes))
  },
})
