/** Tables that say which tests hold the rows of the wire specification, and a check that those tests exist. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

export interface HeldRow {
  /** Its number in the specification. */
  readonly row: number
  /** What is demanded, in a few words. */
  readonly says: string
  /** `<file without .test.ts> > <name of the test>`, the file from the folder of these tests. */
  readonly by: readonly string[]
  /** What of it can't be tried yet, and what it waits for. */
  readonly waits?: string
  /** Why there is nothing to try. */
  readonly void?: string
}

/** Makes a test of each row: that what holds it is there. `last` is the number of the last row. */
export function describeRows(title: string, rows: readonly HeldRow[], last: number): void {
  describe(title, () => {
    it('has every row once, in order', () => {
      expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: last }, (_, one) => one + 1))
    })

    for (const { row, says, by, waits, void: nothing } of rows) {
      it(`row ${row}: ${says}`, () => {
        expect(by.length > 0 || waits !== undefined || nothing !== undefined).toBe(true)
        for (const one of by) expect([one, isThere(one)]).toEqual([one, true])
      })
      if (waits === undefined) continue
      it(`row ${row}, what waits`, (context) => context.skip(`This waits for ${waits}.`))
    }
  })
}

/** Whether a file has a test of that name. */
function isThere(one: string): boolean {
  const [file = '', name = ''] = one.split(' > ')
  const path = join(import.meta.dirname, `${file}.test.ts`)
  if (name === '' || !existsSync(path)) return false
  const text = readFileSync(path, 'utf8').replaceAll("\\'", "'")
  return ["'", '`', '"'].some((quote) => text.includes(`${quote}${name}${quote}`))
}
