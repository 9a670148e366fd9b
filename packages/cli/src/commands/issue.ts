import { postIssue } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { issueValues, readIssueEvidence } from '../book/issue-evidence.ts'
import { command } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const issue = command({
  name: 'issue',
  summary: 'The keeper issues federated euros for a payment received',
  details:
    'Signed with the keeper’s key of the data folder, and by nobody without it. You attest that the payment is real: one payment issues once. A bank transfer is on bank/main and cash in transit/cash, unless --account names another.',
  options: { ...bearerValues, ...issueValues },
  examples: [
    'issue --card 9F9984F8 --gross 20.00 --transfer "VIR 2026-11-22 0042"',
    'issue --card 9F9984F8 --gross 20.00 --cash "receipt 17"',
    'issue --wallet 0198f3a0-1111-7000-8000-000000000001 --gross 20.00 --fee 0.50 --account provider/stripe --reference pi_3Q --json',
  ],
  async run({ send, screen }, values) {
    const body = { ...readBearer(values), evidence: readIssueEvidence(values) }
    const done = await send(postIssue, { body })
    screen.done(done, () => `Issued ${toMoved(done, 'REF')} (${toReceipt(done)}).`)
  },
})
