/** What every engine promises, whoever orders the txs. Run for solo and for the block-fed engine. */

import type { CardId, TxId } from '@fedow/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine, Submission } from '../../src/engine/engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { Book } from '../../src/store/book.ts'
import type { FolderKeys } from '../../src/store/folder.ts'
import { SigningKey } from '../../src/store/key-file.ts'
import { type Bar, barTxs, newBar, newId, sale, TestNetwork } from '../test-network.ts'

export function engineContract(name: string, open: (book: Book, keys: FolderKeys) => Engine): void {
  describe(`the ${name} engine`, () => {
    let network: TestNetwork
    let book: Book
    let engine: Engine
    let bar: Bar
    let card: CardId

    beforeEach(async () => {
      network = new TestNetwork()
      book = new Book({ folder: network.folder, genesis: network.genesis })
      engine = open(book, network.keys)
      bar = newBar(3)
      card = bar.cards[0] as CardId
      for (const tx of barTxs(network, bar)) {
        expect(statusOf(await engine.submit(tx))).toBe('applied')
      }
    })

    afterEach(async () => {
      await engine.close()
      const { problem } = await auditFolder(network.folder)
      network[Symbol.dispose]()
      expect(problem).toBeUndefined()
    })

    const balance = () =>
      book.state.get('account', `${book.state.get('place', bar.place)?.wallet}/${bar.asset}`)
        ?.balance

    it('answers when the outcome is in the book', async () => {
      const tx = sale(network, bar, { card, amount: 400n })
      const submission = await engine.submit(tx)
      expect(statusOf(submission)).toBe('applied')
      expect(book.reader.tx(tx.payload.id)).toMatchObject({ json: tx.json, kid: tx.kid })
      expect(balance()).toBe(400n)
    })

    it('answers the same bytes again without a second effect', async () => {
      const tx = sale(network, bar, { card, amount: 400n })
      const first = await engine.submit(tx)
      const second = await engine.submit(tx)
      expect(second).toEqual({ ...first, isRepeat: true })
      expect(balance()).toBe(400n)
    })

    it('decides once what comes twenty times at the same moment', async () => {
      const tx = sale(network, bar, { card, amount: 400n })
      const all = await Promise.all(Array.from({ length: 20 }, () => engine.submit(tx)))
      expect(all.map(statusOf)).toEqual(Array(20).fill('applied'))
      expect(all.filter((one) => one.status === 'decided' && !one.isRepeat)).toHaveLength(1)
      expect(balance()).toBe(400n)
    })

    it('sells a card at twenty tills at once no further than its balance', async () => {
      const txs = Array.from({ length: 20 }, () => sale(network, bar, { card, amount: 300n }))
      const all = await Promise.all(txs.map((tx) => engine.submit(tx)))
      const statuses = all.map(statusOf)
      expect(statuses.filter((status) => status === 'applied')).toHaveLength(3)
      expect(statuses.filter((status) => status === 'insufficient_balance')).toHaveLength(17)
      expect(balance()).toBe(900n)
    })

    it('keeps a rejection for ever', async () => {
      const tx = sale(network, bar, { card, amount: 1_001n })
      const first = await engine.submit(tx)
      expect(statusOf(first)).toBe('insufficient_balance')
      expect(await engine.submit(tx)).toEqual({ ...first, isRepeat: true })
    })

    it('refuses other bytes with an id that the key has used', async () => {
      const id = newId<TxId>()
      await engine.submit(sale(network, bar, { card, amount: 1n, id }))
      const other = await engine.submit(sale(network, bar, { card, amount: 2n, id }))
      expect(statusOf(other)).toBe('id_used')
      expect(balance()).toBe(1n)
    })

    it('leaves no trace of what it refuses before the order', async () => {
      const id = newId<TxId>()
      const amount = 1n
      const stranger = SigningKey.generate()
      const tx = sale(network, bar, { card, amount, id })
      const refusals = [
        sale(network, bar, { card, amount, id, key: stranger }),
        sale(network, bar, { card, amount, id, notAfter: Date.now() - 5_000 }),
        sale(network, bar, { card, amount, id, notAfter: Date.now() + 3_600_000 }),
        sale(network, bar, { card, amount, id, chain: 'f'.repeat(32) as never }),
        withOtherSignature(tx, sale(network, bar, { card, amount: 2n, id })),
      ]
      const codes = []
      for (const one of refusals) codes.push(statusOf(await engine.submit(one)))
      expect(codes).toEqual([
        'unknown_key',
        'expired',
        'not_after_too_far',
        'wrong_chain',
        'bad_signature',
      ])
      expect(book.reader.tx(id)).toBeUndefined()
      expect(statusOf(await engine.submit(tx))).toBe('applied')
    })

    it('decides what is queued before it closes, and nothing after', async () => {
      const txs = Array.from({ length: 50 }, () => sale(network, bar, { card, amount: 1n }))
      const answers = txs.map((tx) => engine.submit(tx))
      const closing = engine.close()
      const statuses = (await Promise.all(answers)).map(statusOf)
      await closing
      expect(new Set(statuses)).toEqual(new Set(['applied']))
      const late = await engine.submit(sale(network, bar, { card, amount: 1n }))
      expect(statusOf(late)).toBe('stopping')
      book = new Book({ folder: network.folder, genesis: network.genesis })
      expect(balance()).toBe(50n)
      engine = open(book, network.keys)
    })

    it('seals blocks in order, without a gap', async () => {
      await engine.submit(sale(network, bar, { card, amount: 1n }))
      await engine.close()
      book = new Book({ folder: network.folder, genesis: network.genesis })
      const blocks = book.reader.blocks({ limit: 100 })
      const tip = book.reader.tip()
      expect(tip.isOpen).toBe(false)
      expect(book.reader.lastSealed()?.height).toBe(tip.height)
      expect(blocks.map(({ height }) => height)).toEqual(
        Array.from({ length: tip.height + 1 }, (_, index) => tip.height - index),
      )
      engine = open(book, network.keys)
    })
  })
}

/** 'applied', the code of the rejection, or the code of the refusal. */
export function statusOf(submission: Submission): string {
  if (submission.status === 'refused') return submission.code
  if (submission.status === 'unknown') return 'unknown'
  const { outcome } = submission
  return outcome.status === 'applied' ? 'applied' : outcome.rejection.code
}

function withOtherSignature<T extends { jws: string; signature: Uint8Array }>(tx: T, other: T): T {
  const jws = tx.jws.slice(0, tx.jws.lastIndexOf('.')) + other.jws.slice(other.jws.lastIndexOf('.'))
  return { ...tx, jws, signature: other.signature }
}
