/** A small town in which people pay, at random: every kind of tx that moves money, and many that must not. */
import {
  type Action,
  type Amount,
  type AssetId,
  type BatchId,
  type CardId,
  encodePayload,
  type Hex32,
  type HoldId,
  Malformed,
  type NodeId,
  type PlaceId,
  parseTx,
  type SignedGenesis,
  type SignedTx,
  type TxId,
  toSigningInput,
  type WalletId,
} from '@fedow/ledger'
import type { Book } from '../../src/store/book.ts'
import type { FolderKeys } from '../../src/store/folder.ts'
import { SigningKey } from '../../src/store/key-file.ts'
import { newId } from '../test-network.ts'

interface Bar {
  readonly place: PlaceId
  readonly asset: AssetId
}

const CARDS_PER_BAR = 6
const ROOT = 'b'.repeat(64) as Hex32
const MINUTE_MS = 60_000

export interface TownParts {
  readonly genesis: SignedGenesis
  readonly keys: FolderKeys
  readonly random: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export class Town {
  readonly #genesis: SignedGenesis
  readonly #keys: FolderKeys
  readonly #random: () => number
  readonly #now: () => number
  readonly #stranger = SigningKey.generate()
  readonly #bars: Bar[] = []
  readonly #cards: CardId[] = []
  readonly #persons: WalletId[] = []
  readonly #holds: HoldId[] = []

  constructor({ genesis, keys, random, now }: TownParts) {
    this.#genesis = genesis
    this.#keys = keys
    this.#random = random
    this.#now = now
  }

  /** Finds the people of an earlier day in the book. */
  meet({ state }: Book): void {
    for (const { id, record } of state.list('asset', { limit: 20 })) {
      if (record.issuer) this.#bars.push({ place: record.issuer, asset: id as AssetId })
    }
    for (const { id } of state.list('card', { limit: 50 })) this.#cards.push(id as CardId)
    for (const { id } of state.list('hold', { limit: 50 })) this.#holds.push(id as HoldId)
    for (const { id, record } of state.list('wallet', { limit: 200 })) {
      if (record.kind === 'person') this.#persons.push(id as WalletId)
    }
  }

  get isEmpty(): boolean {
    return this.#bars.length === 0
  }

  /** One tx: a bar with its money, its cards, some of them refilled, and a regular. */
  openBar(): SignedTx {
    const node = this.#genesis.genesis.node.id
    const bar = { place: newId<PlaceId>(), asset: newId<AssetId>() }
    const cards = Array.from({ length: CARDS_PER_BAR }, () => newId<CardId>())
    const person = newId<WalletId>()
    this.#bars.push(bar)
    this.#cards.push(...cards)
    this.#persons.push(person)
    return this.sign([
      ...barActions(bar, node, cards),
      { kind: 'wallet-open', wallet: person, node },
      ...cards.slice(1).map((card) => refill(bar.asset, card, 1_000n)),
    ])
  }

  /** Cards by the thousand: they fill a block, and make many records to write behind the log. */
  orderCards(): SignedTx {
    const cards = Array.from({ length: 1_000 }, () => newId<CardId>())
    return this.sign([register(this.#pick(this.#bars).place, cards)])
  }

  /** One gesture of a day, good or bad. */
  gesture(earlier: readonly SignedTx[]): SignedTx {
    const chance = this.#random()
    if (chance < 0.45) return this.#sale()
    if (chance < 0.55) return this.sign([this.#refill()])
    if (chance < 0.6) return this.sign([this.#refill()], { key: this.#keys.operator })
    if (chance < 0.65)
      return this.sign([this.#refill(), this.#saleAction(50), this.#saleAction(50)])
    if (chance < 0.75) return this.#hold()
    if (chance < 0.83) return this.#endHold()
    if (chance < 0.86) return this.#link()
    if (chance < 0.88) return this.openBar()
    return this.#refused(earlier)
  }

  sign(actions: readonly Action[], signing: Signing = {}): SignedTx {
    const { key = this.#keys.node, id = newId<TxId>(), lifeMs = 5 * MINUTE_MS } = signing
    const { chain } = this.#genesis
    const json = encodePayload({ chain, id, actions, notAfter: this.#now() + lifeMs })
    const input = toSigningInput(key.kid, json)
    const tx = parseTx(`${input}.${key.sign(signing.isForged ? `${input} ` : input)}`)
    if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
    return tx
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.#random() * list.length)]
    if (one === undefined) throw new Error('the town is empty')
    return one
  }

  #amount(most: number): Amount {
    return BigInt(1 + Math.floor(this.#random() * most)) as Amount
  }

  #sale(): SignedTx {
    return this.sign([this.#saleAction(this.#random() < 0.2 ? 100_000 : 200)])
  }

  #saleAction(most: number): Action {
    const { place, asset } = this.#pick(this.#bars)
    const parts = [{ asset, amount: this.#amount(most) }]
    return { kind: 'sale', card: this.#pick(this.#cards), to: place, parts }
  }

  #refill(): Action {
    return refill(this.#pick(this.#bars).asset, this.#pick(this.#cards), this.#amount(5_000))
  }

  #hold(): SignedTx {
    const { place: to, asset } = this.#pick(this.#bars)
    const hold = newId<HoldId>()
    this.#holds.push(hold)
    const lifeMs = this.#random() < 0.6 ? 1 + Math.floor(this.#random() * 1_500) : 60 * MINUTE_MS
    const from = { card: this.#pick(this.#cards) }
    const expiresMs = this.#now() + lifeMs
    return this.sign([
      { kind: 'hold', hold, from, to, asset, amount: this.#amount(100), expiresMs },
    ])
  }

  #endHold(): SignedTx {
    if (this.#holds.length === 0) return this.#hold()
    const hold = this.#pick(this.#holds)
    return this.sign([{ kind: this.#random() < 0.7 ? 'capture' : 'release', hold }])
  }

  #link(): SignedTx {
    const wallet = this.#pick(this.#persons)
    return this.sign([{ kind: 'card-link', card: this.#pick(this.#cards), wallet }])
  }

  /** A tx that the engine refuses before the order. */
  #refused(earlier: readonly SignedTx[]): SignedTx {
    const known = earlier.at(-1)?.payload.id
    const action = this.#saleAction(100)
    return this.#pick([
      () => this.sign([action], { key: this.#stranger }),
      () => this.sign([action], { isForged: true }),
      () => this.sign([action], { lifeMs: -5_000 }),
      () => this.sign([action], { lifeMs: 60 * MINUTE_MS }),
      () => this.sign([action], known ? { id: known } : {}),
    ])()
  }
}

interface Signing {
  readonly key?: SigningKey
  readonly id?: TxId
  readonly lifeMs?: number
  readonly isForged?: boolean
}

function barActions(bar: Bar, node: NodeId, cards: readonly CardId[]): readonly Action[] {
  const { place, asset } = bar
  return [
    { kind: 'place-open', place, wallet: newId<WalletId>(), name: `Bar ${place}`, node },
    { kind: 'asset-create', asset, place, assetKind: 'TLF', name: `Perle ${asset}`, code: 'PRL' },
    register(place, cards),
  ]
}

function register(place: PlaceId, cards: readonly CardId[]): Action {
  const batch = newId<BatchId>()
  const order = { batch, place, generation: 1, root: ROOT, count: cards.length, offset: 0 }
  return { kind: 'cards-register', ...order, level: 'L0', cards }
}

function refill(asset: AssetId, card: CardId, amount: bigint): Action {
  return { kind: 'refill', asset, to: { card }, amount: amount as Amount }
}
