/** Rows in an order, of which none stands for too few wallets. */

/** What is too small to be shown, and how two neighbours become one. */
export interface Merging<T> {
  readonly isSmall: (row: T) => boolean
  readonly join: (one: T, next: T) => T
}

/** Each small row becomes one with the next, at the end with the one before. None when all together are small. */
export function mergeNeighbours<T>(
  rows: readonly T[],
  { isSmall, join }: Merging<T>,
): readonly T[] {
  const shown: T[] = []
  let open: T | undefined
  for (const row of rows) {
    open = open === undefined ? row : join(open, row)
    if (isSmall(open)) continue
    shown.push(open)
    open = undefined
  }
  while (open !== undefined) {
    const last = shown.pop()
    if (last === undefined) return []
    const joined: T = join(last, open)
    open = isSmall(joined) ? joined : undefined
    if (open === undefined) shown.push(joined)
  }
  return shown
}
