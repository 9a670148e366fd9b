/**
 * Counts the figures of one asset from its lines, oldest first. Exact: whole numbers and their quotients. What it answers may
 * show a person; `shown.ts` makes of it what may be shown.
 */
import type { Hash } from '../hash.ts'
import type { AssetId, PlaceId } from '../ids.ts'
import type { LineAction } from '../line.ts'
import type { Asset, Wallet } from '../records.ts'
import { Cell } from './cell.ts'
import { Dormancy, type DormantBand } from './dormancy.ts'
import { type Flow, Flows } from './flow.ts'
import { type Parcel, Parcels } from './parcels.ts'
import { Stock } from './stock.ts'
import { Survival, type SurvivalRow } from './survival.ts'
import type { FigureWindow } from './window.ts'

/** A wallet as figures know it. The object itself stands for the wallet: there is one for each. */
export interface FigureWallet {
  readonly kind: Wallet['kind']
  /** Of a place's wallet. */
  readonly place?: PlaceId | undefined
  /** Its place of origin. */
  readonly origin?: PlaceId | undefined
}

/** What of a line figures are made of. */
export interface FigureLine {
  readonly action: LineAction
  readonly from: FigureWallet
  readonly to: FigureWallet
  readonly amount: bigint
  readonly timeUs: number
  readonly isImported: boolean
  /** What the money was given for, when the giver's program said so. */
  readonly product?: string | undefined
}

/** What figures are about. */
export interface FigureScope {
  readonly asset: AssetId
  readonly kind: Asset['kind']
  readonly hash: Hash
  readonly window: FigureWindow
  /** When an imported book began to move money here: balances were opened then. */
  readonly openedUs?: number | undefined
}

/** What was given and used of what was given for one product. */
export interface ProductCells {
  readonly given: Cell
  readonly used: Cell
}

/** Where people paid, seen from the wallet that paid. */
export interface SpentCells {
  readonly origin: Cell
  readonly elsewhere: Cell
  /** By wallets without a place of origin. */
  readonly unknown: Cell
}

/** The figures of an asset, before anything is left out. Amounts in minor units. */
export interface Figures {
  readonly window: FigureWindow
  /** In circulation at the end of the window. */
  readonly outstanding: bigint
  /** The sum over the window of what was in circulation times how long, in minor units times microseconds. */
  readonly stockTime: bigint
  /** What came to people by refills, in the window. */
  readonly loaded: Cell
  /** What places and funds gave to people, in the window. */
  readonly handed: Cell
  /** What people paid to places, in the window. */
  readonly paid: Cell
  /** What places paid to places, in the window. */
  readonly paidByPlaces: bigint
  readonly spent: SpentCells
  /** What people paid, by the place that received it. */
  readonly places: ReadonlyMap<PlaceId, Cell>
  /** By product; undefined for what was given without one. */
  readonly products: ReadonlyMap<string | undefined, ProductCells>
  /** All that ever came, up to the end of the window. */
  readonly survival: readonly SurvivalRow[]
  /** What is with people at the end of the window. */
  readonly dormant: readonly DormantBand[]
}

interface Holder {
  readonly parcels: Parcels
  /** When it first got something: as awake as it was then, when it never did anything itself. */
  readonly firstUs: number
}

/** A movement of money between two wallets; one that is absent is the asset's issuance. */
interface Movement {
  readonly source: FigureWallet | undefined
  readonly target: FigureWallet | undefined
  readonly line: FigureLine
  readonly timeUs: number
}

const PAYMENTS: readonly LineAction[] = ['SAL', 'QRS']

/**
 * Counts the lines of an asset in the order of its chain. Time never runs back in it: a line that is dated before the one
 * before it counts as of that one's time, and an imported one that is dated after the opening as of the opening.
 *
 * Source: docs/spec/figures.md. Vectors: vectors/figures.json.
 */
export class FigureCount {
  readonly #scope: FigureScope
  readonly #flows: Flows
  readonly #stock: Stock
  readonly #survival: Survival
  readonly #holders = new Map<FigureWallet, Holder>()
  /** What imported lines left, until it is opened. */
  readonly #left = new Map<FigureWallet, Parcels>()
  readonly #loaded = new Cell()
  readonly #handed = new Cell()
  readonly #paid = new Cell()
  #paidByPlaces = 0n
  readonly #spent = { origin: new Cell(), elsewhere: new Cell(), unknown: new Cell() }
  readonly #places = new Map<PlaceId, Cell>()
  readonly #products = new Map<string | undefined, ProductCells>()
  #clockUs = 0
  /** The time of the last opening. */
  #openingUs = 0
  #hasImported = false

