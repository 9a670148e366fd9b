/** What a day of payments leaves at Stripe, in the book and on the cards, and what each of it must be. */
import { getReserve } from '@fedow/api'
import { type Hex32, toHex, toUtf8 } from '@fedow/ledger'
import { auditFolder } from '../src/store/audit.ts'
import { sha256 } from '../src/store/hash.ts'
import type { Day } from './payments-day.ts'

/** Both are equal when every payment was credited once, and all agree to the cent. */
export async function figuresOf(day: Day) {
  const { stripe, world, cards, paid, back } = day
  const { book } = world.means
  const { state, genesis } = book
  const taken = stripe.world.intents.where((one) => {
    return one.status === 'succeeded' && one.currency === 'eur'
  })
  const burnt = taken.map(({ id }) => state.get('evidence', toHex(sha256(toUtf8(id))) as Hex32))
  const accounts = cards.map((card) =>
    state.get('account', `${world.walletOf(card)}/${genesis.fed.id}`),
  )
  const { fedIssued, accounts: reserve } = await world.server.anyone.call(getReserve, {})
  const of = (name: string) => BigInt(reserve.find((one) => one.name === name)?.balance ?? 0)
  const provider = of('provider/stripe')
  const { problem } = await auditFolder(day.folder)
  return {
    found: {
      waiting: day.waiting,
      credited: burnt.map((one) => one?.amount),
      balances: accounts.map((one) => one?.balance ?? 0n),
      held: accounts.reduce((sum, one) => sum + (one?.held ?? 0n), 0n),
      payouts: book.records('payout', { limit: 10 }),
      issued: BigInt(fedIssued),
      provider,
      problem,
    },
    expected: {
      waiting: 0,
      credited: taken.map(({ amount_received: cents }) => BigInt(cents)),
      balances: paid.map((cents, at) => cents - (back[at] ?? 0n)),
      held: 0n,
      payouts: [],
      issued: provider + of('due-from-keeper'),
      provider: stripe.balance().total,
      problem: undefined,
    },
  }
}
