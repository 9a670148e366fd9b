import { openPlace } from '@fedow/api'
import { command, needed } from '../command.ts'

export const placeCreate = command({
  name: 'place create',
  summary: 'Open a place on this node; it trades at once',
  arguments: { name: needed('name', 'as people know it; no other place has it') },
  examples: ['place create "Bar du Port"', 'place create "La Raffinerie" --json'],
  async run({ send, screen }, { name }) {
    const opened = await send(openPlace, { body: { name } })
    screen.done(opened, () => `${name} is open: place ${opened.place}, wallet ${opened.wallet}.`)
  },
})
