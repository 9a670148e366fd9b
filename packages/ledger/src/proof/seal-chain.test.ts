import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeptTiles } from '../../test/kept-tiles.ts'
import { definedRoot, leafHashes, sha256 } from '../../test/rfc9162.ts'
import { concat, fromHex, toHex } from '../bytes.ts'
import type { ChainId, Hex32 } from '../ids.ts'
import { blockHash, type Checkpoint, NO_PARENT } from './checkpoint.ts'
import { HistoryTree } from './history-tree.ts'
import { SealChain, type Unsealed } from './seal-chain.ts'

const CHAIN = '0123456789abcdef0123456789abcdef' as ChainId
const LEAVES = leafHashes(2_000)

/** Numbers of leaves of the blocks after the genesis, many of them none. */
const anyCounts = fc.array(fc.oneof(fc.constant(0), fc.nat(12)), { maxLength: 30 })

interface Closed extends Unsealed {
  readonly state: Uint8Array
}

/** A book: the genesis, which has one leaf, and a block for each count. */
function bookOf(counts: readonly number[]): readonly Closed[] {
  let used = 0
  return [1, ...counts].map((count, height) => {
    const leaves = LEAVES.slice(used, used + count)
    used += count
    const [txs, state] = ['txs', 'state'].map((what) => sha256(textOf(`${what} ${height}`)))
    const hex = toHex(txs as Uint8Array) as Hex32
    return { height, timeUs: height * 1_000, txs: hex, leaves, state: state as Uint8Array }
  })
}

function textOf(text: string): Uint8Array {
  return Buffer.from(text)
}

/** The checkpoints as docs/spec/blocks.md and docs/spec/history.md define them. */
function definedSeals(book: readonly Closed[]): readonly Checkpoint[] {
  const history: Uint8Array[] = []
  const sealed: Checkpoint[] = []
  for (const { height, timeUs, txs, leaves, state } of book) {
    history.push(...leaves)
    const worked = sealed.findLast((_, earlier) => book[earlier]?.leaves.length !== 0)
    if (leaves.length > 0 && worked !== undefined) {
      history.push(sha256(concat(Uint8Array.of(0x00), worked.block)))
    }
    const before = sealed.at(-1)?.block
    const parent = before === undefined ? NO_PARENT : (toHex(before) as Hex32)
    const root = definedRoot(history)
    const roots = { txs, state: toHex(state) as Hex32, history: toHex(root) as Hex32 }
    const hash = blockHash(sha256, { chain: CHAIN, height, timeUs, parent, ...roots })
    const block = fromHex(hash) as Uint8Array
    sealed.push({ chain: CHAIN, size: history.length, root, state, height, block })
  }
  return sealed
}

function told({ root, state, block, ...rest }: Checkpoint) {
  return { ...rest, root: toHex(root), state: toHex(state), block: toHex(block) }
}

describe('a chain of seals', () => {
  it('gives the checkpoints of the definition', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const book = bookOf(counts)
        const chain = new SealChain(sha256, CHAIN)
        const sealed = book.map((block) => chain.seal(block, block.state))
        expect(sealed.map(told)).toEqual(definedSeals(book).map(told))
      }),
    )
  })

  it('goes on from what is stored as if it had never stopped', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const book = bookOf(counts)
        const tiles = new KeptTiles()
        const sealed: Checkpoint[] = []
        let worked = new Uint8Array()
        for (const block of book) {
          const last = sealed.at(-1)
          const from = last && {
            history: new HistoryTree(sha256, { size: last.size, tiles }),
            parent: last.block,
            worked,
          }
          const chain = new SealChain(sha256, CHAIN, from)
          const checkpoint = chain.seal(block, block.state)
          tiles.keep(chain.history.takeChanged())
          if (block.leaves.length > 0) worked = new Uint8Array(checkpoint.block)
          sealed.push(checkpoint)
        }
        expect(sealed.map(told)).toEqual(definedSeals(book).map(told))
      }),
    )
  })
})