  constructor(scope: FigureScope) {
    this.#scope = scope
    this.#flows = new Flows(scope)
    this.#stock = new Stock(scope.window)
    this.#survival = new Survival(scope.window.toUs)
  }

  /** Counts the next line. One that is not before the end of the window changes nothing. */
  add(line: FigureLine): void {
    const { action, from, to, amount, isImported } = line
    if (amount === 0n) return
    if (isImported) this.#hasImported = true
    else this.#open()
    const timeUs = this.#timeOf(line)
    if (timeUs >= this.#scope.window.toUs) return
    this.#clockUs = timeUs
    if (!isImported && action !== 'OPN') this.#closeOpenings()
    const isSelf = from === to
    const flow = this.#flows.of({ action, isSelf, isToKeeper: to.kind === 'keeper' })
    if (flow !== undefined) this.#move({ ...sidesOf(line, flow), line, timeUs })
  }

  /** A clock of v1 may have been wrong: nothing was imported before it happened. */
  #timeOf({ timeUs, isImported }: FigureLine): number {
    const { openedUs = timeUs } = this.#scope
    const latest = isImported && openedUs < timeUs ? openedUs : timeUs
    return latest > this.#clockUs ? latest : this.#clockUs
  }

  /** The figures. `gestureUs`: when a holder last did something, in any asset, before the end of the window. */
  finish(gestureUs: (wallet: FigureWallet) => number | undefined): Figures {
    this.#open()
    this.#closeOpenings()
    const dormancy = new Dormancy(this.#scope.window.toUs)
    for (const [wallet, { parcels, firstUs }] of this.#holders) {
      const { balance } = parcels
      if (balance > 0n) dormancy.count(balance, gestureUs(wallet) ?? firstUs)
      for (const parcel of parcels.empty()) this.#survival.count(parcel, wallet)
    }
    return {
      window: this.#scope.window,
      outstanding: this.#stock.amount,
      stockTime: this.#stock.stockTime,
      loaded: this.#loaded,
      handed: this.#handed,
      paid: this.#paid,
      paidByPlaces: this.#paidByPlaces,
      spent: this.#spent,
      places: this.#places,
      products: this.#products,
      survival: this.#survival.rows(),
      dormant: dormancy.bands(),
    }
  }

  #move(movement: Movement): void {
    const { source, target, line, timeUs } = movement
    if (source === undefined) this.#stock.change(line.amount, timeUs)
    if (target === undefined) this.#stock.change(-line.amount, timeUs)
    if (isHolder(source)) {
      if (isHolder(target)) this.#carry(movement, source, target)
      else this.#leave(movement, source)
    } else if (isHolder(target)) this.#enter(movement, target)
    else if (isBetweenPlaces(movement) && this.#isCounted(timeUs)) {
      this.#paidByPlaces += line.amount
    }
  }

