/** The `fedow` command as a person meets it: a process of its own, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Compiled once for all the processes of the tests. */
const CACHE = join(tmpdir(), 'node-compile-cache')

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** The one object that --json promises. Fails on anything else. */
  readonly json: () => Record<string, unknown>
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Waits until the standard output or the standard error has this text. */
  readonly says: (text: string) => Promise<void>
  /** What it has said on the standard output. */
  readonly text: () => string
}

/** A data folder that goes away with the test. */
export class Folder implements Disposable {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'fedow-cli-')))
  readonly path = join(this.#root, 'book')

  /** A file beside the data folder. */
  beside(name: string): string {
    return join(this.#root, name)
  }

  /** Starts a command on this folder. */
  start(...args: readonly string[]): Running {
    return launch([...args, '--data', this.path], this.#root)
  }

  /** Runs a command on this folder to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended
  }

  /** Runs a command that must succeed; answers what it says to programs. */
  async ask(...args: readonly string[]): Promise<Record<string, unknown>> {
    const ended = await this.run(...args, '--json')
    if (ended.code !== 0) throw new Error(`fedow ${args.join(' ')}: ${ended.stderr}`)
    return ended.json()
  }

  /** Starts a node for those who come by its socket and by a free port. */
  async node(...args: readonly string[]): Promise<Running> {
    const running = this.start('start', '--port', '0', '--log', 'error', '--json', ...args)
    await running.says('"address"')
    return running
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true })
  }
}

/** Runs a command that names its folder by itself. */
export function launch(args: readonly string[], cwd: string = tmpdir()): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    child.emit('said')
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    child.emit('said')
  })
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const ended = closed.then(([code, signal]) => ({
    code,
    signal,
    stdout,
    stderr,
    json: () => JSON.parse(stdout) as Record<string, unknown>,
  }))
  const says = async (text: string): Promise<void> => {
    while (!stdout.includes(text) && !stderr.includes(text)) {
      const end = await Promise.race([once(child, 'said'), closed.then(() => 'ended' as const)])
      if (end !== 'ended') continue
      throw new Error(`"${text}" was never said:\n${stdout}${stderr}`)
    }
  }
  return { child, ended, says, text: () => stdout }
}

/** Asks a node to stop, as a supervisor does, and waits for its end. */
export function stop({ child, ended }: Running): Promise<Ended> {
  child.kill('SIGTERM')
  return ended
}

/** The path of a file of the demonstration. */
export function demoFile(name: string): string {
  return fileURLToPath(new URL(`../../../demo/${name}`, import.meta.url))
}
