import { newTxId, postText, previewProposal } from '@fedow/api'
import { type Hex32, nobleHash, type ProposalId, toHex, toUtf8, WHAT_KINDS } from '@fedow/ledger'
import { submitSigned } from '../book/admin-tx.ts'
import { readKeyFile } from '../book/key-file.ts'
import { placeNamed } from '../book/named.ts'
import { readTextFile, readWhat, whatValues } from '../book/proposal.ts'
import { command, flag, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { toReceipt } from '../text/applied.ts'
import { toDates } from '../text/proposals.ts'

export const proposalOpen = command({
  name: 'proposal open',
  summary: 'A place asks the others to decide: a parameter, terms, a grant, who votes, an upgrade',
  details:
    'Signed with the own key of a person of the place, which no node has: "fedow key add --place ... --can vote". --dry tells what would come of it, and sends nothing.',
  arguments: { kind: needed('kind', `one of ${WHAT_KINDS.join(', ')}`) },
  options: {
    place: needed('place', 'who asks: its name or id; it must be one of the places that vote'),
    sign: text('path', 'a key file of that place that may propose or vote'),
    text: text('file', 'what people read before they vote: plain text or Markdown, public'),
    ...whatValues,
    dry: flag('only tell what would come of it'),
  },
  examples: [
    'proposal open grant --place "Bar du Port" --fund commons --to "La Raffinerie" --asset FED --amount 300 --text roof.md --sign bar.pem',
    'proposal open parameter --place "Bar du Port" --name placeHourCeiling --value 500 --text why.md --sign bar.pem',
    'proposal open suspend --place "Bar du Port" --about "Le Quai" --text why.md --sign bar.pem --json',
    'proposal open admit --place "Bar du Port" --about "Le Quai" --dry',
  ],
  async run(
    { client, screen, key: id },
    { kind, place: placeText, sign, text: file, dry, ...values },
  ) {
    const place = await placeNamed(client, placeText)
    const { what, json } = await readWhat(client, kind, values)
    const told = await client.call(previewProposal, { body: { place: place.id, what: json } })
    if (!told.possible) {
      const { detail, fix } = told.refusal
      throw new Refused(`It cannot be proposed so. ${detail} ${fix} Nothing was sent.`, told)
    }
    const [, ...effects] = told.effects
    const foretold = [told.sentence, ...effects, told.needs, toDates(told)].join('\n')
    if (dry) return screen.answer(told, () => `${foretold}\nNothing was sent.`)
    if (sign === undefined || file === undefined) {
      throw new Misuse('--sign and --text are needed, or --dry. Nothing was sent.')
    }
    const [key, body] = [readKeyFile(sign), readTextFile(file)]
    const proposal = newTxId() as string as ProposalId
    const hash = toHex(nobleHash(toUtf8(body))) as Hex32
    const action = { kind: 'propose', proposal, place: place.id, what, text: hash } as const
    const done = await submitSigned(client, action, { key, id })
    await client.call(postText, { body: { proposal, text: body } })
    screen.done({ ...done, proposal }, () =>
      [
        `Proposal ${proposal} of ${place.name} is open (${toReceipt(done)}).`,
        foretold,
        `Vote: fedow vote cast ${proposal} yes --place ... --sign ...`,
      ].join('\n'),
    )
  },
})
