/**
 * The demonstration: a federation of four places, its cards, its members and an evening, made through the HTTP API as
 * any program would. It can be ended at any moment; the next start goes on.
 */
import { type Client, getStatus } from '@fedow/api'
import { allPlaces } from '../book/pages.ts'
import type { Progress } from '../progress.ts'
import { type Cast, castEvening, FESTIVAL, RAFFINERIE } from './cast.ts'
import { LAST_STEP, playEvening } from './evening.ts'
import { found, placeStep, printCards } from './federation.ts'
import { Script } from './script.ts'
import { placeAssets, readCardFile, readStory, type Story, tagsOf } from './story.ts'

export interface DemoOptions {
  readonly client: Client
  /** When the book began, in milliseconds. */
  readonly sinceMs: number
  readonly stop: AbortSignal
  readonly openProgress: () => Progress
  /** Called after each step, and between the founding and the evening: whoever has a clock moves it. */
  readonly onStep?: () => void
  readonly onEvening?: () => void
}

/** `made`: just now. `there`: by an earlier start. `refused`: the book is somebody's own. */
export type DemoState = 'made' | 'there' | 'refused'

/** Prepares the demonstration, or what is missing of it. Throws DemoStopped. */
export async function prepareDemo({
  client,
  sinceMs,
  stop,
  openProgress,
  onStep,
  onEvening,
}: DemoOptions): Promise<DemoState> {
  const story = readStory()
  const cast = castOf(story)
  const { chain, fed } = await client.call(getStatus, {})
  const total = countSteps(story, cast)
  using progress = openProgress()
  let done = 0
  const script = new Script({
    client,
    chain,
    stop,
    onStep: () => {
      progress.update(++done, total)
      onStep?.()
    },
  })
  if (await script.isDone(LAST_STEP)) return 'there'
  const isBegun = await script.isDone(placeStep(story.places[0]?.name ?? ''))
  if (!isBegun && (await allPlaces(client)).length > 0) return 'refused'
  const founded = await found(script, story)
  await printCards(script, story, { founded, cast, stop })
  onEvening?.()
  const since = new Date(sinceMs).toISOString()
  await playEvening({ script, founded, cast, fed: fed.asset, since })
  return 'made'
}

/** Who plays, from the card files. */
export function castOf(story: Story): Cast {
  const tags = (place: string): readonly string[] => {
    const file = story.places.find(({ name }) => name === place)?.cards
    return file === undefined ? [] : tagsOf(readCardFile(file))
  }
  return castEvening(story, { raffinerie: tags(RAFFINERIE), festival: tags(FESTIVAL) })
}

/** About how many steps there are, for the bar. */
function countSteps(story: Story, { members, guests }: Cast): number {
  const federations = story.federations.map(
    ({ places, assets }) => 2 * places.length + assets.length,
  )
  const gestures = [...members, ...guests].map((guest) => guest.gestures.length + 2)
  const founding = 2 * story.places.length + placeAssets(story).length
  return [founding, 5 * members.length, ...federations, ...gestures].reduce(
    (sum, some) => sum + some,
  )
}
