/** Why something melted or was shared out, from the entry that stands in the book. */
import { meltSentence, shareSentence } from '@fedow/api'
import {
  type Amount,
  type Asset,
  assert,
  fromPoolId,
  type Line,
  type Melt,
  NO_PLACE,
  type PlaceId,
  params,
  plannedShares,
  type TxId,
} from '@fedow/ledger'
import type { BookReader } from '../store/book-reader.ts'

type Book = Pick<BookReader, 'state' | 'tx' | 'entryJson'>

/** The sentence behind a line; none for lines that somebody asked for. Each entry is read once. */
export function whyOf(book: Book): (line: Line) => string | undefined {
  const read = new Map<TxId, Readonly<Record<string, unknown>>>()
  const entryOf = (tx: TxId) => {
    const entry = read.get(tx) ?? JSON.parse(book.entryJson(tx) ?? '{}')
    read.set(tx, entry)
    return entry
  }
  return (line) => {
    if (line.action !== 'MLT' && line.action !== 'RDS') return undefined
    const asset = book.state.get('asset', line.asset)
    assert(asset !== undefined, 'a line has an asset')
    const entry = entryOf(line.tx)
    return line.action === 'MLT'
      ? whyMelted(asset, entry, line)
      : whyShared(book, asset, { entry, line })
  }
}

interface Entry {
  /** Of a melt, in the order of its lines. */
  readonly melts?: readonly MeltJson[]
  /** Of a share-out: the pool. */
  readonly pool?: string
}

type MeltJson = Omit<Melt, 'balance' | 'held' | 'amount'> & {
  readonly [K in 'balance' | 'held' | 'amount']: number
}

function whyMelted(asset: Asset, { melts }: Entry, { lineIndex }: Line): string | undefined {
  const json = melts?.[lineIndex]
  const terms = asset.policies.find(({ version }) => version === json?.version)?.demurrage
  if (json === undefined || terms === undefined) return undefined
  const { amount, balance, held, ...days } = json
  const sums = { amount: BigInt(amount) as Amount, balance: BigInt(balance) }
  const melt = { ...days, ...sums, held: BigInt(held) as Amount }
  return meltSentence({ melt, terms, unit: asset })
}

function whyShared(
  book: Book,
  asset: Asset,
  { entry: { pool }, line }: { readonly entry: Entry; readonly line: Line },
): string | undefined {
  const outcome = book.tx(line.tx)?.outcome
  if (pool === undefined || outcome?.status !== 'applied') return undefined
  const total = outcome.lines.reduce((sum, { amount }) => sum + amount, 0n)
  const { origin, dueMs } = fromPoolId(pool)
  const planned = plannedShares(asset, { amount: total as Amount, dueMs })[line.lineIndex]
  if (planned === undefined) return undefined
  const place = origin === NO_PLACE ? undefined : book.state.get('place', origin as PlaceId)
  const receiver = book.state.get('wallet', line.to)?.kind === 'issuance' ? 'burnt' : line.to
  const { commons, maintenance, keeper } = params(book.state)
  const named = { places: place?.wallet, commons, maintenance, burnt: 'burnt' }
  const others = new Map<string | undefined, string>([
    [keeper, 'the keeper of the reserve'],
    [commons, 'the commons'],
    ['burnt', 'nobody and left circulation'],
  ])
  const fellTo = receiver === named[planned.share] ? undefined : others.get(receiver)
  return shareSentence({ planned, total, dueMs, origin: place?.name, fellTo, unit: asset })
}
