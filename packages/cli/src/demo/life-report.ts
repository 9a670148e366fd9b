import { type TogetherReport, toTogetherText } from './together-report.ts'

/** What was lived, and how long it took. */
export interface LifeReport {
  readonly days: number
  readonly people: number
  /** Sales that were paid. */
  readonly payments: number
  readonly txs: number
  readonly lines: number
  readonly blocks: number
  readonly commons: TogetherReport
  /** Checked by the audit. */
  readonly signatures: number
  /** By the clock of the machine; less than a life when an earlier start lived the rest. */
  readonly livedMs: number
  readonly auditedMs: number
}

export function toLifeText(report: LifeReport): string {
  const { days, people, payments, txs, lines, blocks, signatures, livedMs, auditedMs } = report
  return `Lived ${count(days)} days in ${toSeconds(livedMs)} s: ${count(people)} people, ${count(payments)} payments; the book has ${count(txs)} txs, ${count(lines)} lines, ${count(blocks)} blocks.
${toTogetherText(report.commons)}
Audited in ${toSeconds(auditedMs)} s: the book holds, with ${count(signatures)} signatures.`
}

function toSeconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(1)
}

function count(number: number): string {
  return number.toLocaleString('en-GB')
}
