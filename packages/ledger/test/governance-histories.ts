/** What is proposed and voted over the small world of `histories.ts`, as plain values. */
import fc from 'fast-check'
import {
  type Action,
  type Amount,
  type AssetId,
  type Hex32,
  nobleHash,
  type PlaceId,
  type PolicyTerms,
  type ProposalId,
  toHex,
  toUtf8,
  type WalletId,
  type What,
} from '../src/index.ts'
import { DAY_MS } from '../src/limits.ts'
import { NOTICE_MS } from '../src/registry/policy-change.ts'
import { anyDemurrage } from './melt-terms.ts'
import { toId } from './names.ts'

const BAR = toId<PlaceId>('bar')
const COMMONS = toId<WalletId>('commons')

/** Mostly the bar, which votes; its manager has a key of the far place too, which does not. */
const anyVoter = fc.oneof(
  { weight: 8, arbitrary: fc.constant(BAR) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('shop', 'far', 'far', 'new place').map((name) => toId(name)),
  },
) as fc.Arbitrary<PlaceId>

const anyProposal = fc
  .constantFrom('v0', 'v1', 'v2', 'v3', 'v4')
  .map((name) => toId<ProposalId>(name))

const anyPlace = fc
  .constantFrom('shop', 'shop', 'far', 'new place', 'bar')
  .map((name) => toId<PlaceId>(name))

/** Terms like those of new assets, or tighter. */
const anyTerms: fc.Arbitrary<PolicyTerms> = fc
  .record({
    personToPerson: fc.boolean(),
    spendAt: fc.constant({ accepted: true as const }),
    refund: fc.constantFrom('never' as const, 'issuer' as const, 'payout' as const),
    limits: fc.constant({}),
    dayStartUtcMinutes: fc.constantFrom(0, 360),
    demurrage: fc.option(anyDemurrage, { nil: undefined, freq: 2 }),
  })
  .map(({ demurrage, ...terms }) => ({ ...terms, ...(demurrage && { demurrage }) }))

/** `fromMs` counts from the block that proposes: the caller adds its time. */
const anyWhat: fc.Arbitrary<What> = fc.oneof(
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constantFrom('fedCap' as const, 'dueCap' as const),
    value: fc.constantFrom(100n, 20_000n, 30_000n) as fc.Arbitrary<Amount>,
  }),
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constant('placeHourCeiling' as const),
    value: fc.constantFrom(null, 5_000n as Amount),
  }),
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constantFrom('voteMs' as const, 'delayMs' as const),
    value: fc.constantFrom(null, DAY_MS, 2 * DAY_MS),
  }),
  fc.record({
    kind: fc.constant('policy' as const),
    asset: fc
      .constantFrom('FED', 'FED', 'TLF', 'TNF', 'old', 'EUR')
      .map((name) => toId<AssetId>(name)),
    fromMs: fc.constantFrom(0, 3 * DAY_MS, NOTICE_MS + 9 * DAY_MS),
    terms: anyTerms,
  }),
  fc.record({
    kind: fc.constant('grant' as const),
    fund: fc.constantFrom(COMMONS, COMMONS, COMMONS, toId<WalletId>('ana')),
    to: fc.oneof(
      { weight: 4, arbitrary: fc.constant(toId<WalletId>(`wallet of ${BAR}`)) },
      { weight: 1, arbitrary: fc.constantFrom(COMMONS, toId<WalletId>('ana')) },
    ),
    asset: fc.constantFrom('FED', 'TLF', 'far TLF').map((name) => toId<AssetId>(name)),
    amount: fc.constantFrom(0n, 1n, 50n) as fc.Arbitrary<Amount>,
  }),
  fc.record({ kind: fc.constant('admit' as const), place: anyPlace }),
  fc.record({
    kind: fc.constant('suspend' as const),
    place: fc.constantFrom('far', 'new place').map((name) => toId<PlaceId>(name)),
    suspended: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('upgrade' as const),
    rules: fc.constantFrom(1, 2, 3),
    height: fc.constantFrom(1, 1_000_000),
  }),
)

/** For each action of this part, its members at random. */
export const GOVERNANCE_ASKED = {
  'place-admit': fc.record({ place: anyPlace }),
  propose: fc.record({
    proposal: anyProposal,
    place: anyVoter,
    what: anyWhat,
    text: fc.constant(toHex(nobleHash(toUtf8('text'))) as Hex32),
  }),
  vote: fc.record({
    proposal: anyProposal,
    place: anyVoter,
    choice: fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'abstain' as const),
  }),
} as const

/** Who has a say there: the operator founds, the manager of the bar speaks for it. */
export const GOVERNANCE_SIGNER: { readonly [K in keyof typeof GOVERNANCE_ASKED]: string } = {
  'place-admit': 'operator',
  propose: 'manager',
  vote: 'manager',
}

/** The proposal of a block at this time: policies were made as delays. */
export function proposedAt(action: Extract<Action, { kind: 'propose' }>, timeMs: number): Action {
  const { what } = action
  if (what.kind !== 'policy') return action
  return { ...action, what: { ...what, fromMs: timeMs + what.fromMs } }
}
