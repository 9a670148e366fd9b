/**
 * Looks for melts that are to be reminded of, on a thread of its own: page by page over the index of melts, on the state
 * of the last seal. An entry of the index is never later than the melt of its account, so those of the next 30 days are
 * enough.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import {
  type Account,
  type Asset,
  type AssetId,
  assert,
  DAY_MS,
  fromUuidBytes,
  LINE_ACTIONS,
  type Melt,
  nextMelt,
  RECORDS,
  type RecordKind,
  type RecordOf,
  toUuidBytes,
  type Wallet,
  type WalletId,
} from '@fedow/ledger'
import {
  type LookedDays,
  type ReminderStep,
  reminderStep,
  STEP_DAYS_MAX,
} from './reminder-steps.ts'

/** What the thread begins with. */
export interface MeltsAheadOrder extends LookedDays {
  /** The book's file. */
  readonly path: string
}

/** A melt of one day and wallet that is to be reminded of. */
export interface FoundMelt {
  readonly wallet: WalletId
  readonly dueDay: number
  readonly step: ReminderStep
  /** Assets, and minor units of each. */
  readonly parts: readonly (readonly [AssetId, bigint])[]
}

/** One answer of the thread. */
export interface MeltsAheadPage {
  readonly found: readonly FoundMelt[]
  readonly isLast: boolean
}

/** Entries of the index that one page looks at: no long read holds the journal of the writer. */
const PAGE = 2_000
const MELTED = LINE_ACTIONS.indexOf('MLT')
/** Lines that came in since a melt, of which at most so many are gone through. */
const LINES_BACK_MAX = 1_000

interface RecordRow {
  readonly value: string | null
  readonly height: number
  readonly previous: string | null
}

interface LineRow {
  readonly action: number
  readonly sender: number
  readonly time_us: number
  readonly previous_from: number
  readonly previous_to: number
}

class MeltsAheadScan {
  readonly #order: MeltsAheadOrder
  readonly #db: DatabaseSync
  readonly #entries: StatementSync
  readonly #sealed: StatementSync
  readonly #record: StatementSync
  readonly #name: StatementSync
  readonly #line: StatementSync
  /** Of one page: all of it is read of one state. */
  #sealedHeight = -1
  readonly #assets = new Map<AssetId, Asset | undefined>()
  #person: { readonly id: WalletId; readonly wallet: Wallet | undefined } | undefined
  #from = { day: 0n, account: new Uint8Array() }

