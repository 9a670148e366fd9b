/** A v1 database as parts of an import, in the order in which the book takes them. */
import {
  type AssetId,
  type CardId,
  type FederationId,
  type Hex32,
  type Import,
  type ImportOf,
  type ImportTable,
  type LineId,
  type NodeId,
  type PlaceId,
  TX_MAX,
  V1_KINDS,
  type WalletId,
} from '@fedow/ledger'
import { BookAccounts } from './book-accounts.ts'
import { OnceNames, toBookName } from './book-names.ts'
import type { ImportedBatch } from './card-fill.ts'
import {
  CARD,
  FEDERATION,
  FEDERATION_ASSET,
  FEDERATION_PLACE,
  ORIGIN,
  PERSON,
  toMicroseconds,
  toUuid,
  type V1Line,
  WALLET,
} from './rows.ts'
import type { V1Database } from './v1-database.ts'
import type { V1World } from './v1-world.ts'

/** Where the euros behind the federated money are on the first evening. */
export interface ReserveShown {
  readonly accounts: readonly { readonly account: string; readonly amount: bigint }[]
  /** SHA-256 of the statement that shows them. */
  readonly statement?: Hex32 | undefined
}

export interface PartsMeans {
  readonly db: V1Database
  readonly world: V1World
  /** The home of every place and person. */
  readonly node: NodeId
  readonly batches: readonly ImportedBatch[]
  readonly reserve: ReserveShown
  /** When places open here: v1 does not say when they did. */
  readonly nowMs: number
  /** SHA-256 of the database. */
  readonly source: Hex32
  /** Told of each line as it is read. */
  readonly onLine?: (() => void) | undefined
}

type RowOf<T extends ImportTable> =
  ImportOf<T> extends { readonly rows: readonly (infer R)[] } ? R : never

/** Most rows of a part: the id of an opening line follows from the bytes of its part, so that short ones are read faster. */
const ROWS_MAX = 100
const CARD_ROWS_MAX = 1_000
/** Bytes of rows as JSON that fit a tx, in base64url, with what stands around them. */
const BYTES_MAX = (TX_MAX - 2_048) * 0.75

/** Every part, each small enough for a tx. Consumed in order: what the lines tell of accounts is opened after them. */
export function* bookParts(means: PartsMeans): IterableIterator<Import> {
  const { db, world, node, source } = means
  const accounts = new BookAccounts(db, world)
  const part = { kind: 'import' } as const
  for (const rows of pack(placeRows(means))) yield { ...part, table: 'places', node, rows }
  for (const rows of pack(peopleRows(db))) yield { ...part, table: 'people', node, rows }
  for (const rows of pack(walletRows(means))) yield { ...part, table: 'wallets', rows }
  for (const rows of pack(assetRows(world))) yield { ...part, table: 'assets', rows }
  for (const rows of pack(federationRows(db, world))) yield { ...part, table: 'federations', rows }
  for (const batch of means.batches) yield* cardParts(batch)
  for (const rows of pack(lineRows(means, accounts))) yield { ...part, table: 'lines', rows }
  for (const rows of pack(accounts.memberships())) yield { ...part, table: 'memberships', rows }
  yield { ...part, table: 'reserve', ...openReserve(means.reserve, accounts.federated()) }
  for (const rows of pack(accounts.openings())) yield { ...part, table: 'openings', rows }
  yield { ...part, table: 'end', source }
}

/** The reserve names more euros than there is federated money. */
export class ReserveTooLargeError extends Error {
  readonly federated: bigint
  readonly shown: bigint

  constructor(federated: bigint, shown: bigint) {
    super('The statement shows more euros than there is federated money.')
    this.federated = federated
    this.shown = shown
  }
}

function openReserve({ accounts, statement }: ReserveShown, federated: bigint) {
  const shown = accounts.reduce((sum, { amount }) => sum + amount, 0n)
  if (shown > federated) throw new ReserveTooLargeError(federated, shown)
  return {
    accounts: accounts as ImportOf<'reserve'>['accounts'],
    ...(statement && { statement }),
    due: (federated - shown) as ImportOf<'reserve'>['due'],
  }
}

function* pack<T>(rows: Iterable<T>, max = ROWS_MAX): IterableIterator<readonly T[]> {
  let part: T[] = []
  let bytes = 0
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row, toPlain)) + 1
    if (part.length === max || bytes + size > BYTES_MAX) {
      yield part
      part = []
      bytes = 0
    }
    part.push(row)
    bytes += size
  }
  if (part.length > 0) yield part
}

