import { Malformed, reserveAccount } from '@fedow/ledger'
import { Misuse } from '../failure.ts'

/** The name of an account of the reserve. Throws Misuse. */
export function readReserveAccount(text: string): string {
  try {
    return reserveAccount(text, '')
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    throw new Misuse(`"${text}" is no account of the reserve: ${cause.expected}. Nothing was sent.`)
  }
}
