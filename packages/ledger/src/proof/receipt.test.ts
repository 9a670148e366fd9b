import { describe, expect, it } from 'vitest'
import { changedBytes, changedMembers, remade, remembering } from '../../test/altered.ts'
import { toId, toKey } from '../../test/names.ts'
import {
  cosignature,
  importBook,
  logKey,
  logSignature,
  type ProofBook,
  vectorBook,
  witnessKey,
} from '../../test/proof-book.ts'
import { sha256 } from '../../test/rfc9162.ts'
import { cryptoVerify } from '../../test/world.ts'
import { toUtf8 } from '../bytes.ts'
import { nobleHash } from '../hash.ts'
import type { TxId } from '../ids.ts'
import { nobleVerify } from '../signature.ts'
import { encodeNote, type NoteSignature } from './note.ts'
import type { Trust } from './trust.ts'
import type { Unproven } from './verdict.ts'
import { verifyReceipt } from './verify-receipt.ts'

const W1 = 'witness.example/w1'
const MEANS = { hash: sha256, verify: remembering(cryptoVerify) }
const BOOK = vectorBook()
const TRUST: Trust = { keys: [logKey('checkpoint', BOOK.chain)], witnesses: [witnessKey(W1)] }
const SALE = BOOK.receipt('sale', { witnesses: [W1] })

describe('a receipt proves', () => {
  it('a sale: its tx, its key, its lines, its block, and who vouches', () => {
    expect(verifyReceipt(MEANS, SALE, TRUST)).toMatchObject({
      proven: true,
      facts: {
        chain: BOOK.chain,
        tx: toId('sale'),
        signer: toKey('node').kid,
        actions: ['sale'],
        status: 'applied',
        height: 2,
        timeUs: 1_767_225_660_000_000,
        index: 7,
        size: 15,
        sealed: 3,
        lines: [{ action: 'SAL', amount: 350n, asset: toId('PKS'), card: toId('card-1') }],
        signed: [{ name: `fedow/${BOOK.chain}` }],
        cosigned: [{ name: W1, timeS: 1_767_229_200 }],
        unknownCosigners: [],
      },
    })
  })

  it('several actions, a refusal with its code, and what a node executed by itself', () => {
    const lines = (name: string) => {
      const verdict = verify(BOOK.receipt(name))
      return verdict.proven ? verdict.facts.lines.map(({ action }) => action) : verdict.reason
    }
    expect(lines('gesture')).toEqual(['CRE', 'REF', 'SAL'])
    expect(lines('due 1')).toEqual(['EXP'])
    expect(lines('refused')).toEqual([])
    const refused = { status: 'rejected', code: 'insufficient_balance', action: 0 }
    expect(verify(BOOK.receipt('refused'))).toMatchObject({ proven: true, facts: refused })
    const due = verify(BOOK.receipt('due 1'))
    expect(due).toMatchObject({ facts: { actions: [], tx: BOOK.idOf('due 1') } })
    expect(due).not.toHaveProperty('facts.signer')
  })

  it('the same with the functions of a page as with those of a node', () => {
    const inPage = { hash: nobleHash, verify: nobleVerify }
    for (const name of ['sale', 'gesture', 'refused', 'reserve', 'due 1']) {
      const receipt = BOOK.receipt(name, { witnesses: [W1, 'stranger.example'] })
      expect(verifyReceipt(inPage, receipt, TRUST)).toEqual(verify(receipt))
    }
  })

  it('nothing by the signatures of strangers, whose names it only tells', () => {
    const receipt = BOOK.receipt('sale', { witnesses: ['stranger.example'] })
    const verdict = verify(receipt)
    expect(verdict).toMatchObject({
      facts: { cosigned: [], unknownCosigners: ['stranger.example'] },
    })
    const wrong = cosignature('stranger.example', 1, 'another text\n')
    const noisy = withNote('sale', (own) => [own, wrong])
    expect(verify(noisy)).toEqual(verdict)
  })
})

describe('a witness', () => {
  it('is no log, even where its key is given among those of the witnesses', () => {
    const second = logKey('second', BOOK.chain)
    const receipt = withNote('sale', (own) => [own, logSignature('second', second, BOOK.text)])
    const verdict = verifyReceipt(MEANS, receipt, { ...TRUST, witnesses: [second] })
    expect(verdict).toMatchObject({ facts: { cosigned: [], unknownCosigners: [second.name] } })
    const two = verifyReceipt(MEANS, receipt, { keys: [...TRUST.keys, second], witnesses: [] })
    expect(two).toMatchObject({ facts: { signed: [{}, { key: BOOK.logId('second') }] } })
  })
})