  #isCounted(timeUs: number): boolean {
    return timeUs >= this.#scope.window.fromUs
  }

  #holder(wallet: FigureWallet, timeUs: number): Holder {
    const known = this.#holders.get(wallet)
    if (known !== undefined) return known
    const holder = { parcels: new Parcels(), firstUs: timeUs }
    this.#holders.set(wallet, holder)
    return holder
  }

  /** From one person to another, or from a card to its person: with the dates that the money has. */
  #carry({ line, timeUs }: Movement, source: FigureWallet, target: FigureWallet): void {
    const carried = this.#holder(source, timeUs).parcels.take(line.amount)
    const missing = carried.reduce((left, { amount }) => left - amount, line.amount)
    const fresh = missing === 0n ? [] : [{ amount: missing, sinceUs: timeUs }]
    this.#put([...carried, ...fresh], target, timeUs)
  }

  /** From outside to a person. */
  #enter({ source, line, timeUs }: Movement, wallet: FigureWallet): void {
    if (line.action === 'OPN') {
      this.#put(this.#opened(wallet, line.amount, timeUs), wallet, timeUs)
      return
    }
    const { amount, product } = line
    const isLoad = isLoading(this.#scope.kind, line, source)
    if (this.#isCounted(timeUs)) {
      ;(isLoad ? this.#loaded : this.#handed).add(amount, wallet)
      if (isLoad) this.#product(product).given.add(amount, wallet)
    }
    this.#put([{ amount, sinceUs: timeUs, product }], wallet, timeUs)
  }

  /** What makes up for money spent before it came has come and gone at once. */
  #put(parcels: readonly Parcel[], wallet: FigureWallet, timeUs: number): void {
    const gone = this.#holder(wallet, timeUs).parcels.put(parcels)
    for (const parcel of gone) this.#survival.count(parcel, wallet, timeUs)
  }

  /** From a person to elsewhere. */
  #leave({ target, line, timeUs }: Movement, wallet: FigureWallet): void {
    const taken = this.#holder(wallet, timeUs).parcels.take(line.amount)
    for (const parcel of taken) this.#survival.count(parcel, wallet, timeUs)
    const isPayment = PAYMENTS.includes(line.action) && target?.place !== undefined
    if (!isPayment || !this.#isCounted(timeUs)) return
    this.#pay(wallet, target.place, line.amount)
    let missing = line.amount
    for (const { amount, product } of taken) {
      this.#product(product).used.add(amount, wallet)
      missing -= amount
    }
    if (missing > 0n) this.#product(undefined).used.add(missing, wallet)
  }

  #pay(wallet: FigureWallet, place: PlaceId, amount: bigint): void {
    this.#paid.add(amount, wallet)
    const { origin, elsewhere, unknown } = this.#spent
    const home = wallet.origin === place ? origin : elsewhere
    const spent = wallet.origin === undefined ? unknown : home
    spent.add(amount, wallet)
    const received = this.#places.get(place) ?? new Cell()
    this.#places.set(place, received)
    received.add(amount, wallet)
  }

  #product(product: string | undefined): ProductCells {
    const known = this.#products.get(product)
    if (known !== undefined) return known
    const cells = { given: new Cell(), used: new Cell() }
    this.#products.set(product, cells)
    return cells
  }

  /** Once, when the book that was imported ends: balances are what is opened from here on, not what its lines left. */
  #open(): void {
    const { openedUs, window } = this.#scope
    if (!this.#hasImported || openedUs === undefined) return
    const timeUs = openedUs > this.#clockUs ? openedUs : this.#clockUs
    if (timeUs >= window.toUs) return
    this.#hasImported = false
    this.#clockUs = timeUs
    this.#openingUs = timeUs
    this.#stock.change(-this.#stock.amount, timeUs)
    for (const [wallet, { parcels }] of this.#holders) {
      const left = new Parcels()
      left.put(parcels.empty())
      this.#left.set(wallet, left)
    }
  }

  /** What is opened: the youngest of what the lines left, and what they do not tell of, as of now. */
  #opened(wallet: FigureWallet, amount: bigint, timeUs: number): readonly Parcel[] {
    const left = this.#left.get(wallet) ?? new Parcels()
    this.#left.delete(wallet)
    this.#openingUs = timeUs
    const { balance } = left
    const over = balance > amount ? balance - amount : 0n
    for (const parcel of left.take(over)) this.#survival.count(parcel, wallet, timeUs)
    const missing = amount > balance ? [{ amount: amount - balance, sinceUs: timeUs }] : []
    return [...left.empty(), ...missing]
  }

  /** What was not opened was not there. */
  #closeOpenings(): void {
    for (const [wallet, left] of this.#left) {
      for (const parcel of left.empty()) this.#survival.count(parcel, wallet, this.#openingUs)
    }
    this.#left.clear()
  }
}

function isHolder(wallet: FigureWallet | undefined): wallet is FigureWallet {
  return wallet?.kind === 'person' || wallet?.kind === 'card'
}

function isBetweenPlaces({ source, target, line }: Movement): boolean {
  return line.action === 'TRF' && source?.kind === 'place' && target?.kind === 'place'
}

const GIVERS: readonly (Wallet['kind'] | undefined)[] = ['place', 'fund', 'pool']

/** A refill, also one that a place sells for cash; not what places, funds and pools give on. */
function isLoading(
  kind: Asset['kind'],
  { action }: FigureLine,
  source: FigureWallet | undefined,
): boolean {
  if (action === 'REF') return true
  if (!GIVERS.includes(source?.kind)) return true
  return source?.kind === 'place' && kind === 'FED' && action === 'TRF'
}

function sidesOf({ from, to }: FigureLine, { source, target }: Flow) {
  const of = { from, to, issuance: undefined }
  return { source: of[source], target: of[target] }
}
