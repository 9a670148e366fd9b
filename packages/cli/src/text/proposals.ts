/** Proposals as people read them on a screen. */
import { type AnswerOf, type getProposal, type listProposals, toMomentWords } from '@fedow/api'
import { toTable } from './table.ts'

type Proposal = AnswerOf<typeof listProposals>['proposals'][number]
type Details = AnswerOf<typeof getProposal>

/** When the vote ends, and when its result applies. */
export function toDates({ closes, applies }: Pick<Proposal, 'closes' | 'applies'>): string {
  const [end, start] = [closes, applies].map((time) => toMomentWords(Date.parse(time)))
  return `Votes count until ${end}. If it passes, it applies by itself on ${start}.`
}

/** One proposal in a few lines. */
export function toProposalText(proposal: Details): string {
  const { id, by, status, sentence, needs, standing, failure, text, body } = proposal
  const isOver = status === 'applied' || status === 'rejected' || status === 'failed'
  return [
    `${sentence}`,
    `  proposal ${id}, of ${by.name}: ${status}`,
    `  ${standing}`,
    ...(status === 'open' ? [`  ${needs}`] : []),
    ...(isOver ? [] : [`  ${toDates(proposal)}`]),
    ...(failure ? [`  ${failure.detail} ${failure.fix}`] : []),
    toVoters(proposal),
    body === undefined
      ? `This node has no text with the SHA-256 ${text.sha256}: ask ${by.name} for it.`
      : `\n${toScreen(body)}`,
  ].join('\n')
}

function toVoters({ voters }: Details): string {
  const rows = voters.map(({ name, choice, time }) => [
    `  ${name}`,
    choice ?? 'has not voted',
    time === undefined ? '' : toMomentWords(Date.parse(time)),
  ])
  return toTable(rows)
}

/** A text of somebody else, without what would command the screen. */
function toScreen(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\P{C}\n\t]/gu, '\u{fffd}')
}

/** Proposals, one row each. */
export function toProposalTable(proposals: readonly Proposal[]): string {
  const rows = proposals.map(({ id, status, yes, no, abstain, electorate, by, sentence }) => [
    id,
    status,
    `${yes} yes, ${no} no, ${abstain} abstain of ${electorate}`,
    by.name,
    sentence,
  ])
  return toTable(rows)
}
