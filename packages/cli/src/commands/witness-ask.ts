import { askWitness } from '@fedow/api'
import { command, needed } from '../command.ts'
import { toWitnesses } from '../text/witnesses.ts'

const KEY =
  'fedow-witness/8a378099-ed54-4e33-b063-3d92ea4bdd98+54158ed2+BOjHzzR4LtnptJ6OBJGY1Kw4qrXuDVDv3KVjL9HjMOjx'

export const witnessAsk = command({
  name: 'witness ask',
  summary: 'Have another node, or any C2SP witness, co-sign the checkpoints of this book',
  details:
    'It is sent sizes and hashes of the history, nothing of what they are about. Payments never wait for it. Giving another address for the same key replaces the first.',
  arguments: {
    url: needed('url', 'its submission prefix: for a Fedow node its address and /api/v2/witness'),
    vkey: needed('vkey', 'the witness key that "fedow witness key" shows there'),
  },
  examples: [
    `witness ask https://fedow.example/api/v2/witness ${KEY}`,
    `witness ask https://fedow.example/api/v2/witness ${KEY} --json`,
  ],
  async run({ client, screen }, { url, vkey }) {
    const done = await client.call(askWitness, { body: { url, key: vkey } })
    screen.done(done, () => toWitnesses(done))
  },
})
