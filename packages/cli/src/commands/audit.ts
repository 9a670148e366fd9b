import { toDecimal } from '@fedow/api'
import { auditFolder } from '@fedow/node'
import { command } from '../command.ts'
import { Refused } from '../failure.ts'
import { toTable } from '../text/table.ts'

type Report = Awaited<ReturnType<typeof auditFolder>>

export const audit = command({
  name: 'audit',
  summary:
    'Replay the whole book: signatures, rules, chains, sums; names the first line that does not hold',
  details:
    'Reads the data folder only; a node may go on working on it. Ends with 1 when the book does not hold.',
  examples: ['audit', 'audit --data /var/lib/fedow --json'],
  async run({ config, screen }) {
    const report = await auditShown(config.folder, screen.progress('Audit'))
    if (report.ok) {
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

async function auditShown(
  folder: string,
  progress: { update(done: number, total: number): void } & Disposable,
): Promise<Report> {
  using shown = progress
  try {
    return await auditFolder(folder, (done, total) => shown.update(done, total))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Refused(`The book in ${folder} cannot be audited. ${why}`, {
      ok: false,
      problem: { what: why },
    })
  }
}

function toText({ height, txs, lines, signatures, assets }: Report): string {
  const rows = assets.map(({ name, kind, issued, accounts }) => [
    `  ${name}`,
    kind,
    toDecimal(issued),
    `in ${accounts} accounts`,
  ])
  return `The book holds: ${height} blocks, ${txs} txs, ${lines} lines, ${signatures} signatures.
${toTable(rows, { right: [2] })}`
}

/** Amounts are below 2^53, so JSON keeps them exact. */
function toJson({ assets, ...rest }: Report): object {
  return { ...rest, assets: assets.map((asset) => ({ ...asset, issued: Number(asset.issued) })) }
}
