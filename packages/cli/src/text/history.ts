import { type AnswerOf, LINE_WORDS, type listLines } from '@fedow/api'
import { toShortId, type WalletNames } from '../book/wallet-names.ts'
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
  for (const line of lines) {
    const { number, time, action, amount, asset } = line
    const sides = await toSides(line, names)
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

/** Who gave to whom; what a place proposed or voted, and what became of it, says on which proposal. */
async function toSides(
  { from, to, proposal }: LinePage['lines'][number],
  names: Pick<WalletNames, 'label'>,
): Promise<string> {
  const sides =
    from === to && proposal !== undefined
      ? await names.label(from)
      : `${await names.label(from)} -> ${await names.label(to)}`
  return proposal === undefined ? sides : `${sides}, proposal \u{2026}${toShortId(proposal)}`
}
