import { getProposal } from '@fedow/api'
import { readProposal } from '../book/proposal.ts'
import { command, needed } from '../command.ts'
import { toProposalText } from '../text/proposals.ts'

export const proposalShow = command({
  name: 'proposal show',
  summary: 'One proposal: what it changes, how the vote stands, who votes what, its text',
  arguments: { proposal: needed('proposal', 'its id') },
  examples: [
    'proposal show 0198f3a0-1111-7000-8000-000000000001',
    'proposal show 0198f3a0-1111-7000-8000-000000000001 --json',
  ],
  async run({ client, screen }, { proposal: text }) {
    const proposal = readProposal(text)
    const shown = await client.call(getProposal, { params: { proposal } })
    screen.answer(shown, () => toProposalText(shown))
  },
})
