/** Files that, after a power cut at any moment, are whole or not there. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file that does not exist yet. Throws when it does. */
export function writeNewFile(
  path: string,
  { text, mode }: { readonly text: string; readonly mode: number },
): void {
  if (existsSync(path)) throw new Error(`${path} exists; it is never overwritten.`)
  const draft = `${path}.new`
  // A draft that an interrupted try left may have other rights.
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode, flush: true })
  renameSync(draft, path)
  syncFolder(dirname(path))
}

/** Makes the names in a folder durable. Windows does so by itself, and opens no folder. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
