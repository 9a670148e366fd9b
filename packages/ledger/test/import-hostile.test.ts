/** What an operator could bring in who wants money, or wants the book to stop. */
import { describe, expect, it } from 'vitest'
import {
  ACCOUNTS_PER_WALLET_MAX,
  type Action,
  type Amount,
  type AssetId,
  type CardId,
  cardWalletId,
  type Hex32,
  type Import,
  type ImportOf,
  importAction,
  issuanceWalletId,
  Malformed,
  MemoryState,
  type NodeId,
  type PlaceId,
  parseTx,
  reserveWalletId,
  TX_MAX,
  type WalletId,
} from '../src/index.ts'
import { brokenLines, brokenMoney, brokenOutcome, brokenRegistry, brokenShapes } from './laws.ts'
import { START_MS, toId } from './names.ts'
import { fastHash, Play, signAsk } from './play.ts'

const NODE = toId<NodeId>('node')
const BAR = toId<PlaceId>('bar')
const ANA = toId<WalletId>('ana')
const FED = toId<AssetId>('FED')
const TLF = toId<AssetId>('TLF')
const SHA = 'a'.repeat(64) as Hex32

describe('parts of an import', () => {
  it('have a thousand rows at most, and fit a tx', () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => toId<WalletId>(`person ${n}`))
    const people = (more: readonly WalletId[]): Import => {
      return { kind: 'import', table: 'people', node: NODE, rows: [...rows, ...more] }
    }
    const book = new NewBook()
    expect(book.take(people([]))).toBe('applied')
    expect(book.state.get('wallet', rows.at(-1) ?? '')?.kind).toBe('person')
    expect(malformed(people([ANA]))?.path).toBe('.actions[0].rows')
    const wallets = rows.map((wallet) => ({ wallet }))
    const large = malformed({ kind: 'import', table: 'wallets', rows: wallets })
    expect(large?.expected).toContain(String(TX_MAX))
    expect(book.broken()).toEqual([])
  })

  it.each<[string, object, string]>([
    ['of no table', { table: 'money', rows: [] }, '$.table'],
    ['of a table that is in every object', { table: 'toString' }, '$.table'],
    ['without a table', { rows: [] }, '$.table'],
    ['without rows', { table: 'assets' }, '$.rows'],
    ['with no row', { table: 'people', node: NODE, rows: [] }, '$.rows'],
    ['with a member of another table', { table: 'end', source: SHA, rows: [] }, '$.rows'],
    ['with a line of a code that v1 never had', lines({ action: 'OPN' }), '$.rows[0].action'],
    ['with a line that holds money', lines({ action: 'HLD' }), '$.rows[0].action'],
    ['with a line of less than nothing', lines({ amount: -1 }), '$.rows[0].amount'],
    ['with a line of too much', lines({ amount: 2 ** 53 }), '$.rows[0].amount'],
    ['with a line of half a cent', lines({ amount: 0.5 }), '$.rows[0].amount'],
    ['with a line without a hash', lines({ hash: undefined }), '$.rows[0].hash'],
    ['with a line whose hash is no hash', lines({ hash: 'A'.repeat(64) }), '$.rows[0].hash'],
    ['with a line in the year 2256', lines({ timeUs: 9_000_000_000_000_001 }), '$.rows[0].timeUs'],
    ['with a line without a card, spelt out', lines({ card: null }), '$.rows[0].card'],
    ['with a line that has a comment', lines({ comment: 'x' }), '$.rows[0].comment'],
    ['with an asset of the reserve', assets({ assetKind: 'EUR' }), '$.rows[0].assetKind'],
    ['with an asset whose name is invisible', assets({ name: '\u200b' }), '$.rows[0].name'],
    [
      'with a reserve account of a free name',
      { table: 'reserve', accounts: [{ account: 'due-from-keeper', amount: 1 }], due: 0 },
      '$.accounts[0].account',
    ],
  ])('are malformed %s', (_, members, path) => {
    const read = () => importAction({ kind: 'import', ...members }, '$')
    expect(read).toThrow(expect.objectContaining({ path }))
  })
})

