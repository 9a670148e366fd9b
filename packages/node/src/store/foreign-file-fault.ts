/** Why a file that another program owns is not read, in the words of a person. */

export type ForeignFileFault =
  | 'missing'
  | 'not_a_database'
  | 'truncated'
  | 'damaged'
  | 'locked'
  | 'changed'

/** Why the file is not read. The message says what it means and what to do. */
export class ForeignFileError extends Error {
  readonly code: ForeignFileFault

  constructor(code: ForeignFileFault, message: string) {
    super(message)
    this.code = code
  }
}

export const NOTHING_CHANGED = 'Nothing was changed.'
export const BUSY = 5
export const READ_ONLY = 8

export function asForeign<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw toForeign(path, cause)
  }
}

export function toForeign(path: string, cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === undefined || !(cause instanceof Error)) return cause
  return code === BUSY ? locked(path) : damaged(path, cause.message)
}

export function locked(path: string): ForeignFileError {
  return new ForeignFileError(
    'locked',
    `${path} is being written: Fedow v1 is running. ${NOTHING_CHANGED} Stop v1, or read a copy that was made with v1 stopped.`,
  )
}

export function damaged(path: string, detail: string): ForeignFileError {
  return new ForeignFileError(
    'damaged',
    `${path} is damaged or cut off (${detail.trim()}). ${NOTHING_CHANGED} Copy it again, whole, with v1 stopped; if v1's own file is damaged, take the last backup.`,
  )
}

/** The primary result code, if it is SQLite that failed. */
export function codeOf(cause: unknown): number | undefined {
  const code = (cause as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}
