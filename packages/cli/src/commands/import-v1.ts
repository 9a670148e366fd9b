import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import {
  ForeignFileError,
  OtherVersionError,
  parseFernetKey,
  type ReviewV1Options,
  reviewV1,
  toV1ReportJson,
  type V1Report,
} from '@fedow/node'
import { type Call, command, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { tellV1Report } from '../text/v1-report.ts'

/** Findings of one kind that are shown where there is no file for all of them. */
const SHOWN_MAX = 5

export const importV1 = command({
  name: 'import v1',
  summary: 'Read a database of Fedow v1 and tell what an import would bring; nothing is changed',
  details:
    'Reads the SQLite file of Fedow v1.5 and leaves it byte for byte as it is. Tells for each asset what was issued, deposited, burnt and is held, and whatever does not add up: its amount, what is done about it, and what a person must decide. Ends with 0 when nobody must decide anything, with 1 when somebody must or the file is refused.',
  arguments: { file: needed('file', 'the database of v1, usually db.sqlite3') },
  options: {
    report: text('file', 'write the whole report there; as JSON when its name ends in .json'),
    fernetKeyFile: text('file', 'holds the FERNET_KEY of v1, to see whether its secrets open'),
  },
  examples: [
    'import v1 database/db.sqlite3',
    'import v1 database/db.sqlite3 --report import.txt --fernet-key-file fernet.key',
  ],
  async run(call, { file, report: path, fernetKeyFile }) {
    const { screen } = call
    refuseExisting(path)
    const report = await review(call, file, readKey(fernetKeyFile))
    if (path !== undefined) write(path, report)
    const json = toV1ReportJson(report)
    if (report.decisions === 0) {
      screen.answer(json, () => tellV1Report(report, { most: SHOWN_MAX }))
      return
    }
    if (!screen.isJson) screen.answer(json, () => tellV1Report(report, { most: SHOWN_MAX }))
    const where =
      path === undefined ? 'With --report FILE all of them are written.' : `See ${path}.`
    throw new Refused(
      `A person must decide about ${report.decisions} finding(s) before this database is imported. Nothing was changed. ${where}`,
      json,
    )
  },
})

async function review(
  { screen, stop }: Call,
  file: string,
  fernetKey: ReviewV1Options['fernetKey'],
): Promise<V1Report> {
  using progress = screen.progress('Reading v1')
  const onProgress = (done: number, total: number): void => progress.update(done, total)
  try {
    return await reviewV1(file, { nowMs: Date.now(), fernetKey, stop, onProgress })
  } catch (cause) {
    if (stop.aborted) throw new Refused('The reading was stopped. Nothing was changed.')
    if (cause instanceof ForeignFileError) throw new Refused(cause.message, { code: cause.code })
    if (cause instanceof OtherVersionError) {
      throw new Refused(cause.message, { code: 'other_version' })
    }
    throw cause
  }
}

function readKey(path: string | undefined): ReviewV1Options['fernetKey'] {
  if (path === undefined) return undefined
  const key = parseFernetKey(readText(path))
  if (key !== undefined) return key
  throw new Misuse(
    `${path} holds no Fernet key: 44 characters, as FERNET_KEY in the settings of v1. Nothing was read.`,
  )
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Misuse(`The file of the key cannot be read: ${why}. Nothing was done.`)
  }
}

/** Looked at first, so that no long reading ends without its report. */
function refuseExisting(path: string | undefined): void {
  if (path === undefined || !existsSync(path)) return
  throw new Misuse(`${path} is there already, and is not overwritten. Nothing was read.`)
}

/** For its owner only: it names persons' wallets and what is in them. */
function write(path: string, report: V1Report): void {
  const isJson = path.endsWith('.json')
  const text = isJson
    ? JSON.stringify(toV1ReportJson(report), undefined, 2)
    : tellV1Report(report, { most: Number.POSITIVE_INFINITY })
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Refused(`The report was not written: ${why}. Nothing else was changed.`)
  }
}
