import { describe, expect, it } from 'vitest'
import { changedBytes, changedMembers, remade, remembering } from '../../test/altered.ts'
import { toId } from '../../test/names.ts'
import { logKey, vectorBook, witnessKey } from '../../test/proof-book.ts'
import { sha256 } from '../../test/rfc9162.ts'
import { cryptoVerify } from '../../test/world.ts'
import { nobleHash } from '../hash.ts'
import { cardWalletId, type WalletId } from '../ids.ts'
import { nobleVerify } from '../signature.ts'
import { encodeStatement } from './statement.ts'
import type { Trust } from './trust.ts'
import type { Unproven } from './verdict.ts'
import { verifyStatement } from './verify-statement.ts'

const W1 = 'witness.example/w1'
const MEANS = { hash: sha256, verify: remembering(cryptoVerify) }
const BOOK = vectorBook()
const TRUST: Trust = { keys: [logKey('checkpoint', BOOK.chain)], witnesses: [witnessKey(W1)] }
const CARD = cardWalletId(nobleHash, toId('card-1'), 0)
const [PKS, FED] = [toId('PKS'), toId('FED')]
const STATEMENT = BOOK.statement(CARD, { witnesses: [W1] })

describe('a statement proves', () => {
  it('what a wallet holds after a block, and what is reserved of it', () => {
    expect(verifyStatement(MEANS, STATEMENT, TRUST)).toMatchObject({
      proven: true,
      facts: {
        wallet: CARD,
        kind: 'card',
        isComplete: true,
        accounts: [{ asset: PKS, balance: 750n, held: 250n, isOpen: true }],
        sealed: 3,
        cosigned: [{ name: W1, timeS: 1_767_229_200 }],
      },
    })
  })

  it('that a wallet never had an account, when that was asked for', () => {
    const facts = {
      accounts: [{ asset: PKS }, { asset: FED, balance: 0n, held: 0n, isOpen: false }],
    }
    expect(verify(BOOK.statement(CARD, { more: [FED] }))).toMatchObject({ proven: true, facts })
    const none = { isComplete: true, accounts: [] }
    expect(verify(BOOK.statement(toId('ana')))).toMatchObject({ proven: true, facts: none })
  })

  it('of the wallet that lists no account only those that were asked for', () => {
    const keeper = toId<WalletId>('keeper')
    expect(verify(BOOK.statement(keeper))).toMatchObject({
      proven: true,
      facts: { kind: 'keeper', isComplete: false, accounts: [] },
    })
    expect(verify(BOOK.statement(keeper, { more: [FED] }))).toMatchObject({
      facts: { isComplete: false, accounts: [{ asset: FED, balance: 0n, isOpen: true }] },
    })
  })

  it('the same with the functions of a page as with those of a node', () => {
    const inPage = { hash: nobleHash, verify: nobleVerify }
    expect(verifyStatement(inPage, STATEMENT, TRUST)).toEqual(verify(STATEMENT))
  })
})

describe('a statement is not proven', () => {
  it('with any byte changed, taken out or put in', () => {
    for (const { at, text } of changedBytes(STATEMENT)) {
      expect(verify(text).proven, `byte ${at}`).toBe(false)
    }
  })

  it('with any member changed, though its check was made anew', () => {
    for (const { path, text } of changedMembers(BOOK.statement(CARD, { more: [FED] }))) {
      // What is not listed may be left out; what is left proves as much.
      if (path === '.records shorter') continue
      expect(verify(text).proven, path).toBe(false)
    }
  })

  it('when it is empty, or another file', () => {
    for (const text of ['', '{}', 'null', ` ${STATEMENT}`, BOOK.receipt('sale')]) {
      expect(reasonOf(text).code).toBe('malformed')
    }
  })

  it('with a wallet that is not there, or without an account that it lists', () => {
    const nobody = toId<WalletId>('nobody')
    expect(reasonOf(BOOK.statement(nobody))).toEqual({ code: 'wallet_absent', wallet: nobody })
    const { records } = JSON.parse(STATEMENT)
    expect(reasonOf(remade(STATEMENT, { records: records.slice(0, 1) }))).toEqual({
      code: 'account_missing',
      wallet: CARD,
      asset: PKS,
    })
  })

  it('with another balance, a balance denied, or one of another height', () => {
    const { records } = JSON.parse(STATEMENT)
    const [own, account] = records
    const { key } = account
    const withAccount = (change: object) =>
      reasonOf(remade(STATEMENT, { records: [own, { ...account, ...change }] }))
    const value = account.value.replace('750', '751')
    expect(withAccount({ value })).toEqual({ code: 'not_in_state', key })
    const { proof } = JSON.parse(BOOK.statement(CARD, { more: [FED] })).records[2]
    expect(withAccount({ value: null, proof })).toEqual({ code: 'not_in_state', key })
    const before = vectorBook({ upTo: 2 }).statement(CARD)
    const { checkpoint } = JSON.parse(STATEMENT)
    expect(verify(before)).toMatchObject({ facts: { sealed: 2, accounts: [{ held: 150n }] } })
    expect(reasonOf(remade(before, { checkpoint }))).toMatchObject({ code: 'not_in_state' })
  })

  it('with records of others, in another order, or twice', () => {
    const { records } = JSON.parse(STATEMENT)
    const [own, account] = records
    const strangers = [
      ['the record of another wallet first', [record(`wallet/${toId('ana')}`), account]],
      ['no record of its own first', [account, own]],
      ['an account twice', [own, account, account]],
      ['an asset', [own, account, record(`asset/${PKS}`)]],
      ['the account of another', [own, account, record(`account/${toId('keeper')}/${FED}`)]],
    ]
    for (const [what, changed] of strangers) {
      expect(reasonOf(remade(STATEMENT, { records: changed })).code, String(what)).toBe('malformed')
    }
  })

  it('of another chain, or by a key that nobody knows', () => {
    const other = 'ffffffffffffffffffffffffffffffff' as typeof BOOK.chain
    const { witnesses } = TRUST
    const trusting = (keys: Trust['keys']) => reasonOf(STATEMENT, { keys, witnesses }).code
    expect(trusting([logKey('checkpoint', other)])).toBe('other_chain')
    expect(trusting([logKey('stranger', BOOK.chain)])).toBe('unknown_log_key')
    expect(trusting([])).toBe('nobody_trusted')
  })
})

function verify(statement: string) {
  return verifyStatement(MEANS, statement, TRUST)
}

function reasonOf(statement: string, trust: Trust = TRUST): Unproven {
  const verdict = verifyStatement(MEANS, statement, trust)
  if (verdict.proven) throw new Error('the statement is proven')
  return verdict.reason
}

/** One record of the book as a statement writes it. */
function record(key: string): unknown {
  const { checkpoint } = JSON.parse(STATEMENT)
  const records = [BOOK.record(key)]
  return JSON.parse(encodeStatement(nobleHash, { wallet: CARD, records, checkpoint })).records[0]
}
