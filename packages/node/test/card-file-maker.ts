/**
 * Card files of any size, as a card printer delivers them: the same bytes for the same seed.
 * Each column is a permutation of 32 bits, so that nothing in it comes twice, first digits included.
 *
 * @module
 */

type CardOrder = {
  readonly seed: number
  readonly count: number
  readonly tagBytes: 4 | 7 | 10
}

export function makeCardFile({ seed, count, tagBytes }: CardOrder): Uint8Array {
  const lines: string[] = []
  for (let index = 0; lines.length < count; index += 1) {
    const word = (column: number) => hex(permute(index ^ permute(Math.imul(seed, 16) + column)))
    const tag = `${word(0)}${word(1)}${word(2)}`.slice(0, 2 * tagBytes)
    if (/^(?:0{8}|f{8})/.test(tag)) continue
    const uuid = toUuid(`${word(3)}${word(4)}${word(5)}${word(6)}`)
    lines.push(
      `https://festival.example/qr/${uuid},${word(7).toUpperCase()},${tag.toUpperCase()}\n`,
    )
  }
  return new TextEncoder().encode(lines.join(''))
}

/** A bijection on 32 bits: each step can be undone. */
function permute(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}

/** Version 4 in form. */
function toUuid(digits: string): string {
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ]
  return parts.join('-')
}
