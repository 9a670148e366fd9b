/** Amounts as people type and read them. No float: text to whole minor units and back. */
import { formatAmount, toDecimal, type Unit } from '@fedow/api'
import { AMOUNT_MAX, type Amount, isAmount } from '@fedow/ledger'
import { Misuse } from '../failure.ts'

export { formatAmount, type Unit }

const DECIMAL = /^(\d{1,16})(?:[.,](\d{1,2}))?$/
const CLOCK = /^(\d{1,14}):([0-5]\d)$/

/** Minor units of a text such as `4`, `4.00` or `4,50`; for hours also `1:30`. Throws Misuse. */
export function parseAmount(text: string, kind?: string): Amount {
  const clock = CLOCK.exec(text)
  const minor = clock === null ? fromDecimal(text) : fromClock(text, { clock, kind })
  if (!isAmount(minor))
    throw new Misuse(`"${text}" is more than the book can count (${toDecimal(AMOUNT_MAX)}).`)
  return minor
}

function fromDecimal(text: string): bigint {
  const [, whole, cents = ''] = DECIMAL.exec(text) ?? []
  if (whole === undefined) {
    throw new Misuse(
      `"${text}" is not an amount. Write it with at most two decimals and no sign, such as 4, 4.50 or 4,50; nothing was sent.`,
    )
  }
  return BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'))
}

function fromClock(
  text: string,
  { clock, kind }: { readonly clock: RegExpExecArray; readonly kind: string | undefined },
): bigint {
  if (kind !== 'TIM') {
    throw new Misuse(
      `"${text}" are hours and minutes, and this is no time money. Nothing was sent.`,
    )
  }
  const minutes = BigInt(clock[1] ?? '0') * 60n + BigInt(clock[2] ?? '0')
  return divideToNearest(minutes * 100n, 60n)
}

/** Positive whole numbers; a half goes up. Every minute has its own hundredths of an hour, so reading back is exact. */
function divideToNearest(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n)
}
