/** How far long work is: a bar on a terminal, else a plain line now and then. On stderr, so that answers stay clean. */

/** Shows how far something is. */
export interface Progress extends Disposable {
  /** `where` says how far in other words than numbers. */
  update(done: number, total: number, where?: string): void
}

/** Where it is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const BAR_WIDTH = 30
/** A terminal is drawn at most so often; a log gets a line at most so often. */
const DRAW_MS = 80
const LINE_MS = 3_000

/** Shows nothing. */
export const SILENT: Progress = { update() {}, [Symbol.dispose]() {} }

/** A bar with this label, or lines where there is no terminal. */
export function openProgress(label: string, stream: ProgressStream = process.stderr): Progress {
  return stream.isTTY ? new Bar(label, stream) : new Lines(label, stream)
}

class Bar implements Progress {
  readonly #label: string
  readonly #stream: ProgressStream
  #drawnMs = 0

  constructor(label: string, stream: ProgressStream) {
    this.#label = label
    this.#stream = stream
  }

  update(done: number, total: number, where = `${done}/${total}`): void {
    const nowMs = Date.now()
    if (nowMs - this.#drawnMs < DRAW_MS && done < total) return
    this.#drawnMs = nowMs
    const filled = total === 0 ? 0 : Math.floor((BAR_WIDTH * Math.min(done, total)) / total)
    const bar = '#'.repeat(filled).padEnd(BAR_WIDTH, '.')
    this.#stream.write(`\r${this.#label} [${bar}] ${toPercent(done, total)} ${where}\x1b[K`)
  }

  [Symbol.dispose](): void {
    if (this.#drawnMs > 0) this.#stream.write('\r\x1b[K')
  }
}

class Lines implements Progress {
  readonly #label: string
  readonly #stream: ProgressStream
  #writtenMs = Date.now()

  constructor(label: string, stream: ProgressStream) {
    this.#label = label
    this.#stream = stream
  }

  update(done: number, total: number, where = `${done} of ${total}`): void {
    const nowMs = Date.now()
    if (nowMs - this.#writtenMs < LINE_MS) return
    this.#writtenMs = nowMs
    this.#stream.write(`${this.#label}: ${toPercent(done, total)} (${where})\n`)
  }

  [Symbol.dispose](): void {}
}

function toPercent(done: number, total: number): string {
  const share = total === 0 ? 100 : Math.floor((100 * Math.min(done, total)) / total)
  return `${share} %`.padStart(5)
}
