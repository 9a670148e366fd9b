import { toMoment, toPrintable } from '@fedow/api'
import type { AuditReport } from '@fedow/node'

type Comparison = NonNullable<AuditReport['against']>
type Compared = Extract<Comparison, { readonly result: 'continues' }>

const KEEP =
  'Keep both: this folder as it is, and that file. Two checkpoints signed by one key that do not agree prove to anyone that two histories were shown; "fedow checkpoint show" gives the one of this book.'

/** What the comparison of a book that holds with a checkpoint of earlier says. Complete sentences. */
export function tellComparison(found: Comparison): string {
  switch (found.result) {
    case 'continues':
      return `This copy continues what that checkpoint saw: its first ${found.size} leaves are the same, and so is block ${found.height}. ${vouchers(found)}`
    case 'prefix':
      return `This copy is a true prefix of what that checkpoint saw: its ${found.oursSize} leaves are the first of the ${found.size} there. What came after block ${found.oursHeight} is missing here. ${vouchers(found)}`
    case 'rewritten':
      return `The history was rewritten: ${difference(found)} The key of this very book signed both. ${vouchers(found)} Take no payments with this copy. ${KEEP}`
    case 'ends_before':
      return `This copy ends before that checkpoint: it has ${found.oursSize} leaves up to block ${found.oursHeight}, and the checkpoint has seen ${found.size} up to block ${found.height}. Whether it is the beginning of what was seen is not proven: ask a node that has all of it for /api/v2/history/consistency?from=${found.oursSize}&to=${found.size}, and give the answer with --proof. ${vouchers(found)}`
    case 'proof_fails':
      return `The proof does not show that this copy is the beginning of what that checkpoint saw: ${found.why}. It has ${found.oursSize} leaves, the checkpoint ${found.size}. Ask the node again; when no right proof can be given, one of the two histories was rewritten. ${KEEP}`
    default:
      return tellUnusable(found)
  }
}

function tellUnusable(found: Exclude<Comparison, Compared | { readonly size: number }>): string {
  switch (found.result) {
    case 'malformed':
      return `The file has no checkpoint that can be read: at ${toPrintable(found.at)}, ${found.expected} was expected. It proves nothing about this book.`
    case 'other_chain':
      return `The checkpoint is of the chain ${found.chain}, another book. It proves nothing about this one.`
    case 'other_signer':
      return `The checkpoint is not signed by the key of this book, but by ${found.signers.map(toPrintable).join(', ')}. It proves nothing about this book: anyone can write such a file.`
    case 'bad_signature':
      return `The signature of ${toPrintable(found.name)} on the checkpoint does not hold: the file was altered. It proves nothing about this book.`
  }
}

function difference(found: Extract<Comparison, { readonly result: 'rewritten' }>): string {
  if (found.part === 'leaves') {
    return `the first ${found.size} leaves of this copy are not those that the checkpoint of block ${found.height} saw.`
  }
  return `the first ${found.size} leaves are the same, and yet block ${found.height} of this copy, or the state after it, is not the one that the checkpoint saw.`
}

/** Whose word it is, beside that of the key of the book. */
function vouchers({ cosigned, unknown }: Pick<Compared, 'cosigned' | 'unknown'>): string {
  const seen = cosigned.map(({ name, timeS }) => `${name} (${toMoment(timeS * 1_000)})`)
  const known = seen.length === 0 ? '' : ` Co-signed by ${seen.join(', ')}.`
  const strange =
    unknown.length === 0 ? '' : ` Not checked: ${unknown.map(toPrintable).join(', ')}.`
  return `It is signed by the key of this book.${known}${strange}`
}
