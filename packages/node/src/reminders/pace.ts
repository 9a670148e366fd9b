/** How reminders are tried, and how long they are kept. */

/** After a failure, twice as long after each, up to the second. */
export const RETRY_MS = 300_000
export const RETRY_MAX_MS = 12 * 3_600_000
/** A letter that could not be sent so often is given up. */
export const TRIES_MAX = 10
/** Someone without an address is looked for again. */
export const NO_ADDRESS_MS = 86_400_000
/** Days after the day of a melt for which its reminders are kept. */
export const KEPT_DAYS = 30
/** Wallets of one go. */
export const WALLETS_EACH = 100
/** Rows that are written, ended or erased in one go: a few milliseconds. */
export const ROWS_EACH = 100

/** How long to wait after so many failures in a row. */
export function pauseMs(failures: number): number {
  return Math.min(RETRY_MS * 2 ** Math.min(failures - 1, 20), RETRY_MAX_MS)
}
