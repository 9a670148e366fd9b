/** An answer as it came over the wire. */
export interface HttpResponse {
  readonly status: number
  readonly body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Reads the HTTP/1.1 responses of one connection, with as little work as possible: the load generator shares the
 * machine with the server that it measures. Knows bodies with a Content-Length only.
 */
export class ResponseReader {
  #bytes: Buffer = Buffer.alloc(0)
  #head: { readonly status: number; readonly length: number; readonly end: number } | undefined

  /** Adds bytes; answers the next response once it is complete. Call with nothing for a further one. */
  read(chunk?: Buffer): HttpResponse | undefined {
    if (chunk !== undefined) {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    }
    this.#head ??= this.#readHead()
    if (this.#head === undefined) return undefined
    const { status, length, end } = this.#head
    if (this.#bytes.length < end + length) return undefined
    const body = this.#bytes.subarray(end, end + length)
    this.#bytes = this.#bytes.subarray(end + length)
    this.#head = undefined
    return { status, body }
  }

  #readHead() {
    const at = this.#bytes.indexOf(HEAD_END)
    if (at < 0) return undefined
    const text = this.#bytes.toString('latin1', 0, at)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
    if (status === undefined || length === undefined) {
      throw new Error(`the generator cannot read this response: ${text}`)
    }
    return { status: Number(status), length: Number(length), end: at + HEAD_END.length }
  }
}
