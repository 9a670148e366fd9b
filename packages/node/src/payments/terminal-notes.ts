/**
 * What is noted at the provider of a payment at a terminal, signed by this node for the place that asks. Tills of
 * others use the same account of the provider: what they note, or change, credits nobody here.
 */
import { fromBase64url, type Kid } from '@fedow/ledger'
import type { Payment } from '../store/payment-store.ts'
import { SignatureCheck } from '../store/signature-check.ts'
import type { StepMeans } from './marks.ts'

type Notes = Readonly<Record<string, string>>
type Noted = Pick<Payment, 'id' | 'wallet' | 'card' | 'place' | 'amount'>

const check = new SignatureCheck()

/** Says which payment it is, for whom, and who answers for that. */
export function signedNotes(
  { book, signer }: Pick<StepMeans, 'book' | 'signer'>,
  payment: Noted,
): Notes {
  const notes = { ...notesOf(book.chain, payment), fedow_key: signer.kid }
  return { ...notes, fedow_signature: signer.sign(toText(notes)) }
}

/** Whether notes say of a payment what is known of it here, by a key of this node that the book has. */
export function isSignedByUs(
  { book, node }: Pick<StepMeans, 'book' | 'node'>,
  payment: Noted,
  notes: Notes,
): boolean {
  const { fedow_key: kid = '', fedow_signature: seal = '' } = notes
  const key = book.state.get('key', kid as Kid)
  const signature = fromBase64url(seal)
  if (key === undefined || signature === undefined) return false
  const isOfNode = key.roles.some(({ on }) => on === `node/${node}`)
  const text = toText({ ...notesOf(book.chain, payment), fedow_key: kid })
  return isOfNode && check.isSigned(key.x, text, signature)
}

function notesOf(chain: string, { id, wallet, card, place, amount }: Noted): Notes {
  return {
    fedow_chain: chain,
    fedow_payment: id,
    ...(place !== undefined && { fedow_place: place }),
    ...(wallet !== undefined && { fedow_wallet: wallet }),
    ...(card !== undefined && { fedow_card: card }),
    ...(amount !== undefined && { fedow_cents: String(amount) }),
  }
}

/** Of ids, numbers and names alone, so that no two notes have the same text. */
function toText(notes: Notes): string {
  const rows = Object.entries(notes).map(([name, value]) => `${name}=${value}\n`)
  return `fedow payment at a terminal\n${rows.join('')}`
}