describe('wallets that the ledger derives', () => {
  it('take no balance and no line of an import', () => {
    const book = new NewBook().with(...WORLD)
    const derived = [
      issuanceWalletId(fastHash, TLF),
      issuanceWalletId(fastHash, FED),
      reserveWalletId(fastHash, 'due-from-keeper'),
    ]
    for (const wallet of derived) {
      for (const asset of [TLF, toId<AssetId>('TNF')]) {
        expect(book.take(openings({ wallet, asset, amount: 5 }))).toBe('wallet_kind_refused')
      }
      const members = { wallet, asset: toId('SUB'), total: 1n, startMs: 0, count: 1 }
      const rows = [members] as unknown as ImportOf<'memberships'>['rows']
      expect(book.take({ kind: 'import', table: 'memberships', rows })).toBe('wallet_kind_refused')
      for (const end of ['from', 'to']) {
        const part = importAction({ kind: 'import', ...lines({ [end]: wallet }) }, '$')
        expect(book.take(part)).toBe('wallet_kind_refused')
      }
    }
    expect(book.broken()).toEqual([])
  })

  it('are not a person by being imported as one', () => {
    const book = new NewBook().with(...WORLD)
    const card = toId<CardId>('c9')
    const [issuance, own] = [
      issuanceWalletId(fastHash, toId('late')),
      cardWalletId(fastHash, card, 0),
    ]
    const people: Import = { kind: 'import', table: 'people', node: NODE, rows: [issuance, own] }
    expect(book.take(people)).toBe('applied')
    const late = { ...assets({ asset: toId('late') }), kind: 'import' }
    expect(book.take(importAction(late, '$'))).toBe('id_taken')
    expect(book.take(cards([{ card }]))).toBe('applied')
    const refill: Action = { kind: 'refill', asset: TLF, to: { card }, amount: cents(100) }
    expect(book.by('node', refill)).toBe('wallet_kind_refused')
    expect(book.broken()).toEqual([])
  })
})

describe('what is brought in twice', () => {
  it('is not there twice: two cards of one wallet share what is on it', () => {
    const book = new NewBook().with(...WORLD)
    const own = toId<WalletId>('own')
    const [one, two] = [toId<CardId>('c8'), toId<CardId>('c9')]
    const both = cards([
      { card: one, own },
      { card: two, own },
    ])
    expect(book.take(both)).toBe('applied')
    expect(book.take(openings({ wallet: own, asset: TLF, amount: 500 }))).toBe('applied')
    const sale = (card: CardId, amount: number): Action => {
      return { kind: 'sale', card, to: BAR, parts: [{ asset: TLF, amount: cents(amount) }] }
    }
    expect(book.by('node', sale(one, 300))).toBe('applied')
    expect(book.by('node', sale(two, 300))).toBe('insufficient_balance')
    for (const card of [one, two]) {
      expect(book.by('node', { kind: 'card-link', card, wallet: ANA })).toBe('applied')
    }
    expect(book.state.get('account', `${ANA}/${TLF}`)?.balance).toBe(200n)
    expect(book.broken()).toEqual([])
  })

  it('is refused as a whole tx when its second action repeats the first', () => {
    const book = new NewBook().with(...WORLD)
    const part = openings({ wallet: ANA, asset: TLF, amount: 5 })
    expect(book.by('operator', part, part)).toBe('id_taken')
    expect(book.state.get('account', `${ANA}/${TLF}`)).toBeUndefined()
    const line = importAction({ kind: 'import', ...lines({}) }, '$')
    expect(book.by('operator', line, line)).toBe('import_order_refused')
    expect(book.broken()).toEqual([])
  })

  it('is what every later import is, once somebody traded', () => {
    const book = new NewBook().with(...WORLD)
    const refill: Action = { kind: 'refill', asset: TLF, to: { wallet: ANA }, amount: cents(100) }
    expect(book.by('node', refill)).toBe('applied')
    const parts = [openings({ wallet: BAR as string as WalletId, asset: TLF, amount: 5 }), ...WORLD]
    for (const part of parts) expect(book.take(part)).toBe('import_closed')
    const issue = { kind: 'import', table: 'reserve', accounts: [], due: cents(5) } as const
    expect(book.take(issue)).toBe('import_closed')
    expect(book.broken()).toEqual([])
  })
})

