/**
 * What a book of Fedow v1 becomes here, before anything else happens: its registry, its lines as facts that move
 * nothing, and one opening line for each balance. Source: docs/spec/import.md.
 */
import { authorise } from '../authority.ts'
import type { Context, Effects } from '../context.ts'
import type { LineId } from '../ids.ts'
import { hex32 } from '../ids.ts'
import { GENESIS_LINES, type LineDraft } from '../line.ts'
import { type ImportRecord, ONLY } from '../records.ts'
import { demand } from '../rejection.ts'
import { literal, Malformed, type Of, object, type Shape } from '../shape.ts'
import { assetRows, federationRows, importAssets, importFederations } from './assets.ts'
import { cardPart, importCards } from './cards.ts'
import { importLines, lineRows } from './lines.ts'
import {
  importMemberships,
  importOpenings,
  importReserve,
  membershipRows,
  openingRows,
  reserveOpening,
} from './openings.ts'
import {
  importPeople,
  importPlaces,
  importWallets,
  peopleRows,
  placeRows,
  walletRows,
} from './wallets.ts'

const kind = literal('import')

/** Tables of an import, each with its shape; a part may have at most 1,000 rows, and must fit a tx. */
const TABLES = {
  places: object({ kind, table: literal('places'), ...placeRows }),
  people: object({ kind, table: literal('people'), ...peopleRows }),
  wallets: object({ kind, table: literal('wallets'), ...walletRows }),
  assets: object({ kind, table: literal('assets'), ...assetRows }),
  federations: object({ kind, table: literal('federations'), ...federationRows }),
  cards: object({ kind, table: literal('cards'), ...cardPart }),
  lines: object({ kind, table: literal('lines'), ...lineRows }),
  memberships: object({ kind, table: literal('memberships'), ...membershipRows }),
  reserve: object({ kind, table: literal('reserve'), ...reserveOpening }),
  openings: object({ kind, table: literal('openings'), ...openingRows }),
  end: object({ kind, table: literal('end'), source: hex32 }),
} as const

export type ImportTable = keyof typeof TABLES
export type ImportOf<T extends ImportTable> = Of<(typeof TABLES)[T]>
export type Import = { [T in ImportTable]: ImportOf<T> }[ImportTable]

/** A part of an import. */
export const importAction: Shape<Import> = (value, path) => {
  const table = (value as { table?: unknown } | null)?.table
  if (typeof table !== 'string' || !Object.hasOwn(TABLES, table)) {
    throw new Malformed(`${path}.table`, 'the name of a table')
  }
  return TABLES[table as ImportTable](value, path)
}

type Rules = {
  readonly [T in ImportTable]: (ctx: Context, part: ImportOf<T>, before: ImportRecord) => Effects
}

const RULES: Rules = {
  places: importPlaces,
  people: importPeople,
  wallets: importWallets,
  assets: importAssets,
  federations: importFederations,
  cards: importCards,
  lines: importLines,
  memberships: importMemberships,
  reserve: importReserve,
  openings: importOpenings,
  end: () => ({}),
}

/**
 * Only the operator, and only while the book has no line but those of its genesis and of the import.
 *
 * Rejects with, in this order: not_authorised, import_closed, then those of its table.
 */
export function importPart(ctx: Context, part: Import): Effects {
  const counters = authorise(ctx, { can: 'admin', on: 'network' })
  const lines = ctx.state.get('clock', ONLY)?.line ?? 0
  const before = ctx.state.get('import', ONLY) ?? { line: GENESIS_LINES, timeUs: 0 }
  demand(before.source === undefined && before.line === lines, () => ({
    code: 'import_closed',
    line: before.line,
  }))
  const rule = RULES[part.table] as (ctx: Context, part: Import, before: ImportRecord) => Effects
  const effects = rule(ctx, part, before)
  const record = progress(part, before, effects.lines ?? [])
  return {
    changes: [...counters, { kind: 'import', id: ONLY, record }, ...(effects.changes ?? [])],
    lines: effects.lines ?? [],
  }
}

function progress(part: Import, before: ImportRecord, lines: readonly LineDraft[]): ImportRecord {
  const last = lines.findLast(({ imported }) => imported !== undefined)?.imported
  return {
    line: before.line + lines.length,
    timeUs: last?.timeUs ?? before.timeUs,
    ...optionalId(last?.id ?? before.last),
    ...(part.table === 'end' && { source: part.source }),
  }
}

function optionalId(last: LineId | undefined): { readonly last?: LineId } {
  return last === undefined ? {} : { last }
}
