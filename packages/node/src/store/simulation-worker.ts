/** Simulates melting, on a thread of its own: it begins with an order and ends with the text of its answer. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Account, Asset, AssetId, Wallet } from '@fedow/ledger'
import {
  assert,
  dayFrom,
  dayOf,
  encode,
  inSnapshotOrder,
  LINE_ACTIONS,
  OWN_GESTURES,
  SIMULATED_YEAR_DAYS,
  type SimulatedAccount,
  type SimulationQuestion,
  type SimulationSnapshot,
  simulate,
  simulatedTerms,
  toUuidBytes,
} from '@fedow/ledger/simulation'
import { sha256 } from './hash.ts'

/** What is asked of the thread. */
export interface SimulationOrder {
  /** The book's file. */
  readonly path: string
  readonly asset: AssetId
  readonly question: SimulationQuestion
  /** True to have the accounts in the answer, so that it can be simulated again without the book. */
  readonly withAccounts: boolean
}

/** Lines looked through at a time. */
const STRETCH = 20_000
const DAY_US = 86_400_000_000n

interface AccountRow {
  readonly wallet: string
  readonly account: string
  readonly owner: string
}

/** Records as of the last seal. */
const AS_SEALED = (of: string) =>
  `CASE WHEN ${of}.height > :sealed THEN ${of}.previous ELSE ${of}.value END`

class SimulationScan {
  readonly #db: DatabaseSync
  readonly #order: SimulationOrder
  readonly #sealed: { readonly height: number; readonly day: number }

  constructor(db: DatabaseSync, order: SimulationOrder) {
    this.#db = db
    this.#order = order
    const sql = 'SELECT height, time_ms FROM block WHERE height = (SELECT max(height) FROM seal)'
    const row = db.prepare(sql).get()
    assert(row !== undefined, 'somebody asks once a block is sealed')
    this.#sealed = { height: Number(row['height']), day: dayOf(Number(row['time_ms'])) }
  }

  snapshot(): SimulationSnapshot {
    const { asset, question } = this.#order
    const { height, day } = this.#sealed
    const { kind, policies } = this.#terms()
    const gestures = question.behaviour === 'asleep' ? new Map() : this.#gestures(kind)
    return {
      ...{ asset, kind, height, day, policies },
      accounts: inSnapshotOrder(this.#accounts(gestures)),
      paid: this.#paid(),
    }
  }

  #terms(): Pick<SimulationSnapshot, 'kind' | 'policies'> {
    const sql = `SELECT ${AS_SEALED('record')} AS value FROM record WHERE id = :id`
    const id = `asset/${this.#order.asset}`
    const value = this.#db.prepare(sql).get({ id, sealed: BigInt(this.#sealed.height) })?.['value']
    assert(typeof value === 'string', 'whoever asks has found the asset')
    const { kind, policies } = JSON.parse(value) as Pick<Asset, 'kind' | 'policies'>
    return {
      kind: kind as SimulationSnapshot['kind'],
      // In JSON amounts are numbers.
      policies: policies.map(({ version, fromMs, demurrage }) => {
        return simulatedTerms({ version, fromMs, ...(demurrage && { demurrage }) }, 'policies')
      }),
    }
  }