  constructor(db: DatabaseSync, order: MeltsAheadOrder) {
    this.#order = order
    this.#db = db
    this.#entries = db.prepare(
      `SELECT day, account FROM melt_due WHERE (day, account) > (:day, :account) AND day <= :until
       ORDER BY day, account LIMIT ${PAGE}`,
    )
    this.#sealed = db.prepare('SELECT max(height) AS height FROM seal')
    this.#record = db.prepare('SELECT value, height, previous FROM record WHERE id = ?')
    this.#name = db.prepare('SELECT number FROM name WHERE id = ?')
    this.#line = db.prepare(
      'SELECT action, sender, time_us, previous_from, previous_to FROM line WHERE number = ?',
    )
  }

  page(): MeltsAheadPage {
    this.#db.exec('BEGIN')
    try {
      return this.#page()
    } finally {
      this.#db.exec('COMMIT')
    }
  }

  #page(): MeltsAheadPage {
    this.#sealedHeight = Number(this.#sealed.get()?.['height'] ?? -1)
    this.#assets.clear()
    this.#person = undefined
    const until = BigInt(this.#order.today + STEP_DAYS_MAX)
    const found = new Map<string, FoundMelt>()
    const entries = this.#entries.all({ ...this.#from, until })
    for (const { day, account } of entries) {
      const bytes = account as Uint8Array<ArrayBuffer>
      this.#from = { day: BigInt(Number(day)), account: bytes }
      const wallet = fromUuidBytes(bytes.subarray(0, 16)) as WalletId
      const asset = fromUuidBytes(bytes.subarray(16)) as AssetId
      const melt = this.#melt(wallet, asset)
      if (melt !== undefined) this.#add(found, { wallet, dueDay: melt.dueDay })
    }
    return { found: [...found.values()], isLast: entries.length < PAGE }
  }

  /** All that melts in a wallet on one day is one reminder. */
  #add(
    found: Map<string, FoundMelt>,
    { wallet, dueDay }: Pick<FoundMelt, 'wallet' | 'dueDay'>,
  ): void {
    const key = `${wallet} ${dueDay}`
    const step = reminderStep(dueDay, this.#order)
    if (step === undefined || found.has(key)) return
    const parts = (this.#personOf(wallet)?.assets ?? []).flatMap((asset) => {
      const melt = this.#melt(wallet, asset)
      return melt?.dueDay === dueDay ? [[asset, melt.amount] as const] : []
    })
    found.set(key, { wallet, dueDay, step, parts })
  }

  /** The next melt of a person's account when it is to be reminded of. */
  #melt(id: WalletId, asset: AssetId): Melt | undefined {
    const wallet = this.#personOf(id)
    const policies = this.#asset(asset)?.policies
    if (wallet === undefined || policies === undefined) return undefined
    const account = this.#read('account', `${id}/${asset}`)
    if (account === undefined) return undefined
    const melt = nextMelt({ account, wallet, policies })
    if (melt === undefined || reminderStep(melt.dueDay, this.#order) === undefined) return undefined
    const terms = policies.find(({ version }) => version === melt.version)?.demurrage
    const isPeriodic = terms !== undefined && !('allDay' in terms.form)
    return isPeriodic && this.#goesOn(id, account, melt) ? undefined : melt
  }

  /**
   * True when the period before has melted too: the holder was reminded before the first. What came in from others since
   * then is gone back through.
   */
  #goesOn(wallet: WalletId, account: Account, { beginDay }: Melt): boolean {
    if (account.meltedDay !== beginDay) return false
    const own = Number(this.#name.get(toUuidBytes(wallet))?.['number'] ?? 0)
    const fromUs = beginDay * DAY_MS * 1_000
    let number = account.last
    for (let count = 0; count < LINES_BACK_MAX; count += 1) {
      const line = this.#line.get(BigInt(number)) as unknown as LineRow | undefined
      if (line === undefined || line.time_us < fromUs) return false
      if (line.action === MELTED && line.sender === own) return true
      number = line.sender === own ? line.previous_from : line.previous_to
    }
    return true
  }

  /** A wallet of a person: nobody else reads a reminder. */
  #personOf(id: WalletId): Wallet | undefined {
    if (this.#person?.id !== id) {
      const wallet = this.#read('wallet', id)
      this.#person = { id, wallet: wallet?.kind === 'person' ? wallet : undefined }
    }
    return this.#person.wallet
  }

  #asset(id: AssetId): Asset | undefined {
    if (!this.#assets.has(id)) this.#assets.set(id, this.#read('asset', id))
    return this.#assets.get(id)
  }

  #read<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    const row = this.#record.get(`${kind}/${id}`) as unknown as RecordRow | undefined
    const text = row && (row.height > this.#sealedHeight ? row.previous : row.value)
    return text ? (RECORDS[kind](JSON.parse(text), kind) as RecordOf<K>) : undefined
  }
}

const port = parentPort
assert(port !== null, 'melts ahead are looked for on a thread of their own')
const order = workerData as MeltsAheadOrder
const db = new DatabaseSync(order.path, { readOnly: true, timeout: 5_000 })
const scan = new MeltsAheadScan(db, order)
port.on('message', () => {
  const page = scan.page()
  port.postMessage(page)
  if (!page.isLast) return
  db.close()
  port.close()
})
