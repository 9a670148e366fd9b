import { RATE_MAX } from '@fedow/ledger'
import { Misuse } from '../failure.ts'

/** A rate such as `3:4`: 3 given for 4 taken. Throws Misuse. */
export function readRate(text: string): { readonly give: number; readonly take: number } {
  const [, give = '', take = ''] = /^(\d{1,10}):(\d{1,10})$/.exec(text) ?? []
  const rate = { give: Number(give), take: Number(take) }
  const isRight = [rate.give, rate.take].every((one) => one >= 1 && one <= RATE_MAX)
  if (isRight) return rate
  throw new Misuse(
    `"${text}" is no rate. Write two whole numbers from 1 to ${RATE_MAX}, given:taken, such as 3:4. Nothing was sent.`,
  )
}
