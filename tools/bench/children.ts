/** The programs that a benchmark runs beside itself. Each says one thing by message when it is ready or has done its work. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { readTicks, type Ticks } from './cpu.ts'

/** What a program tells while it works, then once at its end or when it serves. */
export type Message<T> = { readonly done: number } | { readonly result: T }

/** Most bytes kept of what a program complains. */
const COMPLAINT_MAX = 4_000

export class Child<T> implements AsyncDisposable {
  readonly #program: ChildProcess
  /** What the program says; rejects when it ends before. */
  readonly result: Promise<T>
  /** Settled when the program is gone. */
  readonly #gone: Promise<unknown>

  constructor(program: ChildProcess, onProgress: (done: number) => void) {
    this.#program = program
    this.#gone = once(program, 'exit')
    let complaint = ''
    program.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_MAX)
    })
    this.result = new Promise((resolve, reject) => {
      program.on('message', (message: Message<T>) => {
        if ('result' in message) resolve(message.result)
        else onProgress(message.done)
      })
      program.on('close', (code, signal) => {
        reject(new Error(`${program.spawnargs.at(-1)} ended (${signal ?? code}): ${complaint}`))
      })
    })
    // Whoever does not wait for the result has stopped the program itself.
    this.result.catch(() => {})
  }

  get id(): number {
    return this.#program.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#program.exitCode === null && this.#program.signalCode === null
  }

  /** Ends the program, and waits until it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!this.isRunning) return
    this.#program.kill(signal)
    await this.#gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

export interface StartOptions {
  readonly args: readonly string[]
  readonly onProgress?: (done: number) => void
  /** A folder for a profile of the program, written when it ends. */
  readonly profile?: string | undefined
}

/** All programs that were started and may still run. */
export class Children {
  readonly #all = new Set<Child<unknown>>()

  /** Starts a file of the folder `programs`. */
  start<T>(name: string, { args, onProgress = () => {}, profile }: StartOptions): Child<T> {
    const program = fork(join(import.meta.dirname, 'programs', `${name}.ts`), args, {
      execArgv: profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    })
    const child = new Child<T>(program, onProgress)
    this.#all.add(child)
    return child
  }

  /** Processor time so far of this program and of its children. */
  ticks(): Ticks | undefined {
    const running = [...this.#all].filter((child) => child.isRunning)
    return readTicks(running.map((child) => child.id))
  }

  /** Ends at once what still runs. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#all].map((child) => child.stop('SIGKILL')))
  }
}
