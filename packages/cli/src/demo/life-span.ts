/** How long a demonstration lives, as it is typed, and as the name of its network tells it. */
import { Misuse } from '../failure.ts'

export interface LifeSpan {
  readonly days: number
  /** Such as `3y`, `18m` or `90d`. */
  readonly text: string
  /** The name of a network that lives so long: an interrupted life is known by it. */
  readonly network: string
}

const MONTH_DAYS = 365.25 / 12
const DAYS_MIN = 7
const DAYS_MAX = Math.round(120 * MONTH_DAYS)

const UNITS = {
  y: { days: 12 * MONTH_DAYS, one: 'an', many: 'ans' },
  m: { days: MONTH_DAYS, one: 'mois', many: 'mois' },
  d: { days: 1, one: 'jour', many: 'jours' },
} as const
type Unit = keyof typeof UNITS

/** Reads `3y`, `18m` or `90d`. Throws Misuse. */
export function readLifeSpan(text: string): LifeSpan {
  const [, digits, unit] = /^([1-9]\d{0,3})([ymd])$/.exec(text) ?? []
  const count = Number(digits)
  const days = unit === undefined ? 0 : Math.round(count * UNITS[unit as Unit].days)
  if (days >= DAYS_MIN && days <= DAYS_MAX) {
    return { days, text, network: networkOf(count, unit as Unit) }
  }
  throw new Misuse(
    `--live "${text}" is not a length of life. Write years, months or days, from 7d to 10y: 3y, 18m or 90d. Nothing was started.`,
  )
}

/** How the life of a network of this name is typed; `undefined` when it is no such network. */
export function lifeOfNetwork(network: string): string | undefined {
  const [, digits] = /^Démonstration, (\d{1,4}) /.exec(network) ?? []
  const count = Number(digits)
  const unit = (Object.keys(UNITS) as Unit[]).find((one) => networkOf(count, one) === network)
  return digits === undefined || unit === undefined ? undefined : `${count}${unit}`
}

function networkOf(count: number, unit: Unit): string {
  const { one, many } = UNITS[unit]
  return `Démonstration, ${count} ${count === 1 ? one : many}`
}
