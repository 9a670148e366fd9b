/** What an operator with all the keys can do to a book: write it anew, with every hash and signature in order. */
import { copyFileSync, mkdtempDisposableSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Action, Malformed, parsePayload, type SignedTx } from '@fedow/ledger'
import { SoloEngine } from '../src/engine/solo/solo-engine.ts'
import { BOOK_FILE, Book } from '../src/store/book.ts'
import type { StoredTx } from '../src/store/book-reader.ts'
import type { TestNetwork } from './test-network.ts'

export interface Rewriting {
  /** The last block that is kept; all when absent. */
  readonly until?: number
  readonly change?: (action: Action) => Action
  /** What comes after, in a block of its own. */
  readonly more?: readonly SignedTx[]
}

/** Replaces the book of a folder whose node stands still. Blocks keep their times, so that as much as can be is the same. */
export async function rewriteBook(network: TestNetwork, rewriting: Rewriting): Promise<void> {
  const { folder, genesis, keys } = network
  using scratch = mkdtempDisposableSync(join(tmpdir(), 'fedow-rewritten-'))
  const { until = Number.POSITIVE_INFINITY, change = (action) => action, more = [] } = rewriting
  const kept = readTxs(network).filter(({ outcome }) => outcome.height <= until)
  let nowMs = genesis.genesis.timeMs
  const now = () => nowMs
  const engine = new SoloEngine({
    book: new Book({ folder: scratch.path, genesis, isNew: true }),
    checkpointKey: keys.checkpoint,
    clocks: { wall: now, monotonic: now },
    onFatal: (cause) => {
      throw cause
    },
  })
  for (const { id, kid, json, outcome } of kept) {
    const payload = parsePayload(json)
    const key = Object.values(keys).find((one) => one.kid === kid)
    if (payload === undefined || payload instanceof Malformed || key === undefined) continue
    nowMs = Math.max(nowMs, Math.floor(outcome.timeUs / 1_000))
    const { notAfter, actions } = payload
    await demandDecided(engine, network.sign(actions.map(change), { key, id, notAfter }))
  }
  nowMs += 1_000
  for (const tx of more) await demandDecided(engine, tx)
  await engine.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, BOOK_FILE + end), { force: true })
  copyFileSync(join(scratch.path, BOOK_FILE), join(folder, BOOK_FILE))
}

/** Everything that was decided, the genesis apart. */
function readTxs({ folder, genesis }: TestNetwork): readonly StoredTx[] {
  using book = new Book({ folder, genesis })
  const { txs } = book.reader.tip()
  return Array.from({ length: txs - 1 }, (_, index) => book.reader.txAt(index + 2)).filter(
    (tx) => tx !== undefined,
  )
}

async function demandDecided(engine: SoloEngine, tx: SignedTx): Promise<void> {
  const submission = await engine.submit(tx)
  if (submission.status !== 'decided') throw new Error(JSON.stringify(submission))
}
