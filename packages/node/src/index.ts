/** A node, for whoever starts one: the command line, tests, benchmarks. */
export { type Config, ConfigError, readConfig, SETTINGS } from './config.ts'
export { ClockGapError, type Clocks } from './engine/solo/clock.ts'
export { Denied } from './gateway/denial.ts'
export {
  type NodeOptions,
  type OwnTx,
  type RunningNode,
  type StopReason,
  socketPathOf,
  startNode,
} from './node.ts'
export { type AuditReport, auditFolder } from './store/audit.ts'
export { BookMismatchError } from './store/book.ts'
export { CorruptDatabaseError, NewerVersionError } from './store/database.ts'
export { type Comparison, type Earlier, isInLine } from './store/earlier-checkpoint.ts'
export { hasGenesis, initFolder, KEY_NAMES, keyPath, readGenesis } from './store/folder.ts'
export { FolderLockedError } from './store/folder-lock.ts'
export { ForeignFileError } from './store/foreign-file-fault.ts'
export { SigningKey } from './store/key-file.ts'
export { type ReserveShown, ReserveTooLargeError } from './v1/import/book-parts.ts'
export { parseFernetKey } from './v1/import/fernet.ts'
export { FolderInUseError, isImportUnfinished } from './v1/import/import-draft.ts'
export {
  ChangedSinceError,
  ImportBlockedError,
  importV1,
  type V1Import,
} from './v1/import/import-v1.ts'
export { V1ServerError } from './v1/import/postgres/server-fault.ts'
export {
  type FindingGroup,
  groupFindings as groupV1Findings,
  toReportJson as toV1ReportJson,
  type V1Report,
} from './v1/import/report.ts'
export { type ReviewOptions as ReviewV1Options, reviewV1 } from './v1/import/review-v1.ts'
export { openV1Source, type V1Source } from './v1/import/v1-source.ts'
export { OtherVersionError } from './v1/import/v1-version.ts'
export { CopyFileError } from './v1/store/copy-file.ts'
export { type WayBack, WayBackError, writeWayBack } from './v1/way-back/way-back.ts'
export { VERSION } from './version.ts'
