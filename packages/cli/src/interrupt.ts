/** Signals that ask a process to stop. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type StopSignal = (typeof SIGNALS)[number]

/** Supervisors and terminals deliver one wish to stop several times: repeats within this time are the same wish. */
const SAME_WISH_MS = 1_000

/** Exit code by convention: 128 and the number of the signal. */
const EXIT_OF: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/** Listens to signals until it is disposed of. */
export interface StopWish extends Disposable {
  /** Aborted with the first wish. */
  readonly signal: AbortSignal
}

/** Turns the first signal into a wish to stop, and ends the process at once when one comes again after a second. */
export function listenForStop(): StopWish {
  const controller = new AbortController()
  let firstMs: number | undefined
  const onSignal = (name: StopSignal): void => {
    const nowMs = Date.now()
    firstMs ??= nowMs
    if (nowMs - firstMs > SAME_WISH_MS) {
      process.stderr.write(
        'Stopped at once. The book keeps what was answered; what was not is told by asking again.\n',
      )
      process.exit(EXIT_OF[name])
    }
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}

/** Resolves when the wish comes. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
