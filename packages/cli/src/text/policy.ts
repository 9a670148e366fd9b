/** A policy in the words of a person. */
import type { AnswerOf, getAsset } from '@fedow/api'
import { formatAmount, type Unit } from './amount.ts'

export type PolicyShown = AnswerOf<typeof getAsset>['policy']

const REFUNDS: Readonly<Record<PolicyShown['refund'], string>> = {
  never: 'never goes back to euros',
  issuer: 'its issuer gives euros back for it',
  payer: 'goes back to who paid for it',
  payout: 'goes back to euros by a payout',
}

/** What a version says, one line for each thing, as two columns. */
export function toPolicyRows(policy: PolicyShown, unit: Unit): string[][] {
  const { version, from, personToPerson, spendAt, refund, limits, melting } = policy
  const where =
    'only' in spendAt ? `at ${spendAt.only.length} places alone` : 'where it is accepted'
  const most = Object.entries(limits).map(([level, of]) => {
    const each = Object.entries(of ?? {}).map(
      ([name, amount]) => `${name} ${formatAmount(amount, unit)}`,
    )
    return `${level}: ${each.join(', ')}`
  })
  return [
    ['version', `${version}, from ${from}`],
    ['between persons', personToPerson ? 'yes' : 'no'],
    ['spent', where],
    ['refund', REFUNDS[refund]],
    ...(most.length > 0 ? [['at most', most.join('; ')]] : []),
    ['melting', melting?.sentence ?? 'It never melts.'],
  ]
}
