/** What is asked of the reserve, and of payouts from it, over the small world of `histories.ts`, as plain values. */
import fc from 'fast-check'
import {
  type Action,
  AMOUNT_MAX,
  type Amount,
  type CardId,
  cardWalletId,
  type Hex32,
  MOVE_REASONS,
  nobleHash,
  type PayoutId,
  toHex,
  toUtf8,
  type WalletId,
} from '../src/index.ts'
import { DAY_MS, HOUR_MS } from '../src/limits.ts'
import { toId, toKey } from './names.ts'

const WEEK_MS = 7 * DAY_MS

const anyAccount = fc.constantFrom('bank/main', 'bank/main', 'provider/stripe', 'bank/other')

const anyAmount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(1n, 120n) },
  { weight: 4, arbitrary: fc.constantFrom(150n, 400n, 800n, 1_500n) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 25_000n, AMOUNT_MAX) },
) as fc.Arbitrary<Amount>

const anyReference = fc.integer({ min: 0, max: 60 }).map((n) => sha(`payment ${n}`))

const anyPayout = fc.constantFrom('p0', 'p1', 'p2').map((name) => toId<PayoutId>(name))

/** Cards that were never voided, one that was, persons, and wallets that get no euros back. */
const anyHolder = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('ana', 'bob', 'cy').map((name) => toId<WalletId>(name)) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      cardWalletId(nobleHash, toId<CardId>('c2'), 0),
      cardWalletId(nobleHash, toId<CardId>('c2'), 1),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('keeper', 'commons', 'no wallet')
      .map((name) => toId<WalletId>(name)),
  },
)

/** How much, and the payment of as much, with once in ten another figure. */
const anyPaid = fc
  .record({
    account: anyAccount,
    reference: anyReference,
    amount: fc.option(fc.constantFrom(1n, 5n, 20n, 25_000n) as fc.Arbitrary<Amount>, {
      nil: undefined,
      freq: 5,
    }),
    paid: anyAmount,
    off: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0n) },
      { weight: 1, arbitrary: fc.constantFrom(1n, 5n) },
    ),
  })
  .map(({ account, reference, amount, paid, off }) => {
    const gross = amount ?? paid
    const net = (gross > off ? gross - off : gross) as Amount
    return { amount, evidence: { account, reference, gross, fee: (gross - net) as Amount, net } }
  })

/** One of a few payments that need a second keeper, to somebody who stays. */
export const ANY_LARGE_ISSUE = fc
  .record({
    reference: fc.constantFrom('large 0', 'large 1', 'large 2'),
    gross: fc.constantFrom(1_501n, 1_501n, 1_501n, 1_600n) as fc.Arbitrary<Amount>,
  })
  .map(({ reference, gross }) => ({
    to: { wallet: toId<WalletId>('bob') },
    evidence: {
      ...{ account: 'bank/main', reference: sha(reference), gross, fee: 0n as Amount, net: gross },
    },
  }))

/** For each action on the reserve, its members at random; `atMs` as an age, which counts back from the block. */
export const RESERVE_ASKED = {
  'issue-approve': ANY_LARGE_ISSUE,
  'payout-cancel': fc.record({ payout: anyPayout, reference: anyReference }),
  'payout-open': fc.record({ payout: anyPayout, wallet: anyHolder, amount: anyAmount }),
  'payout-pay': fc
    .record({ payout: anyPayout, paid: anyPaid })
    .map(({ payout, paid }) => ({ payout, ...paid })),
  'reserve-move': fc
    .record({
      between: fc.oneof(
        fc.record({
          from: fc.oneof(anyAccount, fc.constant('due-from-keeper')),
          to: fc.oneof(anyAccount, fc.constant('due-from-keeper')),
          why: fc.constantFrom(...MOVE_REASONS),
        }),
        fc.constantFrom(
          { from: 'bank/main', to: 'due-from-keeper', why: 'fee' as const },
          { from: 'due-from-keeper', to: 'bank/main', why: 'settlement' as const },
        ),
      ),
      amount: anyAmount,
      reference: anyReference,
    })
    .map(({ between, ...rest }) => ({ ...between, ...rest })),
  'reserve-statement': fc.record({
    account: anyAccount,
    balance: fc.oneof(
      { weight: 6, arbitrary: fc.bigInt(2_900n, 3_200n) },
      { weight: 3, arbitrary: fc.bigInt(0n, 300n) },
      { weight: 1, arbitrary: fc.constantFrom(-40n, AMOUNT_MAX, -AMOUNT_MAX) },
    ),
    atMs: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(-1, -1, HOUR_MS, DAY_MS, WEEK_MS - 1, WEEK_MS) },
    ),
    reference: anyReference,
  }),
} as const

/** Who has a say there: everything is the keeper's but what a second person says. */
export const RESERVE_SIGNER: { readonly [K in keyof typeof RESERVE_ASKED]: string } = {
  'issue-approve': 'second keeper',
  'payout-cancel': 'keeper',
  'payout-open': 'keeper',
  'payout-pay': 'keeper',
  'reserve-move': 'keeper',
  'reserve-statement': 'attester',
}

/** The operator registers a second key that issues. */
export const SECOND_KEEPER: Action = {
  kind: 'keys-change',
  on: 'network',
  add: [{ x: toKey('second keeper').x, can: ['issue'] }],
  remove: [],
}

/** The operator would let one person both issue and attest. */
export const TWOFOLD = {
  on: 'network',
  add: [{ x: toKey('attester').x, can: ['issue', 'attest'] }],
  remove: [],
} as const

/** The operator registers the key of a second person, with which a history can begin. */
export const ATTESTED: Action = {
  kind: 'keys-change',
  on: 'network',
  add: [{ x: toKey('attester').x, can: ['attest'] }],
  remove: [],
}

function sha(text: string): Hex32 {
  return toHex(nobleHash(toUtf8(text))) as Hex32
}
