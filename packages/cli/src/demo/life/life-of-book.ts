/** The life that belongs to a book: when it is follows from its genesis, who plays from the story. */
import { DAY_MS, type Genesis, HOUR_MS } from '@fedow/ledger'
import { type Cast, FESTIVAL, RAFFINERIE } from '../cast.ts'
import { FEE_OF_20, TRYOUT_FED, TRYOUT_PARTS } from '../evening.ts'
import type { LifeSpan } from '../life-span.ts'
import { midnightBefore } from '../seasons.ts'
import { numbersOf, readCardFile, type Story, tagsOf } from '../story.ts'
import { FED } from './deed.ts'
import { Life } from './life.ts'

/** Three years bring so many people. */
const PEOPLE = 2_000
const PEOPLE_DAYS = 1_096
const PEOPLE_MIN = 40
/** The founding is done within this time; the story's evening begins at this hour of the island, and ends that day. */
const FOUNDING_MS = 2 * HOUR_MS
const EVENING_HOUR_MS = 18 * HOUR_MS

/** What a life needs of a genesis. */
interface Founding {
  readonly genesis: Pick<Genesis, 'timeMs'>
}

export interface LifeOrder {
  readonly genesis: Founding
  readonly span: LifeSpan
  readonly story: Story
  readonly cast: Cast
  /** How many come; as many as the length of the life brings when absent. */
  readonly people?: number | undefined
}

/** When the evening of the story begins. */
export function eveningOf({ genesis }: Founding): number {
  const readyMs = genesis.timeMs + FOUNDING_MS
  const eveningMs = midnightBefore(readyMs) + EVENING_HOUR_MS
  return eveningMs >= readyMs ? eveningMs : eveningMs + DAY_MS
}

export function lifeOf({ genesis, span, story, cast, people }: LifeOrder): Life {
  const handed = handedOut(cast)
  const files = filesOf(story)
  const free = files.map(({ name, file }) => {
    return [name, tagsOf(file).filter((tag) => !handed.has(tag))] as const
  })
  const euros = [...cast.members, ...cast.guests].reduce((sum, { fed }) => sum + fed, TRYOUT_FED)
  const tryOutParts = [[FED, TRYOUT_FED] as const, ...TRYOUT_PARTS]
  return new Life({
    fromMs: eveningOf(genesis),
    untilMs: genesis.genesis.timeMs + span.days * DAY_MS,
    people: people ?? Math.max(PEOPLE_MIN, Math.round((span.days * PEOPLE) / PEOPLE_DAYS)),
    tryOut: {
      tag: cast.tryout,
      parts: tryOutParts.map(([asset, amount]) => ({ asset, amount })),
    },
    products: story.products,
    stocks: new Map(free),
    printed: files.flatMap(({ file }) => [...tagsOf(file), ...numbersOf(file)]),
    // The second order of the festival is a file of its own, for tests of longer tags.
    generations: new Map<string, number>([
      [RAFFINERIE, 1],
      [FESTIVAL, 2],
    ]),
    issued: euros,
    due: FEE_OF_20 * cast.members.length,
  })
}

/** Every card of the orders of the story. */
export function tagsOfStory(story: Story): readonly string[] {
  return filesOf(story).flatMap(({ file }) => tagsOf(file))
}

function filesOf({ places }: Story) {
  return places.flatMap(({ name, cards }) => {
    return cards === undefined ? [] : [{ name, file: readCardFile(cards) }]
  })
}

function handedOut({ primaries, members, guests, tryout, spare }: Cast): ReadonlySet<string> {
  const own = [...members, ...guests].map(({ tag }) => tag)
  return new Set([...[...primaries.values()].flat(), ...own, tryout, spare])
}
