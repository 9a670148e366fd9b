/** Imports of honest and hostile operators into a new book, over the small world of `histories.ts`, as plain values. */
import fc from 'fast-check'
import {
  AMOUNT_MAX,
  type Amount,
  type AssetId,
  type BatchId,
  type CardId,
  cardWalletId,
  type FederationId,
  type Hex32,
  type Id,
  type Import,
  type ImportOf,
  type ImportTable,
  issuanceWalletId,
  type LineId,
  type NodeId,
  nobleHash,
  type PlaceId,
  reserveWalletId,
  toHex,
  toUtf8,
  type WalletId,
} from '../src/index.ts'
import { START_MS, toId } from './names.ts'

type RowOf<T extends ImportTable> =
  ImportOf<T> extends { readonly rows: readonly (infer R)[] } ? R : never

const PLACES = ids<PlaceId>('bar', 'shop', 'far')
const PEOPLE = ids<WalletId>('ana', 'bob', 'cy')
const CARDS = ids<CardId>('c0', 'c1', 'c2', 'c3', 'far 0')
const OWN = ids<WalletId>('own 0', 'own 1', 'old wallet')
const FED = toId<AssetId>('FED')
const KINDS = ['TLF', 'TNF', 'TIM', 'FID', 'BDG', 'SUB'] as const
const MADE = ids<AssetId>(...KINDS, 'shop TLF')
const ASSETS = [FED, ...MADE]
const LINES = ids<LineId>(...Array.from({ length: 30 }, (_, n) => `old line ${n}`))

/** Wallets that the ledger derives, and those of the genesis. */
const ODD_WALLETS = [
  cardWalletId(nobleHash, toId('c2'), 0),
  issuanceWalletId(nobleHash, toId('TLF')),
  issuanceWalletId(nobleHash, FED),
  reserveWalletId(nobleHash, 'bank/main'),
  reserveWalletId(nobleHash, 'due-from-keeper'),
  ...ids<WalletId>('keeper', 'keeper', 'commons', 'nobody'),
]

function ids<T extends Id<string>>(...names: readonly string[]): readonly T[] {
  return names.map((name) => toId<T>(name))
}

function sha(text: string): Hex32 {
  return toHex(nobleHash(toUtf8(text))) as Hex32
}

/** Of the usual ones, or once in thirty of the others. */
function mostly<const T, const U>(usual: readonly T[], odd: readonly U[]): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
}

/** Present as often as not. Absence has one spelling. */
function maybe<const N extends string, T>(name: N, value: fc.Arbitrary<T>) {
  return fc
    .option(value, { nil: undefined, freq: 1 })
    .map((one) => (one === undefined ? {} : { [name]: one }) as { readonly [K in N]?: T })
}

function rowsOf<T>(row: fc.Arbitrary<T>, id: (row: T) => string, max = 4) {
  const size = { minLength: 1, maxLength: max, size: 'max' } as const
  return fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(row, { ...size, selector: id }) },
    { weight: 1, arbitrary: fc.array(row, size) },
  )
}

const anyNode = mostly(ids<NodeId>('node'), ids<NodeId>('new node'))
const anyPlace = mostly(PLACES, ids<PlaceId>('new place'))
const anyHolder = mostly(
  [...PEOPLE, ...OWN, ...PLACES.map((place) => toId<WalletId>(`wallet of ${place}`))],
  ODD_WALLETS,
)
const anyAsset = mostly(ASSETS, ids<AssetId>('EUR', 'new asset'))
const anyTimeUs = fc.constantFrom(0, 1, 1_501_669_533_123_457, START_MS * 1_000, 9e15)
const anyAmount = fc.oneof(
  { weight: 20, arbitrary: fc.bigInt(0n, 900n) },
  { weight: 1, arbitrary: fc.constantFrom(AMOUNT_MAX, AMOUNT_MAX - 300n, AMOUNT_MAX / 2n + 1n) },
) as fc.Arbitrary<Amount>

const anyPlaceRow: fc.Arbitrary<RowOf<'places'>> = mostly(PLACES, ids<PlaceId>('new place')).chain(
  (place) =>
    fc.record({
      place: fc.constant(place),
      wallet: mostly([toId<WalletId>(`wallet of ${place}`)], [...PEOPLE, ...ODD_WALLETS]),
      name: mostly([`Place ${place.slice(0, 8)}`], ['Bar', 'é']),
      openedMs: fc.constantFrom(0, START_MS, 9e12),
    }),
)

