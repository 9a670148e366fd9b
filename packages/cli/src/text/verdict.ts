import type { ToldVerdict } from '@fedow/api'
import type { Verdict } from '@fedow/ledger'
import { Refused } from '../failure.ts'
import type { Screen } from '../screen.ts'

/** Shows what is proven; throws Refused, with the reason, when nothing is. */
export function showVerdict<Facts extends object>(
  screen: Screen,
  verdict: Verdict<Facts>,
  told: ToldVerdict,
): void {
  if (verdict.proven) {
    screen.answer({ proven: true, ...toJson(verdict.facts), told }, () => toText(told))
    return
  }
  const { reason } = verdict
  const { title, notProven, fix } = told
  const how = reason.code === 'nobody_trusted' ? ` ${HOW_TO_TRUST}` : ''
  throw new Refused(`${title}. ${notProven.join(' ')} ${fix}${how}`, {
    proven: false,
    reason,
    told,
  })
}

/** What the command line adds where nobody is trusted. */
const HOW_TO_TRUST =
  'Name it with --key, as "fedow checkpoint key" prints it, or run this on the data folder of the network (--data).'

function toText({ title, proven, signedBy, notProven, fix }: ToldVerdict): string {
  const parts = [
    [title, proven],
    ['Signed by', signedBy],
    ['Not proven', notProven],
  ] as const
  const paragraphs = parts.map(([head, lines]) => [head, ...lines.map((one) => `  ${one}`)])
  return [...paragraphs.map((lines) => lines.join('\n')), fix].join('\n\n')
}

/** Amounts are below 2^53, so JSON keeps them exact. */
function toJson(facts: object): object {
  return JSON.parse(
    JSON.stringify(facts, (_, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    ),
  )
}
