/**
 * What melts of the euros of each card in the ten years, walked day by day from docs/spec/demurrage.md: by the lines that
 * people made, and by no code of the ledger.
 */

/** What a card's own wallet did with one kind of money, by day. */
export interface CardDeed {
  readonly day: number
  /** Of its euros; 0 for a gesture in another money. Minor units. */
  readonly change: bigint
  /** False for what somebody else did: a link takes all away. */
  readonly isGesture: boolean
}

/** Terms by the day from which they are in force, and each month's rate. */
interface Terms {
  readonly fromDay: number
  readonly ppm: bigint
  readonly graceDays: number
}

const DAY_MS = 86_400_000
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS

/** The genesis, then the three votes: each applies three weeks after its day and has 90 days of notice, 120 in all. */
const TERMS: readonly Terms[] = [
  { fromDay: dayOf('2026-01-01'), ppm: 10_000n, graceDays: 365 },
  { fromDay: dayOf('2028-05-31'), ppm: 15_000n, graceDays: 365 },
  { fromDay: dayOf('2031-06-03'), ppm: 8_000n, graceDays: 365 },
  { fromDay: dayOf('2033-06-29'), ppm: 8_000n, graceDays: 540 },
]

interface Period {
  readonly endDay: number
  readonly ppm: bigint
}

/** All that melted of one card until the beginning of a day, and what is left. Minor units. */
export function naiveMelting(
  deeds: readonly CardDeed[],
  untilDay: number,
): { readonly melted: bigint; readonly balance: bigint } {
  let [balance, melted] = [0n, 0n]
  let gestureDay = untilDay
  let period: Period | undefined
  let next = 0
  for (let day = deeds[0]?.day ?? untilDay; day <= untilDay; day += 1) {
    if (period?.endDay === day) {
      const part = (balance * period.ppm) / 1_000_000n
      balance -= part
      melted += part
      period = undefined
    }
    period ??= begin(day, gestureDay)
    for (let deed = deeds[next]; deed?.day === day; deed = deeds[next]) {
      balance += deed.change
      if (deed.isGesture) {
        gestureDay = day
        period = undefined
      }
      next += 1
    }
  }
  return { melted, balance }
}

/** The rest begins the day after the last gesture, then comes the grace. */
function begin(day: number, gestureDay: number): Period | undefined {
  const terms = TERMS.findLast(({ fromDay }) => fromDay <= day)
  if (terms === undefined || day < gestureDay + 1 + terms.graceDays) return undefined
  return { endDay: monthLater(day), ppm: terms.ppm }
}

function monthLater(day: number): number {
  const from = new Date(day * DAY_MS)
  const [year, month, date] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()]
  const last = new Date(Date.UTC(year, month + 2, 0)).getUTCDate()
  return Date.UTC(year, month + 1, date < last ? date : last) / DAY_MS
}
