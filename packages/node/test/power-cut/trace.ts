/** The file that recorder.c writes: its kinds are numbered there in the same order. */
const KINDS = [
  'begin',
  'failed',
  'open',
  'write',
  'truncate',
  'sync_start',
  'sync_end',
  'unlink',
  'rename',
  'mark',
] as const

const HEADER_BYTES = 24

/**
 * One change of a file, as the program asked for it. Paths are relative to the recorded folder.
 * `open` stands only where it may create or empty a file. A sync covers the writes before its
 * `sync_start` and is known to have succeeded at its `sync_end`; `sync` pairs the two.
 */
export type Operation =
  | { kind: 'open'; path: string; truncates: boolean }
  | { kind: 'write'; path: string; offset: number; bytes: Uint8Array }
  | { kind: 'truncate'; path: string; length: number }
  | { kind: 'sync_start'; path: string; sync: number }
  | { kind: 'sync_end'; path: string; sync: number }
  | { kind: 'unlink'; path: string }
  | { kind: 'rename'; path: string; to: string }

/** A line that the recorded program wrote when `position` operations had happened. */
export type Mark = { position: number; text: string }

export type Trace = {
  operations: Operation[]
  marks: Mark[]
  /** False when the program was killed inside a change, which may or may not have happened. */
  isComplete: boolean
}

type TraceRecord = {
  kind: (typeof KINDS)[number]
  path: string
  number: number
  content: Buffer
}

/** SQLite's shared memory files are rebuilt after a restart, and are written through mmap. */
export function isRecorded(path: string): boolean {
  return !path.endsWith('-shm')
}

/** Reads a whole trace. Throws on a record that recorder.c cannot have written. */
export function parseTrace(trace: Buffer): Trace {
  const operations: Operation[] = []
  const marks: Mark[] = []
  let isComplete = true
  for (const record of records(trace)) {
    isComplete = record !== 'cut_short' && record.kind !== 'begin'
    if (record === 'cut_short') break
    if (record.kind === 'mark') {
      for (const text of record.content.toString().split('\n').filter(Boolean)) {
        marks.push({ position: operations.length, text })
      }
    }
    const operation = toOperation(record)
    if (operation && isRecorded(operation.path)) operations.push(operation)
  }
  return { operations, marks, isComplete }
}

function* records(trace: Buffer): Generator<TraceRecord | 'cut_short'> {
  let at = 0
  while (at < trace.length) {
    if (trace.length - at < HEADER_BYTES) return yield 'cut_short'
    const kind = KINDS[trace.readUInt32LE(at)]
    if (kind === undefined) throw new Error(`The trace has an unknown record at byte ${at}.`)
    const pathStart = at + HEADER_BYTES
    const contentStart = pathStart + trace.readUInt32LE(at + 4)
    const number = Number(trace.readBigUInt64LE(at + 8))
    at = contentStart + Number(trace.readBigUInt64LE(at + 16))
    if (at > trace.length) return yield 'cut_short'
    const path = trace.toString('utf8', pathStart, contentStart)
    yield { kind, path, number, content: trace.subarray(contentStart, at) }
  }
}

function toOperation({ kind, path, number, content }: TraceRecord): Operation | undefined {
  switch (kind) {
    case 'open':
      return { kind, path, truncates: number === 1 }
    case 'write':
      return { kind, path, offset: number, bytes: content }
    case 'truncate':
      return { kind, path, length: number }
    case 'sync_start':
    case 'sync_end':
      return { kind, path, sync: number }
    case 'unlink':
      return { kind, path }
    case 'rename':
      return { kind, path, to: content.toString() }
    default:
      return undefined
  }
}