const anyAssetRow: fc.Arbitrary<RowOf<'assets'>> = anyAsset.chain((asset) => {
  const own = KINDS[MADE.indexOf(asset as AssetId)] ?? 'TLF'
  const issuer = toId<PlaceId>(asset === toId('shop TLF') ? 'shop' : 'bar')
  const isFed = asset === FED
  return fc
    .record({
      asset: fc.constant(asset),
      assetKind: mostly([isFed ? ('FED' as const) : own], [...KINDS, 'FED'] as const),
      name: fc.constant(`Money ${asset.slice(0, 8)}`),
      code: fc.constantFrom('NEW', '€'),
      archived: mostly([false], [true]),
      createdUs: anyTimeUs,
      issuer: mostly<PlaceId | undefined, PlaceId | undefined>(
        [isFed ? undefined : issuer],
        [undefined, ...PLACES],
      ),
    })
    .map(({ issuer: by, ...row }) => (by === undefined ? row : { ...row, issuer: by }))
})

const anyCardRow: fc.Arbitrary<RowOf<'cards'>> = fc
  .tuple(
    mostly(CARDS, ids<CardId>('c0')),
    maybe('person', mostly(PEOPLE, [...OWN, ...ODD_WALLETS])),
    maybe('own', mostly(OWN, [...PEOPLE, ...ODD_WALLETS])),
    maybe('primary', fc.array(anyPlace, { minLength: 1, maxLength: 2 })),
  )
  .map(([card, ...links]) => Object.assign({ card }, ...links) as RowOf<'cards'>)

/** Short and at times unfinished orders, most of a batch of their own. */
const anyCards = fc
  .record({
    name: fc.constantFrom('batch', 'far batch', 'third batch'),
    place: anyPlace,
    rows: rowsOf(anyCardRow, ({ card }) => card, 3),
    more: mostly([0], [1]),
    offset: mostly([0], [1]),
  })
  .map(({ name, place, rows, more, offset }) => ({
    ...{ batch: toId<BatchId>(name), place, generation: 1, root: sha(name), offset, rows },
    ...{ count: rows.length + more, level: 'L0' as const },
  }))

const anyLineRow: fc.Arbitrary<RowOf<'lines'>> = fc
  .tuple(
    fc.record({
      id: fc.constantFrom(...LINES),
      hash: fc.constant(sha('of v1')),
      previous: fc.constantFrom(...LINES),
      timeUs: fc.oneof(fc.integer({ min: 0, max: 9 }), anyTimeUs),
      action: fc.constantFrom(
        ...(['FST', 'CRE', 'REF', 'SAL', 'QRS', 'SUB', 'BDG', 'FUS', 'RFD', 'BNK'] as const),
        ...(['TRF', 'COR'] as const),
      ),
      asset: anyAsset,
      from: anyHolder,
      to: anyHolder,
      amount: anyAmount,
    }),
    maybe('card', mostly(CARDS, ids<CardId>('no card'))),
    maybe('primary', mostly(CARDS, ids<CardId>('no card'))),
  )
  .map(([line, card, primary]) => ({ ...line, ...card, ...primary }))

/** In their order, as a good import has them; at times not. */
const anyLines = fc
  .tuple(
    rowsOf(anyLineRow, ({ id, timeUs }) => `${timeUs} ${id}`, 6),
    mostly([true], [false]),
  )
  .map(([rows, isSorted]) => (isSorted ? inOrder(rows) : rows))

function inOrder(rows: readonly RowOf<'lines'>[]): readonly RowOf<'lines'>[] {
  return rows.toSorted((a, b) => a.timeUs - b.timeUs || (a.id < b.id ? -1 : 1))
}

const anyReserve = fc
  .tuple(
    fc.record({
      accounts: rowsOf(
        fc.record({
          account: fc.constantFrom('bank/main', 'bank/other', 'provider/stripe'),
          amount: anyAmount,
        }),
        ({ account }) => account,
        3,
      ),
      due: anyAmount,
    }),
    maybe('statement', fc.constantFrom(sha('statement'), sha('other'))),
  )
  .map(([{ accounts, due }, statement]) => {
    return { accounts: 'statement' in statement ? accounts : accounts.slice(1), due, ...statement }
  })

