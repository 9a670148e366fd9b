/** What must hold of a folder after anything that can happen to it, given what its processes said. */
import { cpSync, mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Amount,
  encodeOutcome,
  entryOf,
  heldChange,
  type Line,
  Malformed,
  parseTx,
  type SignedTx,
  toHex,
} from '@fedow/ledger'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { Book } from '../../src/store/book.ts'
import type { SealedBlock } from '../../src/store/book-reader.ts'
import { readGenesis, readKeys } from '../../src/store/folder.ts'
import { sha256 } from '../../src/store/hash.ts'
import { blocksOf, rebuild, sealsOf } from '../engine/rebuild.ts'
import { type Answer, type Journal, type Sent, toAnswer } from './journal.ts'

export function temporaryFolder() {
  return mkdtempDisposableSync(join(tmpdir(), 'fedow-durability-'))
}

/** A copy as a restart finds it: SQLite's shared memory and the node's socket die with its processes. */
export function copyFolder(folder: string) {
  const copy = temporaryFolder()
  cpSync(folder, copy.path, { recursive: true, filter: (path) => !/-shm$|\.sock$/.test(path) })
  return copy
}

export function openBook(folder: string): Book {
  return new Book({ folder, genesis: readGenesis(folder) })
}

/** All seals of a folder, and those that a fresh book has once it was given the same blocks. */
export async function sealsAndWanted(folder: string, random: () => number) {
  using fresh = temporaryFolder()
  using book = openBook(folder)
  const genesis = readGenesis(folder)
  const parts = { folder: fresh.path, genesis, checkpointKey: readKeys(folder).checkpoint }
  await rebuild({ ...parts, random }, blocksOf(book)).engine.close()
  using again = new Book({ folder: fresh.path, genesis })
  return { seals: sealsOf(book).map(toText), wanted: sealsOf(again).map(toText) }
}

function toText({ height, size, state, history, hash, signature }: SealedBlock): string {
  return [height, size, state, history, hash, toHex(signature)].join(' ')
}

/**
 * Opens a folder, as a restart does, and names everything that contradicts what was answered: nothing else may be
 * wrong either, so the book is audited, and its balances are added up again from its lines.
 * The folder is closed in good order.
 */
export async function contradictions(
  folder: string,
  journals: readonly Journal[],
): Promise<readonly string[]> {
  const book = openBook(folder)
  const engine = new SoloEngine({
    book,
    checkpointKey: readKeys(folder).checkpoint,
    onFatal: () => {},
  })
  const found: string[] = []
  for (const { sent } of journals) {
    for (const one of sent) found.push(...(await contradictionsOf(one, book, engine)))
  }
  found.push(...wrongBalances(book))
  await engine.close()
  const { ok, problem } = await auditFolder(folder)
  if (!ok) found.push(`the audit says: ${JSON.stringify(problem)}`)
  return found
}

/** Names the answers that the book does not bear out, without a word to the engine. */
export function lostAnswers(book: Book, { sent }: Journal): readonly string[] {
  return sent.flatMap(({ jws, answers }) => {
    const stored = storedOutcome(book, parse(jws))
    return answers
      .filter(({ status, detail }) => status === 'decided' && detail !== stored)
      .map(({ detail }) => `answered ${detail}, the book has ${stored}`)
  })
}

async function contradictionsOf(
  { jws, answers }: Sent,
  book: Book,
  engine: SoloEngine,
): Promise<readonly string[]> {
  const tx = parse(jws)
  const { id } = tx.payload
  const found: string[] = []
  const decided = new Set(answers.flatMap((one) => (one.status === 'decided' ? [one.detail] : [])))
  const firsts = answers.filter((one) => one.status === 'decided' && !one.isRepeat)
  if (decided.size > 1) found.push(`${id} was answered in ${decided.size} ways`)
  if (firsts.length > 1) found.push(`${id} was decided ${firsts.length} times`)
  const [answered] = decided
  const stored = storedOutcome(book, tx)
  if (answered !== undefined && answered !== stored) {
    found.push(`${id} was answered ${answered}, the book has ${stored}`)
  }
  if (isRefused(answers) && stored !== undefined) found.push(`${id} was refused and is in the book`)
  const again = toAnswer(await engine.submit(tx))
  if (stored === undefined && again.isRepeat) found.push(`${id} repeats what never was`)
  if (stored !== undefined && !(again.isRepeat && again.detail === stored)) {
    found.push(`${id} sent again: ${JSON.stringify(again)}, the book has ${stored}`)
  }
  return found
}

function isRefused(answers: readonly Answer[]): boolean {
  return answers.length > 0 && answers.every(({ status }) => status === 'refused')
}

export function parse(jws: string): SignedTx {
  const tx = parseTx(jws)
  if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
  return tx
}

/** What the book says became of these very bytes. */
function storedOutcome({ reader }: Book, tx: SignedTx): string | undefined {
  const stored = reader.txOf(tx.kid, tx.payload.id)
  if (stored?.json !== tx.json || stored.signature === null) return undefined
  return Buffer.compare(stored.signature, tx.signature) === 0
    ? encodeOutcome(stored.outcome)
    : undefined
}

function wrongBalances(book: Book): readonly string[] {
  const sums = new Map<string, { balance: bigint; held: bigint }>()
  const add = (account: string, change: { balance: bigint; held: bigint }) => {
    const sum = sums.get(account) ?? { balance: 0n, held: 0n }
    sums.set(account, { balance: sum.balance + change.balance, held: sum.held + change.held })
  }
  for (const line of book.reader.lines({ limit: Number.MAX_SAFE_INTEGER })) addLine(book, line, add)
  const accounts = book.state.list('account', { limit: Number.MAX_SAFE_INTEGER })
  return accounts.flatMap(({ id, record: { balance, held } }) => {
    const sum = sums.get(id) ?? { balance: 0n, held: 0n }
    if (sum.balance === balance && sum.held === (held as Amount)) return []
    return [
      `${id} holds ${balance} (${held} held), its lines add up to ${sum.balance} (${sum.held})`,
    ]
  })
}

type Add = (account: string, change: { balance: bigint; held: bigint }) => void

function addLine(
  { genesis, state }: Book,
  { card: _, primary: __, ...line }: Line,
  add: Add,
): void {
  const kind = state.get('asset', line.asset)?.kind ?? 'FED'
  const keeper = genesis.genesis.wallet
  for (const { wallet, asset, change } of entryOf(line, { hash: sha256, kind, keeper })) {
    add(`${wallet}/${asset}`, { balance: change, held: 0n })
  }
  add(`${line.from}/${line.asset}`, { balance: 0n, held: heldChange(line) })
}
