import type { Amount } from '../amount.ts'
import type { Change, Context } from '../context.ts'
import { DAY_MS } from '../limits.ts'
import type { Issuing } from '../records.ts'
import type { Evidence } from './evidence.ts'

/** What a key has issued that no second keeper has looked at. */
export interface Alone {
  /** In cents, before this issue: what counts together with it. */
  readonly before: bigint
  /** The counters after it. */
  readonly change: Change
}

/**
 * Counts an issue without an approval together with the others of its key: those of the same tx, and for bank and
 * transit accounts, where nobody but the keeper has seen the payment, those of the same day of UTC.
 *
 * Units: cents. Source: docs/spec/reserve.md, "Limits of issuing".
 */
export function countAlone(ctx: Context, { account, gross }: Evidence): Alone {
  const record = ctx.state.get('issuing', ctx.signer)
  const inTx = record?.tx?.id === ctx.tx ? record.tx.used : 0n
  const window = (ctx.timeMs - (ctx.timeMs % DAY_MS)) / DAY_MS
  const inDay = record?.day?.window === window ? record.day.used : 0n
  const isByHand = !account.startsWith('provider/')
  const tx = { id: ctx.tx, used: (inTx + gross) as Amount }
  const day = { window, used: (inDay + gross) as Amount }
  const counted = isByHand ? day : record?.day
  const after: Issuing = { ...(counted && { day: counted }), tx }
  const before = isByHand && inDay > inTx ? inDay : inTx
  return { before, change: { kind: 'issuing', id: ctx.signer, record: after } }
}
