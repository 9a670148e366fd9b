import type { Message } from '../children.ts'

/** Tells the benchmark that started this program. */
export function tell<T>(message: Message<T>): void {
  process.send?.(message)
}
