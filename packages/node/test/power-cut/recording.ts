/**
 * Power cuts for tests. `record` runs a script under a small preloaded library (recorder.c) that
 * writes down, in order, each change the script makes to the files of one folder; `cut` builds from
 * that recording the files as a disk may hold them after a power cut at any moment of it.
 *
 * Simulated: what an fsync or fdatasync that had succeeded covers is there. Of what came later, or
 * was in flight, each file keeps a random part: writes are lost in any order, torn between sectors
 * of 512 bytes, or leave zeros in a file that had already grown. Files do not wait for each other.
 *
 * Not simulated: names. A file that was created, renamed or removed is so for ever, synced or not,
 * and only its content can be lost; so a forgotten fsync of a folder is not found here. Nor are
 * disks that lie about a sync or damage what they held, and folders without files. The recorder
 * does not see mmap, sendfile, copy_file_range, links, or programs that the script starts: `record`
 * compares the folder with the recording at the end, and refuses one that missed something. The
 * -shm files of SQLite are left out: SQLite rebuilds them.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempDisposableSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { Disk } from './disk.ts'
import { isRecorded, type Mark, type Operation, parseTrace } from './trace.ts'

/** What a script did to a folder that held `initial`, and the marks it made on the way. */
export type Recording = {
  initial: ReadonlyMap<string, Uint8Array>
  operations: readonly Operation[]
  marks: readonly Mark[]
}

export type RecordOptions = {
  /** Exists; what it holds is taken as durable. */
  folder: string
  /** From `compileRecorder`. */
  library: string
  /** A JavaScript or TypeScript file, run by the Node that runs the test. */
  script: string
  args?: readonly string[]
  /** Added to the environment of the test. */
  env?: Readonly<Record<string, string>>
  /** Accept a script that fails or is killed, by itself for instance. */
  mayFail?: boolean
  /** The script is killed after this time. 120,000 when absent. */
  timeoutMs?: number
}

export type Cut = {
  /** How many operations have happened, from 0 to `recording.operations.length`. */
  position: number
  /** Numbers from 0 inclusive to 1 exclusive, see `seededRandom`. */
  random: () => number
}

const MARKS_VARIABLE = 'POWER_CUT_MARKS'

/** Libraries of this folder that a child can preload, by the name of their source. */
const compiled = new Map<string, string | undefined>()

/**
 * Compiles the recorder once, and returns a path of the library for children of this program.
 * `undefined` away from Linux or without a C compiler: the test then skips and says so.
 * Throws with the compiler's words when there is one and it refuses.
 */
export function compileRecorder(): string | undefined {
  return compileOnce('recorder.c')
}

/** As `compileRecorder`, for faults.c, whose variables make calls fail. */
export function compileFaults(): string | undefined {
  return compileOnce('faults.c')
}

function compileOnce(name: string): string | undefined {
  if (!compiled.has(name)) {
    compiled.set(name, process.platform === 'linux' ? compile(name) : undefined)
  }
  return compiled.get(name)
}

function compile(name: string): string | undefined {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'power-cut-library-'))
  const library = join(folder.path, `${name}.so`)
  const source = join(import.meta.dirname, name)
  const flags = ['-shared', '-fPIC', '-O2', '-pthread', '-o', library, source]
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { error, status, stderr } = spawnSync(compiler, flags, { encoding: 'utf8' })
    if (error) continue
    if (status !== 0) throw new Error(`${compiler} cannot compile ${name}:\n${stderr}`)
    // An open file outlives its folder, and goes with this program even when it is killed.
    return `/proc/${process.pid}/fd/${openSync(library, 'r')}`
  }
  return undefined
}

/**
 * Runs a script to its end and returns what it did to the folder, with its marks.
 * Throws when the script fails (unless it may), lasts too long, or changes a file of the folder in
 * a way that the recorder does not see: such a recording would prove nothing. A script killed in
 * the middle of a change is recorded up to it, and its folder is not compared.
 */
