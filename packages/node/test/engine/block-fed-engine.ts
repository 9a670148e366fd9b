/**
 * An engine that is given blocks, as a consensus gives them: any size, any bytes, rounds that are computed and thrown
 * away. It shows that nothing of the solo engine is in the rules.
 */
import { createPublicKey, verify } from 'node:crypto'
import {
  admit,
  applyTx,
  Block,
  beginBlock,
  Draft,
  encodeOutcome,
  Malformed,
  parseTx,
  type SignedTx,
  toUtf8,
  VOID_NUMBER,
  type VoidCode,
} from '@fedow/ledger'
import type { Engine, Submission } from '../../src/engine/engine.ts'
import { REFUSAL_DETAIL } from '../../src/engine/refusal.ts'
import type { Book } from '../../src/store/book.ts'
import type { SealedBlock } from '../../src/store/book-reader.ts'
import { sha256 } from '../../src/store/hash.ts'
import type { SigningKey } from '../../src/store/key-file.ts'

/** A block as it is proposed: its time, and bytes that may be anything. */
export interface Proposal {
  readonly timeMs: number
  readonly entries: readonly string[]
}

export interface BlockFedOptions {
  readonly book: Book
  readonly checkpointKey: SigningKey
  /** Seeded chance, 0 to 1: decides sizes of blocks, discarded rounds and garbage. */
  readonly random: () => number
}

export class BlockFedEngine implements Engine {
  readonly #book: Book
  readonly #random: () => number
  #waiting: { readonly jws: string; readonly answer: (submission: Submission) => void }[] = []
  #isScheduled = false
  #isOver = false

  constructor({ book, random, checkpointKey }: BlockFedOptions) {
    this.#book = book
    this.#random = random
    book.beginSealing({
      key: checkpointKey,
      onProgress: () => {
        while (!this.#isOver && book.isSealDue) this.#seal()
      },
      onFailed: (cause) => {
        throw cause
      },
    })
  }

  #seal(): boolean {
    this.#book.commit(() => this.#book.seal(1 + this.#random() * 9))
    return true
  }

  submit(tx: SignedTx): Promise<Submission> {
    if (this.#isOver) return Promise.resolve(refused('stopping'))
    return new Promise((answer) => {
      this.#waiting.push({ jws: tx.jws, answer })
      if (this.#isScheduled) return
      this.#isScheduled = true
      setImmediate(() => this.#round())
    })
  }

  #round(): void {
    this.#isScheduled = false
    const size = 1 + Math.floor(this.#random() * this.#waiting.length)
    const taken = this.#waiting.splice(0, size)
    const timeMs = Math.max(Date.now(), this.#book.timeMs)
    const garbage = this.#random() < 0.3 ? ['', 'not.a.tx', taken[0]?.jws ?? ''] : []
    const entries = [...taken.map(({ jws }) => jws), ...garbage]
    if (this.#random() < 0.5) this.discard({ timeMs, entries: entries.toReversed() })
    const submissions = this.feed({ timeMs, entries })
    for (const [index, { answer }] of taken.entries()) {
      answer(submissions[index] ?? refused('malformed'))
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#round())
  }

  /** Computes a proposed block and throws it away: nothing of it may remain. Answers the outcomes' JSON. */
  discard({ timeMs, entries }: Proposal): readonly string[] {
    const { chain } = this.#book.genesis
    const height = this.#book.reader.tip().height + 1
    const draft = new Draft(this.#book.state)
    const block = new Block({ chain, height, timeMs }, sha256)
    beginBlock(draft, block)
    return entries.flatMap((jws) => {
      const tx = this.#check(jws, timeMs)
      if (typeof tx === 'string') {
        block.append(toUtf8(jws))
        return []
      }
      const { kid, payload } = tx
      return [encodeOutcome(applyTx(draft, block, { kid, payload, bytes: toUtf8(jws) }).outcome)]
    })
  }

  /** Executes a block for good, in one SQL transaction. */
  feed({ timeMs, entries }: Proposal): readonly Submission[] {
    return this.#book.commit(() => {
      const { block } = this.#book.openBlock(timeMs)
      const submissions = entries.map((jws) => this.#entry(block, jws))
      this.#book.closeBlock(block)
      if (this.#random() < 0.5) this.#book.seal(1 + this.#random() * 9)
      return submissions
    })
  }

  #entry(block: Block, jws: string): Submission {
    const bytes = toUtf8(jws)
    const tx = this.#check(jws, block.timeMs)
    if (typeof tx === 'string') {
      const repeat = this.#repeat(jws)
      const index = block.append(bytes)
      this.#book.log.appendVoid({ height: block.height, index }, VOID_NUMBER[tx], bytes)
      return repeat ?? refused(tx)
    }
    const { kid, payload, json, signature } = tx
    const { before, outcome } = applyTx(this.#book.state, block, { kid, payload, bytes })
    if (before !== undefined) this.#book.appendSystem(before)
    this.#book.append({ id: payload.id, kid, json, signature, bytes, outcome })
    return { status: 'decided', outcome, isRepeat: false }
  }

  #repeat(jws: string): Submission | undefined {
    const tx = parseTx(jws)
    if (tx instanceof Malformed) return undefined
    const known = this.#book.reader.txOf(tx.kid, tx.payload.id)
    if (known === undefined || known.json !== tx.json || known.signature === null) return undefined
    if (Buffer.compare(known.signature, tx.signature) !== 0) return undefined
    return { status: 'decided', outcome: known.outcome, isRepeat: true }
  }

  #check(jws: string, timeMs: number): SignedTx | VoidCode {
    const tx = parseTx(jws)
    if (tx instanceof Malformed) return 'malformed'
    const { state, reader } = this.#book
    const isUsed = () => reader.txOf(tx.kid, tx.payload.id) !== undefined
    const code = admit(state, tx, { timeMs, isUsed })
    if (code !== undefined) return code
    const x = state.get('key', tx.kid)?.x ?? ''
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const input = Buffer.from(jws.slice(0, jws.lastIndexOf('.')), 'ascii')
    return verify(null, input, key, tx.signature) ? tx : 'bad_signature'
  }

  async *blocks(fromHeight: number): AsyncGenerator<SealedBlock> {
    for (let height = fromHeight; ; height += 1) {
      const block = this.#book.reader.sealedBlock(height)
      if (block === undefined) return
      yield block
    }
  }

  async close(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
    }
    this.#isOver = true
    await this.#book.sealOwed(() => this.#seal())
    this.#book[Symbol.dispose]()
  }
}

function refused(code: VoidCode | 'stopping'): Submission {
  return { status: 'refused', code, detail: REFUSAL_DETAIL[code] }
}
