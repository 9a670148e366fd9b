/** Funds as people read them: what came in, what is voted of it, what is paid, what is there. */
import { type FundAccountView, formatAmount, type Static, type Unit } from '@fedow/api'
import {
  type AssetId,
  assert,
  ONLY,
  type ProposalId,
  type StateReader,
  type WalletId,
  type WhatOf,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import type { FundAccount, FundSums } from './fund-sums.ts'
import { namesOf, unitsOf } from './names.ts'
import { toIsoMs } from './time.ts'

/** A grant that passed and is not paid yet. */
interface WaitingGrant extends WhatOf<'grant'> {
  readonly proposal: ProposalId
  readonly appliesMs: number
  /** Whether the fund has it then, when nothing else comes in or goes out. */
  readonly isCovered: boolean
}

/** Grants that passed, in the order of payment. One from fund to fund may cover a later one. */
export function waitingGrants(state: StateReader): readonly WaitingGrant[] {
  const open = state.get('agenda', ONLY)?.open ?? []
  const grants = open.flatMap(({ proposal }) => {
    const { what, appliesMs = 0 } = state.get('proposal', proposal) ?? {}
    const isPassed = state.get('ballot', proposal)?.status === 'passed'
    return isPassed && what?.kind === 'grant' ? [{ ...what, proposal, appliesMs }] : []
  })
  const balances = new Map<string, bigint>()
  const balanceOf = (wallet: WalletId, asset: AssetId): bigint => {
    const key = `${wallet}/${asset}`
    return balances.get(key) ?? state.get('account', key)?.balance ?? 0n
  }
  return grants.sort(byPayment).map((grant) => {
    const { fund, to, asset, amount } = grant
    const isCovered = balanceOf(fund, asset) >= amount
    if (isCovered) {
      balances.set(`${fund}/${asset}`, balanceOf(fund, asset) - amount)
      balances.set(`${to}/${asset}`, balanceOf(to, asset) + amount)
    }
    return { ...grant, isCovered }
  })
}

function byPayment(
  a: Pick<WaitingGrant, 'appliesMs' | 'proposal'>,
  b: Pick<WaitingGrant, 'appliesMs' | 'proposal'>,
): number {
  return a.appliesMs - b.appliesMs || (a.proposal < b.proposal ? -1 : 1)
}

/** All accounts of one fund: those that it has, and those of which something is voted. */
export async function fundAccounts(
  book: Pick<BookReader, 'state'>,
  { fund, sums }: { readonly fund: WalletId; readonly sums: FundSums },
): Promise<Static<typeof FundAccountView>[]> {
  const { state } = book
  const granted = waitingGrants(state).filter((grant) => grant.fund === fund)
  const held = state.get('wallet', fund)?.assets ?? []
  const assets = [...new Set([...held, ...granted.map(({ asset }) => asset)])]
  const views: Static<typeof FundAccountView>[] = []
  for (const asset of assets) {
    const account = await sums.of(fund, asset)
    const grants = waitingGrants(state).filter((one) => one.fund === fund && one.asset === asset)
    views.push(accountView(state, { asset, account, grants }))
  }
  return views
}

function accountView(
  state: StateReader,
  {
    asset: id,
    account,
    grants,
  }: {
    readonly asset: AssetId
    readonly account: FundAccount
    readonly grants: readonly WaitingGrant[]
  },
): Static<typeof FundAccountView> {
  const asset = state.get('asset', id)
  assert(asset !== undefined, 'an account is in an asset')
  const { name, code, kind } = asset
  const { collected, other, melted, paid, balance } = account
  const voted = grants.reduce((sum, { amount }) => sum + amount, 0n)
  const nameOf = namesOf(state)
  return {
    asset: { id, name, code, kind },
    collected: Number(collected),
    other: Number(other),
    melted: Number(melted),
    paid: Number(paid),
    voted: Number(voted),
    balance: Number(balance),
    grants: grants.map(({ proposal, to, amount, appliesMs, isCovered }) => ({
      proposal,
      to,
      toName: nameOf(to),
      amount: Number(amount),
      applies: toIsoMs(appliesMs),
      covered: isCovered,
    })),
    sentence: sentenceOf({
      account,
      voted,
      unit: asset,
      isShort: grants.some((one) => !one.isCovered),
    }),
  }
}

function sentenceOf({
  account: { collected, other, melted, paid, balance },
  voted,
  unit,
  isShort,
}: {
  readonly account: FundAccount
  readonly voted: bigint
  readonly unit: Unit
  readonly isShort: boolean
}): string {
  const say = (minor: bigint) => formatAmount(minor, unit)
  const came = [`collected ${say(collected)}`, ...(other > 0n ? [`other ${say(other)}`] : [])].join(
    ' + ',
  )
  const went = [...(melted > 0n ? [`melted ${say(melted)}`] : []), `paid ${say(paid)}`].join(' - ')
  const sum = `${came} - ${went} = ${say(balance)}`
  if (voted === 0n) return `${sum}.`
  const then = isShort
    ? 'it is not enough for all of them: a grant that the fund does not have when it applies fails, and moves nothing'
    : `${say(balance - voted)} are free`
  return `${sum}, of which ${say(voted)} are voted; ${then}.`
}

/** What a grant that is only proposed would find. */
export function grantEffects(state: StateReader, grant: WhatOf<'grant'>): readonly string[] {
  const { fund, asset, amount } = grant
  const fundName = namesOf(state)(fund)
  const unit = unitsOf(state)(asset)
  const balance = state.get('account', `${fund}/${asset}`)?.balance ?? 0n
  const voted = waitingGrants(state)
    .filter((one) => one.fund === fund && one.asset === asset)
    .reduce((sum, one) => sum + one.amount, 0n)
  const free = balance - voted
  const say = (minor: bigint) => formatAmount(minor, unit)
  const has = `In ${fundName} there are ${say(balance)} now, of which ${say(voted)} are voted.`
  return free >= amount
    ? [has, `After this grant ${say(free - amount)} are free.`]
    : [
        has,
        `${say(amount - free)} are missing today: unless more comes in before it applies, the grant fails and moves nothing.`,
      ]
}
