/** Melting in the words of a person. */
import type { AnswerOf, getAssetMelting, getWalletMelting } from '@fedow/api'
import { formatAmount, type Unit } from './amount.ts'
import { toTable } from './table.ts'

type Ahead = AnswerOf<typeof getWalletMelting>['accounts'][number]

/** What is ahead of one account: the sentence, the terms, then each melt with its date. */
export function toAheadText(account: Ahead): string {
  const { name, balance, held, melts, more, sentence, terms } = account
  const reserved = held === 0 ? '' : `, of which ${formatAmount(held, account)} held`
  const head = `${name}: ${formatAmount(balance, account)}${reserved}. ${sentence}`
  const rows = melts.map(({ day, amount, left, version }) => [
    `  ${day}`,
    formatAmount(amount, account),
    formatAmount(left, account),
    `${version}`,
  ])
  const table =
    rows.length === 0
      ? []
      : [toTable([['  day', 'melts', 'leaves', 'version'], ...rows], { right: [1, 2, 3] })]
  return [
    head,
    ...(terms === undefined ? [] : [`  ${terms.sentence}`]),
    ...table,
    ...(more ? ['  More melts after that.'] : []),
  ].join('\n')
}

/** What melting collected, and what became of it: the rows add up to the first. */
export function toCollectedText(
  { collected, pools, nextShareOut, shared, terms }: AnswerOf<typeof getAssetMelting>,
  unit: Unit & { readonly name: string },
): string {
  const when = nextShareOut === undefined ? '' : `; from ${nextShareOut} on`
  const rows = [
    ['melted so far', formatAmount(collected, unit)],
    [`  waits to be shared out${when}`, formatAmount(pools, unit)],
    ['  to the places of origin', formatAmount(shared.node, unit)],
    ['  to the commons', formatAmount(shared.commons, unit)],
    ['  to maintenance', formatAmount(shared.maintenance, unit)],
    ['  left circulation', formatAmount(shared.burnt, unit)],
  ]
  const rule = terms?.sentence ?? 'It does not melt now.'
  return `${unit.name} (${unit.code}). ${rule}\n${toTable(rows, { right: [1] })}`
}
