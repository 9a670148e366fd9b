/** The bytes of a file that grows, shrinks and may have holes, which read as zeros. */
export class Content {
  #buffer: Uint8Array
  #length: number

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.#buffer = bytes.slice()
    this.#length = bytes.length
  }

  /** A view, good until the next change. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.lengthen(offset + bytes.length)
    this.#buffer.set(bytes, offset)
  }

  /** Makes the file at least `length` bytes long, with zeros. */
  lengthen(length: number): void {
    if (length <= this.#length) return
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2))
      grown.set(this.bytes())
      this.#buffer = grown
    }
    this.#length = length
  }

  /** Makes the file exactly `length` bytes long. */
  truncate(length: number): void {
    this.lengthen(length)
    this.#buffer.fill(0, length, this.#length)
    this.#length = length
  }
}
