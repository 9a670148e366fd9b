/** Where v1 keeps its tables: a file, or a PostgreSQL server. Both are read as a file. */
import { isPostgresAddress } from './postgres/address.ts'
import { type CopyOptions, copyV1 } from './postgres/copy-v1.ts'

/** The moment of a server that was copied. */
export interface V1Snapshot {
  /** Without its password. */
  readonly address: string
  /** By the clock of the server: what v1 wrote later is not in the copy. */
  readonly takenMs: number
}

/** A database of v1 that can be read by its path until it is disposed of. */
export interface V1Source extends Disposable {
  readonly path: string
  /** Set when the file is a copy of the tables of a server, which goes away with the source. */
  readonly snapshot: V1Snapshot | undefined
}

/**
 * A file is taken as it is; of an address `postgresql://...` the tables are copied first.
 * Throws V1ServerError, OtherVersionError, CopyFileError, or the reason of `stop`.
 */
export async function openV1Source(place: string, options: CopyOptions = {}): Promise<V1Source> {
  if (!isPostgresAddress(place)) {
    return { path: place, snapshot: undefined, [Symbol.dispose]() {} }
  }
  const { file, ...snapshot } = await copyV1(place, options)
  return { path: file.path, snapshot, [Symbol.dispose]: () => file[Symbol.dispose]() }
}
