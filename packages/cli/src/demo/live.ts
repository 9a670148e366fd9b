/**
 * The demonstration that lives: founded so long ago that its years end about now, then lived day by day under a clock
 * that somebody moves, as fast as the machine can, and audited. It can be ended at any moment; the next start goes on.
 */
import { type Client, createClient, getStatus } from '@fedow/api'
import { DAY_MS, type SignedGenesis } from '@fedow/ledger'
import {
  auditFolder,
  type Config,
  hasGenesis,
  initFolder,
  type RunningNode,
  readGenesis,
  startNode,
} from '@fedow/node'
import { SocketTransport } from '../book/socket-transport.ts'
import { Refused } from '../failure.ts'
import type { Screen } from '../screen.ts'
import { LAST_STEP } from './evening.ts'
import { BookIds } from './life/book-ids.ts'
import { errandName, LAST_ERRAND, type Life } from './life/life.ts'
import { eveningOf, lifeOf, tagsOfStory } from './life/life-of-book.ts'
import { Living } from './life/living.ts'
import { ManagerKeys } from './life/manager-keys.ts'
import type { LifeReport } from './life-report.ts'
import { type LifeSpan, lifeOfNetwork } from './life-span.ts'
import { castOf, prepareDemo } from './prepare.ts'
import { DemoStopped, Script } from './script.ts'
import type { SeasonDay } from './seasons.ts'
import { readStory } from './story.ts'
import { togetherReport } from './together-report.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface LiveOptions {
  readonly config: Config
  readonly span: LifeSpan
  readonly screen: Pick<Screen, 'progress'>
  readonly stop: AbortSignal
  /** When a new life ends. */
  readonly nowMs: number
  /** How many people come; as many as the length of the life brings when absent. */
  readonly people?: number
}

/** Steps of the founding, and of the evening, take so long. */
const FOUNDING_STEP_MS = 60_000
const EVENING_STEP_MS = 12_000
/** How far the book may be beyond the day that it is at. */
const AHEAD_MAX_MS = 2 * DAY_MS

/**
 * Lives the life of a folder, or the rest of it. Answers `there` when it was lived before. Throws DemoStopped, and
 * Refused for a book of something else.
 */
export async function liveDemo(options: LiveOptions): Promise<LifeReport | 'there'> {
  const { config, screen, stop } = options
  const startMs = performance.now()
  const genesis = foundLife(options)
  const lived = await liveFolder(options, genesis)
  if (lived === 'there') return 'there'
  const endMs = performance.now()
  const signatures = await audit(config.folder, { screen, stop })
  const auditedMs = performance.now() - endMs
  return { ...lived, signatures, livedMs: endMs - startMs, auditedMs }
}

/** The genesis of a folder: a new one that is so old, or the one of this very life. */
function foundLife({ config: { folder }, span, nowMs }: LiveOptions): SignedGenesis {
  const timeMs = nowMs - span.days * DAY_MS
  const genesis = hasGenesis(folder)
    ? readGenesis(folder)
    : initFolder(folder, { network: span.network, timeMs })
  const { network } = genesis.genesis
  if (network === span.network) return genesis
  const other = lifeOfNetwork(network)
  if (other === undefined) throw toOtherBook(folder)
  throw new Refused(
    `The demonstration in ${folder} lives ${other}, not ${span.text}. Nothing was changed. Go on with --live ${other}, or name an empty folder with --data.`,
  )
}

function toOtherBook(folder: string): Refused {
  return new Refused(
    `${folder} has a book of its own, in which nobody can have lived before it began. Nothing was changed. Name an empty folder with --data.`,
  )
}

type Lived = Omit<LifeReport, 'signatures' | 'livedMs' | 'auditedMs'>

async function liveFolder(options: LiveOptions, genesis: SignedGenesis): Promise<Lived | 'there'> {
  const clock = new VirtualClock(genesis.genesis.timeMs)
  // Nobody else comes while the clock is not that of the machine.
  await using node = await startNode(options.config, { listen: 'socket', clocks: clock })
  using socket = new SocketTransport(node.socketPath)
  const client = createClient({ transport: socket.send })
  return await liveBook({ ...options, genesis, clock, node, client })
}

