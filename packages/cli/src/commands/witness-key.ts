import { getWitness, WITNESS_PREFIX } from '@fedow/api'
import { command } from '../command.ts'

export const witnessKey = command({
  name: 'witness key',
  summary:
    'What to give to other operators: the key of this node as a witness, and that of its log',
  details:
    'Nothing in them is secret. Give them in a way in which nobody can exchange them: who has another key trusts another node.',
  examples: ['witness key', 'witness key --json'],
  async run({ client, screen }) {
    const { key, log } = await client.call(getWitness, {})
    screen.answer(
      { witness: key, log, path: WITNESS_PREFIX },
      () => `To have this node co-sign for them, they run, with the public address of this node:
  fedow witness ask https://ADDRESS${WITNESS_PREFIX} ${key}
To co-sign for this node, they run:
  fedow witness watch ${log}`,
    )
  },
})
