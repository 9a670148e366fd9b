/** Records of the book as the contract shows them. Amounts are below 2^53, so numbers keep them exact. */
import {
  type AccountView,
  type AssetView,
  type BatchView,
  type FederationView,
  type LineView,
  type MeltingTermsView,
  type MembershipView,
  type PlaceView,
  type PolicyView,
  type Static,
  termsSentence,
  toDemurrageText,
  type Unit,
} from '@fedow/api'
import {
  AMOUNT_MAX,
  type Asset,
  type AssetId,
  assert,
  available,
  type Batch,
  type BatchId,
  creditLimit,
  type Demurrage,
  type Federation,
  type FederationId,
  type Hash,
  issued,
  type Line,
  type Place,
  type PlaceId,
  type Policy,
  policyAt,
  type StateReader,
  type WalletId,
  yearly,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'
import { proposalOfLine } from './line-proposal.ts'
import { toIso, toIsoMs } from './time.ts'

/** A line as a person reads it. */
export function lineView(
  book: Pick<BookReader, 'state' | 'tx'>,
  line: Line,
  why?: string,
): Static<typeof LineView> {
  const asset = book.state.get('asset', line.asset)
  assert(asset !== undefined, 'a line has an asset')
  const { id, number, seq, action, from, to, amount, timeUs, card, primary, tx, hash } = line
  const { imported } = line
  const proposal = proposalOfLine(book, line)
  return {
    id,
    number,
    seq,
    action,
    asset: { id: line.asset, name: asset.name, code: asset.code, kind: asset.kind },
    from,
    to,
    amount: Number(amount),
    time: toIso(timeUs),
    ...(card !== null && { card }),
    ...(primary !== null && { primary }),
    tx,
    hash,
    ...(why !== undefined && { why }),
    ...(proposal && { proposal }),
    ...(imported && { imported: { hash: imported.hash, previous: imported.previous } }),
  }
}

interface AssetContext {
  readonly state: StateReader
  readonly hash: Hash
  readonly timeMs: number
}

/** What the public sees of an asset; the reserve's EUR is none that it sees. */
export function assetView(
  { state, hash, timeMs }: AssetContext,
  id: AssetId,
  record: Asset,
): Static<typeof AssetView> | undefined {
  const { kind, name, code, issuer, minorPerUnit, archived, sharedIn, policies, createdUs } = record
  if (kind === 'EUR') return undefined
  return {
    id,
    kind,
    name,
    code,
    ...(issuer !== undefined && { issuer }),
    minorPerUnit,
    archived,
    sharedIn: [...sharedIn],
    policy: policyView(policyAt(record, timeMs), record),
    announced: policies
      .filter(({ fromMs }) => fromMs > timeMs)
      .map((policy) => policyView(policy, record)),
    issued: Number(issued(state, hash, id)),
    created: toIso(createdUs),
  }
}

function policyView(
  { version, fromMs, limits, spendAt, days, dayCap, creditGrowth, demurrage, ...terms }: Policy,
  unit: Unit,
): Static<typeof PolicyView> {
  const levels = Object.entries(limits).map(([level, of]) => [
    level,
    Object.fromEntries(Object.entries(of ?? {}).map(([name, most]) => [name, Number(most)])),
  ])
  const where = 'only' in spendAt ? { only: [...spendAt.only] } : spendAt
  return {
    version,
    from: toIsoMs(fromMs),
    ...terms,
    spendAt: where,
    limits: Object.fromEntries(levels),
    ...(demurrage && {
      demurrage: toDemurrageText(demurrage),
      melting: meltingTermsView(demurrage, unit),
    }),
    ...(days && { days: [...days] }),
    ...(dayCap !== undefined && { dayCap: Number(dayCap) }),
    ...(creditGrowth && { creditGrowth: { ...creditGrowth, max: Number(creditGrowth.max) } }),
  }
}

/** Terms in words and figures. */
export function meltingTermsView(terms: Demurrage, unit: Unit): Static<typeof MeltingTermsView> {
  const { ppm, fixed } = yearly(terms)
  return {
    sentence: termsSentence(terms, unit),
    ...(ppm !== undefined && { yearlyPpm: ppm }),
    ...(fixed !== undefined && { yearlyFixed: Number(fixed < AMOUNT_MAX ? fixed : AMOUNT_MAX) }),
  }
}

export function placeView(id: PlaceId, record: Place): Static<typeof PlaceView> {
  const { name, wallet, node, federations, suspended, openedMs } = record
  return {
    id,
    name,
    wallet,
    node,
    federations: [...federations],
    suspended,
    opened: toIsoMs(openedMs),
  }
}

export function federationView(
  id: FederationId,
  record: Federation,
): Static<typeof FederationView> {
  const { name, places, invited, assets } = record
  return { id, name, places: [...places], invited: [...invited], assets: [...assets] }
}

export function batchView(id: BatchId, record: Batch): Static<typeof BatchView> {
  return { id, ...record }
}

/** What is in a wallet: accounts that hold money, and memberships. */
export interface Holdings {
  readonly accounts: Static<typeof AccountView>[]
  readonly memberships: Static<typeof MembershipView>[]
}

/** Badges and memberships never hold a balance: the first leave lines only, the second a record. */
export function holdingsView(
  context: Pick<AssetContext, 'state' | 'timeMs'>,
  wallet: WalletId,
  isSeen: (asset: AssetId) => boolean = () => true,
): Holdings {
  const { state } = context
  const ids = (state.get('wallet', wallet)?.assets ?? []).filter(isSeen)
  return {
    accounts: ids.flatMap((asset) => accountView(context, { wallet, asset })),
    memberships: ids.flatMap((id) => membershipView(state, id, wallet)),
  }
}

function accountView(
  { state, timeMs }: Pick<AssetContext, 'state' | 'timeMs'>,
  { wallet, asset: id }: { readonly wallet: WalletId; readonly asset: AssetId },
): Static<typeof AccountView>[] {
  const account = state.get('account', `${wallet}/${id}`)
  const asset = state.get('asset', id)
  if (asset === undefined || account === undefined) return []
  const { kind, name, code } = asset
  if (kind === 'BDG' || kind === 'SUB') return []
  const { balance, held } = account
  const credit = creditLimit(state, { wallet, asset: id }, timeMs)
  const free = available(account, credit)
  return [
    {
      asset: id,
      name,
      code,
      kind,
      balance: Number(balance),
      held: Number(held),
      available: Number(free < AMOUNT_MAX ? free : AMOUNT_MAX),
      ...(kind === 'MUT' && { creditLimit: Number(credit) }),
    },
  ]
}

function membershipView(
  state: StateReader,
  id: AssetId,
  wallet: WalletId,
): Static<typeof MembershipView>[] {
  const paid = state.get('subscription', `${wallet}/${id}`)
  const asset = state.get('asset', id)
  if (paid === undefined || asset === undefined) return []
  const { name, code } = asset
  const { total, startMs, count } = paid
  return [{ asset: id, name, code, total: Number(total), start: toIsoMs(startMs), count }]
}