  #accounts(gestures: ReadonlyMap<string, readonly number[]>): SimulatedAccount[] {
    const rows = this.#db.prepare(
      `SELECT substr(record.id, 9, 36) AS wallet, ${AS_SEALED('record')} AS account,
         ${AS_SEALED('owner')} AS owner
       FROM record JOIN record AS owner ON owner.id = 'wallet/' || substr(record.id, 9, 36)
       WHERE record.id > 'account/' AND record.id < 'account0' AND substr(record.id, 46) = :asset`,
    )
    const found: SimulatedAccount[] = []
    const asked = { asset: this.#order.asset, sealed: BigInt(this.#sealed.height) }
    for (const row of rows.iterate(asked)) {
      const { wallet, account, owner } = row as unknown as AccountRow
      if (account === null || owner === null) continue
      const one = toSimulated(JSON.parse(account), JSON.parse(owner), gestures.get(wallet))
      if (one !== undefined) found.push(one)
    }
    return found
  }

  /** Days of own gestures in the year, by wallet: a refill without a card was given, but for federated euros. */
  #gestures(kind: SimulationSnapshot['kind']): ReadonlyMap<string, readonly number[]> {
    const days = new Map<number, Set<number>>()
    const fed = this.#number(kind === 'FED' ? this.#order.asset : this.#fed())
    for (const side of ['from', 'to'] as const) {
      const stretch = this.#db.prepare(gestureSql(side))
      for (const row of this.#stretches(stretch, { fed: BigInt(fed ?? -1) })) {
        const wallet = Number(row['wallet'])
        const known = days.get(wallet) ?? new Set()
        days.set(wallet, known.add(Number(row['day'])))
      }
    }
    const name = this.#db.prepare('SELECT lower(hex(id)) AS id FROM name WHERE number = ?')
    return new Map(
      [...days].map(([number, of]) => {
        const hex = String(name.get(BigInt(number))?.['id'])
        return [hyphened(hex), [...of].sort((a, b) => a - b)]
      }),
    )
  }

  /** The rows of a query over all lines of the year up to the seal, some at a time. */
  *#stretches(query: StatementSync, more: Record<string, bigint> = {}) {
    const { height, day } = this.#sealed
    const sql =
      'SELECT line + lines - 1 AS last FROM tx WHERE height <= ? ORDER BY seq DESC LIMIT 1'
    const upTo = Number(this.#db.prepare(sql).get(BigInt(height))?.['last'] ?? 0)
    const fromUs = BigInt(day - SIMULATED_YEAR_DAYS + 1) * DAY_US
    const toUs = BigInt(day + 1) * DAY_US
    for (let after = 0; after < upTo; after += STRETCH) {
      const last = BigInt(Math.min(after + STRETCH, upTo))
      yield* query.all({ after: BigInt(after), last, fromUs, toUs, ...more })
    }
  }

  #fed(): string {
    const value = this.#db.prepare("SELECT value FROM record WHERE id = 'params/network'").get()
    return (JSON.parse(String(value?.['value'])) as { readonly fed: string }).fed
  }

  #number(id: string): number | undefined {
    const row = this.#db.prepare('SELECT number FROM name WHERE id = ?').get(toUuidBytes(id))
    return row && Number(row['number'])
  }

  /** What people paid to places in the year. */
  #paid(): SimulationSnapshot['paid'] {
    const asset = BigInt(this.#number(this.#order.asset) ?? -1)
    const codes = ['SAL', 'QRS'].map((code) => LINE_ACTIONS.indexOf(code as 'SAL')).join(', ')
    const query = this.#db.prepare(
      `SELECT sender, count(*) AS payments, sum(amount) AS amount FROM line
       WHERE number > :after AND number <= :last AND time_us >= :fromUs AND time_us < :toUs
         AND asset = :asset AND action IN (${codes}) AND amount > 0 GROUP BY sender`,
    )
    query.setReadBigInts(true)
    const payers = new Set<bigint>()
    let [payments, amount] = [0n, 0n]
    for (const row of this.#stretches(query, { asset })) {
      payers.add(row['sender'] as bigint)
      payments += row['payments'] as bigint
      amount += row['amount'] as bigint
    }
    const sum = amount as SimulationSnapshot['paid']['amount']
    return { payments: Number(payments), amount: sum, wallets: payers.size }
  }
}

const KINDS: readonly string[] = ['person', 'place', 'card', 'fund'] satisfies Wallet['kind'][]

function toSimulated(
  { balance, held, sinceDay, meltedDay, ageMs }: Account,
  { kind, activeDay, keptUntilDay }: Wallet,
  gestures: readonly number[] = [],
): SimulatedAccount | undefined {
  if (Number(balance) <= 0 || !KINDS.includes(kind)) return undefined
  return {
    kind: kind as SimulatedAccount['kind'],
    balance: BigInt(balance) as SimulatedAccount['balance'],
    held: BigInt(held) as SimulatedAccount['held'],
    ...(activeDay !== undefined && { activeDay }),
    ...(sinceDay !== undefined && { sinceDay }),
    ...(meltedDay !== undefined && { meltedDay }),
    ...(keptUntilDay !== undefined && { keptUntilDay }),
    ...(ageMs !== undefined && { ageDay: dayFrom(ageMs) }),
    gestures,
  }
}

function gestureSql(side: 'from' | 'to'): string {
  const actions = OWN_GESTURES.filter(([, whose]) => whose === side)
  const numbers = actions.map(([action]) => LINE_ACTIONS.indexOf(action)).join(', ')
  const wallet = side === 'from' ? 'sender' : 'receiver'
  return `SELECT DISTINCT ${wallet} AS wallet, time_us / ${DAY_US} AS day FROM line
    WHERE number > :after AND number <= :last AND time_us >= :fromUs AND time_us < :toUs
      AND action IN (${numbers})
      AND (action <> ${LINE_ACTIONS.indexOf('REF')} OR card IS NOT NULL OR asset = :fed)`
}

function hyphened(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

if (parentPort === null) throw new Error('Simulations run on a thread of their own.')
const order = workerData as SimulationOrder
using db = new DatabaseSync(order.path, { readOnly: true, timeout: 5_000 })
// One moment for all that is read.
db.exec('BEGIN')
const { question, withAccounts } = order
const snapshot = new SimulationScan(db, order).snapshot()
db.exec('ROLLBACK')
const simulation = simulate(sha256, { snapshot, question })
parentPort.postMessage(encode({ question, simulation, ...(withAccounts && { snapshot }) }))
