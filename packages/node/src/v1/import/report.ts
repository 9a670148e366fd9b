/** What an import of a v1 database would bring, and what stands in its way. */
import { FINDING_CODES, FINDING_KINDS, type Finding, needsDecision } from './findings.ts'
import type { Reserve } from './payment-review.ts'
import type { SecretCount } from './secret-review.ts'

/** One asset: issued - deposited - burnt = by the lines; stored = by the lines + difference. In cents. */
export interface AssetConservation {
  readonly asset: string
  readonly name: string
  readonly code: string
  readonly category: string
  readonly isArchived: boolean
  /** Whose it is: a place, or the primary wallet. */
  readonly origin: string
  readonly issued: bigint
  readonly deposited: bigint
  readonly burnt: bigint
  /** What the lines leave in wallets. */
  readonly ledger: bigint
  /** What v1 stores in wallets. */
  readonly held: bigint
  readonly heldByPlaces: bigint
  readonly difference: bigint
  readonly accounts: number
  readonly lines: number
}

export interface V1Report {
  readonly file: {
    readonly name: string
    readonly bytes: number
    readonly sha256: string
    /** What v1 left half done was finished in a copy, as v1 does itself when it starts. */
    readonly isCopy: boolean
    /** When the tables were copied from a server, by its clock: what v1 wrote later is not in the report. */
    readonly copiedMs: number | undefined
  }
  readonly domain: string
  /** When it was read. */
  readonly readMs: number
  /** How many rows of each kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly actions: Readonly<Record<string, number>>
  readonly assets: readonly AssetConservation[]
  readonly reserve: Reserve | undefined
  readonly secrets: SecretCount
  /** In the order of their kinds, largest amounts first. */
  readonly findings: readonly Finding[]
  /** How many of them a person must decide. */
  readonly decisions: number
}

/** Findings of one kind. */
export interface FindingGroup {
  readonly code: Finding['code']
  readonly title: string
  readonly done: string
  readonly decide?: string
  readonly count: number
  /** In cents, of those that have an amount. */
  readonly amount?: bigint
  readonly findings: readonly Finding[]
}

/** By kind, in the order of the list of kinds. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const byCode = Map.groupBy(findings, ({ code }) => code)
  return FINDING_CODES.flatMap((code) => {
    const group = byCode.get(code)
    if (group === undefined) return []
    const amounts = group.flatMap(({ amount }) => (amount === undefined ? [] : [amount]))
    const amount = amounts.reduce((sum, one) => sum + one, 0n)
    return [
      {
        code,
        ...FINDING_KINDS[code],
        count: group.length,
        ...(amounts.length > 0 && { amount }),
        findings: group,
      },
    ]
  })
}

export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => {
    const byKind = FINDING_CODES.indexOf(one.code) - FINDING_CODES.indexOf(other.code)
    return byKind === 0 ? Number(sizeOf(other) - sizeOf(one)) : byKind
  })
}

function sizeOf({ amount = 0n }: Finding): bigint {
  return amount < 0n ? -amount : amount
}

export function countDecisions(findings: readonly Finding[]): number {
  return findings.filter(needsDecision).length
}

/** For programs: amounts as whole numbers of cents, as text beyond 2^53. */
export function toReportJson({ findings, ...report }: V1Report): object {
  const groups = groupFindings(findings).map((group) => ({
    ...group,
    findings: group.findings.map(({ code: _, ...finding }) => finding),
  }))
  return JSON.parse(JSON.stringify({ ...report, findings: groups }, toPlain))
}

function toPlain(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
