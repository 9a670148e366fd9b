/** Counts the figures of an asset, on a thread of its own: it begins with an order and ends with its answer. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { AssetId, Wallet } from '@fedow/ledger'
import {
  assert,
  FigureCount,
  type FigureLine,
  type FigureScope,
  type FigureWallet,
  fromUuidBytes,
  GENESIS_LINES,
  LINE_ACTIONS,
  OWN_GESTURES,
  parseId,
  type ShownFigures,
  toShownFigures,
  toUuidBytes,
} from '@fedow/ledger/figures'
import { sha256 } from './hash.ts'

/** What a gift or reward was for, as far as this node was told. */
export interface Products extends Disposable {
  /** By the id of the tx that gave it, or of the imported line. */
  productOf(id: Uint8Array, isImported: boolean): string | undefined
}

/** A module that exports `openProducts(path: string): Products`, and the file that it reads. */
export interface ProductSource {
  readonly module: string
  readonly path: string
}

/** What is asked of the thread. */
export interface FiguresOrder extends Pick<FigureScope, 'asset' | 'kind' | 'window'> {
  /** The book's file. */
  readonly path: string
  /** Blocks up to this one count; it is sealed, so its records are on disk. */
  readonly height: number
  readonly products?: ProductSource | undefined
}

export type FiguresAnswer = ShownFigures

/** Lines read at a time: no long read holds the journal of the writer. */
const PAGE = 2_000
/** Lines looked through for gestures at a time. */
const STRETCH = 20_000

const REFILL = BigInt(LINE_ACTIONS.indexOf('REF'))

interface LineRow {
  readonly seq: number
  readonly action: number
  readonly sender: number
  readonly receiver: number
  readonly amount: bigint | number
  readonly time_us: number
  readonly isImported: number
  /** Of a refill: its tx, or the imported line. */
  readonly given: Uint8Array | null
}

class FiguresScan {
  readonly #db: DatabaseSync
  readonly #order: FiguresOrder
  readonly #name: StatementSync
  readonly #record: StatementSync
  readonly #wallets = new Map<number, FigureWallet>()

  constructor(db: DatabaseSync, order: FiguresOrder) {
    this.#db = db
    this.#order = order
    this.#name = db.prepare('SELECT id FROM name WHERE number = ?')
    this.#record = db.prepare('SELECT coalesce(value, previous) AS value FROM record WHERE id = ?')
  }

