/**
 * Whole histories of honest and hostile txs over a small world, as plain values: the same history runs on any
 * State, in any engine. The world is small so that random actions meet; ids beyond it are strangers.
 */
import fc from 'fast-check'
import {
  type Action,
  type ActionKind,
  AMOUNT_MAX,
  type Amount,
  type AssetId,
  type BatchId,
  type BearerId,
  CAPABILITIES,
  type CardId,
  cardWalletId,
  type FederationId,
  type Genesis,
  HAND_PROVIDERS,
  type Hex32,
  type HoldId,
  issuanceWalletId,
  type NodeId,
  nobleHash,
  type OfferId,
  type PlaceId,
  reserveWalletId,
  type TillId,
  toHex,
  toUtf8,
  type WalletId,
} from '../src/index.ts'
import { DAY_MS, HOUR_MS } from '../src/limits.ts'
import { HOLD_MAX_MS } from '../src/money/hold.ts'
import { NOTICE_MS } from '../src/registry/policy-change.ts'
import { anyAskedDividend, DIVIDEND_ASKED, FREE_MONEY } from './dividend-histories.ts'
import { GOVERNANCE_ASKED, GOVERNANCE_SIGNER, proposedAt } from './governance-histories.ts'
import { anyImport } from './import-histories.ts'
import { anyDemurrage } from './melt-terms.ts'
import { START_MS, toId, toKey, type VectorKey } from './names.ts'
import {
  ANY_LARGE_ISSUE,
  ATTESTED,
  RESERVE_ASKED,
  RESERVE_SIGNER,
  SECOND_KEEPER,
  TWOFOLD,
} from './reserve-histories.ts'

/** A tx before it is signed: by whom, and what it asks. */
export interface Ask {
  /** A name for `toSigner`. */
  readonly by: string
  readonly actions: readonly Action[]
}

/** Txs of one block, which opens `afterMs` later than the block before. */
export interface HistoryBlock {
  readonly afterMs: number
  readonly asks: readonly Ask[]
}

export type History = readonly HistoryBlock[]

const signers = new Map<string, VectorKey>()

/** The key of a name, made once. */
export function toSigner(name: string): VectorKey {
  const key = signers.get(name) ?? toKey(name)
  signers.set(name, key)
  return key
}

/** Who may sign. `stranger` has no key in the book; `late` has one that soon expires. */
export const SIGNERS = [
  'operator',
  'keeper',
  'node',
  'other node',
  'manager',
  'till',
  'late',
  'ana',
  'bob',
  'attester',
  'stranger',
] as const

const PLACES = ['bar', 'shop', 'far', 'new place'].map((name) => toId<PlaceId>(name))
const NODES = ['node', 'other node', 'new node'].map((name) => toId<NodeId>(name))
const FED = toId<AssetId>('FED')
const LOCAL = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'MUT'].map((name) =>
  toId<AssetId>(name),
)
const ASSETS = [
  FED,
  ...LOCAL,
  ...['shop TLF', 'far TLF', 'shop SUB', 'old', 'new asset', 'EUR'].map((name) =>
    toId<AssetId>(name),
  ),
]
const CARDS = ['c0', 'c1', 'c2', 'c3', 'far 0', 'far 1', 'unopened', 'no card'].map((name) =>
  toId<CardId>(name),
)
const PERSONS = ['ana', 'bob', 'cy', 'new person'].map((name) => toId<WalletId>(name))
const PLACE_WALLETS = PLACES.map((place) => walletOfPlace(place))
const MONEYS = [
  ...['FED', 'TLF', 'TNF', 'TIM', 'FID', 'shop TLF', 'far TLF', 'LIB', 'MVO', 'MUT'],
].map((name) => toId<AssetId>(name))
const HOLDS = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => toId<HoldId>(name))
const OFFERS = ['o0', 'o1', 'o2', 'o3'].map((name) => toId<OfferId>(name))
const FEDERATIONS = ['f0', 'f1', 'new federation'].map((name) => toId<FederationId>(name))
const BATCHES = ['batch', 'far batch', 'new batch', 'open batch'].map((name) => toId<BatchId>(name))
const TILLS = ['t0', 't1'].map((name) => toId<TillId>(name))
const NAMES = ['Bar', 'Shop', 'Far', 'Peaksu', 'Euro', 'é', 'Other'] as const

/** Wallets that the ledger derives by itself, which nobody may get at by choosing their ids. */
const DERIVED = [
  cardWalletId(nobleHash, toId('c2'), 0),
  cardWalletId(nobleHash, toId('c2'), 1),
  issuanceWalletId(nobleHash, toId('new asset')),
  issuanceWalletId(nobleHash, toId('TLF')),
  reserveWalletId(nobleHash, 'bank/other'),
  reserveWalletId(nobleHash, 'bank/main'),
  reserveWalletId(nobleHash, 'due-from-keeper'),
]

