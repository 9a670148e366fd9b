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
export { parseFernetKey } from './v1/import/fernet.ts'
export {
  type FindingGroup,
  groupFindings as groupV1Findings,
  toReportJson as toV1ReportJson,
  type V1Report,
} from './v1/import/report.ts'
export { type ReviewOptions as ReviewV1Options, reviewV1 } from './v1/import/review-v1.ts'
export { OtherVersionError } from './v1/import/v1-database.ts'
export { VERSION } from './version.ts'
