/** What melted, what became of it, and what the places decided together: as the records of the book have it. */
import { toDecimal } from '@fedow/api'
import { type Ballot, CHOICES, type Choice, type Melted, type StateReader } from '@fedow/ledger'
import { GIFT } from './cast.ts'
import type { BookIds } from './life/book-ids.ts'
import { FED } from './life/deed.ts'
import type { Motion } from './life/motions.ts'

/** In minor units. What is not in a share yet waits for the end of its epoch. */
export type MeltedReport = { readonly [K in keyof Melted]: number } & { readonly waiting: number }

export interface MotionReport {
  readonly name: string
  readonly status: Ballot['status']
  readonly votes: { readonly [K in Choice]: number }
  /** Places that said nothing. */
  readonly silent: number
  /** Why it failed. */
  readonly reason?: string
}

/** In minor units of federated euros: what melting brought, what grants took, what is left. */
export interface FundReport {
  readonly collected: number
  readonly paid: number
  readonly balance: number
  readonly grants: number
}

export interface TogetherReport {
  readonly fed: MeltedReport
  readonly gifts: MeltedReport
  readonly commons: FundReport
  readonly motions: readonly MotionReport[]
}

interface Book {
  readonly state: StateReader
  readonly ids: BookIds
  /** Every motion that was put, in its order. */
  readonly motions: readonly Motion[]
}

export function togetherReport(book: Book): TogetherReport {
  const fed = meltedOf(book, FED)
  return {
    fed,
    gifts: meltedOf(book, GIFT),
    commons: fundOf(book, fed),
    motions: book.motions.map(({ name }) => motionOf(book, name)),
  }
}

function meltedOf({ state, ids }: Book, asset: string): MeltedReport {
  const found = state.get('melted', ids.asset(asset))
  const [melted, ...shares] = [
    found?.melted ?? 0n,
    found?.places ?? 0n,
    found?.commons ?? 0n,
    found?.maintenance ?? 0n,
    found?.burnt ?? 0n,
  ].map(Number)
  const [places = 0, commons = 0, maintenance = 0, burnt = 0] = shares
  const waiting = (melted ?? 0) - places - commons - maintenance - burnt
  return { melted: melted ?? 0, places, commons, maintenance, burnt, waiting }
}

function fundOf(book: Book, { commons: collected }: MeltedReport): FundReport {
  const { state, ids, motions } = book
  const grants = motions.flatMap(({ name }) => {
    const id = ids.proposal(name)
    const what = state.get('proposal', id)?.what
    const isPaid = state.get('ballot', id)?.status === 'applied'
    return what?.kind === 'grant' && isPaid ? [Number(what.amount)] : []
  })
  const paid = grants.reduce((sum, amount) => sum + amount, 0)
  return { collected, paid, balance: ids.commons.cents(), grants: grants.length }
}

function motionOf({ state, ids }: Book, name: string): MotionReport {
  const id = ids.proposal(name)
  const ballot = state.get('ballot', id)
  const electorate = state.get('proposal', id)?.electorate.length ?? 0
  const { yes = 0, no = 0, abstain = 0, status = 'open', reason } = ballot ?? {}
  const votes = { yes, no, abstain }
  const silent = electorate - yes - no - abstain
  return { name, status, votes, silent, ...(reason && { reason: reason.code }) }
}

const LACKS = 'insufficient_balance'

/** In plain words. */
export function toTogetherText({ fed, gifts, commons, motions }: TogetherReport): string {
  const said = motions.map(
    (motion) => `  ${motion.status.padEnd(9)}${motion.name}: ${votesText(motion)}`,
  )
  return [
    `Melted while it slept: ${money(fed.melted)} of federated euros. Shared out: ${money(fed.places)} to the places that handed the cards out, ${money(fed.commons)} to the commons, ${money(fed.maintenance)} to maintenance; ${money(fed.waiting)} waits for the end of its month.`,
    `Gifts that ended on their day: ${money(gifts.melted)}, of which ${money(gifts.burnt)} left circulation and ${money(gifts.waiting)} waits for it.`,
    `The fund of the commons collected ${money(commons.collected)}, paid ${money(commons.paid)} in ${commons.grants} grants, and has ${money(commons.balance)}.`,
    `The places voted ${motions.length} times:`,
    ...said,
  ].join('\n')
}

function votesText({ votes, silent, status, reason }: MotionReport): string {
  const counted = [...CHOICES.map((choice) => `${votes[choice]} ${choice}`), `${silent} silent`]
  const why = reason === LACKS ? 'the fund had not so much' : reason
  return counted.join(', ') + (status === 'failed' ? ` (${why})` : '')
}

function money(cents: number): string {
  return toDecimal(BigInt(cents))
}
