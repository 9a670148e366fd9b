/** Simulations of melting in the words of a person. */
import { type SimulationView, type Static, termsSentence } from '@fedow/api'
import { DAY_MS, demurrage as readTerms } from '@fedow/ledger'
import { formatAmount, type Unit } from './amount.ts'
import { toTable } from './table.ts'

type Simulation = Static<typeof SimulationView>
type Candidate = Simulation['candidates'][number]
type Named = Unit & { readonly name: string }

/** The simulation of an answer of the node. */
export function readSimulation(answer: string): Simulation {
  const { simulation } = JSON.parse(answer) as { readonly simulation: Simulation }
  return simulation
}

const BEHAVIOURS = {
  asleep: 'nobody makes a gesture any more: the most that the money of today can bring',
  as_last_year: 'everybody comes on the same days as in the year before',
} as const

export function simulationText(simulation: Simulation, unit: Named): string {
  const { candidates, height, wallets, years, behaviour, seed, resamples } = simulation
  const head = [
    `${unit.name} (${unit.code}): ${wallets === 1 ? '1 wallet' : `${wallets} wallets`} with some on ${toDay(simulation.day)}, at height ${height}.`,
    `The next ${years} years of 365 days, if ${BEHAVIOURS[behaviour]}. Balances change by melting alone.`,
    `Seed ${seed}, ${resamples} draws of all wallets; nine of ten draws bring what stands between.`,
  ].join('\n')
  const parts = candidates.map((one, index) => candidateText(one, { number: index + 1, unit }))
  const hashes = `simulation ${simulation.hash}\nresult     ${simulation.resultHash}\naccounts   ${simulation.snapshot}`
  return [head, spendingText(simulation, unit), ...parts, hashes].join('\n\n')
}

function toDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

function spendingText({ spending, feesOf }: Simulation, unit: Named): string {
  if (spending === undefined) return 'In the year before, fewer than 10 wallets paid.'
  const { payments, amount, fees, left } = spending
  const rate = `${percent(feesOf.ppm)} and ${formatAmount(feesOf.fixed, unit)} a payment`
  return `In the year before, people made ${payments} payments of ${formatAmount(amount, unit)} in all. A card processor (${rate}) would have taken ${formatAmount(fees, unit)} and left ${formatAmount(left, unit)}.`
}

function percent(ppm: number): string {
  const digits = String(ppm).padStart(5, '0')
  const decimals = digits.slice(-4).replace(/0+$/, '')
  return `${digits.slice(0, -4)}${decimals === '' ? '' : `.${decimals}`} %`
}

/** Terms in one sentence. */
function termsText(terms: Candidate['demurrage'], unit: Named): string {
  if (terms === undefined) return 'The terms in force.'
  return termsSentence(readTerms(terms, 'terms'), unit)
}

interface CandidateMeans {
  readonly number: number
  readonly unit: Named
}

function candidateText(candidate: Candidate, { number, unit }: CandidateMeans): string {
  const title = `${number}. ${termsText(candidate.demurrage, unit)}`
  if (candidate.why !== undefined) {
    return `${title}\nFewer than 10 wallets would lose something: no more is shown.`
  }
  return [title, yearsTable(candidate, unit), facts(candidate, unit), bandsTable(candidate, unit)]
    .filter((part) => part !== '')
    .join('\n')
}

function yearsTable({ years = [], amount = 0, touched = 0 }: Candidate, unit: Named): string {
  const rows = years.map(({ fromYear, toYear, ...year }) => [
    fromYear === toYear ? `year ${fromYear}` : `years ${fromYear} to ${toYear}`,
    formatAmount(year.amount, unit),
    `${year.touched}`,
  ])
  const all = ['in all', formatAmount(amount, unit), `${touched}`]
  return toTable([['', 'melts', 'wallets'], ...rows, all], { right: [1, 2] })
}

function facts({ interval, medianLoss, ninthLoss, coversPpm }: Candidate, unit: Named): string {
  const amount = (minor: number) => formatAmount(minor, unit)
  const ninth = ninthLoss === undefined ? '' : `, nine of ten at most ${amount(ninthLoss)}`
  const sentences = [
    interval && `Between ${amount(interval.low)} and ${amount(interval.high)} in all.`,
    medianLoss && `Half of those who lose lose at most ${amount(medianLoss)}${ninth}.`,
    coversPpm !== undefined &&
      `In a year it is ${percent(coversPpm)} of what the card processor would have taken.`,
  ]
  return sentences.filter((sentence) => typeof sentence === 'string').join(' ')
}

function bandsTable({ bands = [] }: Candidate, unit: Named): string {
  const rows = bands
    .filter(({ wallets }) => wallets > 0)
    .map(({ from, to, wallets, touched, amount }) => [
      to === undefined
        ? `${formatAmount(from, unit)} or more`
        : `${formatAmount(from, unit)} to less than ${formatAmount(to, unit)}`,
      `${wallets}`,
      `${touched}`,
      formatAmount(amount, unit),
    ])
  if (rows.length === 0) return ''
  const header = ['balance', 'wallets', 'lose', 'together']
  return toTable([header, ...rows], { right: [1, 2, 3] })
}
