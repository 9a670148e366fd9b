import { postIssue } from '@fedow/api'
import { bearerValues, readBearer } from '../book/bearer.ts'
import { evidenceValues, readEvidence } from '../book/evidence.ts'
import { command } from '../command.ts'
import { toMoved, toReceipt } from '../text/applied.ts'

export const issue = command({
  name: 'issue',
  summary: 'The keeper issues federated euros for a payment received',
  details:
    'Signed with the keeper’s key of the data folder. You attest that the payment is real: one payment issues once.',
  options: { ...bearerValues, ...evidenceValues },
  examples: [
    'issue --card 9F9984F8 --gross 20.00 --account bank/main --reference "VIR 2026-11-22 0042"',
    'issue --wallet 0198f3a0-1111-7000-8000-000000000001 --gross 20.00 --fee 0.50 --account provider/stripe --reference pi_3Q --json',
  ],
  async run({ send, screen }, values) {
    const body = { ...readBearer(values), evidence: readEvidence(values) }
    const done = await send(postIssue, { body })
    screen.done(done, () => `Issued ${toMoved(done, 'REF')} (${toReceipt(done)}).`)
  },
})