/** The genesis of every history. */
export const HISTORY_GENESIS: Omit<Genesis, 'v'> = {
  network: 'histories',
  timeMs: START_MS,
  operator: toSigner('operator').x,
  keeper: toSigner('keeper').x,
  checkpoint: toSigner('checkpoint').x,
  node: { id: toId('node'), name: 'Node', x: toSigner('node').x },
  fed: { id: toId('FED'), name: 'Euro', code: 'FED' },
  eur: toId('EUR'),
  wallet: toId('keeper'),
  funds: [{ wallet: toId('commons'), name: 'commons' }],
  parameters: {
    fedCap: amountOf(20_000),
    dueCap: amountOf(100),
    placeHourCeiling: amountOf(4_000),
    issueDayMax: amountOf(15_000),
    twoKeepersAbove: amountOf(4_500),
    voteMs: DAY_MS,
    delayMs: DAY_MS,
  },
}

const FOUNDING_AFTER_MS = 1_000

/** The first block of every history, applied whole: what hostile txs need so that some succeed. */
export const FOUNDING: HistoryBlock = {
  afterMs: FOUNDING_AFTER_MS,
  asks: [
    { by: 'operator', actions: [nodeOpen('other node'), SECOND_KEEPER] },
    { by: 'node', actions: [placeOpen('bar', 'node'), placeOpen('shop', 'node')] },
    { by: 'other node', actions: [placeOpen('far', 'other node')] },
    {
      by: 'node',
      actions: [
        {
          kind: 'keys-change',
          on: `place/${toId('bar')}`,
          add: [{ x: toSigner('manager').x, can: ['admin'] }],
          remove: [],
        },
      ],
    },
    {
      by: 'other node',
      actions: [
        {
          kind: 'keys-change',
          on: `place/${toId('far')}`,
          add: [{ x: toSigner('manager').x, can: ['admin'] }],
          remove: [],
        },
      ],
    },
    { by: 'manager', actions: [staffKeys(), barGrant()] },
    { by: 'operator', actions: [{ kind: 'place-admit', place: toId('bar') }] },
    {
      by: 'node',
      actions: [
        assetCreate('TLF', 'bar', 'Peaksu'),
        ...(['TNF', 'TIM', 'FID', 'BDG', 'SUB', 'MVO', 'MUT'] as const).map((kind) =>
          assetCreate(kind, 'bar', `Bar ${kind}`),
        ),
        { ...assetCreate('TLF', 'shop', 'Shopsu'), asset: toId<AssetId>('shop TLF') },
        { ...assetCreate('SUB', 'shop', 'Club'), asset: toId<AssetId>('shop SUB') },
        { ...assetCreate('TLF', 'shop', 'Oldsu'), asset: toId<AssetId>('old') },
      ],
    },
    {
      by: 'other node',
      actions: [
        { ...assetCreate('TLF', 'far', 'Farsu'), asset: toId<AssetId>('far TLF') },
        cardsRegister({ batch: 'far batch', place: 'far', cards: ['far 0', 'far 1'], level: 'L1' }),
        { kind: 'wallet-open', wallet: toId('cy'), node: toId('other node') },
      ],
    },
    {
      by: 'node',
      actions: [
        cardsRegister({ batch: 'batch', place: 'bar', cards: ['c0', 'c1', 'c2', 'c3'] }),
        cardsRegister({ batch: 'open batch', place: 'bar', cards: ['unopened'], count: 2 }),
        { kind: 'wallet-open', wallet: toId('ana'), node: toId('node'), x: toSigner('ana').x },
        { kind: 'wallet-open', wallet: toId('bob'), node: toId('node') },
        { kind: 'card-primary', place: toId('bar'), cards: [toId('c0')], primary: true },
        { kind: 'card-link', card: toId('c1'), wallet: toId('ana') },
      ],
    },
    {
      by: 'node',
      actions: [
        federation('federation-create', { name: 'Federation', place: toId('bar') }),
        federation('federation-invite', { place: toId('bar'), invited: toId('shop') }),
        federation('federation-accept', { place: toId('shop') }),
        federation('federation-share', { asset: toId('TLF') }),
        federation('federation-share', { asset: toId('FID') }),
        ...['TLF', 'TNF'].flatMap((asset) => [
          ...['c0', 'c1', 'c2', 'c3'].map((card) => refill(asset, { card: toId(card) }, 600)),
          refill(asset, { wallet: toId('bob') }, 600),
        ]),
        refill('old', { card: toId('c2') }, 50),
      ],
    },
    {
      by: 'node',
      actions: [
        ...['TIM', 'FID', 'MVO'].flatMap((asset) => [
          refill(asset, { card: toId('c2') }, 300),
          refill(asset, { wallet: toId('bob') }, 300),
        ]),
        refill('shop TLF', { card: toId('c0') }, 300),
        ...[toId<WalletId>('ana'), toId<WalletId>('bob'), walletOfPlace(toId('bar'))].map(
          (wallet) => creditLimit(wallet, 250),
        ),
        offer('o0', { give: 'FED', take: 'TLF', rate: { give: 2, take: 3 } }),
        offer('o1', { give: 'FID', take: 'TNF', rate: { give: 1, take: 2 } }),
        holdAction('h0', { card: toId('c2') }, HOUR_MS),
        holdAction('h1', { card: toId('c0') }, DAY_MS),
        holdAction('h2', { wallet: toId('bob') }, HOLD_MAX_MS),
        { kind: 'card-link', card: toId('c3'), wallet: toId('bob') },
      ],
    },
    {
      by: 'other node',
      actions: [
        refill('far TLF', { card: toId('far 0') }, 300),
        federation('federation-create', {
          name: 'Two',
          place: toId('far'),
          federation: toId('f1'),
        }),
        federation('federation-invite', {
          place: toId('far'),
          invited: toId('shop'),
          federation: toId('f1'),
        }),
      ],
    },
    { by: 'node', actions: FREE_MONEY },
    { by: 'node', actions: [{ kind: 'asset-archive', asset: toId('old') }] },
    {
      by: 'keeper',
      actions: [
        issue({ card: toId('c2') }, 'founding 1', 1_500),
        issue({ card: toId('c3') }, 'founding 2', 800),
        issue({ wallet: toId('ana') }, 'founding 3', 800),
      ],
    },
    { by: 'node', actions: [sale('c2', 'bar', 500), sale('c1', 'shop', 300)] },
  ],
}

