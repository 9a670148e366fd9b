import type { BookReader, SealedBlock } from '../../store/book-reader.ts'

/** Blocks as they are sealed, for whoever follows the book: read from the store, so nobody can miss one. */
export class SealedBlocks {
  readonly #reader: BookReader
  #isOver = false
  #waiting: (() => void)[] = []

  constructor(reader: BookReader) {
    this.#reader = reader
  }

  /** Another seal is durable. */
  added(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  end(): void {
    this.#isOver = true
    this.added()
  }

  async *from(height: number): AsyncGenerator<SealedBlock> {
    for (let next = height; ; ) {
      const block = this.#isOver ? undefined : this.#reader.sealedBlock(next)
      if (block !== undefined) {
        const isDurable = await this.#reader.durable().then(
          () => true,
          () => false,
        )
        // The disk failed, and the engine with it.
        if (!isDurable) return
        yield block
        next += 1
      } else if (this.#isOver) return
      else await new Promise<void>((wake) => this.#waiting.push(wake))
    }
  }
}
