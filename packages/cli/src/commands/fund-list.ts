import { type AnswerOf, listFunds, toDecimal, toMomentWords } from '@fedow/api'
import { command } from '../command.ts'
import { toTable } from '../text/table.ts'

type Fund = AnswerOf<typeof listFunds>['funds'][number]

export const fundList = command({
  name: 'fund list',
  summary: 'What each fund collected, what is voted of it, what it paid, what it has',
  details:
    'collected + other - melted - paid = balance, always. Voted: grants that passed and are not paid yet.',
  examples: ['fund list', 'fund list --json'],
  async run({ client, screen }) {
    const { funds } = await client.call(listFunds, {})
    screen.answer({ funds }, () => funds.map(toText).join('\n\n'))
  },
})

function toText({ name, wallet, accounts }: Fund): string {
  const head = `${name} (${wallet})`
  if (accounts.length === 0) return `${head}\n  Nothing came in yet.`
  const titles = ['  ', 'collected', 'other', 'melted', 'paid', 'balance', 'voted']
  const rows = accounts.map((account) => [
    `  ${account.asset.code}`,
    ...[account.collected, account.other, account.melted, account.paid].map(toDecimal),
    toDecimal(account.balance),
    toDecimal(account.voted),
  ])
  const table = toTable([titles, ...rows], { right: [1, 2, 3, 4, 5, 6] })
  return [head, table, ...accounts.flatMap(toGrants)].join('\n')
}

function toGrants({ grants, asset }: Fund['accounts'][number]): readonly string[] {
  return grants.map(({ amount, toName, applies, covered, proposal }) => {
    const when = toMomentWords(Date.parse(applies))
    const how = covered ? '' : ' The fund does not have it: as it stands, this grant fails.'
    return `  ${toDecimal(amount)} ${asset.code} go to ${toName} on ${when} (${proposal}).${how}`
  })
}
