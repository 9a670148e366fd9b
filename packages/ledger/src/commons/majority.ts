/** How many must take part, and how many must agree. Source: docs/spec/governance.md, "Quorum and majority". */
import type { WhatKind } from './what.ts'

/** A share of places, exactly. */
export interface Share {
  readonly part: number
  readonly whole: number
}

/** What it takes to pass. */
export interface Majority {
  /** Of the electorate, how many must vote yes, no or abstain: at least this share. */
  readonly quorum: Share
  /** Of those that vote yes or no, how many must vote yes. */
  readonly agreement: Share
  /** True when exactly that share is not enough. */
  readonly isMore: boolean
}

const HALF: Share = { part: 1, whole: 2 }
const THIRD: Share = { part: 1, whole: 3 }
const TWO_THIRDS: Share = { part: 2, whole: 3 }

/** At least half of the places vote, two thirds of them for it. */
const GRAVE: Majority = { quorum: HALF, agreement: TWO_THIRDS, isMore: false }
/** At least a third of the places vote, more than half of them for it. */
const USUAL: Majority = { quorum: THIRD, agreement: HALF, isMore: true }

/** By kind of proposal. */
export const MAJORITIES: Readonly<Record<WhatKind, Majority>> = {
  parameter: GRAVE,
  policy: GRAVE,
  grant: USUAL,
  admit: USUAL,
  suspend: GRAVE,
  upgrade: GRAVE,
}

/** Votes as they are counted: one place, one vote. */
export interface Count {
  readonly yes: number
  readonly no: number
  readonly abstain: number
}

/** Fewest places that must vote for the quorum. Rounding: up. */
export function quorumOf(kind: WhatKind, electorate: number): number {
  const { part, whole } = MAJORITIES[kind].quorum
  let least = 0
  while (least * whole < electorate * part) least += 1
  return least
}

/** True when enough places voted. Whole numbers only: nothing is rounded. */
export function hasQuorum(kind: WhatKind, count: Count, electorate: number): boolean {
  const { part, whole } = MAJORITIES[kind].quorum
  return (count.yes + count.no + count.abstain) * whole >= electorate * part
}

/** True when enough of those that said yes or no said yes. Never without a yes. */
export function hasMajority(kind: WhatKind, { yes, no }: Count): boolean {
  const { agreement, isMore } = MAJORITIES[kind]
  const has = yes * agreement.whole
  const needs = (yes + no) * agreement.part
  return yes > 0 && (isMore ? has > needs : has >= needs)
}
