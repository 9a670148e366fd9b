import { releaseHold } from '@fedow/api'
import { holdValue, readHold } from '../book/hold.ts'
import { command } from '../command.ts'

export const holdRelease = command({
  name: 'hold release',
  summary: 'End a hold without payment',
  arguments: holdValue,
  examples: [
    'hold release 0198f3a0-1111-7000-8000-000000000001',
    'hold release 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ send, screen }, { hold: text }) {
    const done = await send(releaseHold, { params: { hold: readHold(text) } })
    screen.done(done, () => 'The money is free again.')
  },
})
