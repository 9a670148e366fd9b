/** How each rejection of proposals and votes is told. */
import type { RejectionCode } from '@fedow/ledger'
import { PARAMETER_WORDS } from './parameter-words.ts'
import { type NameOf, type RejectionOf, type Sentence, toMoment } from './sentence.ts'

type GovernanceCode = Extract<
  RejectionCode,
  | 'proposal_not_found'
  | 'ballot_closed'
  | 'not_in_electorate'
  | 'electorate_founded'
  | 'place_already_admitted'
  | 'already_voted'
  | 'nothing_changes'
  | 'changed_meanwhile'
  | 'fund_not_found'
  | 'asset_not_shared'
  | 'upgrade_refused'
>

/** The sentences of those rejections. */
export const GOVERNANCE_REJECTIONS: {
  readonly [C in GovernanceCode]: Sentence<RejectionOf<C>>
} = {
  proposal_not_found: {
    title: 'Unknown proposal',
    detail: ({ proposal }) => `No proposal has the id ${proposal}. Nothing was voted.`,
    fix: 'Take the id from the list of proposals.',
  },
  ballot_closed: {
    title: 'The vote is over',
    detail: ({ closedMs }) => `Votes counted until ${toMoment(closedMs)}. Nothing has changed.`,
    fix: 'Look at the result; who wants another one opens a new proposal.',
  },
  not_in_electorate: {
    title: 'This place does not vote here',
    detail: ({ place }, nameOf) =>
      `${nameOf(place)} was not among those that vote on this when it opened.`,
    fix: 'A place votes on what is everybody’s once it is admitted, and on a shared money as a member of its federation.',
  },
  electorate_founded: {
    title: 'The places admit each other now',
    detail: ({ places }) => `${places} places vote: the operator admits no more.`,
    fix: 'A place that votes proposes to admit it: fedow proposal open admit.',
  },
  place_already_admitted: {
    title: 'The place votes already',
    detail: ({ place }, nameOf) => `${nameOf(place)} is one of the places that vote.`,
    fix: 'There is nothing to do.',
  },
  already_voted: {
    title: 'This vote is counted',
    detail: ({ place }, nameOf) => `${nameOf(place)} has voted exactly so. It counts once.`,
    fix: 'There is nothing to do; until the vote closes, another choice replaces this one.',
  },
  nothing_changes: {
    title: 'It is so already',
    detail: ({ name }, nameOf) =>
      `What is proposed about ${subjectName(name, nameOf)} is in force already.`,
    fix: 'There is nothing to vote on.',
  },
  changed_meanwhile: {
    title: 'Another decision came first',
    detail: ({ name }, nameOf) =>
      `${subjectName(name, nameOf)} is no longer what it was when this proposal opened. Nothing has changed by it.`,
    fix: 'Look at what is in force now, and propose again if it is still wanted.',
  },
  fund_not_found: {
    title: 'This wallet is no fund',
    detail: ({ wallet }, nameOf) => `${nameOf(wallet)} is not one of the funds of this network.`,
    fix: 'Take the id from the list of funds.',
  },
  asset_not_shared: {
    title: 'The issuer alone decides',
    detail: ({ asset }, nameOf) =>
      `${nameOf(asset)} is shared in no federation: its terms are not voted.`,
    fix: 'Ask the place that issues it.',
  },
  upgrade_refused: {
    title: 'This upgrade cannot be planned',
    detail: ({ rules, afterHeight }) =>
      `Versions of the rules come one after the other: the next is ${rules}, from a block after ${afterHeight}.`,
    fix: 'Propose that version, at a later block.',
  },
}

/** What a proposal is about: a parameter in words, or the name of what has the id. */
function subjectName(name: string, nameOf: NameOf): string {
  if (name === 'upgrade') return 'The plan for the next version of the rules'
  const words = Object.entries(PARAMETER_WORDS).find(([known]) => known === name)?.[1]
  return words === undefined ? nameOf(name) : `${words.what} (${name})`
}
