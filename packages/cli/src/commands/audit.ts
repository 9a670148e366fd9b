import { toDecimal } from '@fedow/api'
import { PROOF_FILE_MAX } from '@fedow/ledger'
import { type AuditReport, auditFolder, type Earlier, isInLine } from '@fedow/node'
import { command, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { readWhole } from '../proof/proof-file.ts'
import type { Screen } from '../screen.ts'
import { tellComparison } from '../text/comparison.ts'
import { toTable } from '../text/table.ts'

export const audit = command({
  name: 'audit',
  summary:
    'Replay the whole book: signatures, rules, chains, sums; names the first line that does not hold',
  details:
    'Reads the data folder only; a node may go on working on it. Ends with 1 when the book does not hold. With --against, also says whether it continues what a checkpoint of earlier has seen, and ends with 1 when it does not, or when that is not proven.',
  options: {
    against: text('file', 'a checkpoint that somebody kept, or a receipt, statement or proof'),
    proof: text('file', 'what proves that this copy is the beginning of a longer history'),
  },
  examples: [
    'audit',
    'audit --data /var/lib/fedow --json',
    'audit --data backup --against checkpoint-2026-11-22.txt',
  ],
  async run({ config, screen }, { against, proof }) {
    const earlier = readEarlier(against, proof)
    const report = await auditShown(config.folder, { screen, earlier })
    if (report.ok) {
      demandInLine(report)
      screen.answer(toJson(report), () => toText(report))
      return
    }
    const { what = 'it does not hold', line, height } = report.problem ?? {}
    const where = line === undefined ? `block ${height ?? 0}` : `line ${line}, block ${height ?? 0}`
    throw new Refused(
      `The book in ${config.folder} does not hold at ${where}: ${what}. Do not take payments with it; go back to a copy whose audit holds.`,
      toJson(report),
    )
  },
})

function readEarlier(against: string | undefined, proof: string | undefined): Earlier | undefined {
  if (against === undefined && proof !== undefined) {
    throw new Misuse('--proof goes with --against: it leads to that checkpoint. Nothing was done.')
  }
  if (against === undefined) return undefined
  const file = readKept(against)
  return { file, ...(proof !== undefined && { proof: readKept(proof) }) }
}

function readKept(file: string): string {
  const text = readWhole(file)
  if (text !== undefined) return text
  throw new Refused(
    `${file} is no text, or has more than ${PROOF_FILE_MAX} bytes: no checkpoint and no proof. Nothing was done.`,
  )
}

/** The book holds by itself; it must also be in line with what was seen of it before. */
function demandInLine(report: AuditReport): void {
  const { against } = report
  if (against === undefined || isInLine(against)) return
  throw new Refused(tellComparison(against), { ...toJson(report), ok: false })
}

interface Showing {
  readonly screen: Screen
  readonly earlier: Earlier | undefined
}

async function auditShown(folder: string, { screen, earlier }: Showing): Promise<AuditReport> {
  using shown = screen.progress('Audit')
  try {
    return await auditFolder(folder, (done, total) => shown.update(done, total), earlier)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Refused(`The book in ${folder} cannot be audited. ${why}`, {
      ok: false,
      problem: { what: why },
    })
  }
}

function toText(report: AuditReport): string {
  const { height, txs, lines, signatures, checkpoints, cosignatures, assets, against } = report
  const rows = assets.map(({ name, kind, issued, accounts }) => [
    `  ${name}`,
    kind,
    toDecimal(issued),
    `in ${accounts} accounts`,
  ])
  const compared = against === undefined ? '' : `\n${tellComparison(against)}`
  return `The book holds: ${height} blocks, ${txs} txs, ${lines} lines, ${signatures} signatures, ${checkpoints} checkpoints, ${cosignatures} co-signatures.
${toTable(rows, { right: [2] })}${compared}`
}

/** Amounts are below 2^53, so JSON keeps them exact. */
function toJson({ assets, ...rest }: AuditReport): object {
  return { ...rest, assets: assets.map((asset) => ({ ...asset, issued: Number(asset.issued) })) }
}
