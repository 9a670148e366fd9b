import { tellStatement } from '@fedow/api'
import { type StatementFacts, type Verdict, verifyStatement } from '@fedow/ledger'
import { command, needed } from '../command.ts'
import { readProof } from '../proof/proof-file.ts'
import { MEANS, readTrust, trustValues } from '../proof/trust.ts'
import { showVerdict } from '../text/verdict.ts'

export const statementVerify = command({
  name: 'statement verify',
  summary: 'What a balance statement proves, by whose signature, and what it does not; asks nobody',
  details:
    'Without --key it trusts the book of the data folder. Ends with 0 when it is proven, with 1 and the reason when it is not.',
  arguments: { file: needed('file', 'the statement') },
  options: trustValues,
  examples: [
    'statement verify statement.json',
    'statement verify statement.json --key "fedow/a5...+1c8b2f0a+AXz..." --json',
  ],
  async run({ config, screen }, { file, ...keys }) {
    const trust = readTrust(config.folder, keys)
    const text = readProof(file)
    const verdict = text === undefined ? NO_TEXT : verifyStatement(MEANS, text, trust)
    showVerdict(screen, verdict, tellStatement(verdict))
  },
})

const NO_TEXT: Verdict<StatementFacts> = {
  proven: false,
  reason: { code: 'malformed', at: 'its beginning', expected: 'a text' },
}
