/** The stretch of time that figures are about. */

/** Microseconds of a day. */
export const DAY_US = 86_400_000_000

/** Days of the year of a velocity. */
export const YEAR_DAYS = 365

/** From a moment on, up to another that is no longer in it. Microseconds since 1970. */
export interface FigureWindow {
  readonly fromUs: number
  readonly toUs: number
}
