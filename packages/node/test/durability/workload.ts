/** A day in the town, in a process of its own that may be killed: `node workload.ts '<Day as JSON>'`. */
import { writeSync } from 'node:fs'
import type { SignedTx } from '@fedow/ledger'
import { type CrashPoint, SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { Book } from '../../src/store/book.ts'
import { hasGenesis, initFolder, readGenesis, readKeys } from '../../src/store/folder.ts'
import { FolderLock } from '../../src/store/folder-lock.ts'
import { mark, seededRandom } from '../power-cut/recording.ts'
import { Town } from './gestures.ts'
import { type Entry, toAnswer } from './journal.ts'

export interface Day {
  readonly folder: string
  readonly seed: number
  /** Gestures of each round; after a round the day waits for the running block to close. */
  readonly rounds: readonly number[]
  /** Orders of 1,000 cards in each round. */
  readonly orders?: number
  /** Where the process kills itself, and at which time that it comes there, from 1. */
  readonly crash?: { readonly point: CrashPoint; readonly nth: number }
  /** By how much the clock runs ahead with each gesture: more than the age of a block, and each closes one. */
  readonly hurryMs?: number
  readonly synchronous?: 'FULL' | 'OFF'
  /** Marks of a power-cut recording instead of standard output. */
  readonly isRecorded?: boolean
}

/** Tills at which people pay at the same time. */
const TILLS = 6

const day = JSON.parse(process.argv[2] ?? '') as Day
const random = seededRandom(day.seed)
const sent: SignedTx[] = []
let isFatal = false

function say(entry: Entry): void {
  const line = JSON.stringify(entry)
  if (day.isRecorded) mark(line)
  else writeSync(1, `${line}\n`)
}

let hurriedMs = 0
const now = () => Date.now() + hurriedMs

let reached = 0
let isInBatch = false
function onPoint(point: CrashPoint): void {
  if (point === 'batch_begun' || point === 'batch_committed') isInBatch = point === 'batch_begun'
  if (point !== day.crash?.point) return
  reached += 1
  if (reached === day.crash.nth) process.kill(process.pid, 'SIGKILL')
}

function onFatal(cause: unknown): void {
  isFatal = true
  say({ fatal: String(cause), isInBatch })
}

async function submit(engine: SoloEngine, tx: SignedTx, number = sent.length): Promise<void> {
  if (number === sent.length) {
    sent.push(tx)
    say({ sent: number, jws: tx.jws })
  }
  const submission = await engine.submit(tx)
  say({ answer: number, ...toAnswer(submission) })
}

async function round(engine: SoloEngine, town: Town, gestures: number): Promise<void> {
  let left = gestures
  const till = async () => {
    while (left > 0 && !isFatal) {
      left -= 1
      hurriedMs += day.hurryMs ?? 0
      const tx = town.gesture(sent.slice(-20))
      const twice = random() < 0.1 ? [submit(engine, tx), submit(engine, tx, sent.length - 1)] : []
      await Promise.all(twice.length > 0 ? twice : [submit(engine, tx)])
      const again = Math.floor(random() * sent.length)
      const old = sent[again]
      if (old !== undefined && random() < 0.1) await submit(engine, old, again)
    }
  }
  const orders = Array.from({ length: day.orders ?? 0 }, () => submit(engine, town.orderCards()))
  await Promise.all([...orders, ...Array.from({ length: TILLS }, till)])
}

async function work(engine: SoloEngine, book: Book, town: Town): Promise<void> {
  if (town.isEmpty) await submit(engine, town.openBar())
  for (const gestures of day.rounds) {
    if (isFatal) return
    await round(engine, town, gestures)
    const { height, isOpen } = book.reader.tip()
    if (isOpen) for await (const _ of engine.blocks(height)) break
  }
}

async function live(): Promise<void> {
  const { folder, synchronous } = day
  if (!hasGenesis(folder)) initFolder(folder, { network: 'Town', timeMs: Date.now() })
  using _lock = new FolderLock(folder)
  const genesis = readGenesis(folder)
  const keys = readKeys(folder)
  const book = new Book({ folder, genesis, synchronous })
  const clocks = { wall: now, monotonic: now }
  const checkpointKey = keys.checkpoint
  const engine = new SoloEngine({ book, checkpointKey, clocks, onFatal, onPoint })
  const town = new Town({ genesis, keys, random, now })
  town.meet(book)
  await work(engine, book, town)
  await engine.close()
  say({ end: isFatal ? 'failed' : 'closed' })
}

try {
  await live()
} catch (cause) {
  say({ refused: String(cause) })
  // The engine's timers would keep a day alive that went wrong.
  process.exit(1)
}