describe('wallets at their limit', () => {
  it('take no account more, by an opening or a line', () => {
    const book = new NewBook().with(...WORLD)
    const ids = Array.from({ length: ACCOUNTS_PER_WALLET_MAX }, (_, n) => toId<AssetId>(`m ${n}`))
    for (let at = 0; at < ids.length; at += 128) {
      const rows = ids.slice(at, at + 128).map((asset) => assetRow({ asset, name: asset }))
      expect(book.take({ kind: 'import', table: 'assets', rows })).toBe('applied')
      const opened = ids.slice(at, at + 128).map((asset) => ({ wallet: ANA, asset, amount: 0 }))
      expect(book.take(openings(...opened))).toBe('applied')
    }
    expect(book.take(openings({ wallet: ANA, asset: TLF, amount: 5 }))).toBe('too_many')
    const line = importAction({ kind: 'import', ...lines({ from: ANA }) }, '$')
    expect(book.take(line)).toBe('too_many')
    expect(book.broken()).toEqual([])
  })
})

/** A place, a person, a wallet of a card, two local moneys and a membership. */
const WORLD: readonly Import[] = [
  {
    ...{ kind: 'import', table: 'places', node: NODE },
    rows: [{ place: BAR, wallet: toId('bar wallet'), name: 'Bar', openedMs: START_MS }],
  },
  { kind: 'import', table: 'people', node: NODE, rows: [ANA] },
  { kind: 'import', table: 'wallets', rows: [{ wallet: toId('own') }] },
  {
    ...{ kind: 'import', table: 'assets' },
    rows: [
      assetRow({}),
      assetRow({ asset: toId('TNF'), assetKind: 'TNF', name: 'Gift' }),
      assetRow({ asset: toId('SUB'), assetKind: 'SUB', name: 'Club' }),
    ],
  },
]

type AssetRow = ImportOf<'assets'>['rows'][number]

function assetRow(members: Partial<AssetRow>): AssetRow {
  const facts = { asset: TLF, assetKind: 'TLF', name: 'Peaksu', code: 'PKS' } as const
  return { ...facts, issuer: BAR, archived: false, createdUs: 0, ...members }
}

function assets(members: object): object {
  return { table: 'assets', rows: [{ ...assetRow({}), ...members }] }
}

function lines(members: object): object {
  const [from, to] = [ANA, toId<WalletId>('bar wallet')]
  const facts = { id: toId('line'), hash: SHA, previous: toId('line'), timeUs: 1, action: 'SAL' }
  return { table: 'lines', rows: [{ ...facts, asset: TLF, from, to, amount: 1, ...members }] }
}

function cards(rows: ImportOf<'cards'>['rows']): Import {
  const order = { batch: toId('batch'), place: BAR, generation: 1, root: SHA } as const
  const part = { count: rows.length, offset: 0, level: 'L0', rows } as const
  return { kind: 'import', table: 'cards', ...order, ...part } as Import
}

function openings(
  ...rows: readonly { wallet: WalletId; asset: AssetId; amount: number }[]
): Import {
  const amounts = rows.map((row) => ({ ...row, amount: cents(row.amount) }))
  return { kind: 'import', table: 'openings', rows: amounts }
}

function cents(value: number): Amount {
  return BigInt(value) as Amount
}

/** Why the bytes of a tx of this part are refused before anything else. */
function malformed(part: Import): Malformed | undefined {
  const tx = parseTx(signAsk({ by: 'operator', actions: [part] }, { n: 0, timeMs: START_MS }))
  return tx instanceof Malformed ? tx : undefined
}

/** A book with its genesis alone, and a block open. */
class NewBook {
  readonly state = new MemoryState()
  readonly #book = Play.fresh(this.state)

  constructor() {
    this.#book.open(1_000)
  }

  /** Takes parts that nothing refuses. */
  with(...parts: readonly Import[]): this {
    for (const part of parts) expect(this.take(part)).toBe('applied')
    return this
  }

  take(part: Import): string {
    return this.by('operator', part)
  }

  /** Asks for one tx. Answers `applied`, or the code that refused it. */
  by(name: string, ...actions: readonly Action[]): string {
    const { outcome } = this.#book.ask({ by: name, actions })
    if (typeof outcome === 'string') return outcome
    expect(brokenOutcome(outcome)).toEqual([])
    return outcome.status === 'applied' ? 'applied' : outcome.rejection.code
  }

  /** Everything that is wrong with the book. */
  broken(): readonly string[] {
    return [
      ...brokenShapes(this.state, this.state.all().keys()),
      ...brokenMoney(this.state, fastHash),
      ...brokenRegistry(this.state, fastHash),
      ...brokenLines(this.state, fastHash, this.#book.lines),
    ]
  }
}