function amountOf(value: number | bigint): Amount {
  return BigInt(value) as Amount
}

export function walletOfPlace(place: PlaceId): WalletId {
  return toId<WalletId>(`wallet of ${place}`)
}

function nodeOpen(name: string): Action {
  return { kind: 'node-open', node: toId(name), name, x: toSigner(name).x, can: ['host'] }
}

function placeOpen(name: string, node: string): Action {
  const place = toId<PlaceId>(name)
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
  return { kind: 'place-open', place, wallet: walletOfPlace(place), name: title, node: toId(node) }
}

/** Keys of the bar with limits, one of which ends an hour after the founding. */
function staffKeys(): Action {
  const limits = { perSale: amountOf(500), perHour: amountOf(900), perDay: amountOf(1_500) }
  const untilMs = START_MS + HOUR_MS
  return {
    kind: 'keys-change',
    on: `place/${toId('bar')}`,
    add: [
      { x: toSigner('till').x, can: ['sell', 'issue', 'cards'], limits },
      { x: toSigner('late').x, can: ['sell', 'spend', 'assets'], limits: { untilMs } },
    ],
    remove: [],
  }
}

/** The node keeps what it does at the bar, its tills within limits. */
function barGrant(): Action {
  return {
    kind: 'grant-to-node',
    on: `place/${toId('bar')}`,
    node: toId('node'),
    can: ['sell', 'cards', 'issue', 'assets', 'federate', 'spend'],
    limits: { perSale: amountOf(4_000), perHour: amountOf(9_600), perDay: amountOf(20_000) },
  }
}

function assetCreate(
  kind: 'TLF' | 'TNF' | 'TIM' | 'FID' | 'BDG' | 'SUB' | 'MVO' | 'MUT',
  place: string,
  name: string,
): Action & { kind: 'asset-create' } {
  const limits = { balance: amountOf(5_000), sale: amountOf(400), day: amountOf(700) }
  return {
    kind: 'asset-create',
    asset: toId(kind),
    place: toId(place),
    assetKind: kind,
    name,
    code: kind,
    ...(place === 'bar' && {
      terms: {
        personToPerson: kind !== 'TNF',
        spendAt: kind === 'FID' ? { only: [toId<PlaceId>('bar')] } : { accepted: true as const },
        refund: kind === 'TLF' ? 'issuer' : 'never',
        limits: kind === 'TLF' ? { L0: limits } : {},
        dayStartUtcMinutes: 360,
        ...(kind === 'MVO' && { days: [2, 5], dayCap: amountOf(250) }),
        ...(kind === 'MUT' && { creditGrowth: { ratePpm: 500_000, max: amountOf(400) } }),
      },
    }),
  }
}

function sale(card: string, place: string, amount: number): Action {
  const parts = [{ asset: toId<AssetId>('FED'), amount: amountOf(amount) }]
  return { kind: 'sale', card: toId(card), to: toId(place), parts }
}

function creditLimit(wallet: WalletId, limit: number): Action {
  return { kind: 'credit-limit', asset: toId('MUT'), wallet, limit: amountOf(limit) }
}

interface Terms {
  readonly give: string
  readonly take: string
  readonly rate: { readonly give: number; readonly take: number }
}

function offer(name: string, { give, take, rate }: Terms): Action {
  const assets = { give: toId<AssetId>(give), take: toId<AssetId>(take) }
  return { kind: 'offer-open', offer: toId(name), place: toId('bar'), ...assets, rate }
}

function holdAction(name: string, from: BearerId, afterMs: number): Action {
  return {
    kind: 'hold',
    hold: toId(name),
    from,
    to: toId('bar'),
    asset: toId('TLF'),
    amount: amountOf(100),
    expiresMs: START_MS + FOUNDING_AFTER_MS + afterMs,
  }
}

