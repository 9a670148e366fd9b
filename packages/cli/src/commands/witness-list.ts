import { getWitness } from '@fedow/api'
import { command } from '../command.ts'
import { toWitnesses } from '../text/witnesses.ts'

export const witnessList = command({
  name: 'witness list',
  summary: 'The witnesses that are asked and the books that are watched, and what is wrong',
  examples: ['witness list', 'witness list --json'],
  async run({ client, screen }) {
    const found = await client.call(getWitness, {})
    screen.answer(found, () => toWitnesses(found))
  },
})
