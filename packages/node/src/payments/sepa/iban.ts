/** International bank account numbers (ISO 13616): their form and check digits, not whether the account exists. */

/** How long the IBANs of a country are, where payments in euros go: the scheme's own and those that joined it. */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AL: 28, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20 },
  ...{ ES: 24, FI: 18, FR: 27, GB: 22, GI: 23, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27 },
  ...{ LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MT: 31, NL: 18, NO: 15 },
  ...{ PL: 28, PT: 25, RO: 24, RS: 22, SE: 24, SI: 19, SK: 24, SM: 27, VA: 22 },
}

/** Without spaces, in upper case; undefined when it is no IBAN of the euro payments area. */
export function parseIban(text: string): string | undefined {
  const iban = text.replace(/[\s\u00a0]/g, '').toUpperCase()
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(iban)) return undefined
  if (iban.length !== LENGTHS[iban.slice(0, 2)]) return undefined
  return remainderOf(iban) === 1n ? iban : undefined
}

/** ISO 7064, modulus 97: the first four signs last, letters from 10 to 35. */
function remainderOf(iban: string): bigint {
  const turned = iban.slice(4) + iban.slice(0, 4)
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n
}

/** Enough to know an account again, not enough to use it. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 4)} … ${iban.slice(-4)}`
}
