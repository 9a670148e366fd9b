import { PLATFORM } from './books.ts'
import { totalsOf } from './totals.ts'
import { idOf, type World } from './world.ts'

/** What does not fit together in the fake's own objects: nothing, unless the fake has a defect. */
export function inconsistencies(world: World): readonly string[] {
  return [...oddCharges(world), ...oddRefunds(world), ...oddTransfers(world), ...oddTotals(world)]
}

function oddCharges(world: World): readonly string[] {
  const standing = world.refunds.where(({ status }) => status !== 'failed')
  const byCharge = Map.groupBy(standing, ({ charge }) => idOf(charge))
  return world.charges.all().flatMap((charge) => {
    const refunded = sum(byCharge.get(charge.id) ?? [])
    const line = world.lineOfCharge.get(charge.id)
    const isPaid = charge.status === 'succeeded'
    return [
      ...(refunded === charge.amount_refunded ? [] : [`${charge.id}: refunds of ${refunded}`]),
      ...(refunded <= charge.amount ? [] : [`${charge.id}: more refunded than paid`]),
      ...(isPaid === (line?.amount === charge.amount) ? [] : [`${charge.id}: its line`]),
    ]
  })
}

function oddRefunds(world: World): readonly string[] {
  const lines = Map.groupBy(world.books.of(PLATFORM), ({ source }) => idOf(source))
  return world.refunds.all().flatMap((refund) => {
    const left = sum(lines.get(refund.id) ?? [])
    const isOut = refund.status !== 'failed' && refund.balance_transaction !== null
    return left === (isOut ? -refund.amount : 0) ? [] : [`${refund.id}: lines of ${left}`]
  })
}

function oddTransfers(world: World): readonly string[] {
  return world.transfers.all().flatMap((transfer) => {
    const reversed = sum(world.reversals.where((one) => idOf(one.transfer) === transfer.id))
    const isRight = reversed === transfer.amount_reversed && reversed <= transfer.amount
    return isRight ? [] : [`${transfer.id}: reversals of ${reversed}`]
  })
}

function oddTotals(world: World): readonly string[] {
  return world.books.currenciesOf(PLATFORM).flatMap((currency) => {
    const totals = totalsOf(world.books, currency)
    const entered =
      totals.charged + totals.refundsFailed + totals.transfersReversed + totals.toppedUp
    const left = totals.refunded + totals.transferred + totals.paidOut + totals.disputed
    const back = totals.payoutsReturned + totals.disputesReversed
    const balance = entered + back - left - totals.fees
    return balance === totals.balance ? [] : [`${currency}: ${balance}, not ${totals.balance}`]
  })
}

function sum(all: readonly { readonly amount: number }[]): number {
  return all.reduce((total, { amount }) => total + amount, 0)
}
