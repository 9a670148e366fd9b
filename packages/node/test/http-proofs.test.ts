import { join } from 'node:path'
import {
  type AnswerOf,
  getBlock,
  getReceipt,
  getStatement,
  getTlogProof,
  getWallet,
  isProblem,
  listLines,
  newTxId,
  openHold,
  openWallet,
  postSale,
} from '@fedow/api'
import {
  type AssetId,
  checkpointKey,
  cosignedMessage,
  encodeVerifierKey,
  fromBase64url,
  hashLeaf,
  historyLeaf,
  Malformed,
  nobleVerify,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  type ReceiptFacts,
  rootOfInclusion,
  type StatementFacts,
  type Trust,
  type TxId,
  toHex,
  toJws,
  type VerifierKey,
  verifyReceipt,
  verifyStatement,
  type WalletId,
} from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointNote } from '../src/proofs/checkpoint-note.ts'
import type { SealedBlock, StoredTx } from '../src/store/book-reader.ts'
import { sha256 } from '../src/store/hash.ts'
import { SigningKey } from '../src/store/key-file.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { WitnessStore } from '../src/store/witness-store.ts'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, putMoney, type World } from './http-world.ts'

const MEANS = { hash: sha256, verify: nobleVerify }

let server: TestServer
let bar: World
let trust: Trust

