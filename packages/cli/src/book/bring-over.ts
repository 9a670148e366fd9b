/** The second half of `fedow import v1`: the folder is made, and what came of it is told. */
import { toDecimal } from '@fedow/api'
import {
  ChangedSinceError,
  FolderInUseError,
  FolderLockedError,
  ImportBlockedError,
  importV1,
  ReserveTooLargeError,
  type ReviewV1Options,
  toV1ReportJson,
  type V1Import,
  type V1Report,
} from '@fedow/node'
import type { Call } from '../command.ts'
import { Refused } from '../failure.ts'
import type { ReserveChoice } from './reserve-choice.ts'

export interface Bringing {
  readonly file: string
  readonly report: V1Report
  readonly reserve: ReserveChoice
  readonly fernetKey: ReviewV1Options['fernetKey']
}

/** Makes the data folder. Throws Refused; other errors of reading pass through. */
export async function bringOver(
  { config, screen, stop }: Call,
  { file, ...options }: Bringing,
): Promise<V1Import> {
  using progress = screen.progress('Importing')
  const onProgress = (done: number, total: number): void => progress.update(done, total)
  const { folder } = config
  try {
    const nowMs = Date.now()
    return await importV1(file, { ...options, folder, nowMs, stop, onProgress })
  } catch (cause) {
    if (stop.aborted) {
      throw new Refused(`The import was stopped: ${folder} has no book. Run the command again.`)
    }
    throw toRefusal(cause, options.report)
  }
}

function toRefusal(cause: unknown, report: V1Report): unknown {
  if (cause instanceof ImportBlockedError) {
    return new Refused(cause.message, { ...toV1ReportJson(report), code: 'blocked' })
  }
  if (cause instanceof ReserveTooLargeError) {
    const { shown, federated } = cause
    return new Refused(
      `--reserve names ${toDecimal(shown)} euros, and ${toDecimal(federated)} of federated money is in circulation. Nothing was imported. Name only the euros that stand for it.`,
      { code: 'reserve_too_large' },
    )
  }
  const isKnown =
    cause instanceof FolderInUseError ||
    cause instanceof FolderLockedError ||
    cause instanceof ChangedSinceError
  return isKnown ? new Refused(cause.message) : cause
}

export function toImportJson(done: V1Import, { decisions }: V1Report) {
  const { isNew, chain, folder, reportPath } = done
  return { imported: isNew, chain, folder, report: reportPath, decisions }
}

export function tellImport(
  { isNew, chain, folder, reportPath }: V1Import,
  { report, reserve }: Pick<Bringing, 'report' | 'reserve'>,
): string {
  if (!isNew) return `${folder} was made from this very database already. Nothing was changed.`
  const shown = reserve.accounts.reduce((sum, { amount }) => sum + amount, 0n)
  const due = (report.reserve?.held ?? 0n) - shown
  return [
    `Imported into ${folder} (chain ${chain}).`,
    ...(due > 0n
      ? [
          `${toDecimal(due)} of federated money is in no statement (--reserve): it is due from the keeper.`,
        ]
      : []),
    ...(report.decisions > 0
      ? [
          `${report.decisions} finding(s) were taken as they stand; a person still decides about them.`,
        ]
      : []),
    `Report: ${reportPath}`,
    `Keep a copy of the keys in ${folder}/keys, and the database of v1: it is the way back.`,
    'Start it: fedow start',
  ].join('\n')
}
