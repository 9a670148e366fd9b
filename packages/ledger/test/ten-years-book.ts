/** Keeps the book of the ten years, in one block a day or in one for each tx, and adds up what comes of them. */
import {
  type Amount,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  COOPERATIVE_MELTING,
  encode,
  encodeGenesis,
  encodePayload,
  endBlock,
  issuanceWalletId,
  type Line,
  Malformed,
  MemoryState,
  type Outcome,
  type PlaceId,
  parseGenesis,
  type SignedGenesis,
  StateTree,
  type TxId,
  toCivil,
  toHex,
} from '../src/index.ts'
import { DAY_MS } from '../src/limits.ts'
import { type Ask, toSigner } from './histories.ts'
import { LineSums } from './melt-laws.ts'
import { START_MS, signText, toId } from './names.ts'
import { fastHash } from './play.ts'
import {
  amountOf,
  type Day,
  dayOfDate,
  founding,
  hashOf,
  idOf,
  isSilent,
  MONEYS,
  type Money,
  PLACES,
  SILENCE,
  walletOf,
} from './ten-years.ts'

/** `day`: one block for all of a day; `tx`: one for each tx, at the same moment. */
export type Cut = 'day' | 'tx'

/** What moves in a year, by what its lines say. Minor units. */
const FLOWS = [
  ...(['issued', 'redeemed', 'spent', 'refunded', 'granted', 'melted'] as const),
  ...(['toPlaces', 'toCommons', 'toMaintenance', 'burnt'] as const),
] as const
type Flow = (typeof FLOWS)[number]

/** Who has it. */
const HOLDERS = ['cards', 'persons', 'places', 'funds', 'pools'] as const
type HolderKind = (typeof HOLDERS)[number]

const HOLDER_OF = { card: 'cards', person: 'persons', place: 'places', fund: 'funds' } as const

export type Sums<K extends string> = Record<K, number>

/** One row: what a year moved, and who has what at its end. */
export interface YearTotals {
  readonly year: number
  readonly blocks: number
  readonly txs: number
  readonly rejected: number
  readonly lines: number
  /** Melts that waited in a queue until a tx touched their account. */
  readonly lateMelts: number
  /** Wallets of cards and people with money, without a gesture for a year or more. */
  readonly dormant: number
  readonly moneys: { readonly [M in Money]: Sums<Flow> & Sums<HolderKind> }
}

const COUNTED = ['blocks', 'txs', 'rejected', 'lines', 'lateMelts'] as const

function zeros<K extends string>(names: readonly K[]): Sums<K> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Sums<K>
}

const noFlows = () => ({ FED: zeros(FLOWS), TLF: zeros(FLOWS), TNF: zeros(FLOWS) })

function tenYearsGenesis(): SignedGenesis {
  const [operator, keeper] = [toSigner('operator').x, toSigner('keeper').x]
  const fed = { id: idOf('FED'), name: 'Euro', code: 'FED', demurrage: COOPERATIVE_MELTING }
  const json = encodeGenesis({
    network: 'ten years',
    timeMs: START_MS,
    ...{ operator, keeper, checkpoint: toSigner('checkpoint').x },
    node: { id: idOf('node'), name: 'Node', x: toSigner('node').x },
    ...{ fed, eur: idOf('EUR'), wallet: idOf('keeper') },
    funds: ['commons', 'maintenance'].map((name) => ({ wallet: idOf(name), name })),
    parameters: { fedCap: amountOf(10_000_000_000), dueCap: amountOf(0) },
  })
  const genesis = parseGenesis(fastHash, signText(toSigner('operator'), json))
  if (genesis instanceof Malformed) throw new Error(`${genesis.path}: ${genesis.expected}`)
  return genesis
}