interface CardOrder {
  readonly batch: string
  readonly place: string
  readonly cards: readonly string[]
  readonly count?: number
  readonly level?: 'L0' | 'L1'
}

function cardsRegister({
  batch,
  place,
  cards,
  count = cards.length,
  level = 'L0',
}: CardOrder): Action {
  return {
    kind: 'cards-register',
    batch: toId(batch),
    place: toId(place),
    generation: 1,
    root: sha(batch),
    count,
    offset: 0,
    level,
    cards: cards.map((card) => toId<CardId>(card)),
  }
}

function federation(kind: string, rest: object): Action {
  return { kind, federation: toId('f0'), ...rest } as Action
}

function refill(asset: string, to: BearerId, amount: number): Action {
  return { kind: 'refill', asset: toId(asset), to, amount: amountOf(amount) }
}

function issue(to: BearerId, reference: string, gross: number): Action {
  const fee = amountOf(10)
  const net = amountOf(gross - 10)
  const evidence = {
    account: 'bank/main',
    reference: sha(reference),
    gross: amountOf(gross),
    fee,
    net,
  }
  return { kind: 'issue', to, evidence }
}

function sha(text: string): Hex32 {
  return toHex(nobleHash(toUtf8(text))) as Hex32
}

/** Mostly small, at times the largest there is. */
const anyAmount: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 24, arbitrary: fc.bigInt(1n, 120n) },
  { weight: 6, arbitrary: fc.constantFrom(200n, 400n, 401n, 500n, 900n) },
  { weight: 2, arbitrary: fc.constantFrom(0n, 1_500n, 5_000n, 25_000n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      AMOUNT_MAX,
      AMOUNT_MAX - 1n,
      AMOUNT_MAX - 5_000n,
      AMOUNT_MAX / 2n + 1n,
    ),
  },
) as fc.Arbitrary<Amount>

/** One of a list, each twice as often as the one after it. */
function oneOf<T>(list: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    ...list.map((value, index) => ({
      weight: 2 ** (list.length - index - 1),
      arbitrary: fc.constant(value),
    })),
  )
}

/** One of the usual ones, or at times of the others. */
function rarely<const T, const U>(usual: readonly T[], others: readonly U[]): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 12, arbitrary: uniform(usual) },
    { weight: 1, arbitrary: uniform(others) },
  )
}

function uniform<const T>(list: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...list)
}

const anyPlace = oneOf(PLACES)

