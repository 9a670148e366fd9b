/** Files that somebody altered: verify.py and our verifier say the same of every one, to the reason. */
import {
  cardWalletId,
  encode,
  type Json,
  nobleHash,
  type Verdict,
  verifyReceipt,
  verifyStatement,
} from '@fedow/ledger'
import { beforeEach, describe, expect, it } from 'vitest'
import { changedBytes, changedMembers, remade } from '../../ledger/test/altered.ts'
import { toId } from '../../ledger/test/names.ts'
import { importBook, logKey, vectorBook, witnessKey } from '../../ledger/test/proof-book.ts'
import { cryptoVerify } from '../../ledger/test/world.ts'
import { askMany, HAS_PYTHON, NEEDS_PYTHON, withoutRejection, written } from './verify-py.ts'

const MEANS = { hash: nobleHash, verify: cryptoVerify }
const W1 = 'witness.example/w1'
const BOOK = vectorBook()
const WALLET = cardWalletId(nobleHash, toId('card-1'), 0)
const TRUST = { keys: [logKey('checkpoint', BOOK.chain)], witnesses: [witnessKey(W1)] }

describe('verify.py on altered files', () => {
  // Another language is the witness: without it there is nothing to compare with.
  beforeEach(({ skip }) => skip(!HAS_PYTHON, NEEDS_PYTHON))

  it('proves nothing of a file with any byte changed, for the same reason as ours', () => {
    const receipts = ['refused', 'due 1'].map((name) => BOOK.receipt(name, { witnesses: [W1] }))
    const files = receipts.flatMap((receipt) => [...changedBytes(receipt)])
    const statements = [...changedBytes(BOOK.statement(WALLET, { witnesses: [W1] }))]
    const said = [...compare('receipt', some(files)), ...compare('statement', some(statements))]
    expect(said.filter((reason) => reason === 'proven')).toEqual([])
    expect(said.length).toBeGreaterThan(1_000)
  })

  it('proves no more of a file with any member changed and its check made anew', () => {
    const witnesses = [W1, 'unknown.example']
    const receipts = ['gesture', 'refused', 'due 1'].flatMap((name) => [
      ...changedMembers(BOOK.receipt(name, { witnesses })),
    ])
    const imported = [...changedMembers(importBook().receipt('history', { witnesses }))]
    const statements = [...changedMembers(BOOK.statement(WALLET, { more: [toId('FED')] }))]
    const said = [
      ...compare('receipt', some([...receipts, ...imported])),
      ...compare('statement', some(statements)),
    ]
    expect(new Set(said).size).toBeGreaterThan(8)
  })

  it('proves only what was there of a file put together from two', () => {
    const names = ['sale', 'gesture', 'refused', 'reserve', 'due 1']
    const receipts = names.map((name) => BOOK.receipt(name))
    const mixed = receipts.flatMap((one) => receipts.flatMap((other) => mixtures(one, other)))
    const said = compare('receipt', some(mixed))
    const proven = some(mixed).filter((_, at) => said[at] === 'proven')
    const subjects = new Set(receipts.map((text) => subjectOf(text)))
    expect(proven.filter((file) => !subjects.has(subjectOf(file)))).toEqual([])
    expect([proven.length > 0, said.includes('not_in_history')]).toEqual([true, true])
  })
})

interface File {
  readonly text: string
}

/** Every eleventh: of each way to change a file, all over it. */
function some(files: readonly File[]): readonly File[] {
  return files.filter((_, at) => at % 11 === 0)
}

/** Members that belong together. */
const GROUPS = [['tx', 'key', 'entry', 'id'], ['outcome'], ['lines'], ['index'], ['hashes']]

/** Every way to take some members from one receipt and the others from another. */
function mixtures(one: string, other: string): readonly File[] {
  const [first, second] = [one, other].map((text) => Object.entries<Json>(JSON.parse(text)))
  return Array.from({ length: 2 ** GROUPS.length }, (_, choice) => {
    const taken = GROUPS.filter((_, at) => choice & (1 << at)).flat()
    const kept = (first ?? []).filter(([name]) => !taken.includes(name))
    const more = (second ?? []).filter(([name]) => taken.includes(name))
    return { text: remade(encode(Object.fromEntries([...kept, ...more])), {}) }
  })
}

/** What a receipt is about, without its proof. */
function subjectOf(receipt: string | File): string {
  const text = typeof receipt === 'string' ? receipt : receipt.text
  const { hashes: _, checkpoint: __, check: ___, ...subject } = JSON.parse(text)
  return encode(subject)
}

/** Asks both verifiers about many files; answers what both said: `proven`, or the reason. */
function compare(kind: 'receipt' | 'statement', files: readonly File[]): readonly string[] {
  const verify = kind === 'receipt' ? verifyReceipt : verifyStatement
  const [keys, witnesses] = [TRUST.keys, TRUST.witnesses].map((some) => some.map(written))
  const answers = askMany(files.map(({ text }) => [kind, text, keys, witnesses]))
  return files.map(({ text }, at) => {
    const verdict = verify(MEANS, text, TRUST)
    const said = (answers[at] as { reason?: string }).reason ?? 'proven'
    expect(said, text).toBe(toReason(verdict, said))
    if (verdict.proven) {
      expect(answers[at]).toEqual(withoutRejection(JSON.parse(encode(verdict.facts))))
    }
    return said
  })
}

/** verify.py does not look into the members of actions: it finds them nowhere in the history. */
function toReason(verdict: Verdict<object>, said: string): string {
  if (verdict.proven) return 'proven'
  const { reason } = verdict
  const isAction = reason.code === 'malformed' && reason.at.startsWith('.tx: .actions[')
  return isAction && said !== 'proven' ? said : reason.code
}