export async function record(options: RecordOptions): Promise<Recording> {
  const folder = realpathSync(options.folder)
  using temporary = mkdtempDisposableSync(join(realpathSync(tmpdir()), 'power-cut-trace-'))
  const tracePath = join(temporary.path, 'trace')
  const initial = readFolder(folder)
  await run(options, {
    LD_PRELOAD: options.library,
    POWER_CUT_FOLDER: folder,
    POWER_CUT_TRACE: tracePath,
    [MARKS_VARIABLE]: join(temporary.path, 'marks'),
    // The recorder sees calls of the C library, and io_uring makes none.
    UV_USE_IO_URING: '0',
  })
  if (!existsSync(tracePath)) {
    throw new Error('The recorder was not loaded: is this Node linked with a C library?')
  }
  const { isComplete, ...seen } = parseTrace(readFileSync(tracePath))
  const recording = { initial, ...seen }
  if (isComplete) assertNothingMissed(recording, readFolder(folder))
  return recording
}

async function run(options: RecordOptions, variables: Record<string, string>): Promise<void> {
  const { script, args = [], env, mayFail = false, timeoutMs = 120_000 } = options
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const [[code, signal], complaint] = await Promise.all([once(child, 'close'), text(child.stderr)])
  if (complaint.includes('power-cut recorder:')) throw new Error(complaint)
  if (child.killed) throw new Error(`${script} did not end within ${timeoutMs} ms.\n${complaint}`)
  if (code !== 0 && !mayFail) {
    throw new Error(`${script} ended with ${signal ?? `code ${code}`}.\n${complaint}`)
  }
}

/** Files by path relative to the folder, without those that are not recorded. */
function readFolder(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const absolute = join(entry.parentPath, entry.name)
    const path = relative(folder, absolute)
    if (entry.isFile() && isRecorded(path)) files.set(path, readFileSync(absolute))
  }
  return files
}

function assertNothingMissed(recording: Recording, found: ReadonlyMap<string, Uint8Array>): void {
  const disk = new Disk(recording.initial, recording.operations)
  disk.advance(recording.operations.length)
  const expected = disk.whole()
  for (const path of new Set([...expected.keys(), ...found.keys()])) {
    const bytes = found.get(path)
    if (bytes && expected.has(path) && Buffer.compare(bytes, expected.get(path) ?? bytes) === 0) {
      continue
    }
    throw new Error(
      `The folder and the recording disagree about ${path}: it was changed by a call that the ` +
        'recorder does not see (copy_file_range, sendfile, mmap, a link or another program).',
    )
  }
}

/**
 * Makes a mark: to be called in the recorded script, at the moment when it gives an answer that
 * must outlive a power cut. Synchronous, so that the mark stands before whatever follows. One line.
 */
export function mark(line: string): void {
  const path = process.env[MARKS_VARIABLE]
  if (!path) throw new Error('A mark has no meaning here: the script does not run under record().')
  appendFileSync(path, `${line}\n`)
}

/** The texts of the marks that were made before the cut, in order. */
export function marksBefore(recording: Recording, position: number): string[] {
  return recording.marks.filter((made) => made.position <= position).map((made) => made.text)
}

const disks = new WeakMap<Recording, Disk>()

/**
 * The files as a disk may hold them after a power cut, by path relative to the folder.
 * Cheap when positions rise from call to call; a lower one reads the recording from its start.
 * The same recording, position and numbers give the same files, but two recordings of one script
 * differ (SQLite draws salts, threads race): a seed is a start, not a reproduction.
 * Throws on a position outside the recording.
 */
export function cut(recording: Recording, { position, random }: Cut): Map<string, Uint8Array> {
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new Error(`A cut stands at a whole number of operations, not ${position}.`)
  }
  let disk = disks.get(recording)
  if (!disk || disk.position > position) {
    disk = new Disk(recording.initial, recording.operations)
    disks.set(recording, disk)
  }
  disk.advance(position)
  return disk.survivors(random)
}

/** Writes the files of a cut into `target`, which is made when absent and must hold nothing. */
export function writeCut(recording: Recording, options: Cut & { target: string }): void {
  const { target } = options
  mkdirSync(target, { recursive: true })
  if (readdirSync(target).length > 0) throw new Error(`${target} must be empty to hold a cut.`)
  for (const [path, bytes] of cut(recording, options)) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), bytes)
  }
}

/** Numbers from 0 inclusive to 1 exclusive, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
