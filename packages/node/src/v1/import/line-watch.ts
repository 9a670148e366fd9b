/** What looks at every line once, in their order, and tells at the end what it found. */
import type { Finding, Subjects } from './findings.ts'
import { toUuid, type V1Line } from './rows.ts'
import type { V1LineAmongOthers } from './v1-database.ts'

export interface LineWatch {
  see(among: V1LineAmongOthers): void
  found(): Iterable<Finding>
}

/** The ids by which a line is found again. */
export function subjectsOf({ id, asset, from, to }: V1Line): Subjects {
  return { line: toUuid(id), asset: toUuid(asset), from: toUuid(from), to: toUuid(to) }
}

/** A finding about one line, with its amount. */
export function ofLine(code: Finding['code'], line: V1Line, detail: string): Finding {
  return { code, subjects: subjectsOf(line), amount: line.amount, detail }
}
