/** Nodes for which memory is taken at once. It never moves, so that growth costs no copy. */
const CHUNK_BITS = 12
const CHUNK = 1 << CHUNK_BITS
const WITHIN = CHUNK - 1

/** 32-bit words, and bytes, of a digest. */
const WORDS = 8
const BYTES = 32

/** A place for one digest, word by word and byte by byte. */
export interface DigestSlot {
  readonly words: Int32Array
  readonly bytes: Uint8Array
}

/** Digests to be hashed together: after a first byte that says what they are, or with none. */
export class HashInput {
  /** What is hashed. */
  readonly bytes: Uint8Array
  readonly #buffer: ArrayBuffer

  constructor(digests: number, first?: number) {
    // The digests begin on a word, so the first byte is the last one of the word before.
    this.#buffer = new ArrayBuffer(4 + digests * BYTES)
    this.bytes = new Uint8Array(this.#buffer, first === undefined ? 4 : 3)
    if (first !== undefined) this.bytes[0] = first
  }

  /** The place of a digest, from 0. */
  slot(place: number): DigestSlot {
    const from = 4 + place * BYTES
    return {
      words: new Int32Array(this.#buffer, from, WORDS),
      bytes: new Uint8Array(this.#buffer, from, BYTES),
    }
  }
}

/**
 * Memory for the nodes of a tree of one kind: each has digests of 32 bytes, links of 4 bytes, and a mark. Nodes are numbered
 * from 1; freed numbers are given out again. There is no object for a node.
 */
export class TreeMemory {
  readonly #digestsPerNode: number
  readonly #linksPerNode: number
  readonly #words: Int32Array[] = []
  /** The same memory as the words. */
  readonly #bytes: Uint8Array[] = []
  /** Apart from the digests: a search reads nothing else, and this much stays in the machine's cache. */
  readonly #links: Int32Array[] = []
  readonly #marks: Int32Array[] = []
  readonly #free: number[] = []
  #count = 0

  constructor({ digests, links }: { readonly digests: number; readonly links: number }) {
    this.#digestsPerNode = digests
    this.#linksPerNode = links
  }

  /** A node: what it has is left over from the last one of its number. */
  take(): number {
    return this.#free.pop() ?? this.#grow()
  }

  #grow(): number {
    this.#count += 1
    if (this.#count >>> CHUNK_BITS === this.#words.length) {
      const words = new Int32Array(CHUNK * this.#digestsPerNode * WORDS)
      this.#words.push(words)
      this.#bytes.push(new Uint8Array(words.buffer))
      this.#links.push(new Int32Array(CHUNK * this.#linksPerNode))
      this.#marks.push(new Int32Array(CHUNK / 32))
    }
    return this.#count
  }

  /** Gives the number of a node to the next one. */
  free(node: number): void {
    this.#free.push(node)
  }

  isMarked(node: number): boolean {
    const marks = this.#marks[node >>> CHUNK_BITS] as Int32Array
    return (((marks[(node & WITHIN) >>> 5] as number) >>> (node & 31)) & 1) === 1
  }

  mark(node: number): void {
    const marks = this.#marks[node >>> CHUNK_BITS] as Int32Array
    const at = (node & WITHIN) >>> 5
    marks[at] = (marks[at] as number) | (1 << (node & 31))
  }

  unmark(node: number): void {
    const marks = this.#marks[node >>> CHUNK_BITS] as Int32Array
    const at = (node & WITHIN) >>> 5
    marks[at] = (marks[at] as number) & ~(1 << (node & 31))
  }

  link(node: number, place: number): number {
    const links = this.#links[node >>> CHUNK_BITS] as Int32Array
    return links[(node & WITHIN) * this.#linksPerNode + place] as number
  }

  setLink(node: number, place: number, link: number): void {
    const links = this.#links[node >>> CHUNK_BITS] as Int32Array
    links[(node & WITHIN) * this.#linksPerNode + place] = link
  }

  /** A copy of a digest. */
  digest(node: number, place: number): Uint8Array {
    const bytes = this.#bytes[node >>> CHUNK_BITS] as Uint8Array
    const from = ((node & WITHIN) * this.#digestsPerNode + place) * BYTES
    return bytes.slice(from, from + BYTES)
  }

  setDigest(node: number, place: number, digest: Uint8Array): void {
    const bytes = this.#bytes[node >>> CHUNK_BITS] as Uint8Array
    bytes.set(digest, ((node & WITHIN) * this.#digestsPerNode + place) * BYTES)
  }

  hasDigest(node: number, place: number, digest: Uint8Array): boolean {
    const bytes = this.#bytes[node >>> CHUNK_BITS] as Uint8Array
    const from = ((node & WITHIN) * this.#digestsPerNode + place) * BYTES
    for (let at = 0; at < BYTES; at += 1) {
      if (bytes[from + at] !== digest[at]) return false
    }
    return true
  }

  /** Copies a digest, without an object for it. */
  copyDigest(node: number, place: number, { words }: DigestSlot): void {
    const source = this.#words[node >>> CHUNK_BITS] as Int32Array
    const from = ((node & WITHIN) * this.#digestsPerNode + place) * WORDS
    for (let at = 0; at < WORDS; at += 1) words[at] = source[from + at] as number
  }
}
