import { once } from 'node:events'
import { openProgress, type Progress, SILENT } from './progress.ts'

/** What a person sees: answers on stdout, the rest on stderr. With --json, one object on stdout and nothing else. */
export class Screen {
  readonly isJson: boolean
  readonly #isQuiet: boolean

  constructor({ json, quiet }: { readonly json: boolean; readonly quiet: boolean }) {
    this.isJson = json
    this.#isQuiet = quiet
  }

  /** What was asked to be seen. */
  answer(value: object, text: () => string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(value)}\n` : `${text()}\n`)
  }

  /** That something was done; --quiet leaves it out. */
  done(value: object, text: () => string): void {
    if (this.isJson || !this.#isQuiet) this.answer(value, text)
  }

  /** Text that is longer than a page, as it comes. */
  async pour(text: string): Promise<void> {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  }

  /** What is wrong, on stderr: told even when nothing else is. */
  warn(text: string): void {
    process.stderr.write(`${text}\n`)
  }

  /** Something by the way, on stderr. */
  note(text: string): void {
    if (!this.#isQuiet) process.stderr.write(`${text}\n`)
  }

  progress(label: string): Progress {
    return this.#isQuiet ? SILENT : openProgress(label)
  }
}
