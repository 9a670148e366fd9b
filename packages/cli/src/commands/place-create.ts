import { openPlace } from '@fedow/api'
import { command, needed, text } from '../command.ts'

export const placeCreate = command({
  name: 'place create',
  summary: 'Open a place on this node; it trades at once',
  arguments: { name: needed('name', 'as people know it; no other place has it') },
  details:
    'The last line is the connection string: give it to the LaBoutik of the place within a day. It works once, and whoever has it connects a till, so it goes nowhere else. After a lost answer, the same command with the same --idempotency-key gives another one, and the one before no longer works.',
  options: { email: text('e-mail', 'of the person who administers the place in Lespass') },
  examples: [
    'place create "Bar du Port"',
    'place create "La Raffinerie" --email ada@example.org --json',
  ],
  async run({ send, screen }, { name, email }) {
    const connect = email === undefined ? {} : { email }
    const opened = await send(openPlace, { body: { name, connect } })
    const { place, wallet, connectionString } = opened
    screen.done(opened, () => {
      const said = `${name} is open: place ${place}, wallet ${wallet}.`
      if (connectionString === undefined) return said
      return `${said}\nGive LaBoutik the text of the next line within a day; it works once.\n\n${connectionString}`
    })
  },
})
