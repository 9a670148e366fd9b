import type Stripe from 'stripe'
import { type BalanceLine, PLATFORM } from '../books.ts'
import { missing } from '../refusal.ts'
import { type Call, listRoute, type Route, readRoute, sameAs } from '../route.ts'

const LINES = '/v1/balance_transactions'

export const balanceRoutes: readonly Route[] = [
  readRoute('/v1/balance', balanceOf, true),
  readRoute(`${LINES}/:id`, lineById, true),
  listRoute(
    LINES,
    {
      among: ({ world, account, params }) => {
        const payout = params.text('payout')
        world.books.refresh()
        const lines = world.books.of(account)
        if (payout === undefined) return lines
        world.payouts.get(payout, 'payout')
        return lines.filter(({ id }) => world.payoutOfLine.get(id) === payout)
      },
      filter: (params) => {
        params.ignore('payout')
        return sameAs<BalanceLine>('type', 'currency', 'source')(params)
      },
    },
    true,
  ),
]

function balanceOf({ world, account }: Call): Stripe.Balance {
  const sums = world.books
    .currenciesOf(account)
    .map((currency) => ({ currency, ...world.books.sum(account, currency) }))
  return {
    object: 'balance',
    available: sums.map(({ currency, available }) => entry(currency, available)),
    ...(account === PLATFORM ? { connect_reserved: [{ amount: 0, currency: 'eur' }] } : {}),
    livemode: false,
    pending: sums.map(({ currency, pending }) => entry(currency, pending)),
    refund_and_dispute_prefunding: {
      available: [{ amount: 0, currency: 'eur' }],
      pending: [{ amount: 0, currency: 'eur' }],
    },
  }
}

function entry(currency: string, amount: bigint): Stripe.Balance.Available {
  return { amount: Number(amount), currency, source_types: { card: Number(amount) } }
}

function lineById({ world, account, id }: Call): BalanceLine {
  world.books.refresh()
  const line = world.books.of(account).find((one) => one.id === id)
  if (!line) throw missing('balance_transaction', id)
  return line
}
