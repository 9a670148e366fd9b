import type { SeasonDay } from '../../seasons.ts'
import type { Moment } from '../moment.ts'
import type { World } from '../world.ts'

/** Where and when a scene is played. */
export interface Stage {
  readonly world: World
  readonly day: SeasonDay
  readonly moment: Moment
}
