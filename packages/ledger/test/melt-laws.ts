/** What holds of money that melts at every line and in every state; each law answers what breaks it. */
import {
  type Asset,
  type AssetId,
  entryOf,
  findPool,
  fromPoolId,
  issuanceWalletId,
  type Line,
  type MemoryState,
  NO_PLACE,
  nextMelt,
  type PlaceId,
  params,
  type RecordKind,
  type RecordOf,
  type StateReader,
  sleeperOf,
} from '../src/index.ts'
import { fastHash } from './play.ts'

/** Adds lines up by themselves: after each, what wallets and pools have is what is issued and not redeemed. */
export class LineSums {
  readonly #state: StateReader
  readonly #balances = new Map<string, bigint>()
  readonly #issued = new Map<string, bigint>()
  readonly #held = new Map<string, bigint>()

  constructor(state: StateReader) {
    this.#state = state
  }

  /** What the next line breaks. */
  add(line: Line): readonly string[] {
    const { asset } = line
    const issuance = issuanceWalletId(fastHash, asset)
    const broken: string[] = []
    let moved = 0n
    for (const { wallet, change } of this.#entry(line)) {
      moved += change
      if (wallet === issuance) this.#issued.set(asset, (this.#issued.get(asset) ?? 0n) - change)
      else this.#held.set(asset, (this.#held.get(asset) ?? 0n) + change)
      const account = `${wallet}/${asset}`
      const balance = (this.#balances.get(account) ?? 0n) + change
      this.#balances.set(account, balance)
      if (wallet !== issuance && balance < 0n) broken.push(`line ${line.number}: ${account} owes`)
    }
    const [held, issued] = [this.#held.get(asset) ?? 0n, this.#issued.get(asset) ?? 0n]
    if (moved !== 0n || held !== issued) {
      broken.push(`line ${line.number}: ${held} held, ${issued} issued`)
    }
    return broken
  }

  #entry(line: Line) {
    const { kind } = this.#state.get('asset', line.asset) as Asset
    return entryOf(line, { hash: fastHash, kind, keeper: params(this.#state).keeper })
  }

  /** Accounts whose balance is not the sum of their lines. */
  brokenBalances(state: MemoryState): readonly string[] {
    return [...state.entries('account')].flatMap(({ id, record }) => {
      const added = this.#balances.get(id) ?? 0n
      return added === record.balance
        ? []
        : [`${id} has ${record.balance}, its lines give ${added}`]
    })
  }
}

/** What melted is in the pools or was shared out; the wallets of pools have what their records say. */
export function brokenMelting(state: MemoryState): readonly string[] {
  const broken: string[] = []
  const waiting = new Map<string, bigint>()
  const inWallets = new Map<string, bigint>()
  for (const { id, record } of state.entries('pool')) {
    const { asset, origin } = fromPoolId(id)
    waiting.set(asset, (waiting.get(asset) ?? 0n) + record.amount)
    const place = origin === NO_PLACE ? undefined : (origin as PlaceId)
    const { wallet } = findPool({ state, hash: fastHash }, place)
    const account = `${wallet}/${asset}`
    inWallets.set(account, (inWallets.get(account) ?? 0n) + record.amount)
  }
  for (const { id, record } of state.entries('account')) {
    if (state.get('wallet', id.slice(0, 36))?.kind !== 'pool') continue
    const wanted = inWallets.get(id) ?? 0n
    if (record.balance !== wanted)
      broken.push(`the pool ${id} has ${record.balance}, not ${wanted}`)
  }
  for (const { id, record } of state.entries('melted')) {
    const { melted, places, commons, maintenance, burnt } = record
    const left = melted - places - commons - maintenance - burnt
    const wanted = waiting.get(id as AssetId) ?? 0n
    if (left !== wanted) broken.push(`of ${id} ${left} wait, the pools have ${wanted}`)
  }
  return broken
}

/** A state that can be read through. */
export interface Listed extends StateReader {
  entries<K extends RecordKind>(
    kind: K,
  ): Iterable<{ readonly id: string; readonly record: RecordOf<K> }>
}

/** Everything that holders could tell: balances, holds, what melts next, pools, totals. In a fixed order. */
export function toldByHolders(state: Listed): readonly string[] {
  const texts: string[] = []
  for (const { id, record } of state.entries('account')) {
    const sleeper = sleeperOf(state, id)
    const next = sleeper && nextMelt(sleeper)
    const due =
      next === undefined
        ? 'never'
        : `${next.version} ${next.beginDay} ${next.dueDay} ${next.amount}`
    texts.push(`account ${id} ${record.balance} ${record.held} ${due}`)
  }
  for (const kind of ['pool', 'melted', 'hold'] as const) {
    for (const { id, record } of state.entries(kind)) {
      texts.push(`${kind} ${id} ${Object.values(record).join(' ')}`)
    }
  }
  return texts.sort()
}