function toPlain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function* placeRows({ world, nowMs }: PartsMeans): IterableIterator<RowOf<'places'>> {
  const names = new OnceNames(100)
  for (const { id, wallet, name } of world.places.values()) {
    yield {
      place: toId<PlaceId>(id),
      wallet: toId<WalletId>(wallet),
      name: names.take(toBookName(name, { max: 100, instead: toUuid(id) })),
      openedMs: nowMs,
    }
  }
}

function* peopleRows(db: V1Database): IterableIterator<RowOf<'people'>> {
  for (const { wallet } of db.rows(PERSON)) if (wallet !== undefined) yield toId<WalletId>(wallet)
}

/** Wallets of cards, and those that were a card's once. */
function* walletRows({ db, world }: PartsMeans): IterableIterator<RowOf<'wallets'>> {
  const places = new Map([...db.rows(ORIGIN)].map(({ number, place }) => [number, place]))
  const origins = new Map<string, string>()
  for (const { wallet, origin } of db.rows(CARD)) {
    const place = places.get(origin)
    if (wallet !== undefined && place !== undefined) origins.set(wallet, place)
  }
  for (const { id } of db.rows(WALLET)) {
    const isElse = world.kindsOf(id).some((kind) => kind !== 'card')
    if (isElse) continue
    const place = origins.get(id)
    yield { wallet: toId<WalletId>(id), ...(place && { origin: toId<PlaceId>(place) }) }
  }
}

function* assetRows(world: V1World): IterableIterator<RowOf<'assets'>> {
  const oldest = [...world.assets.values()].sort((a, b) =>
    a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? -1 : 1,
  )
  for (const { id, name, code, category, origin, isArchived, createdAt } of oldest) {
    const issuer = world.placeOf.get(origin)?.id
    yield {
      asset: toId<AssetId>(id),
      assetKind: toKind(category),
      name: toBookName(name, { max: 100, instead: toUuid(id) }),
      code: toBookName(code, { max: 3, instead: category }),
      ...(issuer && category !== 'FED' && { issuer: toId<PlaceId>(issuer) }),
      archived: isArchived,
      createdUs: toMicroseconds(createdAt),
    }
  }
}

function toKind(category: string): (typeof V1_KINDS)[number] {
  const kind = V1_KINDS.find((one) => one === category)
  if (kind === undefined) throw new Error(`${category} is a kind of asset`)
  return kind
}

function* federationRows(db: V1Database, world: V1World): IterableIterator<RowOf<'federations'>> {
  const places = Map.groupBy(db.rows(FEDERATION_PLACE), ({ federation }) => federation)
  const assets = Map.groupBy(db.rows(FEDERATION_ASSET), ({ federation }) => federation)
  for (const { id, name } of db.rows(FEDERATION)) {
    const shared = (assets.get(id) ?? []).filter(({ asset }) => !world.isFederated(asset))
    yield {
      federation: toId<FederationId>(id),
      name: toBookName(name, { max: 100, instead: toUuid(id) }),
      places: (places.get(id) ?? []).map(({ place }) => toId<PlaceId>(place)),
      assets: shared.map(({ asset }) => toId<AssetId>(asset)),
    }
  }
}

function* cardParts({ cards, ...batch }: ImportedBatch): IterableIterator<ImportOf<'cards'>> {
  let offset = 0
  for (const rows of pack(cards, CARD_ROWS_MAX)) {
    yield { kind: 'import', table: 'cards', ...batch, offset, rows }
    offset += rows.length
  }
}

function* lineRows(
  { db, onLine }: PartsMeans,
  accounts: BookAccounts,
): IterableIterator<RowOf<'lines'>> {
  for (const { line } of db.lines()) {
    accounts.see(line)
    onLine?.()
    yield toRow(line)
  }
}

function toRow(line: V1Line): RowOf<'lines'> {
  const { card, primary } = line
  return {
    id: toId<LineId>(line.id),
    hash: line.hash as Hex32,
    previous: toId<LineId>(line.previous),
    timeUs: toMicroseconds(line.at),
    action: line.action as RowOf<'lines'>['action'],
    asset: toId<AssetId>(line.asset),
    from: toId<WalletId>(line.from),
    to: toId<WalletId>(line.to),
    amount: line.amount as RowOf<'lines'>['amount'],
    ...(card && { card: toId<CardId>(card) }),
    ...(primary && { primary: toId<CardId>(primary) }),
  }
}

/** An id of v1, with hyphens. */
export function toId<T extends string>(id: string): T {
  return toUuid(id) as T
}
