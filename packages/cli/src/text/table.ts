/** Columns under each other, two spaces apart; numbers end at the same place. */
export function toTable(
  rows: readonly (readonly string[])[],
  { right = [] }: { readonly right?: readonly number[] } = {},
): string {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, [...cell].length)),
    [],
  )
  const pad = (cell: string, index: number): string => {
    const space = ' '.repeat((widths[index] ?? 0) - [...cell].length)
    return right.includes(index) ? `${space}${cell}` : `${cell}${space}`
  }
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
