/** A small book with one of everything, closed in good order, and ways to look at what became of it. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type Amount,
  type CardId,
  cosignedMessage,
  encodeCheckpoint,
  encodeVerifierKey,
  fromBase64url,
  type HoldId,
  type SignedTx,
  type WalletId,
} from '@fedow/ledger'
import { BLOCK_MAX, SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { BOOK_FILE, Book } from '../../src/store/book.ts'
import { readKeys } from '../../src/store/folder.ts'
import { sha256 } from '../../src/store/hash.ts'
import { SigningKey } from '../../src/store/key-file.ts'
import { openPeopleDb, PEOPLE_FILE } from '../../src/store/people-db.ts'
import { sealedCheckpoint } from '../../src/store/sealed-checkpoint.ts'
import { WitnessStore } from '../../src/store/witness-store.ts'
import { barTxs, newBar, newId, refill, sale, TestNetwork } from '../test-network.ts'
import { openBook } from './verify.ts'

/** Days of the book: each is at least one block, with what fell due over night. */
const DAYS = 4
const NIGHT_MS = 60_000

/** Applied and rejected txs, several lines in one, holds that are open, ended and expired, a linked card. */
export async function soundFolder(): Promise<TestNetwork> {
  const network = new TestNetwork(Date.now() - 1_000)
  const { folder, genesis } = network
  const book = new Book({ folder, genesis })
  let skewMs = 0
  const now = () => Date.now() + skewMs
  const engine = new SoloEngine({
    book,
    checkpointKey: network.keys.checkpoint,
    clocks: { wall: now, monotonic: now },
    onFatal: (cause) => {
      throw cause
    },
  })
  // With a full tile of the history, and one above it.
  const bar = newBar(20)
  const submit = (txs: readonly SignedTx[]) => Promise.all(txs.map((tx) => engine.submit(tx)))
  for (const tx of barTxs(network, bar)) await engine.submit(tx)
  const person = newId<WalletId>()
  const node = genesis.genesis.node.id
  const [linked] = bar.cards as [CardId]
  await submit([network.sign([{ kind: 'wallet-open', wallet: person, node }])])
  await submit([network.sign([{ kind: 'card-link', card: linked, wallet: person }])])
  for (let day = 0; day < DAYS; day += 1) {
    const notAfter = now() + NIGHT_MS
    const holds = bar.cards.slice(1, 4).map((card, index) => {
      const hold = newId<HoldId>()
      const action = { kind: 'hold', hold, from: { card }, to: bar.place } as const
      const expiresMs = now() + (index < 2 ? NIGHT_MS / 2 : 60 * NIGHT_MS)
      const held = { ...action, asset: bar.asset, amount: 10n as Amount, expiresMs }
      return { hold, tx: network.sign([held], { notAfter }) }
    })
    await submit(holds.map(({ tx }) => tx))
    const released = holds.map(({ hold }) =>
      network.sign([{ kind: 'release', hold }], { notAfter }),
    )
    await submit(released.slice(2, 2 + (day % 2)))
    await submit(
      bar.cards.flatMap((card) => [
        refill(network, bar, card, 300n),
        sale(network, bar, { card, amount: 200n, notAfter }),
        sale(network, bar, { card, amount: 1_000_000n, notAfter }),
      ]),
    )
    skewMs += NIGHT_MS
    await engine.submit(
      sale(network, bar, { card: linked, amount: 1n, notAfter: now() + NIGHT_MS }),
    )
    skewMs += 2 * BLOCK_MAX.ageMs
  }
  await engine.close()
  cosign(network, [COSIGNED, book.state.sealedHeight])
  return network
}

/** A block in the middle that a witness has co-signed. */
export const COSIGNED = 4

/** A witness co-signs blocks, and the folder keeps that. */
function cosign({ folder, genesis }: TestNetwork, heights: readonly number[]): void {
  const key = SigningKey.generate()
  const x = fromBase64url(key.x) as Uint8Array
  const vkey = encodeVerifierKey(sha256, { name: 'witness.example/a', type: 4, x })
  using people = openPeopleDb(join(folder, PEOPLE_FILE))
  const store = new WitnessStore(people)
  store.ask(vkey, 'https://witness.example/a')
  using db = openFile(folder)
  for (const height of heights) {
    const checkpoint = sealedCheckpoint(db, genesis.chain, height)
    if (checkpoint === undefined) throw new Error(`block ${height} is not sealed`)
    const timeS = Math.floor(Date.now() / 1_000)
    const signature = key.signBytes(cosignedMessage(timeS, encodeCheckpoint(checkpoint)))
    store.keep(1, { height, size: checkpoint.size, timeS, signature }, Date.now())
  }
}

/** The book's file, without the limits that keep it sound. */
export function openFile(folder: string): DatabaseSync {
  const db = new DatabaseSync(join(folder, BOOK_FILE), { enableForeignKeyConstraints: false })
  db.exec('PRAGMA ignore_check_constraints = ON')
  return db
}

/** Records that were removed, and the values that others had before the checkpoint, are never read again. */
const LIVE_RECORDS = 'SELECT id, value FROM record NOT INDEXED WHERE value IS NOT NULL'

/** A digest of everything that the tables say, or `undefined` when they cannot be read. */
export function contentOf(folder: string): string | undefined {
  try {
    using db = openFile(folder)
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
    const digest = createHash('sha256')
    for (const { name } of tables) {
      const table = name === 'record' ? LIVE_RECORDS : `SELECT * FROM "${name}" NOT INDEXED`
      const statement = db.prepare(`${table} ORDER BY 1, 2`)
      statement.setReadBigInts(true)
      for (const row of statement.iterate()) digest.update(toText(row))
    }
    return digest.digest('hex')
  } catch (cause) {
    if (cause instanceof Error && 'errcode' in cause) return undefined
    throw cause
  }
}

function toText(row: object): string {
  return JSON.stringify(Object.entries(row), (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}

/** What a start and an audit say of a folder; `undefined` when they find nothing. Neither may throw anything vague. */
export interface Findings {
  readonly start: string | undefined
  readonly audit: string | undefined
}

export async function findings(folder: string): Promise<Findings> {
  const audit = await auditComplaint(folder)
  const start = await complaintOf(folder, () => {
    readKeys(folder)
    openPeopleDb(join(folder, PEOPLE_FILE)).close()
    openBook(folder)[Symbol.dispose]()
    return undefined
  })
  return { start, audit }
}

export function auditComplaint(folder: string): Promise<string | undefined> {
  return complaintOf(folder, async () => {
    const { ok, problem } = await auditFolder(folder)
    return ok
      ? undefined
      : `audit: ${problem?.what}, block ${problem?.height}, line ${problem?.line}`
  })
}

/** What a start says that goes on until the records are compared with the last seal. */
export function startComplaint(folder: string): Promise<string | undefined> {
  return complaintOf(folder, async () => {
    const checkpointKey = readKeys(folder).checkpoint
    const book = openBook(folder)
    let complaint: string | undefined
    const onFatal = (cause: unknown) => {
      complaint = String(cause)
    }
    const engine = new SoloEngine({ book, checkpointKey, onFatal })
    // The tree answers nothing before it has read the records.
    await book.prove(book.state.sealedHeight, 'clock/network')
    await engine.close()
    return complaint
  })
}

async function complaintOf(
  folder: string,
  look: () => string | undefined | Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await look()
  } catch (cause) {
    // A helpful error names the file, or that there is a newer version of it.
    const isHelpful = cause instanceof Error && cause.message.includes(folder)
    if (isHelpful) return cause.message
    throw cause
  }
}
