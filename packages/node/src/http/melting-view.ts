/** What is ahead of sleeping money, by the function that will run. Reading writes nothing. */
import {
  type AccountMeltingView,
  type AssetMeltingView,
  MELT_MONTHS_USUAL,
  MELTS_SHOWN_MAX,
  type MeltView,
  type Static,
  scheduleSentence,
  type WalletMeltingView,
} from '@fedow/api'
import {
  type Asset,
  type AssetId,
  addMonths,
  assert,
  dayOf,
  type Melt,
  meltSchedule,
  NOTHING_MELTED,
  policyAt,
  type StateReader,
  sleeperOf,
  toIsoDay,
  type WalletId,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import { meltingTermsView } from './views.ts'

/** Whose money is looked at, from when on, and how far. */
export interface Look {
  readonly wallet: WalletId
  readonly months?: number | undefined
  readonly nowMs: number
  readonly isSeen?: (asset: AssetId) => boolean
}

export function walletMeltingView(
  state: StateReader,
  { wallet, months = MELT_MONTHS_USUAL, nowMs, isSeen = () => true }: Look,
): Static<typeof WalletMeltingView> {
  const today = dayOf(nowMs)
  const untilDay = addMonths(today, months)
  const assets = (state.get('wallet', wallet)?.assets ?? []).filter(isSeen)
  return {
    wallet,
    today: toIsoDay(today),
    until: toIsoDay(untilDay),
    accounts: assets.flatMap((asset) => accountView(state, { wallet, asset, nowMs, untilDay })),
  }
}

interface AccountLook {
  readonly wallet: WalletId
  readonly asset: AssetId
  readonly nowMs: number
  readonly untilDay: number
}

function accountView(
  state: StateReader,
  { wallet, asset: id, nowMs, untilDay }: AccountLook,
): Static<typeof AccountMeltingView>[] {
  const asset = state.get('asset', id)
  const sleeper = sleeperOf(state, `${wallet}/${id}`)
  if (asset === undefined || sleeper === undefined || !melts(asset)) return []
  const schedule = meltSchedule(sleeper, { untilDay, max: MELTS_SHOWN_MAX })
  const first = schedule.melts[0] ?? schedule.next
  const { kind, name, code } = asset
  const { balance, held } = sleeper.account
  const { version, demurrage } = policyAt(asset, nowMs)
  return [
    {
      ...{ asset: id, name, code, kind, version },
      balance: Number(balance),
      held: Number(held),
      ...(demurrage && { terms: meltingTermsView(demurrage, asset) }),
      ...(first && { quietUntil: toIsoDay(first.dueDay) }),
      melts: schedule.melts.map(meltView),
      more: schedule.next !== undefined,
      sentence: scheduleSentence({ sleeper, schedule, today: dayOf(nowMs), unit: asset }),
    },
  ]
}

/** True for assets that melt by any version of their policy, also one that is only announced. */
function melts({ policies }: Asset): boolean {
  return policies.some(({ demurrage }) => demurrage !== undefined)
}

function meltView({ version, beginDay, dueDay, amount, balance }: Melt): Static<typeof MeltView> {
  return {
    version,
    begins: toIsoDay(beginDay),
    day: toIsoDay(dueDay),
    amount: Number(amount),
    left: Number(balance - amount),
  }
}

/** What melting collected of an asset: what the pools have and what was shared out add up to it. */
export function assetMeltingView(
  book: Pick<BookReader, 'state' | 'records'>,
  { id, asset, nowMs }: { readonly id: AssetId; readonly asset: Asset; readonly nowMs: number },
): Static<typeof AssetMeltingView> {
  const total = book.state.get('melted', id) ?? NOTHING_MELTED
  const { melted, places, commons, maintenance, burnt } = total
  const { amount, nextMs } = poolsOf(book, id)
  assert(melted === amount + places + commons + maintenance + burnt, 'what melted is somewhere')
  const { demurrage } = policyAt(asset, nowMs)
  return {
    asset: id,
    collected: Number(melted),
    pools: Number(amount),
    ...(nextMs !== undefined && { nextShareOut: toIsoDay(dayOf(nextMs)) }),
    shared: {
      node: Number(places),
      commons: Number(commons),
      maintenance: Number(maintenance),
      burnt: Number(burnt),
    },
    ...(demurrage && { terms: meltingTermsView(demurrage, asset) }),
  }
}

const POOLS_PER_READ = 200

/** What waits in all pools of an asset, and the end of the oldest epoch among them. */
function poolsOf(book: Pick<BookReader, 'records'>, asset: AssetId) {
  let amount = 0n
  let nextMs: number | undefined
  for (let after = `${asset}/`; ; ) {
    const rows = book.records('pool', { after, limit: POOLS_PER_READ })
    const own = rows.filter(({ id }) => id.startsWith(`${asset}/`))
    for (const { record } of own) {
      amount += record.amount
      if (nextMs === undefined || record.dueMs < nextMs) nextMs = record.dueMs
    }
    const last = own.at(-1)
    if (own.length < POOLS_PER_READ || last === undefined) return { amount, nextMs }
    after = last.id
  }
}
