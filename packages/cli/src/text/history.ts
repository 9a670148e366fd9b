import { type AnswerOf, LINE_WORDS, type listLines } from '@fedow/api'
import type { WalletNames } from '../book/wallet-names.ts'
import { formatAmount } from './amount.ts'
import { toTable } from './table.ts'

type LinePage = AnswerOf<typeof listLines>

/** A page of lines as people read them, newest first. */
export async function toHistory(
  { lines, next }: LinePage,
  names: Pick<WalletNames, 'label'>,
): Promise<string> {
  if (lines.length === 0) return 'No line.'
  const rows: string[][] = []
  for (const { number, time, action, from, to, amount, asset } of lines) {
    const sides = `${await names.label(from)} -> ${await names.label(to)}`
    const when = time.slice(0, 19).replace('T', ' ')
    rows.push([`${number}`, when, LINE_WORDS[action], formatAmount(amount, asset), sides])
  }
  const table = toTable(rows, { right: [0, 3] }).split('\n')
  const shown = lines.flatMap(({ why }, index) => [
    table[index] ?? '',
    ...(why === undefined ? [] : [`    ${why}`]),
  ])
  const more = next === undefined ? '' : `\nOlder lines: the same command with --cursor ${next}`
  return `${shown.join('\n')}${more}`
}
