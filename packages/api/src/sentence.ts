import type { Rejection, RejectionCode } from '@fedow/ledger'

/** What a sentence calls the thing with an id: its name where one is known, else the id. */
export type NameOf = (id: string) => string

/** How a problem is told to a person. `W` is what the problem carries. */
export interface Sentence<W> {
  /** A few words, the same for every problem of this code. */
  readonly title: string
  /** What happened, with names and numbers. */
  readonly detail: (found: W, nameOf: NameOf) => string
  /** What to do now. */
  readonly fix: string
}

/** What a rejection of one code carries. */
export type RejectionOf<C extends RejectionCode> = Extract<Rejection, { readonly code: C }>

/** Minor units as people write them, with two decimals: 1250 is `12.50`. */
export function toDecimal(minor: bigint | number): string {
  const value = BigInt(minor)
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** A moment in milliseconds as ISO 8601, to the second. */
export function toMoment(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}

/** A text of unknown origin, so that it cannot dress up as ours: no invisible characters, at most 80 of them. */
export function toPrintable(text: string): string {
  const visible = text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '\u{fffd}').replaceAll('"', "'")
  return visible.length > 80 ? `${visible.slice(0, 79)}\u{2026}` : visible
}