/** What a person says of cash or of a transfer, with references of the reserve among them. */
const anyHand = fc.option(
  fc.record({
    provider: fc.constantFrom(...HAND_PROVIDERS),
    reference: fc.integer({ min: 0, max: 60 }).map((n) => sha(`payment ${n}`)),
  }),
  { nil: undefined, freq: 3 },
)
const anyAsset = uniform(ASSETS)
const anyMoney = fc.oneof(
  { weight: 6, arbitrary: oneOf(MONEYS.slice(0, 4)) },
  { weight: 3, arbitrary: uniform(MONEYS) },
  { weight: 1, arbitrary: anyAsset },
)
const anyCard = fc.oneof(
  { weight: 6, arbitrary: uniform(CARDS.slice(0, 4)) },
  { weight: 2, arbitrary: uniform(CARDS) },
)
const anyPerson = oneOf(PERSONS)
const anyWallet = fc.oneof(
  { weight: 9, arbitrary: uniform([...PERSONS.slice(0, 3), ...PLACE_WALLETS.slice(0, 3)]) },
  { weight: 1, arbitrary: uniform([...PERSONS, ...PLACE_WALLETS]) },
  {
    weight: 1,
    arbitrary: uniform([...DERIVED, toId<WalletId>('keeper'), toId<WalletId>('commons')]),
  },
)
const anyNewWallet = fc.oneof(
  { weight: 2, arbitrary: uniform([toId<WalletId>('new person'), toId<WalletId>('new wallet')]) },
  { weight: 1, arbitrary: anyWallet },
)
const anyBearer = fc.oneof(
  { weight: 6, arbitrary: anyCard.map((card) => ({ card })) },
  { weight: 4, arbitrary: anyPerson.map((wallet) => ({ wallet })) },
  { weight: 1, arbitrary: anyWallet.map((wallet) => ({ wallet })) },
)
/** A card and a wallet, mostly of the person that had it at the founding. */
const anyLink = fc.oneof(
  fc.constant({ card: toId<CardId>('c1'), wallet: toId<WalletId>('ana') }),
  fc.constant({ card: toId<CardId>('c3'), wallet: toId<WalletId>('bob') }),
  fc.record({ card: anyCard, wallet: anyPerson }),
)
const anyTill = fc.option(uniform(TILLS), { nil: undefined, freq: 2 })
const anyPrimary = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant(toId<CardId>('c0')) },
  { weight: 1, arbitrary: anyCard },
)
const anyName = uniform(NAMES)
const anyKeyText = fc.oneof(
  { weight: 8, arbitrary: uniform(SIGNERS).map((name) => toSigner(name).x) },
  {
    weight: 2,
    arbitrary: uniform(['a', 'b', 'c', 'd']).map((name) => toSigner(`spare ${name}`).x),
  },
  // The identity, and a point that is not on the curve.
  { weight: 1, arbitrary: uniform([`AQ${'A'.repeat(41)}`, `Ag${'A'.repeat(41)}`]) },
)
const anyKid = uniform([...SIGNERS, 'spare a', 'spare b']).map((name) => toSigner(name).kid)
const anySubject = fc.oneof(
  { weight: 4, arbitrary: anyPlace.map((place) => `place/${place}` as const) },
  { weight: 2, arbitrary: anyPerson.map((wallet) => `wallet/${wallet}` as const) },
  { weight: 1, arbitrary: anyWallet.map((wallet) => `wallet/${wallet}` as const) },
  { weight: 2, arbitrary: oneOf(NODES).map((node) => `node/${node}` as const) },
  { weight: 1, arbitrary: fc.constant('network' as const) },
)
const anyCapabilities = fc.oneof(
  fc.constant(['admin'] as const),
  fc.subarray([...CAPABILITIES], { maxLength: 4 }),
  fc.subarray(['sell', 'cards', 'issue', 'assets', 'federate', 'spend', 'enrol'] as const),
)
const anyTimeMs = fc.oneof(
  uniform([0, 1, START_MS, 9_000_000_000_000]),
  fc.integer({ min: START_MS - DAY_MS, max: START_MS + 2 * NOTICE_MS }),
)
const anyLimits = compact(
  fc.record(
    { perSale: anyAmount, perHour: anyAmount, perDay: anyAmount, untilMs: anyTimeMs },
    { requiredKeys: [] },
  ),
)
const anyLevelLimits = compact(
  fc.record({ balance: anyAmount, sale: anyAmount, day: anyAmount }, { requiredKeys: [] }),
)
const anyTerms = compact(
  fc.record({
    personToPerson: fc.boolean(),
    spendAt: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ accepted: true as const }) },
      fc.uniqueArray(anyPlace, { minLength: 1, maxLength: 3 }).map((only) => ({ only })),
    ),
    refund: uniform(['never', 'issuer', 'payer', 'payout']),
    limits: compact(fc.record({ L0: anyLevelLimits, L1: anyLevelLimits }, { requiredKeys: [] })),
    dayStartUtcMinutes: uniform([0, 0, 360, 1_439]),
    demurrage: fc.option(anyDemurrage, { nil: undefined, freq: 3 }),
    days: fc.option(fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }), { nil: undefined }),
    dayCap: fc.option(anyAmount, { nil: undefined }),
    creditGrowth: fc.option(
      fc.record({ ratePpm: uniform([1, 333_333, 1_000_000]), max: anyAmount }),
      { nil: undefined },
    ),
  }),
)
const anyPart = fc.record({ asset: anyMoney, amount: anyAmount })
const anyParts = fc.oneof(
  { weight: 3, arbitrary: anyPart.map((part) => [part]) },
  { weight: 1, arbitrary: fc.array(anyPart, { minLength: 2, maxLength: 3 }) },
)
const anyEvidence = fc
  .record({
    account: uniform(['bank/main', 'bank/main', 'provider/stripe', 'bank/other']),
    reference: fc.integer({ min: 0, max: 12 }).map((n) => sha(`payment ${n}`)),
    gross: anyAmount,
    fee: rarely([0n, 1n, 30n], [AMOUNT_MAX]),
    lost: rarely([0n], [1n, -1n, -AMOUNT_MAX]),
  })
  .map(({ fee, lost, gross, ...rest }) => {
    const net = gross - fee - lost
    const inRange = net < 0n ? 0n : net > AMOUNT_MAX ? AMOUNT_MAX : net
    return { ...rest, gross, fee: amountOf(fee), net: amountOf(inRange) }
  })
/** Of a payment to a place: whole, and mostly on the account that has euros. */
const anyPayout = anyEvidence.map((evidence) => ({
  ...evidence,
  fee: amountOf(0),
  net: evidence.gross,
}))

type Compact<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

/** Leaves out members without a value: absence has one spelling. */
function compact<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Compact<T>> {
  return arbitrary.map(
    (value) =>
      Object.fromEntries(
        Object.entries(value).filter(([, one]) => one !== undefined),
      ) as Compact<T>,
  )
}

type ActionOf<K extends ActionKind> = Extract<Action, { readonly kind: K }>
/** Members that may be absent may be `undefined` here: `anyAction` leaves them out. */
type Asked<K extends ActionKind> = {
  readonly [M in Exclude<keyof ActionOf<K>, 'kind'>]: ActionOf<K>[M] | undefined
}

/** The manager would leave the bar without one. */
const LAST_KEY_GONE: Asked<'keys-change'> = {
  on: `place/${toId('bar')}`,
  add: [],
  remove: [toSigner('manager').kid],
}