export class TenYearsBook {
  readonly state = new MemoryState()
  readonly years: YearTotals[] = []
  readonly lines: Line[] = []
  /** What a line broke, for ever. */
  readonly broken: string[] = []
  /** Since the beginning, by what lines say. */
  readonly ever = noFlows()
  /** Months whose end was looked at. */
  months = 0
  readonly #cut: Cut
  readonly #genesis = tenYearsGenesis()
  readonly #sums = new LineSums(this.state)
  readonly #onMonth: (book: TenYearsBook) => void
  readonly #moneys = new Map<string, Money>(MONEYS.map((money) => [idOf(money), money]))
  readonly #issuance = new Set<string>(
    MONEYS.map((money) => issuanceWalletId(fastHash, idOf(money))),
  )
  #block: Block
  #isOpen = false
  #txs = 0
  #year = { ...zeros(COUNTED), moneys: noFlows() }

  /** `onMonth`: called when a month is over and all that was due has happened; after a silent month as things are. */
  constructor(cut: Cut, onMonth: (book: TenYearsBook) => void) {
    this.#cut = cut
    this.#onMonth = onMonth
    const { chain } = this.#genesis
    this.#block = new Block({ chain, height: 0, timeMs: START_MS }, fastHash)
    this.#note(applyGenesis(this.state, fastHash, this.#genesis))
    this.#open(START_MS)
    for (const ask of founding((name) => toSigner(name).x)) {
      const outcome = this.#ask(ask)
      if (outcome.status === 'rejected') throw new Error(encode(outcome.rejection as never))
    }
  }

  /** False while something waits that was due when the running block was opened. */
  get isSettled(): boolean {
    return this.#block.isSettled
  }

  live({ day, asks }: Day): void {
    if (toCivil(day).date === 1) this.#turnMonth(day)
    if (asks.length === 0) return
    const timeMs = day * DAY_MS + DAY_MS / 2
    if (this.#cut === 'day') this.#open(timeMs)
    for (const ask of asks) {
      if (this.#cut === 'tx') this.#open(timeMs)
      this.#ask(ask)
    }
  }

  /** The first moment after the last day. */
  end(): void {
    this.#turnMonth(dayOfDate('2036-01-01'))
    this.#close()
  }

  /** At the first moment of a month: all that is due, the sums of the month before, then places hand in half of theirs. */
  #turnMonth(day: number): void {
    if (day * DAY_MS === START_MS) return
    const isQuiet = isSilent(day - 1) && day > SILENCE.from
    if (!isQuiet) while (this.#open(day * DAY_MS) > 0 || !this.isSettled);
    this.months += 1
    this.#onMonth(this)
    if (toCivil(day).month === 0) this.#turnYear(day)
    if (!isQuiet && !isSilent(day)) for (const ask of this.#deposits(day)) this.#ask(ask)
  }

  #turnYear(day: number): void {
    const { moneys, ...counted } = this.#year
    const held = this.heldBy()
    const rows = MONEYS.map((money) => [money, { ...moneys[money], ...held[money] }])
    this.years.push({
      year: toCivil(day).year - 1,
      ...counted,
      dormant: this.#dormant(day),
      moneys: Object.fromEntries(rows) as YearTotals['moneys'],
    })
    this.#year = { ...zeros(COUNTED), moneys: noFlows() }
  }

  /** Closes the running block and opens the next: how many entries were due. */
  #open(timeMs: number): number {
    this.#close()
    const { chain } = this.#genesis
    this.#block = new Block({ chain, height: this.#block.height + 1, timeMs }, fastHash)
    this.#isOpen = true
    this.#year.blocks += 1
    const entries = beginBlock(this.state, this.#block)
    for (const { outcome } of entries) this.#note(outcome.lines)
    return entries.length
  }

  #close(): void {
    if (this.#isOpen) endBlock(this.state, this.#block)
    this.#isOpen = false
  }

  #ask({ by, actions }: Ask): Outcome {
    this.#txs += 1
    this.#year.txs += 1
    const { chain } = this.#genesis
    const id = toId<TxId>(`ten years tx ${this.#txs}`)
    const unsigned = { chain, id, actions, notAfter: this.#block.timeMs + 60_000 }
    const { before, outcome } = applyTx(this.state, this.#block, {
      kid: toSigner(by).kid,
      payload: { v: 1, ...unsigned },
      bytes: encodePayload(unsigned),
    })
    if (before !== undefined) {
      this.#note(before.outcome.lines)
      this.#year.lateMelts += before.outcome.lines.length
    }
    if (outcome.status === 'applied') this.#note(outcome.lines)
    else this.#year.rejected += 1
    return outcome
  }

  #deposits(day: number): readonly Ask[] {
    return PLACES.flatMap((place) =>
      MONEYS.flatMap((money): readonly Ask[] => {
        const account = this.state.get('account', `${idOf(walletOf(place))}/${idOf(money)}`)
        const amount = ((account?.balance ?? 0n) / 2n) as Amount
        if (amount <= 0n) return []
        const paid = {
          kind: 'deposit',
          place: idOf(place) as PlaceId,
          asset: idOf(money),
          amount,
        } as const
        if (money !== 'FED') return [{ by: 'node', actions: [paid] }]
        const reference = hashOf(`payment to ${place} on ${day}`)
        const evidence = {
          account: 'bank/main',
          reference,
          gross: amount,
          fee: amountOf(0),
          net: amount,
        }
        return [{ by: 'keeper', actions: [{ ...paid, evidence }] }]
      }),
    )
  }

  #note(lines: readonly Line[]): void {
    for (const line of lines) {
      this.#year.lines += 1
      this.lines.push(line)
      this.broken.push(...this.#sums.add(line))
      const money = this.#moneys.get(line.asset)
      const flow = money && this.#flowOf(line, money)
      if (money === undefined || flow === undefined) continue
      this.#year.moneys[money][flow] += Number(line.amount)
      this.ever[money][flow] += Number(line.amount)
    }
  }

  #flowOf({ action, to }: Line, money: Money): Flow | undefined {
    switch (action) {
      case 'CRE':
        return 'issued'
      case 'BNK':
        return 'redeemed'
      case 'SAL':
      case 'QRS':
        return 'spent'
      case 'RFD':
        // A place pays cash for euros of the network, and has them then; an issuer takes its own back.
        return money === 'FED' ? 'refunded' : 'redeemed'
      case 'GRT':
        return 'granted'
      case 'MLT':
        return 'melted'
      case 'RDS':
        return this.#shareOf(to)
      default:
        return undefined
    }
  }

  #shareOf(to: string): Flow {
    if (to === idOf('commons')) return 'toCommons'
    if (to === idOf('maintenance')) return 'toMaintenance'
    return this.#issuance.has(to) ? 'burnt' : 'toPlaces'
  }

  /** What the book has in each kind of wallet now, in minor units. */
  heldBy(): { readonly [M in Money]: Sums<HolderKind> } {
    const held = { FED: zeros(HOLDERS), TLF: zeros(HOLDERS), TNF: zeros(HOLDERS) }
    for (const { id, record } of this.state.entries('account')) {
      const money = this.#moneys.get(id.slice(37))
      const kind = this.state.get('wallet', id.slice(0, 36))?.kind
      if (money === undefined || kind === 'issuance') continue
      // The keeper passes on all that it issues: what stayed there would be missing from the sums.
      const holder = kind === 'pool' ? 'pools' : HOLDER_OF[kind as keyof typeof HOLDER_OF]
      if (holder !== undefined) held[money][holder] += Number(record.balance)
    }
    return held
  }

  #dormant(day: number): number {
    let count = 0
    for (const { id, record } of this.state.entries('wallet')) {
      if (record.kind !== 'card' && record.kind !== 'person') continue
      const isAsleep = record.activeDay === undefined || record.activeDay <= day - 365
      const hasMoney = record.assets.some((asset) => {
        return (this.state.get('account', `${id}/${asset}`)?.balance ?? 0n) > 0n
      })
      if (isAsleep && hasMoney) count += 1
    }
    return count
  }

  /** Accounts that are not the sum of their lines. */
  brokenBalances(): readonly string[] {
    return this.#sums.brokenBalances(this.state)
  }

  /** The root of all records, as a node seals it. */
  stateRoot(): string {
    const tree = new StateTree(fastHash)
    for (const [key, record] of this.state.all()) tree.put(key, encode(record as never))
    return toHex(tree.seal(this.#block.height))
  }
}
