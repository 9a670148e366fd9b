/** Lines that show a gesture of a holder's own: whoever makes one is not asleep. */
import type { LineAction } from '../line.ts'

/**
 * Whose gesture a line of each code is: paying, being refilled, linking a card (the person it becomes), being refunded
 * at a place, giving to another person, clocking in, becoming a member, claiming a dividend. Being given something is none, nor what comes by a rule.
 *
 * Source: docs/spec/figures.md, "Dormant stock".
 */
export const OWN_GESTURES: readonly (readonly [LineAction, 'from' | 'to'])[] = [
  ['SAL', 'from'],
  ['QRS', 'from'],
  ['REF', 'to'],
  ['FUS', 'to'],
  ['SUB', 'to'],
  ['DVD', 'to'],
  ['RFD', 'from'],
  ['TRF', 'from'],
  ['BDG', 'from'],
]
