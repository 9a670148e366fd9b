/** How figures are printed: lines for people, or one JSON object a line. */
import type { Costs } from './machine.ts'
import { DURABILITY } from './machine.ts'
import type { Spread } from './statistics.ts'

/** Above this share of foreign processor time a figure is marked. */
export const FOREIGN_MAX = 0.1

/** What a figure should be. */
export type Target = { readonly atLeast: number } | { readonly atMost: number }

/** One thing that was measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target?: Target | undefined
  /** Why the target does not hold for this machine or run, when it does not. */
  readonly notJudged?: string | undefined
  /** The measurements that the value is the middle of. */
  readonly spread?: Spread | undefined
  /** Share of processor time that others used; `undefined` where the system does not tell. */
  readonly foreignCpu?: number | undefined
  readonly remark?: string | undefined
}

/** Under which conditions a benchmark runs. */
export interface Conditions extends Costs {
  readonly machine: string
  readonly isQuick: boolean
}

/** Writes a text to the outside. */
export type Write = (text: string) => void

/** True, false, or `undefined` when there is nothing to judge. */
export function isMet({ value, target, notJudged }: Figure): boolean | undefined {
  if (target === undefined || notJudged !== undefined) return undefined
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

/** One line of JSON. */
export function toJsonLine(figure: Figure, conditions: Conditions): string {
  const { name, value, unit, target, notJudged, spread, foreignCpu, remark } = figure
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    target: target === undefined ? null : targetText(target),
    met: isMet(figure) ?? null,
    conditions: {
      machine: conditions.machine,
      durability: DURABILITY,
      quick: conditions.isQuick,
      verifyUs: rounded(conditions.verifyUs),
      fsyncP50Ms: rounded(conditions.fsyncP50Ms),
      fsyncP99Ms: rounded(conditions.fsyncP99Ms),
      foreignCpu: foreignCpu === undefined ? 'unknown' : rounded(foreignCpu),
      noisy: isNoisy(figure),
      ...(spread && {
        spread: { min: rounded(spread.min), max: rounded(spread.max), count: spread.count },
      }),
      ...(notJudged !== undefined && { notJudged }),
      ...(remark !== undefined && { remark }),
    },
  })
}

/** A line for people. */
export function toTextLine(figure: Figure): string {
  const { name, value, unit, target, notJudged, spread, remark } = figure
  const met = isMet(figure)
  const verdict = met === undefined ? 'not judged' : met ? 'met' : 'MISSED'
  const parts = [
    `  ${name.padEnd(34)}${number(value).padStart(10)} ${unit}`,
    target && `${targetText(target)} ${unit}: ${verdict}`,
    notJudged,
    spread && `${number(spread.min)} to ${number(spread.max)} in ${spread.count}`,
    foreignText(figure),
    remark,
  ]
  return parts.filter((part) => part !== undefined).join(' | ')
}

/** What stands above the lines of a benchmark. */
export function toHeading(what: string, conditions: Conditions): string {
  const { machine, isQuick, verifyUs, fsyncP50Ms, fsyncP99Ms } = conditions
  const costs = `Ed25519 check ${number(verifyUs)} us, fsync p50 ${number(fsyncP50Ms)} ms p99 ${number(fsyncP99Ms)} ms`
  const quick = isQuick ? '\n  QUICK: a tenth of the sizes, figures mean little' : ''
  return `${what}\n  ${machine}\n  ${DURABILITY}; ${costs}${quick}`
}

function isNoisy({ foreignCpu }: Figure): boolean {
  return foreignCpu !== undefined && foreignCpu > FOREIGN_MAX
}

function foreignText(figure: Figure): string | undefined {
  const { foreignCpu } = figure
  if (foreignCpu === undefined) return undefined
  const share = `others used ${Math.round(foreignCpu * 100)} % of the CPU`
  return isNoisy(figure) ? `NOISY: ${share}` : share
}

function targetText(target: Target): string {
  return 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

function number(value: number): string {
  return rounded(value).toLocaleString('en')
}
