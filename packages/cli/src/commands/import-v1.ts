import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import {
  CopyFileError,
  ForeignFileError,
  OtherVersionError,
  openV1Source,
  parseFernetKey,
  type ReviewV1Options,
  reviewV1,
  toV1ReportJson,
  type V1Import,
  type V1Report,
  V1ServerError,
  type V1Source,
} from '@fedow/node'
import { type Bringing, bringOver, tellImport, toImportJson } from '../book/bring-over.ts'
import { readReserve, reserveValues } from '../book/reserve-choice.ts'
import { type Call, command, flag, needed, text } from '../command.ts'
import { Misuse, Refused } from '../failure.ts'
import { tellV1Report } from '../text/v1-report.ts'

/** Findings of one kind that are shown where there is no file for all of them. */
const SHOWN_MAX = 5

export const importV1 = command({
  name: 'import v1',
  summary: 'Bring a database of Fedow v1 over: first tell what is in it, then, with --apply, do it',
  details:
    'Reads the SQLite file of Fedow v1.5 and leaves it byte for byte as it is; of a PostgreSQL database it reads a copy of one moment, with the password of PGPASSWORD. Tells for each asset what was issued, deposited, burnt and is held, and whatever does not add up: its amount, what is done about it, and what a person must decide. Ends with 0 when nobody must decide anything, with 1 when somebody must or the file is refused. With --apply makes a new data folder whose balances are those that v1 stores and whose history, keys and cards are those of v1; findings are then taken as they stand, except those that cannot be imported.',
  arguments: {
    file: needed('file', 'the database of v1: a file, usually db.sqlite3, or postgresql://...'),
  },
  options: {
    report: text('file', 'write the whole report there; as JSON when its name ends in .json'),
    fernetKeyFile: text('file', 'holds the FERNET_KEY of v1, to open its secrets'),
    apply: flag('make the data folder (--data), which must be new or empty'),
    ...reserveValues,
  },
  examples: [
    'import v1 database/db.sqlite3',
    'import v1 database/db.sqlite3 --report import.txt --fernet-key-file fernet.key',
    'import v1 database/db.sqlite3 --apply --data /var/lib/fedow --reserve bank/main=1250.00 --reserve-statement october.pdf',
  ],
  async run(call, { file, report: path, fernetKeyFile, apply, ...reserveChoice }) {
    const { screen } = call
    refuseExisting(path)
    const fernetKey = readKey(fernetKeyFile)
    const reserve = readReserve(reserveChoice)
    using source = await open(call, file)
    const report = await review(call, source, fernetKey)
    if (path !== undefined) write(path, report)
    if (apply) {
      const done = await bring(call, { file: source.path, report, reserve, fernetKey })
      screen.done(toImportJson(done, report), () => tellImport(done, { report, reserve }))
      return
    }
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

/** A server's tables are copied first; a file is taken as it is. */
async function open({ screen, stop }: Call, place: string): Promise<V1Source> {
  using progress = screen.progress('Copying v1')
  const onProgress = (done: number, total: number): void => progress.update(done, total)
  try {
    return await openV1Source(place, { stop, onProgress })
  } catch (cause) {
    throw toRefused(cause, stop)
  }
}

async function review(
  { screen, stop }: Call,
  { path, snapshot }: V1Source,
  fernetKey: ReviewV1Options['fernetKey'],
): Promise<V1Report> {
  using progress = screen.progress('Reading v1')
  const onProgress = (done: number, total: number): void => progress.update(done, total)
  try {
    return await reviewV1(path, { nowMs: Date.now(), snapshot, fernetKey, stop, onProgress })
  } catch (cause) {
    throw toRefused(cause, stop)
  }
}

async function bring(call: Call, bringing: Bringing): Promise<V1Import> {
  try {
    return await bringOver(call, bringing)
  } catch (cause) {
    throw toRefused(cause, call.stop)
  }
}

function toRefused(cause: unknown, stop: AbortSignal): unknown {
  if (cause instanceof Refused) return cause
  if (stop.aborted) return new Refused('The reading was stopped. Nothing was changed.')
  if (cause instanceof ForeignFileError || cause instanceof V1ServerError) {
    return new Refused(cause.message, { code: cause.code })
  }
  if (cause instanceof OtherVersionError) {
    return new Refused(cause.message, { code: 'other_version' })
  }
  return cause instanceof CopyFileError ? new Refused(cause.message, { code: 'no_room' }) : cause
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
