/**
 * The folder of an import, made beside its final place and moved there when it is whole:
 *
 *   FOLDER/import.tmp/...  -> all files -> FOLDER, the genesis last
 *
 * A folder with a genesis is complete. One with `import.tmp` is not: the next try begins anew, and a start refuses it.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../../store/durable-file.ts'
import { GENESIS_FILE } from '../../store/folder.ts'

const DRAFT = 'import.tmp'

/** Files that a look at the folder leaves: they say nothing of a book. */
const HARMLESS = new Set([DRAFT, 'node.lock', 'node.sock', 'lost+found'])

/** The folder holds something else. */
export class FolderInUseError extends Error {
  constructor(folder: string, what: string) {
    super(
      `${folder} has ${what} already: a database of v1 is brought into a new folder only. Nothing was changed. Name another folder with --data.`,
    )
  }
}

/** True when an import into this folder was begun and never ended. */
export function isImportUnfinished(folder: string): boolean {
  return existsSync(join(folder, DRAFT))
}

/** An empty folder to import into; what an unfinished try left is removed. Throws FolderInUseError. */
export function beginDraft(folder: string): string {
  const draft = join(folder, DRAFT)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const isUnfinished = existsSync(draft)
  const found = readdirSync(folder).filter((name) => !HARMLESS.has(name))
  if (found.includes(GENESIS_FILE)) throw new FolderInUseError(folder, 'a book')
  const [first] = found
  if (first !== undefined && !isUnfinished) throw new FolderInUseError(folder, `files (${first})`)
  for (const name of found) rmSync(join(folder, name), { recursive: true })
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  return draft
}

/** Moves everything to its place. */
export function endDraft(folder: string): void {
  const draft = join(folder, DRAFT)
  const names = readdirSync(draft).filter((name) => name !== GENESIS_FILE && name !== 'node.lock')
  for (const name of names) renameSync(join(draft, name), join(folder, name))
  syncFolder(folder)
  renameSync(join(draft, GENESIS_FILE), join(folder, GENESIS_FILE))
  rmSync(draft, { recursive: true })
  syncFolder(folder)
}