describe('a receipt is not proven', () => {
  it.each(['refused', 'due 1'])('with any byte changed, taken out or put in (%s)', (name) => {
    const receipt = BOOK.receipt(name, { witnesses: [W1] })
    const witness = toUtf8(receipt.slice(0, receipt.indexOf(W1))).length
    const check = receipt.indexOf('"check":"') + 9
    let damaged = 0
    for (const { at, text } of changedBytes(receipt)) {
      const verdict = verify(text)
      expect(verdict.proven, `byte ${at}`).toBe(false)
      if (verdict.proven || verdict.reason.code !== 'damaged') continue
      damaged += 1
      // Everywhere else the reason is found without the check, which a forger would make anew.
      const isNameOrId = at >= witness - 4 && at <= witness + W1.length + 8
      expect(isNameOrId || (at >= check && at < check + 16), `byte ${at}`).toBe(true)
    }
    expect(damaged).toBeGreaterThan(16)
  })

  it('with any member changed, though its check was made anew', () => {
    for (const name of ['gesture', 'refused', 'due 1']) {
      for (const { path, text } of changedMembers(BOOK.receipt(name))) {
        expect(verify(text).proven, `${name} ${path}`).toBe(false)
      }
    }
  })

  it('with any member changed of an imported line', () => {
    const changed = [...changedMembers(importBook().receipt('history'))]
    const imported = changed.filter(({ path }) => path.startsWith('.lines[2].'))
    for (const { path, text } of imported) expect(verify(text).proven, path).toBe(false)
    expect(imported.length).toBeGreaterThan(300)
  })

  it('when it is empty, another file, or not written as nodes write', () => {
    const pretty = JSON.stringify(JSON.parse(SALE), null, 2)
    const statement = BOOK.statement(toId('ana'))
    const texts = [
      '',
      '{}',
      'null',
      '[]',
      pretty,
      ` ${SALE}`,
      `${SALE}\n`,
      `${SALE}${SALE}`,
      statement,
    ]
    for (const text of texts) expect(reasonOf(text).code).toBe('malformed')
    expect(reasonOf(remade(SALE, { more: 1 }))).toEqual({
      code: 'malformed',
      at: '.more',
      expected: 'no member of this name',
    })
  })

  it('when nobody is trusted, or only other chains, or only other keys of its chain', () => {
    const other = 'ffffffffffffffffffffffffffffffff' as typeof BOOK.chain
    const { witnesses } = TRUST
    const trusting = (keys: Trust['keys']) => reasonOf(SALE, { keys, witnesses })
    expect(trusting([])).toEqual({ code: 'nobody_trusted' })
    expect(trusting(witnesses)).toEqual({ code: 'nobody_trusted' })
    expect(trusting([logKey('checkpoint', other)])).toEqual({
      code: 'other_chain',
      chain: BOOK.chain,
      trusted: [other],
    })
    const key = BOOK.logId('checkpoint')
    expect(trusting([logKey('stranger', BOOK.chain)])).toEqual({
      code: 'unknown_log_key',
      chain: BOOK.chain,
      keys: [key],
    })
    const unsigned = withNote('sale', () => [cosignature(W1, 1, BOOK.text)])
    expect(reasonOf(unsigned)).toEqual({ code: 'unknown_log_key', chain: BOOK.chain, keys: [] })
  })

  it('when a signature of a known key does not hold, even beside one that does', () => {
    const stranger = logKey('stranger', BOOK.chain)
    const forged = withNote('sale', (own) => [{ ...own, bytes: toKey('stranger').sign(BOOK.text) }])
    const name = `fedow/${BOOK.chain}`
    expect(reasonOf(forged)).toEqual({
      code: 'bad_log_signature',
      name,
      key: BOOK.logId('checkpoint'),
    })
    const two = { keys: [...TRUST.keys, stranger], witnesses: [] }
    const half = { ...logSignature('stranger', stranger, BOOK.text), bytes: new Uint8Array(64) }
    expect(
      reasonOf(
        withNote('sale', (own) => [own, half]),
        two,
      ),
    ).toEqual({
      code: 'bad_log_signature',
      name,
      key: BOOK.logId('stranger'),
    })
    const other = cosignature(W1, 1, `${BOOK.text}more\n`)
    const badly = withNote('sale', (own) => [own, other])
    expect(reasonOf(badly)).toMatchObject({ code: 'bad_cosignature', name: W1 })
  })

  it('with the proof of another leaf, or of another tree', () => {
    const { index, hashes } = JSON.parse(BOOK.receipt('gesture'))
    const missing = { code: 'not_in_history', index, size: 15 }
    expect(reasonOf(remade(SALE, { index, hashes }))).toEqual(missing)
    expect(reasonOf(remade(SALE, { index }))).toEqual(missing)
    expect(reasonOf(remade(SALE, { index: 15 }))).toMatchObject({ code: 'not_in_history' })
    expect(reasonOf(remade(SALE, { hashes: [] }))).toMatchObject({ code: 'not_in_history' })
    const { outcome } = JSON.parse(BOOK.receipt('refused'))
    expect(reasonOf(remade(SALE, { outcome, lines: [] }))).toMatchObject({ code: 'not_in_history' })
  })

  it('when its history was rewritten, though every hash is right', () => {
    const rewritten = vectorBook({ amount: 351 })
    const other = JSON.parse(rewritten.receipt('sale'))
    expect(verify(remade(SALE, { ...other })).proven).toBe(true)
    const { checkpoint } = JSON.parse(SALE)
    const reason = reasonOf(remade(SALE, { ...other, checkpoint }))
    expect(reason).toMatchObject({ code: 'not_in_history' })
  })

  it('with the tx of another chain, or decided after the checkpoint', () => {
    const chain = 'ffffffffffffffffffffffffffffffff'
    const { tx } = JSON.parse(SALE)
    const [header = '', body = ''] = tx.split('.')
    const payload = Buffer.from(body, 'base64url').toString().replace(BOOK.chain, chain)
    const input = `${header}.${Buffer.from(payload).toString('base64url')}`
    const seal = Buffer.from(toKey('node').sign(input)).toString('base64url')
    expect(reasonOf(remade(SALE, { tx: `${input}.${seal}` }))).toEqual({
      code: 'tx_of_other_chain',
      chain: BOOK.chain,
      txChain: chain,
    })
    const { outcome } = JSON.parse(SALE)
    expect(reasonOf(remade(SALE, { outcome: { ...outcome, height: 4 } }))).toEqual({
      code: 'later_than_checkpoint',
      height: 4,
      sealed: 3,
    })
  })

  it('under another key than the one that the tx names, or with a wrong signature', () => {
    const kid = toKey('node').kid
    const other = remade(SALE, { key: toKey('stranger').x })
    expect(reasonOf(other)).toEqual({ code: 'other_tx_key', kid })
    // A log may have taken in what it should not: here a tx whose signature is that of another.
    const forged = vectorBook({ forger: 'stranger' }).receipt('sale')
    expect(reasonOf(forged)).toEqual({ code: 'bad_tx_signature', kid })
  })

  it('under a weak key, which signs anything', () => {
    const weak = vectorBook({ isWeak: true })
    expect(reasonOf(weak.receipt('sale'))).toMatchObject({ code: 'weak_tx_key' })
  })

  it('when it was refused at an action that the tx has not', () => {
    const refused = BOOK.receipt('refused')
    const { outcome } = JSON.parse(refused)
    const reason = reasonOf(remade(refused, { outcome: { ...outcome, action: 1 } }))
    expect(reason).toMatchObject({ code: 'malformed', at: '.outcome.action' })
  })

  it('with lines that are not those of the outcome', () => {
    const gesture = BOOK.receipt('gesture')
    const { lines } = JSON.parse(gesture)
    const [first, second, third] = lines
    const withLines = (...changed: unknown[]) => reasonOf(remade(gesture, { lines: changed }))
    expect(withLines(first, second)).toEqual({ code: 'line_count', lines: 2, hashes: 3 })
    expect(withLines(first, second, third, third)).toEqual({
      code: 'line_count',
      lines: 4,
      hashes: 3,
    })
    const hash = { code: 'line_mismatch', line: 0, member: 'hash' }
    expect(withLines(second, first, third)).toEqual(hash)
    expect(withLines({ ...first, amount: first.amount + 1 }, second, third)).toEqual(hash)
    const toAna = { ...third, to: toId('ana') }
    expect(withLines(first, second, toAna)).toEqual({ ...hash, line: 2 })
    const other = { ...second, previous: first.previous }
    expect(withLines(first, other, third)).toEqual({ ...hash, line: 1 })
  })

  it('when a system entry has another id, or is none that nodes execute', () => {
    const due = BOOK.receipt('due 1')
    const id = toId<TxId>('another')
    expect(reasonOf(remade(due, { id }))).toMatchObject({ code: 'other_entry_id', id })
    const { entry } = JSON.parse(due)
    for (const other of ['{}', '[]', 'hold', entry.replace('hold-expiry', 'gift'), ` ${entry}`]) {
      expect(reasonOf(remade(due, { entry: other }))).toMatchObject({ code: 'malformed' })
    }
    expect(reasonOf(remade(due, { key: toKey('node').x }))).toMatchObject({ code: 'malformed' })
  })
})

function verify(receipt: string) {
  return verifyReceipt(MEANS, receipt, TRUST)
}

function reasonOf(receipt: string, trust: Trust = TRUST): Unproven {
  const verdict = verifyReceipt(MEANS, receipt, trust)
  if (verdict.proven) throw new Error('the receipt is proven')
  return verdict.reason
}

/** A receipt of the book under signatures that are made from the log's own. */
function withNote(
  name: string,
  change: (own: NoteSignature) => readonly NoteSignature[],
  book: ProofBook = BOOK,
): string {
  const own = logSignature('checkpoint', logKey('checkpoint', book.chain), book.text)
  const checkpoint = encodeNote({ text: book.text, signatures: change(own) })
  return remade(book.receipt(name), { checkpoint })
}
