import { type BodyOf, type previewProposal, toMomentWords } from '@fedow/api'
import { admitted, type Foreseen, ONLY, type StateReader } from '@fedow/ledger'
import { grantEffects } from './fund-views.ts'

export type AskedProposal = BodyOf<typeof previewProposal>

/** What a proposal would do beside what its own sentence says, by the book of now. */
export function effectsOf(
  state: StateReader,
  { what, appliesMs, effects }: Foreseen,
): readonly string[] {
  const when = `If it passes, it applies by itself on ${toMomentWords(appliesMs)}.`
  switch (what.kind) {
    case 'grant':
      return [when, ...grantEffects(state, what)]
    case 'policy':
      return [
        when,
        `The new terms begin on ${toMomentWords(what.fromMs)}; the ones before hold until then.`,
      ]
    case 'admit': {
      const change = effects.changes?.find(({ kind, id }) => kind === 'electorate' && id === ONLY)
      const places = change?.kind === 'electorate' ? (change.record?.places.length ?? 0) : 0
      return [when, `${places} places vote then, instead of ${admitted({ state }).length}.`]
    }
    case 'upgrade':
      return [
        when,
        `A program without version ${what.rules} of the rules stops before block ${what.height}, and says so.`,
      ]
    default:
      return [when]
  }
}
