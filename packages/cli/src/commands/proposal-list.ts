import { BALLOT_STATUSES } from '@fedow/ledger'
import { readChoices } from '../book/choice.ts'
import { allProposals } from '../book/pages.ts'
import { command, text } from '../command.ts'
import { toProposalTable } from '../text/proposals.ts'

export const proposalList = command({
  name: 'proposal list',
  summary: 'What the places decide and have decided, oldest first',
  options: { status: text('status', `only those: ${BALLOT_STATUSES.join(', ')}`) },
  examples: ['proposal list --status open', 'proposal list --json'],
  async run({ client, screen }, { status: given }) {
    const statuses = given === undefined ? [] : [given]
    const [status] = readChoices(statuses, { of: BALLOT_STATUSES, what: 'status' })
    const proposals = await allProposals(client, status)
    screen.answer({ proposals }, () =>
      proposals.length === 0 ? 'No such proposal.' : toProposalTable(proposals),
    )
  },
})