const ROWS: { readonly [T in ImportTable]: fc.Arbitrary<Omit<ImportOf<T>, 'kind' | 'table'>> } = {
  places: fc.record({ node: anyNode, rows: rowsOf(anyPlaceRow, ({ place }) => place) }),
  people: fc.record({
    node: anyNode,
    rows: rowsOf(mostly(PEOPLE, [...OWN, ...ODD_WALLETS]), (wallet) => wallet),
  }),
  wallets: fc.record({
    rows: rowsOf(
      fc
        .tuple(mostly(OWN, ODD_WALLETS), maybe('origin', anyPlace))
        .map(([wallet, origin]) => ({ wallet, ...origin })),
      ({ wallet }) => wallet,
    ),
  }),
  assets: fc.record({ rows: rowsOf(anyAssetRow, ({ asset }) => asset, 6) }),
  federations: fc.record({
    rows: rowsOf(
      fc.record({
        federation: mostly(ids<FederationId>('f0', 'f1'), ids<FederationId>('new federation')),
        name: fc.constantFrom('One', 'é'),
        places: fc.array(anyPlace, { maxLength: 3 }),
        assets: fc.array(mostly(MADE, [FED, toId<AssetId>('EUR')]), { maxLength: 3 }),
      }),
      ({ federation }) => federation,
      2,
    ),
  }),
  cards: anyCards,
  lines: fc.record({ rows: anyLines }),
  memberships: fc.record({
    rows: rowsOf(
      fc.record({
        wallet: anyHolder,
        asset: mostly(ids<AssetId>('SUB'), ASSETS),
        total: anyAmount,
        startMs: fc.constantFrom(0, START_MS, 9e12),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      ({ wallet, asset }) => `${wallet} ${asset}`,
      3,
    ),
  }),
  reserve: anyReserve,
  openings: fc.record({
    rows: rowsOf(
      fc.record({
        wallet: anyHolder,
        asset: mostly([...ids<AssetId>('TLF', 'TNF', 'TIM', 'FID', 'shop TLF'), FED], ASSETS),
        amount: anyAmount,
      }),
      ({ wallet, asset }) => `${wallet} ${asset}`,
      6,
    ),
  }),
  end: fc.record({ source: fc.constant(sha('database')) }),
}

const TABLES = Object.keys(ROWS) as readonly ImportTable[]

function partOf(table: ImportTable): fc.Arbitrary<Import> {
  return ROWS[table].map((members) => ({ kind: 'import', table, ...members }) as Import)
}

/** A part of any table. */
export const anyImport: fc.Arbitrary<Import> = fc.oneof(...TABLES.map(partOf))

/** What most imports begin with: the whole small world, so that random lines and balances find what they are about. */
const REGISTRY: readonly Import[] = [
  {
    ...{ kind: 'import', table: 'places', node: toId<NodeId>('node') },
    rows: PLACES.map((place) => ({
      ...{ place, wallet: toId<WalletId>(`wallet of ${place}`), openedMs: START_MS },
      name: `Place ${place.slice(0, 8)}`,
    })),
  },
  { kind: 'import', table: 'people', node: toId<NodeId>('node'), rows: PEOPLE },
  { kind: 'import', table: 'wallets', rows: OWN.map((wallet) => ({ wallet })) },
  {
    ...{ kind: 'import', table: 'assets' },
    rows: MADE.map((asset, n) => ({
      ...{ asset, assetKind: KINDS[n] ?? 'TLF', name: `Money ${n}`, code: `M${n}` },
      ...{ issuer: toId<PlaceId>(n < KINDS.length ? 'bar' : 'shop'), archived: false },
      createdUs: n,
    })),
  },
  {
    ...{ kind: 'import', table: 'cards', batch: toId<BatchId>('batch'), generation: 1, offset: 0 },
    ...{ place: toId<PlaceId>('bar'), root: sha('batch'), count: CARDS.length, level: 'L0' },
    rows: CARDS.map((card, n) => {
      const [own, person] = [OWN[n], n === 3 ? PEOPLE[1] : undefined]
      return { card, ...(own && { own }), ...(person && { person }) }
    }),
  },
]

const FACTS: readonly ImportTable[] = ['lines', 'memberships', 'reserve', 'openings', 'end']

/** Parts of each of these tables, in their order: some of them several, some none, one end at most. */
function partsOf(tables: readonly ImportTable[]): fc.Arbitrary<readonly Import[]> {
  const sizes = { minLength: 0, maxLength: 3, size: 'max' } as const
  return fc
    .tuple(...tables.map((table) => fc.array(partOf(table), sizes)))
    .map((parts) => parts.flatMap((list, n) => (tables[n] === 'end' ? list.slice(2) : list)))
}

/** Parts of a whole import in the usual order; at times with stray ones among them, and a registry at random. */
export const anyImports: fc.Arbitrary<readonly Import[]> = fc
  .noBias(
    fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: partsOf(FACTS).map((facts) => [...REGISTRY, ...facts]) },
        { weight: 2, arbitrary: partsOf(TABLES) },
      ),
      fc.array(fc.tuple(fc.nat(20), anyImport), { maxLength: 2 }),
    ),
  )
  .map(([parts, strays]) => {
    const all = inOrderOfTime(parts)
    for (const [at, stray] of strays) all.splice(at, 0, stray)
    return all
  })

/** The same parts, with their lines in order over all of them. */
function inOrderOfTime(parts: readonly Import[]): Import[] {
  const rows = inOrder(parts.flatMap((part) => (part.table === 'lines' ? part.rows : [])))
  let from = 0
  return parts.map((part) => {
    if (part.table !== 'lines') return part
    from += part.rows.length
    return { ...part, rows: rows.slice(from - part.rows.length, from) }
  })
}
