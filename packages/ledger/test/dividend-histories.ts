/** What is asked of free money over the small world of `histories.ts`, as plain values; and what is always true of it. */
import fc from 'fast-check'
import {
  type Action,
  AMOUNT_MAX,
  type Amount,
  type AskedDividend,
  type AssetId,
  type Hash,
  issued,
  type MemoryState,
  type PlaceId,
  type WalletId,
} from '../src/index.ts'
import { toId } from './names.ts'

const LIB = toId<AssetId>('LIB')
const HOUR_S = 3_600

/** The bar's free money, an hour from dividend to dividend, with two members. */
export const FREE_MONEY: readonly Action[] = [
  {
    kind: 'asset-create',
    asset: LIB,
    place: toId('bar'),
    assetKind: 'LIB',
    name: 'Free',
    code: 'LIB',
    dividend: {
      profile: 'g1-v1',
      ...{ first: 60n as Amount, periodS: HOUR_S, reevalS: 3 * HOUR_S, cPpb: 100_000_000 },
    },
  },
  ...['ana', 'bob'].map((wallet) => admission(wallet)),
]

function admission(wallet: string): Action {
  return { kind: 'member-admit', asset: LIB, place: toId('bar'), wallet: toId(wallet) }
}

const anyAsset = fc.oneof(
  { weight: 12, arbitrary: fc.constant(LIB) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('TLF', 'asset a', 'old').map((name) => toId<AssetId>(name)),
  },
)
const anyWallet = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('ana', 'bob', 'cy').map((name) => toId<WalletId>(name)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('commons', 'no wallet').map((name) => toId<WalletId>(name)),
  },
)
const anyPlace = fc.oneof(
  { weight: 6, arbitrary: fc.constant(toId<PlaceId>('bar')) },
  { weight: 1, arbitrary: fc.constantFrom('shop', 'far').map((name) => toId<PlaceId>(name)) },
)
const anyClaim = fc.record({ asset: anyAsset, wallet: anyWallet })

/** For each action on free money, its members at random. */
export const DIVIDEND_ASKED = {
  dividend: anyClaim,
  'member-admit': fc.record({ asset: anyAsset, place: anyPlace, wallet: anyWallet }),
  'member-leave': anyClaim,
}

const asked = {
  first: fc.constantFrom(0n, 1n, 1_000n, 9_999n, 10_000n, AMOUNT_MAX) as fc.Arbitrary<Amount>,
  periodS: fc.constantFrom(HOUR_S, HOUR_S + 1, 24 * HOUR_S),
  reevalS: fc.constantFrom(HOUR_S, 10_000, 48 * HOUR_S),
  firstMs: fc.constantFrom(0, 9_000_000_000_000),
  firstReevalMs: fc.constantFrom(0, 9_000_000_000_000),
}
const growth = fc.constantFrom(1, 48_800_000, 1_000_000_000)

/** Terms that somebody asks for, some of which do not do. */
export const anyAskedDividend: fc.Arbitrary<AskedDividend> = fc.oneof(
  fc.record(
    {
      ...{ profile: fc.constant('g1-v1' as const), ...asked, cPpb: growth },
      digits: fc.constantFrom(1, 4, 15),
    },
    { requiredKeys: ['profile'] },
  ),
  fc.record(
    { profile: fc.constant('g1-v2' as const), ...asked, cSquaredPpb: growth },
    { requiredKeys: ['profile'] },
  ),
)

/** What members have and what still waits for them is the mass, and the series knows how many they are. */
export function brokenDividends(state: MemoryState, hash: Hash): readonly string[] {
  const broken: string[] = []
  for (const { id, record } of state.entries('dividend')) {
    const members = [...state.entries('member')].filter((member) => member.id.endsWith(`/${id}`))
    const waiting = members.reduce((total, member) => total + record.sum - member.record.sum, 0n)
    const made = issued(state, hash, id as AssetId)
    if (made + waiting !== record.mass) {
      broken.push(`${id}: ${made} made and ${waiting} waiting are not ${record.mass}`)
    }
    if (members.length !== record.members) broken.push(`${id} counts ${record.members} members`)
  }
  return broken
}
