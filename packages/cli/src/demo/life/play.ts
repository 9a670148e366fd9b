/** Every scene by its name. */
import type { Scene } from '../seasons.ts'
import { playAssembly } from './scenes/assembly.ts'
import { playBar } from './scenes/bar.ts'
import { playFarewells } from './scenes/farewells.ts'
import { playFeast, playRefunds } from './scenes/feast.ts'
import { playHours } from './scenes/hours.ts'
import { playLostCards } from './scenes/lost-cards.ts'
import { playLunch, playWorkshop } from './scenes/raffinerie.ts'
import { playSettlement } from './scenes/settlement.ts'
import { playBooks, playMarket } from './scenes/shops.ts'
import type { Stage } from './scenes/stage.ts'
import { playTopUps } from './scenes/top-ups.ts'
import { playWelcome } from './scenes/welcome.ts'

export const PLAY: Readonly<Record<Scene, (stage: Stage) => void>> = {
  assembly: playAssembly,
  bar: playBar,
  books: playBooks,
  farewells: playFarewells,
  feast: playFeast,
  hours: playHours,
  'lost cards': playLostCards,
  lunch: playLunch,
  market: playMarket,
  refunds: playRefunds,
  settlement: playSettlement,
  'top-ups': playTopUps,
  welcome: playWelcome,
  workshop: playWorkshop,
}