interface Parts extends LiveOptions {
  readonly genesis: SignedGenesis
  readonly clock: VirtualClock
  readonly node: RunningNode
  readonly client: Client
}

async function liveBook(parts: Parts): Promise<Lived | 'there'> {
  const { config, genesis, span, people, client, node, stop } = parts
  const story = readStory()
  const cast = castOf(story)
  const asked = new Script({ client, chain: node.chain, stop, onStep: () => {} })
  if (await asked.isDone(LAST_ERRAND)) return 'there'
  const life = lifeOf({ genesis, span, story, cast, people })
  const begun = await lastBegun(asked, life.days)
  await demandPast(parts, begun ?? life.days[0])
  await prepare(parts)
  const managers = new ManagerKeys(config.folder)
  const { primaries } = cast
  const ids = await BookIds.read(client, { primaries, managers, state: node.state })
  await ids.readCards(tagsOfStory(story))
  await liveDays({ ...parts, life, ids, managers, from: begun?.number ?? 0 })
  const { txs, lines, height } = await client.call(getStatus, {})
  const commons = togetherReport({ state: node.state, ids, motions: life.motions })
  return { days: span.days, ...life.tally, txs, lines, blocks: height, commons }
}

/** The last day of which the book has something; the days before it are whole. */
async function lastBegun(
  asked: Script,
  days: readonly SeasonDay[],
): Promise<SeasonDay | undefined> {
  if (!(await asked.isDone(LAST_STEP))) return undefined
  for (const day of days.toReversed()) if (await asked.isDone(errandName(day, 0))) return day
  return undefined
}

/** Time never goes back in a book: one that has gone on by another clock cannot live its past. */
async function demandPast({ config, client }: Parts, day: SeasonDay | undefined): Promise<void> {
  const { time } = await client.call(getStatus, {})
  if (day === undefined || Date.parse(time) <= day.startMs + AHEAD_MAX_MS) return
  throw new Refused(
    `The book in ${config.folder} has gone on until ${time}, by the clock of this machine: the days before can no longer be lived. Nothing was changed. Start it without --live, or name an empty folder with --data.`,
  )
}

/** The usual demonstration: it is founded in an hour, and its evening takes one. */
async function prepare({ genesis, clock, client, config, screen, stop }: Parts): Promise<void> {
  let stepMs = FOUNDING_STEP_MS
  const state = await prepareDemo({
    client,
    sinceMs: genesis.genesis.timeMs,
    stop,
    openProgress: () => screen.progress('Founding'),
    onStep: () => clock.pass(stepMs),
    onEvening: () => {
      stepMs = EVENING_STEP_MS
      clock.moveTo(eveningOf(genesis))
    },
  })
  if (state === 'refused') throw toOtherBook(config.folder)
}

interface Days extends Parts {
  readonly life: Life
  readonly ids: BookIds
  readonly managers: ManagerKeys
  readonly from: number
}

async function liveDays({ life, from, screen, ...parts }: Days): Promise<void> {
  const living = new Living(parts)
  using progress = screen.progress('Living')
  for (const told of life.tell()) {
    const { number, startMs } = told.day
    if (number < from) {
      await living.recall(told)
      continue
    }
    await living.live(told)
    progress.update(number + 1, life.days.length, DATE.format(startMs))
  }
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'Indian/Reunion' })

async function audit(
  folder: string,
  { screen, stop }: Pick<LiveOptions, 'screen' | 'stop'>,
): Promise<number> {
  using progress = screen.progress('Audit')
  const { ok, problem, signatures } = await auditFolder(folder, (done, total) => {
    if (stop.aborted) throw new DemoStopped()
    progress.update(done, total)
  })
  if (ok) return signatures
  throw new Refused(
    `The life was lived, and its book in ${folder} does not hold at block ${problem?.height ?? 0}: ${problem?.what ?? 'it is wrong'}. This is a fault of the program: please report it, with the folder.`,
  )
}
