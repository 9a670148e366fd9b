/** Cards that nobody has yet, and the orders that bring more of them. */
import { nobleHash, toHex, toUtf8 } from '@fedow/ledger'

/** An order of cards, as the printer delivers it. */
export interface CardOrder {
  readonly place: string
  readonly generation: number
  readonly tags: readonly string[]
  /** The bytes of its file. */
  readonly file: string
}

/** Cards at the desk of one place. */
export class CardStock {
  readonly #tags: string[]

  constructor(tags: readonly string[]) {
    this.#tags = [...tags]
  }

  get count(): number {
    return this.#tags.length
  }

  /** The next card; `undefined` when the desk has none. */
  take(): string | undefined {
    return this.#tags.shift()
  }

  /** A card that can be handed out again. */
  putBack(tag: string): void {
    this.#tags.push(tag)
  }

  add(tags: readonly string[]): void {
    this.#tags.push(...tags)
  }
}

/** Makes up card orders: the same for the same place and generation, and no two cards alike. */
export class CardPrinter {
  /** First digits of tags, which are the printed numbers too: no two cards of a node may share them. */
  readonly #taken: Set<string>

  /** With the tags and printed numbers that other cards have. */
  constructor(others: readonly string[]) {
    this.#taken = new Set(others.map(firstDigits))
  }

  print({ place, generation }: Pick<CardOrder, 'place' | 'generation'>, count: number): CardOrder {
    const tags: string[] = []
    const lines: string[] = []
    for (let attempt = 0; tags.length < count; attempt += 1) {
      const { tag, qr } = idsOf(`${place} ${generation} ${attempt}`)
      const number = firstDigits(tag)
      if (this.#taken.has(number)) continue
      this.#taken.add(number)
      tags.push(tag)
      lines.push(`https://cards.example/qr/${qr},${number},${tag}\n`)
    }
    return { place, generation, tags, file: lines.join('') }
  }
}

function firstDigits(tag: string): string {
  return tag.slice(0, 8)
}

/** A tag of 7 bytes, as newer cards have. */
function idsOf(seed: string): { readonly tag: string; readonly qr: string } {
  const hex = toHex(nobleHash(toUtf8(`made-up card ${seed}`)))
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  const qr = [...groups, hex.slice(20, 32)].join('-')
  return { tag: hex.slice(32, 46).toUpperCase(), qr }
}
