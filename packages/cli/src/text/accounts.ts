import type { AnswerOf, getWallet } from '@fedow/api'
import { formatAmount } from './amount.ts'
import { toTable } from './table.ts'

type Held = Pick<AnswerOf<typeof getWallet>, 'accounts' | 'memberships'>

/** What is in a wallet, one line for each asset. */
export function toAccountLines({ accounts, memberships }: Held): string {
  const rows = accounts.map((account) => [
    `  ${account.name}`,
    formatAmount(account.balance, account),
    account.held === 0 ? toDepth(account) : `of which ${formatAmount(account.held, account)} held`,
  ])
  const lines = memberships.map(
    ({ name, code, start, count }) =>
      `  ${name} (${code}): member since ${start.slice(0, 10)}, ${count} payment${count === 1 ? '' : 's'}`,
  )
  if (rows.length > 0) lines.unshift(toTable(rows, { right: [1] }))
  return lines.length === 0 ? '  nothing' : lines.join('\n')
}

/** How far below zero an account of mutual credit may go. */
function toDepth(account: Held['accounts'][number]): string {
  const { creditLimit } = account
  return creditLimit ? `down to ${formatAmount(-creditLimit, account)}` : ''
}
