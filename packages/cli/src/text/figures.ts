/** Figures of an asset in the words of a person. */
import type { AnswerOf, getAssetFigures } from '@fedow/api'
import type { PlaceId } from '@fedow/ledger'
import { formatAmount, type Unit } from './amount.ts'
import { toTable } from './table.ts'

type Figures = AnswerOf<typeof getAssetFigures>

export interface FiguresMeans {
  readonly unit: Unit & { readonly name: string }
  readonly names: ReadonlyMap<PlaceId, string>
}

const FEW = 'fewer than 10 wallets'

export function figuresText(figures: Figures, means: FiguresMeans): string {
  const { from, to, height } = figures
  const head = `${means.unit.name} (${means.unit.code}), from ${from} up to ${to}, at height ${height}.`
  const parts = [
    totals(figures, means),
    survival(figures),
    dormant(figures, means),
    spent(figures, means),
    places(figures, means),
    products(figures, means),
  ]
  return [head, ...parts.filter((part) => part !== '')].join('\n\n')
}

function totals(figures: Figures, { unit }: FiguresMeans): string {
  const amount = (minor: number | undefined) =>
    minor === undefined ? FEW : formatAmount(minor, unit)
  const { velocity = '-', multiplier = '-' } = figures
  const rows = [
    ['in circulation at the end', amount(figures.outstanding)],
    ['in circulation on average', amount(figures.averageStock)],
    ['loaded by people', amount(figures.loaded)],
    ['given to people by places and funds', amount(figures.handed)],
    ['paid by people to places', amount(figures.paid)],
    ['paid by places to places', amount(figures.paidByPlaces)],
    ['payments of a year for each unit in circulation', velocity],
    ['payments for each unit loaded', multiplier],
  ]
  return toTable(rows, { right: [1] })
}

const NO_SHARE = { too_young: 'nothing is as old', too_few: FEW } as const

function survival({ survival: all }: Figures): string {
  const rows = all.map(({ days, there, why }) => [
    `${days}`,
    there === undefined ? NO_SHARE[why ?? 'too_few'] : toPercent(there),
  ])
  return `Of what came to people, still with them\n${toTable([['after days', 'share'], ...rows], { right: [0, 1] })}`
}

/** `0.123456` as `12.3456 %`. */
function toPercent(share: string): string {
  const [whole = '0', decimals = ''] = share.split('.')
  return `${Number(`${whole}${decimals.slice(0, 2)}`)}.${decimals.slice(2)} %`
}

function dormant({ dormant: bands }: Figures, { unit }: FiguresMeans): string {
  const title = 'With people, by the days since they last did something themselves'
  if (bands.length === 0) return `${title}: ${FEW}.`
  const rows = bands.map(({ fromDays, toDays, amount, wallets }) => [
    toDays === undefined ? `${fromDays} or more` : `${fromDays} to ${toDays}`,
    formatAmount(amount, unit),
    `${wallets}`,
  ])
  return `${title}\n${toTable([['days', 'amount', 'wallets'], ...rows], { right: [1, 2] })}`
}

const AT = {
  origin: 'at the place of origin',
  elsewhere: 'elsewhere',
  unknown: 'no place of origin',
} as const

function spent({ spent: all, paid }: Figures, { unit }: FiguresMeans): string {
  if (all.length === 0 || paid === undefined || paid === 0) return ''
  const rows = all.map(({ at, amount }) => [
    at.map((one) => AT[one]).join(', '),
    formatAmount(amount, unit),
  ])
  return `Where people paid\n${toTable(rows, { right: [1] })}`
}

function places({ places: all }: Figures, { unit, names }: FiguresMeans): string {
  if (all.length === 0) return ''
  const rows = all.map(({ places: ids, received }) => [
    ids.map((id) => names.get(id) ?? id).join(', '),
    formatAmount(received, unit),
  ])
  return `Received from people\n${toTable(rows, { right: [1] })}`
}

function products({ products: all }: Figures, { unit }: FiguresMeans): string {
  if (all.length === 0) return ''
  const rows = all.map(({ products: ids, given, used }) => [
    ids.join(', '),
    formatAmount(given, unit),
    formatAmount(used, unit),
  ])
  const head = ['product', 'given', 'used']
  return `Given for\n${toTable([head, ...rows], { right: [1, 2] })}`
}