/** For each action, its members at random. An action that joins the ledger does not compile until it is here. */
const ASKED: { readonly [K in ActionKind]: fc.Arbitrary<Asked<K>> } = {
  ...RESERVE_ASKED,
  ...DIVIDEND_ASKED,
  ...GOVERNANCE_ASKED,
  'asset-archive': fc.record({
    asset: fc.oneof({ weight: 6, arbitrary: uniform(ASSETS.slice(-3)) }, anyAsset),
  }),
  'asset-create': fc.record({
    asset: uniform([...ASSETS.slice(-3), toId<AssetId>('asset a'), toId<AssetId>('asset b')]),
    place: anyPlace,
    assetKind: uniform(['TLF', 'TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB', 'LIB', 'MVO', 'MUT']),
    name: anyName,
    code: uniform(['NEW', '€']),
    terms: fc.option(anyTerms, { nil: undefined }),
    createdUs: fc.option(fc.constantFrom(0, 1_501_669_533_123_457, 9e15), { nil: undefined }),
    dividend: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: anyAskedDividend },
    ),
  }),
  badge: fc.record({
    place: anyPlace,
    from: anyBearer,
    asset: fc.oneof({ weight: 4, arbitrary: fc.constant(toId<AssetId>('BDG')) }, anyAsset),
    primary: anyPrimary,
  }),
  capture: fc.record({ hold: uniform(HOLDS), amount: fc.option(anyAmount, { nil: undefined }) }),
  'card-link': fc.record({ card: anyCard, wallet: anyPerson }),
  'card-lost': anyLink,
  'card-primary': fc.record({
    place: anyPlace,
    cards: fc.array(anyCard, { minLength: 1, maxLength: 2 }),
    primary: fc.boolean(),
  }),
  'card-replace': fc
    .record({ link: anyLink, card: uniform(CARDS) })
    .map(({ link: { card: lost, wallet }, card }) => ({ lost, card, wallet })),
  'card-restore': fc.record({ card: anyCard }),
  'card-void': fc.record({ card: anyCard, place: anyPlace }),
  'cards-register': fc.record({
    batch: oneOf(BATCHES.toReversed()),
    place: rarely([toId<PlaceId>('bar')], PLACES),
    generation: fc.constant(1),
    root: rarely([sha('open batch')], [sha('batch')]),
    count: rarely([2], [1]),
    offset: uniform([0, 1]),
    level: rarely(['L0'], ['L1']),
    cards: rarely(
      ['added a', 'added b', 'added c'].map((card) => [toId<CardId>(card)]),
      [[toId<CardId>('c0')], [toId<CardId>('added d'), toId<CardId>('added d')]],
    ),
  }),
  'credit-limit': fc.record({
    asset: fc.oneof({ weight: 9, arbitrary: fc.constant(toId<AssetId>('MUT')) }, anyAsset),
    wallet: anyWallet,
    limit: anyAmount,
  }),
  deposit: fc
    .record({
      place: anyPlace,
      asset: fc.oneof(
        { weight: 2, arbitrary: fc.constant(FED) },
        { weight: 3, arbitrary: anyMoney },
      ),
      amount: anyAmount,
      evidence: fc.option(anyPayout, { nil: undefined, freq: 4 }),
      isWhole: fc.boolean(),
    })
    .map(({ isWhole, evidence, amount, ...rest }) => ({
      ...rest,
      amount: isWhole && evidence ? evidence.gross : amount,
      evidence,
    })),
  exchange: fc.record({
    offer: uniform(OFFERS),
    bearer: anyBearer,
    take: anyAmount,
    primary: anyPrimary,
    till: anyTill,
  }),
  'federation-accept': fc.record({ federation: oneOf(FEDERATIONS), place: uniform(PLACES) }),
  'federation-create': fc.record({
    federation: oneOf(FEDERATIONS.toReversed()),
    name: anyName,
    place: anyPlace,
  }),
  'federation-invite': fc.record({
    federation: oneOf(FEDERATIONS),
    place: anyPlace,
    invited: uniform(PLACES),
  }),
  'federation-leave': fc.record({ federation: oneOf(FEDERATIONS), place: uniform(PLACES) }),
  'federation-share': fc.record({ federation: oneOf(FEDERATIONS), asset: anyMoney }),
  'federation-unshare': fc.record({ federation: oneOf(FEDERATIONS), asset: anyMoney }),
  'grant-to-node': fc.record({
    on: anySubject,
    node: oneOf(NODES),
    can: anyCapabilities,
    limits: fc.option(anyLimits, { nil: undefined }),
  }),
  hold: fc.record({
    hold: fc.oneof({ weight: 7, arbitrary: uniform(HOLDS.slice(3)) }, uniform(HOLDS)),
    from: anyBearer,
    to: anyPlace,
    asset: anyMoney,
    amount: anyAmount,
    expiresMs: fc.oneof(
      { weight: 6, arbitrary: uniform([1, 4_000, HOUR_MS, DAY_MS, HOLD_MAX_MS]) },
      { weight: 1, arbitrary: uniform([0, HOLD_MAX_MS + 1]) },
    ),
    till: anyTill,
  }),
  import: anyImport,
  issue: fc.oneof(
    { weight: 4, arbitrary: fc.record({ to: anyBearer, evidence: anyEvidence }) },
    { weight: 1, arbitrary: ANY_LARGE_ISSUE },
  ),
  'keys-change': fc.oneof(
    {
      weight: 15,
      arbitrary: fc.record({
        on: anySubject,
        add: fc.array(
          compactRecord({
            x: anyKeyText,
            can: anyCapabilities,
            limits: fc.option(anyLimits, { nil: undefined }),
          }),
          { maxLength: 2 },
        ),
        remove: fc.array(anyKid, { maxLength: 2 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant(TWOFOLD) },
    { weight: 1, arbitrary: fc.constant(LAST_KEY_GONE) },
  ),
  'node-open': fc.record({
    node: oneOf(NODES.toReversed()),
    name: anyName,
    x: anyKeyText,
    can: uniform([['host'], []]),
  }),
  'offer-close': fc.record({ offer: uniform(OFFERS) }),
  'offer-open': fc.record({
    offer: uniform(OFFERS),
    place: anyPlace,
    give: anyMoney,
    take: anyMoney,
    rate: fc.record({ give: uniform([1, 2, 3, 100]), take: uniform([1, 2, 3, 7]) }),
    perPersonDay: fc.option(anyAmount, { nil: undefined }),
    minimum: fc.option(fc.bigInt(0n, 20n).map(amountOf), { nil: undefined }),
    untilMs: fc.option(anyTimeMs, { nil: undefined }),
  }),
  'place-open': fc.record({
    place: oneOf(PLACES.toReversed()),
    wallet: fc.oneof(fc.constant(walletOfPlace(toId('new place'))), anyNewWallet),
    name: anyName,
    node: oneOf(NODES),
  }),
  'place-update': fc.record({ place: anyPlace, name: anyName }),
  'policy-change': fc.record({
    asset: anyAsset,
    fromMs: uniform([0, 0, 1, DAY_MS, NOTICE_MS - 1, NOTICE_MS, NOTICE_MS, NOTICE_MS + DAY_MS]),
    terms: anyTerms,
  }),
  'qr-sale': fc.record({
    from: fc.oneof({ weight: 3, arbitrary: anyPerson }, anyWallet),
    to: anyPlace,
    parts: anyParts,
  }),
  refill: fc.oneof(
    fc.record({
      asset: fc.oneof({ weight: 6, arbitrary: uniform(MONEYS.slice(1)) }, anyMoney),
      to: anyBearer,
      amount: anyAmount,
      primary: anyPrimary,
      till: anyTill,
      place: fc.constant(undefined),
      evidence: anyHand,
    }),
    fc.record({
      asset: fc.oneof({ weight: 6, arbitrary: uniform(MONEYS.slice(0, 1)) }, anyMoney),
      to: anyBearer,
      amount: anyAmount,
      primary: anyPrimary,
      till: anyTill,
      place: anyPlace,
      evidence: anyHand,
    }),
  ),
  refund: fc.record({
    card: anyCard,
    place: anyPlace,
    parts: fc.option(anyParts, { nil: undefined, freq: 2 }),
    primary: anyPrimary,
    till: anyTill,
  }),
  release: fc.record({ hold: uniform(HOLDS) }),
  sale: fc.record({
    card: anyCard,
    to: anyPlace,
    parts: anyParts,
    primary: anyPrimary,
    till: anyTill,
  }),
  subscribe: fc.record({
    place: anyPlace,
    to: anyBearer,
    asset: fc.oneof(
      { weight: 3, arbitrary: uniform([toId<AssetId>('SUB'), toId<AssetId>('shop SUB')]) },
      anyAsset,
    ),
    amount: anyAmount,
    startMs: anyTimeMs,
    primary: anyPrimary,
    till: anyTill,
  }),
  transfer: fc.record({
    from: anyWallet,
    to: anyWallet,
    asset: anyMoney,
    amount: anyAmount,
    invoice: fc.option(fc.constant(sha('invoice')), { nil: undefined }),
  }),
  'wallet-open': fc.record({
    wallet: anyNewWallet,
    node: oneOf(NODES),
    x: fc.option(anyKeyText, { nil: undefined }),
  }),
}

function compactRecord<T extends object>(
  members: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<Compact<T>> {
  return compact(fc.record(members) as fc.Arbitrary<T>)
}

/** Money moves more often than the registry changes. */
const WEIGHT: { readonly [K in ActionKind]?: number } = {
  sale: 8,
  refill: 5,
  hold: 8,
  capture: 3,
  release: 1,
  issue: 4,
  transfer: 5,
  'qr-sale': 4,
  refund: 4,
  deposit: 4,
  'credit-limit': 3,
  exchange: 6,
  'offer-open': 2,
  'card-link': 2,
  'card-void': 1,
  'card-restore': 3,
  'cards-register': 2,
  'federation-accept': 3,
  'federation-invite': 2,
  'federation-share': 2,
  'keys-change': 3,
  'grant-to-node': 2,
  'policy-change': 2,
  subscribe: 3,
  'payout-open': 4,
  'payout-cancel': 2,
  'member-admit': 2,
  dividend: 4,
  'payout-pay': 3,
  'reserve-move': 2,
  'reserve-statement': 3,
  'issue-approve': 2,
  propose: 5,
  vote: 7,
}

const KINDS = Object.keys(ASKED) as ActionKind[]

/** Any action that the shapes let through. */
export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  ...KINDS.map((kind) => ({
    weight: WEIGHT[kind] ?? 1,
    arbitrary: compact(ASKED[kind] as fc.Arbitrary<object>).map(
      (asked) => ({ kind, ...asked }) as Action,
    ),
  })),
)

/** Asked for by who may spend from a wallet. */
const WALLET_ACTIONS: readonly ActionKind[] = [
  'card-link',
  'card-lost',
  'card-replace',
  'qr-sale',
  'transfer',
  'dividend',
  'member-leave',
]

/** Who could be allowed to ask for an action, in this world. */
function insidersOf(action: Action): readonly string[] {
  const text = JSON.stringify(action, (_, value) => (typeof value === 'bigint' ? 0 : value))
  const names = (...list: readonly string[]) => list.some((name) => text.includes(toId(name)))
  const isPayout = action.kind === 'deposit' && action.asset === FED
  if (action.kind === 'issue' || isPayout) return ['keeper']
  if (action.kind in RESERVE_SIGNER) {
    return [RESERVE_SIGNER[action.kind as keyof typeof RESERVE_SIGNER]]
  }
  if (action.kind in GOVERNANCE_SIGNER) {
    return [GOVERNANCE_SIGNER[action.kind as keyof typeof GOVERNANCE_SIGNER]]
  }
  if (action.kind === 'import' || action.kind === 'node-open' || text.includes('"network"'))
    return ['operator']
  const isKeys = action.kind === 'keys-change' || action.kind === 'grant-to-node'
  if (isKeys && text.includes('"node/')) return names('other node') ? ['other node'] : ['node']
  if (isKeys && names('bar')) return ['manager']
  if (isKeys && names('ana')) return ['ana']
  if (action.kind === 'place-open' || action.kind === 'wallet-open') return ['node', 'other node']
  if (WALLET_ACTIONS.includes(action.kind)) {
    return names('cy') ? ['other node'] : names('ana') ? ['node', 'ana'] : ['node']
  }
  if (names('far', 'far TLF', 'cy', 'far 0', 'far batch'))
    return ['other node', 'other node', 'node']
  return names('bar') ? ['node', 'node', 'node', 'manager', 'manager', 'till', 'late'] : ['node']
}

/** A tx: mostly one action, mostly by somebody who may. */
export const anyAsk: fc.Arbitrary<Ask> = fc
  .record({
    actions: fc.oneof(
      { weight: 4, arbitrary: fc.array(anyAction, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(anyAction, { minLength: 2, maxLength: 4 }) },
    ),
    insider: fc.nat(419),
    outsider: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: uniform(SIGNERS) },
    ),
  })
  .map(({ actions, insider, outsider }) => {
    const [first] = actions
    const insiders = first === undefined ? [] : insidersOf(first)
    return { by: outsider ?? insiders[insider % insiders.length] ?? 'node', actions }
  })

const anyPause = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
  { weight: 4, arbitrary: uniform([0, HOUR_MS, HOUR_MS / 2, DAY_MS / 2]) },
  { weight: 1, arbitrary: uniform([DAY_MS, HOLD_MAX_MS, NOTICE_MS, NOTICE_MS]) },
)

const anyBlocks = fc.array(
  fc.record({ afterMs: anyPause, asks: fc.array(anyAsk, { maxLength: 8, size: 'max' }) }),
  { minLength: 5, maxLength: 16, size: 'max' },
)

/** The first block of a history with a second person. */
const ATTESTED_BLOCK: HistoryBlock = { afterMs: 0, asks: [{ by: 'operator', actions: [ATTESTED] }] }

/** Any history after the founding. */
export const anyHistory: fc.Arbitrary<History> = fc
  .noBias(fc.record({ blocks: anyBlocks, isAttested: fc.boolean() }))
  .map(({ blocks, isAttested }) =>
    withBlockTimes(isAttested ? [ATTESTED_BLOCK, ...blocks] : blocks),
  )

/** Times of holds and policies are made as delays, and count from the block that asks for them. */
function withBlockTimes(blocks: History): History {
  let timeMs = START_MS + FOUNDING.afterMs
  return blocks.map(({ afterMs, asks }) => {
    timeMs += afterMs
    const at = timeMs
    const placed = (action: Action): Action => {
      if (action.kind === 'hold') return { ...action, expiresMs: at + action.expiresMs }
      if (action.kind === 'policy-change') return { ...action, fromMs: at + action.fromMs }
      if (action.kind === 'propose') return proposedAt(action, at)
      if (action.kind === 'reserve-statement') return { ...action, atMs: at - action.atMs }
      return action
    }
    return { afterMs, asks: asks.map(({ by, actions }) => ({ by, actions: actions.map(placed) })) }
  })
}
