/** Mondays: managers of new places get their keys, motions are put, and those of the week before are voted on. */
import { BAR, FESTIVAL, RAFFINERIE, TIME_BANK } from '../../cast.ts'
import { appliesMs, type Motion, motionsOf, termsOf } from '../motions.ts'
import type { Stage } from './stage.ts'

/** The places to which the operator gives a vote. */
const FOUNDERS: readonly string[] = [RAFFINERIE, FESTIVAL, BAR, TIME_BANK]

export function playAssembly(stage: Stage): void {
  const { assembly } = stage.world
  voteOn(stage, assembly.open)
  assembly.open = motionsOf(assembly.week, assembly.candidates)
  assembly.put.push(...assembly.open)
  for (const motion of assembly.open) put(stage, motion)
  enrol(stage)
  assembly.week += 1
}

function voteOn({ moment }: Stage, motions: readonly Motion[]): void {
  for (const { name, votes } of motions) {
    for (const [place, choice] of Object.entries(votes)) {
      moment.add([{ kind: 'vote', place, motion: name, choice }])
    }
  }
}

/** Who asks votes at once. */
function put({ world, moment }: Stage, { name, by, wish, isApplied }: Motion): void {
  const { timeMs } = moment
  moment.add([
    { kind: 'propose', place: by, motion: name, wish, putMs: timeMs },
    { kind: 'vote', place: by, motion: name, choice: 'yes' },
  ])
  if (wish.kind !== 'policy' || !isApplied) return
  const terms = termsOf(wish, timeMs)
  world.melting.announceAt(appliesMs(timeMs), { asset: wish.asset, terms })
}

/** The manager of a place makes a key; the founders vote from now on, the others ask for it a week later. */
function enrol({ world, moment }: Stage): void {
  const { assembly, joined } = world
  const places = assembly.week === 0 ? [...FOUNDERS, ...joined] : [...joined]
  const fresh = places.filter((place) => !assembly.enrolled.has(place))
  for (const place of fresh) {
    assembly.enrolled.add(place)
    moment.add([{ kind: 'enrol', place }])
  }
  assembly.candidates = fresh.filter((place) => !FOUNDERS.includes(place))
  if (assembly.week === 0) moment.add(FOUNDERS.map((place) => ({ kind: 'admit', place })))
}