  count(products: Products | undefined): FiguresAnswer {
    const { asset, kind, window } = this.#order
    const upTo = this.#lastLine()
    const scope = { asset, kind, window, hash: sha256, openedUs: this.#openedUs() }
    const count = new FigureCount(scope)
    for (const row of this.#lines(asset, upTo)) count.add(this.#toLine(row, products))
    const gestures = this.#gestures(upTo)
    return toShownFigures(count.finish((wallet) => gestures.get(wallet)))
  }

  /** The number of the last line up to the height. */
  #lastLine(): number {
    const sql =
      'SELECT line + lines - 1 AS last FROM tx WHERE height <= ? ORDER BY seq DESC LIMIT 1'
    return Number(this.#db.prepare(sql).get(BigInt(this.#order.height))?.['last'] ?? 0)
  }

  /** When a book that was imported moved its first money here. */
  #openedUs(): number | undefined {
    const sql = `SELECT number, time_us FROM line WHERE number > ? AND imported IS NULL
      ORDER BY number LIMIT 1`
    const row = this.#db.prepare(sql).get(BigInt(GENESIS_LINES))
    const isImport = row !== undefined && Number(row['number']) > GENESIS_LINES + 1
    return isImport ? Number(row['time_us']) : undefined
  }

  *#lines(asset: AssetId, upTo: number): Generator<LineRow> {
    const number = this.#db.prepare('SELECT number FROM name WHERE id = ?').get(toUuidBytes(asset))
    if (number === undefined) return
    const page = this.#db.prepare(
      `SELECT seq, action, sender, receiver, amount, time_us, imported IS NOT NULL AS isImported,
         CASE WHEN action = :refill
           THEN coalesce(substr(imported, 1, 16), (SELECT id FROM tx WHERE tx.seq = line.tx)) END AS given
       FROM line WHERE asset = :asset AND seq > :after AND number <= :upTo ORDER BY seq LIMIT :page`,
    )
    const fixed = { refill: REFILL, asset: BigInt(Number(number['number'])), upTo: BigInt(upTo) }
    for (let after = 0; ; ) {
      const rows = page.all({ ...fixed, after: BigInt(after), page: BigInt(PAGE) })
      yield* rows as unknown as readonly LineRow[]
      after = Number(rows.at(-1)?.['seq'] ?? 0)
      if (rows.length < PAGE) return
    }
  }

  #toLine(row: LineRow, products: Products | undefined): FigureLine {
    const action = LINE_ACTIONS[row.action]
    assert(action !== undefined, 'a line has an action')
    return {
      action,
      from: this.#wallet(row.sender),
      to: this.#wallet(row.receiver),
      amount: BigInt(row.amount),
      timeUs: row.time_us,
      isImported: row.isImported === 1,
      product: productOf(row, products),
    }
  }

  #wallet(number: number): FigureWallet {
    const known = this.#wallets.get(number)
    if (known !== undefined) return known
    const id = fromUuidBytes(this.#name.get(BigInt(number))?.['id'] as Uint8Array)
    const value = this.#record.get(`wallet/${id}`)?.['value']
    assert(typeof value === 'string', 'the wallet of a line has a record')
    const { kind, place, origin } = JSON.parse(value) as Wallet
    const wallet = { kind, place, origin }
    this.#wallets.set(number, wallet)
    return wallet
  }

  /** When those who hold the asset last did something themselves, in any asset. */
  #gestures(upTo: number): ReadonlyMap<FigureWallet, number> {
    const found = new Map<FigureWallet, number>()
    const untilUs = BigInt(this.#order.window.toUs)
    for (const side of ['from', 'to'] as const) {
      const stretch = this.#db.prepare(gestureSql(side))
      for (let after = 0; after < upTo; after += STRETCH) {
        const last = BigInt(Math.min(after + STRETCH, upTo))
        for (const row of stretch.all({ after: BigInt(after), last, untilUs })) {
          const wallet = this.#wallets.get(Number(row['wallet']))
          const timeUs = Number(row['time_us'])
          if (wallet !== undefined && timeUs > (found.get(wallet) ?? -1)) found.set(wallet, timeUs)
        }
      }
    }
    return found
  }
}

/** What is no id says nothing: it may be anything that somebody typed. */
function productOf({ given, isImported }: LineRow, products: Products | undefined) {
  const product = given === null ? undefined : products?.productOf(given, isImported === 1)
  return product === undefined ? undefined : parseId(product.toLowerCase())
}

function gestureSql(side: 'from' | 'to'): string {
  const actions = OWN_GESTURES.filter(([, whose]) => whose === side)
  const numbers = actions.map(([action]) => LINE_ACTIONS.indexOf(action)).join(', ')
  const wallet = side === 'from' ? 'sender' : 'receiver'
  return `SELECT ${wallet} AS wallet, max(time_us) AS time_us FROM line
    WHERE number > :after AND number <= :last AND time_us < :untilUs AND action IN (${numbers})
    GROUP BY ${wallet}`
}

async function openProducts(source: ProductSource | undefined): Promise<Products | undefined> {
  if (source === undefined) return undefined
  const { openProducts: open } = await import(source.module)
  return open(source.path)
}

if (parentPort === null) throw new Error('Figures are counted on a thread of their own.')
const order = workerData as FiguresOrder
using db = new DatabaseSync(order.path, { readOnly: true, timeout: 5_000 })
using products = await openProducts(order.products)
parentPort.postMessage(new FiguresScan(db, order).count(products))
