import { unaskWitness } from '@fedow/api'
import { command, needed } from '../command.ts'
import { toWitnesses } from '../text/witnesses.ts'

export const witnessUnask = command({
  name: 'witness unask',
  summary: 'Ask a witness no more',
  details: 'What it co-signed stays in receipts, and is still audited.',
  arguments: { witness: needed('witness', 'its key, or its name') },
  examples: [
    'witness unask fedow-witness/8a378099-ed54-4e33-b063-3d92ea4bdd98',
    'witness unask fedow-witness/8a378099-ed54-4e33-b063-3d92ea4bdd98 --json',
  ],
  async run({ client, screen }, { witness }) {
    const done = await client.call(unaskWitness, { params: { name: witness } })
    screen.done(done, () => toWitnesses(done))
  },
})