beforeAll(async () => {
  server = await startServer()
  bar = await openBar(server)
  const { chain, genesis } = server.network.genesis
  const key = checkpointKey(fromBase64url(genesis.checkpoint) ?? new Uint8Array(), chain)
  trust = { keys: [key], witnesses: [] }
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function tag(index: number): string {
  return bar.tags[index] ?? ''
}

/** Waits until a block has its seal. */
async function sealed(height: number): Promise<SealedBlock> {
  for await (const block of server.engine.blocks(height)) return block
  throw new Error('the engine has ended')
}

async function pay(amount: number, card = tag(0)): Promise<AnswerOf<typeof postSale>> {
  return bar.manager.call(postSale, { body: { place: bar.place, card, amount } })
}

/** What a proven receipt says. Fails when it is not proven. */
function proven(receipt: string, by: Trust = trust): ReceiptFacts {
  const verdict = verifyReceipt(MEANS, receipt, by)
  if (!verdict.proven) throw new Error(JSON.stringify(verdict.reason))
  return verdict.facts
}

function stored(tx: TxId): StoredTx {
  const found = server.book.reader.tx(tx)
  if (found === undefined) throw new Error(`${tx} is in the book`)
  return found
}

function receiptOf(tx: TxId): Promise<string> {
  return server.operator.call(getReceipt, { params: { tx } })
}

describe('a receipt', () => {
  beforeAll(() => putMoney(server, bar, { card: tag(0), local: 1_000_000 }))

  it('proves a payment to somebody who knows only the key of the log', async () => {
    const paid = await pay(350)
    await sealed(paid.height)
    const text = await bar.manager.call(getReceipt, { params: { tx: paid.txId } })
    const facts = proven(text)
    expect(facts).toMatchObject({ tx: paid.txId, status: 'applied', height: paid.height })
    expect(facts.chain).toBe(server.network.genesis.chain)
    expect(facts.lines.map(({ amount, to }) => [amount, to])).toEqual([[350n, bar.wallet]])
    expect(facts.cosigned).toEqual([])
  })

  it('proves every tx of a book, lines of one asset after another included', async () => {
    const { height } = await pay(1)
    await sealed(height)
    const { txs } = server.book.reader.tip()
    for (let seq = 2; seq <= txs; seq += 1) {
      const { id, outcome } = server.book.reader.txAt(seq) as StoredTx
      if (outcome.height > height) break
      expect(proven(await receiptOf(id))).toMatchObject({ tx: id, status: outcome.status })
    }
  })

  it('proves that a tx was refused, and why', async () => {
    const body = { place: bar.place, card: tag(3), amount: 5 }
    const { txId, outcome } = await problemOf(bar.manager, postSale, { body })
    expect(outcome).toBe('rejected')
    const tx = txId as TxId
    await sealed(stored(tx).outcome.height)
    const facts = proven(await receiptOf(tx))
    expect(facts).toMatchObject({ tx, status: 'rejected', lines: [], action: 0 })
    expect(facts.code).toBeTypeOf('string')
  })

  it('proves what the node did by itself', async () => {
    const expires = new Date(Date.now() + 1_000).toISOString()
    const hold = { place: bar.place, card: tag(0), asset: bar.local, amount: 20, expires }
    const { height } = await bar.manager.call(openHold, { body: hold })
    let entry: TxId | undefined
    for await (const block of server.engine.blocks(height)) {
      const { lines } = await bar.manager.call(listLines, { query: { limit: 1 } })
      if (lines[0]?.action === 'EXP') entry = lines[0].tx
      if (entry !== undefined && stored(entry).outcome.height <= block.height) break
    }
    const facts = proven(await receiptOf(entry as TxId))
    expect(facts).toMatchObject({ tx: entry, actions: [], status: 'applied' })
    expect(facts.signer).toBeUndefined()
    expect(facts.lines).toMatchObject([{ action: 'EXP', amount: 20n }])
  })

  it('comes about a second after the payment, which is final before', async () => {
    // A block is open for a second: sooner or later one is asked for in time.
    let problem: unknown
    let tx: TxId
    do {
      const paid = await pay(2)
      tx = paid.txId
      const response = await fetch(`${server.origin}/api/v2/txs/${tx}/receipt`, {
        headers: { authorization: `Bearer ${bar.manager.key}` },
      })
      problem = await response.json()
      if (response.status !== 200) {
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
      }
    } while (!isProblem(problem))
    expect(problem).toMatchObject({ code: 'not_sealed_yet', outcome: 'none', txId: tx })
    expect(problem.detail).toContain('is final')
    const proof = await problemOf(server.anyone, getTlogProof, { params: { tx } })
    expect(proof.code).toBe('not_sealed_yet')
    await sealed(stored(tx).outcome.height)
    expect(proven(await receiptOf(tx)).tx).toBe(tx)
  })

  it('is shown to those who see a line of it, and to nobody else', async () => {
    const { txId: tx, height } = await pay(3)
    await sealed(height)
    const other = await openBar(server, 'Other')
    const params = { tx }
    expect(await problemOf(other.manager, getReceipt, { params })).toMatchObject({
      status: 403,
      code: 'receipt_out_of_reach',
    })
    expect(await problemOf(server.anyone, getReceipt, { params })).toMatchObject({
      status: 401,
      code: 'credential_missing',
    })
    const everywhere = await server.withKey({ name: 'All', place: null, can: ['read'] })
    const receipts = await Promise.all(
      [everywhere, bar.manager, server.operator].map((one) => one.call(getReceipt, { params })),
    )
    for (const receipt of receipts) expect(proven(receipt).tx).toBe(tx)
  })

  it('is none of a tx that nobody sent, nor of the genesis', async () => {
    const unknown = { params: { tx: newTxId() } }
    expect((await problemOf(server.operator, getReceipt, unknown)).code).toBe('tx_not_found')
    expect((await problemOf(server.anyone, getTlogProof, unknown)).code).toBe('tx_not_found')
    const { id } = server.book.reader.txAt(1) as StoredTx
    const genesis = { params: { tx: id } }
    expect((await problemOf(server.operator, getReceipt, genesis)).code).toBe(
      'genesis_without_receipt',
    )
  })

  it('ends in the newest checkpoint that a witness co-signed, when there is one', async () => {
    const first = await pay(4)
    const block = await sealed(first.height)
    const witness = SigningKey.generate()
    const key: VerifierKey = {
      name: 'witness.test',
      type: 4,
      x: fromBase64url(witness.x) ?? new Uint8Array(),
    }
    cosign(block, witness, key)
    const second = await pay(5)
    await sealed(second.height)
    const by = { ...trust, witnesses: [key] }
    expect(proven(await receiptOf(first.txId), by)).toMatchObject({
      sealed: block.height,
      cosigned: [{ name: 'witness.test', timeS: 1_700_000_000 }],
    })
    expect(proven(await receiptOf(first.txId)).unknownCosigners).toEqual(['witness.test'])
    const late = proven(await receiptOf(second.txId), by)
    expect(late.sealed).toBeGreaterThanOrEqual(second.height)
    expect(late.cosigned).toEqual([])
    const { checkpoint } = await server.anyone.call(getBlock, { params: { height: block.height } })
    expect(checkpoint).toContain('witness.test')
  })
})

/** Keeps a co-signature as the node keeps those that witnesses answer with. */
function cosign(block: SealedBlock, witness: SigningKey, key: VerifierKey): void {
  const people = openPeopleDb(join(server.network.folder, 'people.db'))
  const store = new WitnessStore(people)
  const vkey = encodeVerifierKey(sha256, key)
  store.ask(vkey, 'http://127.0.0.1:9/')
  const number = store.all().find((one) => one.vkey === vkey)?.number ?? 0
  const note = parseNote(checkpointNote(block, server.book.reader))
  if (note instanceof Malformed) throw note
  const timeS = 1_700_000_000
  const signature = witness.signBytes(cosignedMessage(timeS, note.text))
  const { height, size } = block
  store.keep(number, { height, size, timeS, signature }, Date.now())
  people.close()
}

describe('the place of a tx in the history', () => {
  it('is shown to anyone, without a word of what the tx says', async () => {
    const { txId: tx, height } = await pay(6)
    await sealed(height)
    const response = await fetch(`${server.origin}/api/v2/txs/${tx}/proof`)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const text = await response.text()
    const proof = parseTlogProof(text)
    if (proof instanceof Malformed) throw proof
    const { kid, json, signature, outcome } = stored(tx)
    const jws = kid && signature ? toJws(kid, json, signature) : ''
    expectIncluded(proof, historyLeaf(sha256, { id: tx, bytes: jws, outcome }))
  })

  it('is there for the genesis', async () => {
    const { id } = server.book.reader.txAt(1) as StoredTx
    const proof = parseTlogProof(await server.anyone.call(getTlogProof, { params: { tx: id } }))
    if (proof instanceof Malformed) throw proof
    const { jws } = server.network.genesis
    expectIncluded(proof, historyLeaf(sha256, { id, bytes: jws, outcome: stored(id).outcome }))
  })
})

function expectIncluded(
  { index, hashes, checkpoint }: Exclude<ReturnType<typeof parseTlogProof>, Malformed>,
  leaf: Uint8Array,
): void {
  const note = parseNote(checkpoint)
  if (note instanceof Malformed) throw note
  const head = parseCheckpoint(note.text)
  if (head instanceof Malformed) throw head
  const leafHash = hashLeaf(sha256, leaf)
  const root = rootOfInclusion(sha256, { leafHash, index, size: head.size, hashes })
  expect(root && toHex(root)).toBe(toHex(head.root))
}

describe('a statement', () => {
  function statedOf(text: string): StatementFacts {
    const verdict = verifyStatement(MEANS, text, trust)
    if (!verdict.proven) throw new Error(JSON.stringify(verdict.reason))
    return verdict.facts
  }

  function statementOf(wallet: WalletId, asset?: AssetId): Promise<string> {
    const query = asset === undefined ? {} : { asset }
    return server.operator.call(getStatement, { params: { wallet }, query })
  }

  it('proves the balances of a wallet to somebody who knows only the key of the log', async () => {
    await putMoney(server, bar, { card: tag(1), local: 700, gift: 30 })
    const { height } = await pay(150, tag(1))
    await sealed(height)
    const text = await bar.manager.call(getStatement, { params: { wallet: bar.wallet } })
    const facts = statedOf(text)
    expect(facts).toMatchObject({ wallet: bar.wallet, kind: 'place', isComplete: true })
    const { accounts } = await bar.manager.call(getWallet, { params: { wallet: bar.wallet } })
    const balances = facts.accounts.map(({ asset, balance }) => [asset, Number(balance)])
    expect(balances).toEqual(accounts.map(({ asset, balance }) => [asset, balance]))
  })

  it('proves that a wallet never had an account', async () => {
    const facts = statedOf(await statementOf(bar.wallet, server.network.genesis.genesis.eur))
    expect(facts.accounts.at(-1)).toEqual({
      asset: server.network.genesis.genesis.eur,
      balance: 0n,
      held: 0n,
      isOpen: false,
    })
  })

  it('names an account once that was asked for and is listed', async () => {
    const facts = statedOf(await statementOf(bar.wallet, bar.local))
    expect(facts.accounts.filter(({ asset }) => asset === bar.local)).toHaveLength(1)
  })

  it('is there for the wallet of the keeper, whose accounts are not listed', async () => {
    const { wallet, fed } = server.network.genesis.genesis
    expect(statedOf(await statementOf(wallet, fed.id))).toMatchObject({
      kind: 'keeper',
      isComplete: false,
      accounts: [{ asset: fed.id }],
    })
  })

  it('holds together while blocks are sealed under it', async () => {
    let isOver = false
    const paying = (async () => {
      for (let round = 0; round < 4; round += 1) {
        const { height } = await pay(7, tag(0))
        await sealed(height)
      }
      isOver = true
    })()
    const heights = new Set<number>()
    while (!isOver) {
      const facts = statedOf(await statementOf(bar.wallet))
      heights.add(facts.sealed)
      const own = facts.accounts.find(({ asset }) => asset === bar.local)
      expect(own?.balance).toBe(takingsAt(facts.sealed))
    }
    await paying
    expect(heights.size).toBeGreaterThan(1)
  })

  /** What the bar had taken in its own money after a block. */
  function takingsAt(height: number): bigint {
    const lines = server.book.reader.linesOfWallet(bar.wallet, { limit: 10_000 }).lines
    return lines
      .filter(({ action, asset }) => action === 'SAL' && asset === bar.local)
      .filter(({ tx }) => stored(tx).outcome.height <= height)
      .reduce((sum, { amount }) => sum + amount, 0n)
  }

  it('is shown to those who see the wallet, and to nobody else', async () => {
    const { wallet, height } = await server.operator.call(openWallet, { body: {} })
    const params = { wallet }
    expect(await problemOf(bar.manager, getStatement, { params })).toMatchObject({
      status: 403,
      code: 'wallet_out_of_reach',
    })
    expect((await problemOf(server.anyone, getStatement, { params })).code).toBe(
      'credential_missing',
    )
    await sealed(height)
    const everywhere = await server.withKey({ name: 'All', place: null, can: ['read'] })
    expect(statedOf(await everywhere.call(getStatement, { params })).accounts).toEqual([])
    const nobody = { params: { wallet: newTxId() as string as WalletId } }
    expect((await problemOf(server.operator, getStatement, nobody)).code).toBe('wallet_not_found')
  })

  it('waits for the seal of a new wallet', async () => {
    let problem: unknown
    do {
      const { wallet } = await server.operator.call(openWallet, { body: {} })
      const response = await fetch(`${server.origin}/api/v2/wallets/${wallet}/statement`, {
        headers: { authorization: `Bearer ${await everyPlace()}` },
      })
      problem = await response.json()
    } while (!isProblem(problem))
    expect(problem).toMatchObject({ status: 503, code: 'not_sealed_yet' })
  })

  async function everyPlace(): Promise<string> {
    return (await server.withKey({ name: 'All', place: null, can: ['read'] })).key
  }
})
