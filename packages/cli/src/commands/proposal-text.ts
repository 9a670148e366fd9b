import { postText } from '@fedow/api'
import { readProposal, readTextFile } from '../book/proposal.ts'
import { command, needed } from '../command.ts'

export const proposalText = command({
  name: 'proposal text',
  summary: 'Give this node the text of a proposal that was opened elsewhere',
  details: 'Only the very file is taken whose hash the proposal has. Opening one brings its text.',
  arguments: { proposal: needed('proposal', 'its id'), file: needed('file', 'the text') },
  examples: [
    'proposal text 0198f3a0-1111-7000-8000-000000000001 roof.md',
    'proposal text 0198f3a0-1111-7000-8000-000000000001 roof.md --json',
  ],
  async run({ client, screen }, { proposal: id, file }) {
    const body = { proposal: readProposal(id), text: readTextFile(file) }
    const kept = await client.call(postText, { body })
    screen.done(kept, () => 'The text is kept, and shown with its proposal.')
  },
})
