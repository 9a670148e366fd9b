/**
 * What places owe each other for the local money and meal vouchers that each holds of another, and the fewest words to say it: who pays
 * whom how much. Nothing here moves anything.
 */
import { setImmediate } from 'node:timers/promises'
import type { Asset, AssetId, Line, PlaceId, WalletId } from '@fedow/ledger'
import { changeOf } from './kept.ts'
import type { Means } from './means.ts'

/** One payment of a clearing, in minor units. */
export interface ClearingTransfer {
  readonly from: PlaceId
  readonly to: PlaceId
  readonly amount: bigint
}

/**
 * Transfers that settle nets: positive is to receive, negative to pay, and they sum to zero. At most one transfer less
 * than there are places. The largest debt pays the largest claim, and each transfer ends one of the two.
 */
export function proposeClearing(nets: ReadonlyMap<PlaceId, bigint>): readonly ClearingTransfer[] {
  const claims = inOrder([...nets].filter(([, net]) => net > 0n))
  const debts = inOrder([...nets].flatMap(([of, net]) => (net < 0n ? [[of, -net] as const] : [])))
  const transfers: ClearingTransfer[] = []
  let [claim, debt] = [claims.shift(), debts.shift()]
  while (claim !== undefined && debt !== undefined) {
    const [to, wanted]: Due = claim
    const [from, owed]: Due = debt
    const amount = wanted < owed ? wanted : owed
    transfers.push({ from, to, amount })
    claim = wanted > amount ? [to, wanted - amount] : claims.shift()
    debt = owed > amount ? [from, owed - amount] : debts.shift()
  }
  return transfers
}

type Due = readonly [PlaceId, bigint]

/** Largest first, then by id, so that everybody computes the same. */
function inOrder(dues: readonly Due[]): Due[] {
  return dues.toSorted(([a, first], [b, second]) => {
    if (first !== second) return first > second ? -1 : 1
    return a < b ? -1 : 1
  })
}

/** What one place holds of others, and others of it. */
export interface Position {
  readonly place: PlaceId
  readonly name: string
  readonly holds: bigint
  readonly owes: bigint
}

/** Places of one read, and lines of one stretch: between them the thread belongs to payments. */
const STRETCH = 500

/**
 * The positions of all places that hold local money of another, or whose money another holds. With a time, only what
 * came and went since.
 */
export async function readPositions(
  means: Means,
  sinceUs: number | undefined,
): Promise<readonly Position[]> {
  const { book } = means
  const found = new Map<PlaceId, { holds: bigint; owes: bigint }>()
  const of = (place: PlaceId) => {
    const one = found.get(place) ?? { holds: 0n, owes: 0n }
    found.set(place, one)
    return one
  }
  for await (const { place, issuer, account } of foreignAccounts(means)) {
    const amount =
      sinceUs === undefined ? account.balance : await changeSince(means, { ...account, sinceUs })
    if (amount === 0n) continue
    of(place).holds += amount
    of(issuer).owes += amount
  }
  return [...found].map(([place, sums]) => {
    return { place, name: book.state.get('place', place)?.name ?? place, ...sums }
  })
}

interface ForeignAccount {
  readonly wallet: WalletId
  readonly asset: AssetId
  readonly balance: bigint
}

/** What an issuer owes euros for: local money and meal vouchers. */
const OWED: readonly Asset['kind'][] = ['TLF', 'MVO']

/** The accounts of places in what another owes euros for. */
async function* foreignAccounts({
  book,
}: Means): AsyncGenerator<{ place: PlaceId; issuer: PlaceId; account: ForeignAccount }> {
  const { state } = book
  let after: string | undefined
  for (;;) {
    const places = book.records('place', { after, limit: STRETCH })
    for (const { id, record } of places) {
      const place = id as PlaceId
      for (const asset of state.get('wallet', record.wallet)?.assets ?? []) {
        const { kind, issuer } = state.get('asset', asset) ?? {}
        if (kind === undefined || !OWED.includes(kind)) continue
        if (issuer === undefined || issuer === place) continue
        const { wallet } = record
        const balance = state.get('account', `${wallet}/${asset}`)?.balance ?? 0n
        yield { place, issuer, account: { wallet, asset, balance } }
      }
    }
    after = places.at(-1)?.id
    if (after === undefined || places.length < STRETCH) return
    await setImmediate()
  }
}

/** By how much an account changed since a time: its own lines are walked back until then. */
async function changeSince(
  means: Means,
  { wallet, asset, sinceUs }: Omit<ForeignAccount, 'balance'> & { readonly sinceUs: number },
): Promise<bigint> {
  const { book } = means
  let change = 0n
  let line: Line | undefined = book.line(book.state.get('account', `${wallet}/${asset}`)?.last ?? 0)
  for (let read = 1; line !== undefined && line.timeUs >= sinceUs; read += 1) {
    change += changeOf(means, line, wallet)
    line = book.line(line.from === wallet ? line.previousFrom : line.previousTo)
    if (read % STRETCH === 0) await setImmediate()
  }
  return change
}
