/** What the operator can do to a book with all its keys: an audit of the book alone accepts it, as it must. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Action, type Amount, Malformed, parseTx, type TxId } from '@fedow/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditFolder } from '../../src/store/audit.ts'
import { BOOK_FILE } from '../../src/store/book.ts'
import { PEOPLE_FILE } from '../../src/store/people-db.ts'
import type { Proposal } from '../engine/block-fed-engine.ts'
import { blocksOf, rebuild, sealsOf } from '../engine/rebuild.ts'
import { seededRandom } from '../power-cut/recording.ts'
import type { TestNetwork } from '../test-network.ts'
import { soundFolder } from './sound-folder.ts'
import { openBook, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`rewritten seed: ${SEED}`)

let sound: TestNetwork
let blocks: readonly Proposal[]

beforeAll(async () => {
  sound = await soundFolder()
  using book = openBook(sound.folder)
  blocks = blocksOf(book)
})

afterAll(() => sound[Symbol.dispose]())

/** The folder with another book of the same genesis and keys, and with nothing but the book. */
async function rewritten(others: readonly Proposal[]) {
  const copy = temporaryFolder()
  cpSync(sound.folder, copy.path, { recursive: true })
  for (const name of [BOOK_FILE, PEOPLE_FILE]) rmSync(join(copy.path, name))
  const { genesis, keys } = sound
  const parts = { genesis, checkpointKey: keys.checkpoint, random: seededRandom(SEED) }
  await rebuild({ folder: copy.path, ...parts }, others).engine.close()
  return copy
}

function sealed(folder: string) {
  using book = openBook(folder)
  return { lines: book.reader.tip().lines, seals: sealsOf(book) }
}

/** The height of a block with a sale, and the blocks with one cent less in it, signed anew under the same id. */
function withOneCentLess(): { readonly height: number; readonly others: readonly Proposal[] } {
  const index = Math.floor(blocks.length / 2)
  const others = blocks.map(({ timeMs, entries }, at) => {
    const sale = entries.findIndex((jws) => amountOf(jws) === 200n)
    if (at !== index || sale < 0) return { timeMs, entries }
    return { timeMs, entries: entries.with(sale, cheaper(entries[sale] ?? '')) }
  })
  expect(others[index]).not.toEqual(blocks[index])
  return { height: index + 1, others }
}

function parse(jws: string) {
  const tx = parseTx(jws)
  if (tx instanceof Malformed) throw new Error(`${tx.path}: expected ${tx.expected}`)
  return tx.payload
}

function amountOf(jws: string): bigint | undefined {
  const [action] = parse(jws).actions
  return action?.kind === 'sale' ? action.parts[0]?.amount : undefined
}

function cheaper(jws: string): string {
  const { id, actions, notAfter } = parse(jws)
  const less = actions.map((action): Action => {
    if (action.kind !== 'sale') return action
    const parts = action.parts.map((part) => ({ ...part, amount: (part.amount - 1n) as Amount }))
    return { ...action, parts }
  })
  return sound.sign(less, { id: id as TxId, notAfter }).jws
}

it('has the same seals again when the same blocks are decided again', async () => {
  using copy = await rewritten(blocks)
  expect(sealed(copy.path)).toEqual(sealed(sound.folder))
})

it('holds by itself with one payment changed, and all hashes and signatures made anew', async () => {
  const { height, others } = withOneCentLess()
  using copy = await rewritten(others)
  const report = await auditFolder(copy.path)
  expect(report).toMatchObject({ ok: true, height: blocks.length, checkpoints: blocks.length + 1 })
  const [before, after] = [sealed(sound.folder).seals, sealed(copy.path).seals]
  expect(after.slice(0, height)).toEqual(before.slice(0, height))
  for (const [index, { hash, history }] of after.slice(height).entries()) {
    expect(hash).not.toBe(before[height + index]?.hash)
    expect(history).not.toBe(before[height + index]?.history)
  }
})

it('holds by itself with its end cut off', async () => {
  using copy = await rewritten(blocks.slice(0, 3))
  expect(await auditFolder(copy.path)).toMatchObject({ ok: true, height: 3, checkpoints: 4 })
  expect(sealed(copy.path).seals).toEqual(sealed(sound.folder).seals.slice(0, 4))
})

it('is found by the co-signatures of a witness that has seen more, or another history', async () => {
  const { others } = withOneCentLess()
  for (const [made, said] of [
    [others, 'the history was rewritten since then'],
    [blocks.slice(0, 3), 'its end was cut off, or it is an older copy'],
  ] as const) {
    using copy = await rewritten(made)
    cpSync(join(sound.folder, PEOPLE_FILE), join(copy.path, PEOPLE_FILE))
    expect((await auditFolder(copy.path)).problem?.what).toContain(said)
  }
})
