import {
  type AnswerOf,
  type getPayout,
  type listPayouts,
  type previewPayout,
  toDecimal,
} from '@fedow/api'
import { formatAmount } from './amount.ts'
import { toTable } from './table.ts'

type Payout = AnswerOf<typeof getPayout>
type Preview = AnswerOf<typeof previewPayout>

/** What would go back, payment by payment, and why not the rest. */
export function toPreviewText({
  wallet,
  balance,
  available,
  total,
  refills,
  kept,
}: Preview): string {
  const head = [
    ['wallet', wallet],
    ['balance', toDecimal(balance)],
    ...(available === balance ? [] : [['not held', toDecimal(available)]]),
    ['goes back', toDecimal(total)],
  ]
  const rows = refills.map(({ time, amount, share, left, why }) => [
    time,
    `refill of ${toDecimal(amount)}`,
    share > 0 ? `${toDecimal(share)} goes back` : left === undefined ? 'not needed' : 'stays',
    why?.sentence ?? '',
  ])
  const others = kept.map(({ name, kind, code, amount, why }) => [
    name,
    formatAmount(amount, { kind, code }),
    'stays',
    why.sentence,
  ])
  return [toTable(head), toTable([...rows, ...others])].filter((text) => text !== '').join('\n')
}

/** How payouts to payers stand: a line. */
export function toPayoutsStanding(status: AnswerOf<typeof listPayouts>['status']): string {
  const { underWay, underWayAmount, oldest } = status
  const since = oldest === undefined ? '' : `, the oldest since ${oldest}`
  return `Payouts to payers: ${underWay} under way (${toDecimal(underWayAmount)}${since})`
}

/** Payouts in a table. */
export function toPayoutTable(payouts: readonly Payout[]): string {
  const rows = payouts.map(({ payout, amount, opened, refund }) => [
    ...[payout, toDecimal(amount), refund?.state ?? 'held', opened],
    refund?.problem?.code ?? '',
  ])
  return toTable(rows)
}

/** One payout, with what stands in its way. */
export function toPayoutText({ payout, wallet, amount, opened, refund }: Payout): string {
  const { state, provider, payment, reference, atProvider, changed, next, problem } = refund ?? {}
  const by = provider === 'sandbox' ? 'sandbox: no real money' : provider
  const rows = [
    ['payout', payout],
    ['wallet', wallet],
    ['amount', toDecimal(amount)],
    ['state', state ?? 'held, opened by hand'],
    ['opened', opened],
    ...(changed === undefined ? [] : [['changed', changed]]),
    ...(payment === undefined ? [] : [['payment', `${payment} (${by})`]]),
    ...(reference === undefined ? [] : [['refund', `${reference} (${atProvider})`]]),
    ...(problem === undefined ? [] : [['problem', problem.sentence]]),
    ...(problem?.code === 'second_keeper_needed' && reference !== undefined
      ? [['approved by', toApproval({ amount, provider, reference })]]
      : []),
    ...(next === undefined ? [] : [['looked at', `again at ${next}`]]),
  ]
  return toTable(rows)
}

/** What a second keeper signs for a refund that came back. */
function toApproval({
  amount,
  provider = 'stripe',
  reference,
}: {
  readonly amount: number
  readonly provider: string | undefined
  readonly reference: string
}): string {
  const evidence = `--gross ${toDecimal(amount)} --fee 0 --account provider/${provider}`
  return `fedow issue approve ${evidence} --reference "${reference} failed" --card CARD (or --wallet) --sign FILE`
}
