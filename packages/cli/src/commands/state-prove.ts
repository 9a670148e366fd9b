import { getRecordProof } from '@fedow/api'
import { command, needed, text } from '../command.ts'
import { Misuse } from '../failure.ts'

export const stateProve = command({
  name: 'state prove',
  summary: 'The proof of a record of the book, or that there is none',
  details:
    'Proofs are made for the last sealed blocks. The answer with --json has the proof in two forms: ours, and that of ICS-23 for other programs.',
  arguments: { key: needed('key', 'kind/id, such as place/0198f3a0-1111-7000-8000-000000000001') },
  options: { height: text('height', 'a sealed block of the last seconds; the newest when absent') },
  examples: [
    'state prove params/network',
    'state prove place/0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { key, height }) {
    if (height !== undefined && !/^\d{1,15}$/.test(height)) {
      throw new Misuse(`--height "${height}" is not the height of a block.`)
    }
    const query = { key, ...(height !== undefined && { height: Number(height) }) }
    const proof = await client.call(getRecordProof, { query })
    const { value } = proof
    const shown = value === undefined ? 'changed since' : (value ?? 'no such record')
    screen.answer(
      proof,
      () => `${key} after block ${proof.height}:\n${shown}\n\n${proof.checkpoint}`,
    )
  },
})
