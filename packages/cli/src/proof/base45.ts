/** Base45 (RFC 9285): bytes in the 45 characters that a QR code packs most densely. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const DIGITS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((sign, at) => [sign, at]))

/** Two bytes as three characters, the lowest digit first; a last single byte as two. */
export function toBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const [first = 0, second] = bytes.subarray(at, at + 2)
    const value = second === undefined ? first : first * 256 + second
    text += `${sign(value)}${sign(value / 45)}`
    if (second !== undefined) text += sign(value / 2025)
  }
  return text
}

function sign(value: number): string {
  return ALPHABET.charAt(Math.floor(value) % 45)
}

/** The bytes of a text, or `undefined` for any other spelling. */
export function fromBase45(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((one) => DIGITS.get(one) ?? Number.NaN)
    const [low = 0, middle = Number.NaN, high = 0] = digits
    const value = low + middle * 45 + high * 2025
    const isPair = digits.length === 3
    if (!(value < (isPair ? 65_536 : 256))) return undefined
    if (isPair) bytes.push(Math.floor(value / 256))
    bytes.push(value % 256)
  }
  return Uint8Array.from(bytes)
}
