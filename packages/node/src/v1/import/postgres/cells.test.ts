import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../store/foreign-file-reader.ts'
import { toCell } from './cells.ts'

const [BOOL, BIGINT, TEXT, BPCHAR, NUMERIC] = [16, 20, 25, 1042, 1700]
const [TIMESTAMP, TIMESTAMPTZ, UUID, JSON_TYPE, JSONB] = [1114, 1184, 2950, 114, 3802]

describe('a value of PostgreSQL', () => {
  it.each<[type: number, text: string | null, cell: Cell]>([
    [BOOL, 't', 1n],
    [BOOL, 'f', 0n],
    [BIGINT, '-9223372036854775808', -9_223_372_036_854_775_808n],
    [NUMERIC, '100', 100n],
    [NUMERIC, '1.50', '1.50'],
    [TEXT, 'Entrée', 'Entrée'],
    [TEXT, null, null],
    [BPCHAR, '0.0.0.0   ', '0.0.0.0'],
    [UUID, '035b5166-cdf5-44af-9a3d-c86a8190444a', '035b5166cdf544af9a3dc86a8190444a'],
    [TIMESTAMPTZ, '2026-11-22 19:53:41.646797+00', '2026-11-22 19:53:41.646797'],
    [TIMESTAMPTZ, '2026-11-22 19:53:41.6+00', '2026-11-22 19:53:41.600000'],
    [TIMESTAMPTZ, '2026-11-22 19:53:41+00', '2026-11-22 19:53:41'],
    [TIMESTAMP, '2026-11-22 19:53:41.000001', '2026-11-22 19:53:41.000001'],
    [TIMESTAMPTZ, 'infinity', 'infinity'],
    [TIMESTAMPTZ, '12026-11-22 19:53:41+00', '12026-11-22 19:53:41+00'],
    [JSONB, 'null', 'null'],
    [JSONB, '{"a": [1, 1.0, 1.50, true, "é"]}', '{"a": [1, 1.0, 1.5, true, "\\u00e9"]}'],
    [JSON_TYPE, '{"b":1,"a":null}', '{"b": 1, "a": null}'],
    [JSONB, '"{\\"data\\": \\"opening\\"}"', '"{\\"data\\": \\"opening\\"}"'],
  ])('of type %i, printed as %s, is kept as v1 keeps it: %s', (type, text, cell) => {
    expect(toCell(type, text)).toEqual(cell)
  })

  it('that is JSON beyond what is read here stays as it is', () => {
    const deep = `${'['.repeat(300)}${']'.repeat(300)}`
    expect(toCell(JSONB, deep)).toBe(deep)
  })
})
