/** Ways to tell one story: the same deeds at the same times, in other blocks. */
import type { MemoryState, State } from '../src/index.ts'
import { DAY_MS } from '../src/limits.ts'
import { MeltBook, storyGenesis } from './melt-book.ts'
import { type Deed, isPerson, type Story } from './melt-story.ts'
import { START_MS } from './names.ts'

/**
 * `deed`: a block for each deed; `shared`: one for all deeds of a moment; `cuts`: also empty blocks between; `days`: also
 * one at each midnight; `slow`: also a block at noon, and each moment has blocks until nothing is left that is due.
 */
export type Blocks = 'deed' | 'shared' | 'cuts' | 'days' | 'slow'

export interface Telling {
  readonly story: Story
  readonly blocks: Blocks
  readonly state: State
  /** Called after each deed, when its block is still open. */
  readonly onDeed?: (book: MeltBook, deed: Deed, isApplied: boolean) => void
}

/** Tells a story to its end, and a year of silence after it. */
export function tell({ story, blocks, state, onDeed }: Telling): MeltBook {
  const book = new MeltBook(state, storyGenesis(story))
  book.found(story)
  const isPatient = blocks === 'slow' || hasSleepyReceivers(story)
  let timeMs = START_MS
  for (const deed of [...story.deeds, SILENCE]) {
    const fromMs = timeMs
    timeMs += deed.afterMs
    for (const atMs of momentsBetween({ fromMs, untilMs: timeMs, deed, blocks })) {
      if (isPatient) book.settle(atMs)
      else book.open(atMs)
    }
    const isRunning = blocks === 'shared' && deed.afterMs === 0
    if (isPatient || waitsForShares(deed)) book.settle(timeMs)
    else if (!isRunning) book.open(timeMs)
    const isApplied = book.act(deed.does)
    onDeed?.(book, deed, isApplied)
  }
  book.settle(timeMs)
  book.close()
  return book
}

/** After it every epoch of the story is over. */
const SILENCE: Deed = { afterMs: 400 * DAY_MS, does: { act: 'nothing' }, cuts: [90, 91, 500] }

/** A share-out waits for all of its epoch, so whoever receives shares and spends them comes after it. */
function waitsForShares({ does }: Deed): boolean {
  return does.act === 'give' && !isPerson(does.from)
}

/** True when what is shared out may melt at whoever receives it: then the moment of a share-out matters. */
export function hasSleepyReceivers({ terms, deeds }: Story): boolean {
  const all = [
    ...Object.values(terms),
    ...deeds.map(({ does }) => (does.act === 'policy' ? does.terms : undefined)),
  ]
  return all.some((one) => {
    return one !== undefined && !(one.exempt.includes('place') && one.exempt.includes('fund'))
  })
}

interface Pause {
  readonly fromMs: number
  readonly untilMs: number
  readonly deed: Deed
  readonly blocks: Blocks
}

function momentsBetween({ fromMs, untilMs, deed, blocks }: Pause): readonly number[] {
  if (blocks === 'deed' || blocks === 'shared') return []
  if (blocks === 'cuts') {
    const cuts = deed.cuts.toSorted((a, b) => a - b)
    return cuts.map((cut) => fromMs + Math.floor(((untilMs - fromMs) * cut) / 1_000))
  }
  const stepMs = blocks === 'days' ? DAY_MS : DAY_MS / 2
  const moments = []
  for (let atMs = fromMs - (fromMs % stepMs) + stepMs; atMs < untilMs; atMs += stepMs)
    moments.push(atMs)
  return moments
}

/** A copy of every record, to see whether anything was touched. */
export function copyOf(state: MemoryState): ReadonlyMap<string, object> {
  return new Map(state.all())
}
