import { getProposal } from '@fedow/api'
import { CHOICES } from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { readChoices } from '../book/choice.ts'
import { readKeyFile } from '../book/key-file.ts'
import { placeNamed } from '../book/named.ts'
import { readProposal } from '../book/proposal.ts'
import { command, needed } from '../command.ts'
import { Misuse } from '../failure.ts'
import { toReceipt } from '../text/applied.ts'
import { toDates } from '../text/proposals.ts'

export const voteCast = command({
  name: 'vote cast',
  summary: 'Vote for a place on a proposal; until it closes, the last vote counts',
  arguments: {
    proposal: needed('proposal', 'its id'),
    choice: needed('choice', `one of ${CHOICES.join(', ')}`),
  },
  options: {
    place: needed('place', 'the place that votes: its name or id'),
    sign: needed('path', 'a key file of the place that may vote: a person’s own'),
  },
  examples: [
    'vote cast 0198f3a0-1111-7000-8000-000000000001 yes --place "Bar du Port" --sign bar.pem',
    'vote cast 0198f3a0-1111-7000-8000-000000000001 no --place "Bar du Port" --sign bar.pem --json',
  ],
  async run({ client, screen, key: id }, { proposal: given, choice: text, place, sign }) {
    const [choice] = readChoices([text], { of: CHOICES, what: 'choice' })
    if (choice === undefined) throw new Misuse(`Choose one of ${CHOICES.join(', ')}.`)
    const proposal = readProposal(given)
    const voter = await placeNamed(client, place)
    const vote = {
      kind: 'vote',
      proposal,
      place: voter.id,
      choice,
    } as const
    const done = await submitSigned(client, vote, { key: readKeyFile(sign), id })
    const after = await client.call(getProposal, { params: { proposal } })
    screen.done({ ...done, proposal: after }, () =>
      [
        `${voter.name} votes ${choice} (${toReceipt(done)}): ${after.sentence}`,
        after.standing,
        toDates(after),
      ].join('\n'),
    )
  },
})
