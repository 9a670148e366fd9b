import { unwatchLog } from '@fedow/api'
import { command, needed } from '../command.ts'
import { toWitnesses } from '../text/witnesses.ts'

export const witnessUnwatch = command({
  name: 'witness unwatch',
  summary: 'Co-sign no more for another book',
  details: 'What was co-signed stays known: watching it again goes on from there.',
  arguments: { log: needed('log', 'its key, or its name') },
  examples: [
    'witness unwatch fedow/750ce38eccd2e3f3954d32eaab1dd47e',
    'witness unwatch fedow/750ce38eccd2e3f3954d32eaab1dd47e --json',
  ],
  async run({ client, screen }, { log }) {
    const done = await client.call(unwatchLog, { params: { name: log } })
    screen.done(done, () => toWitnesses(done))
  },
})
