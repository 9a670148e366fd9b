import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type CardId, encode, encodeOutcome, type HoldId } from '@fedow/ledger'
import { expect, it } from 'vitest'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { BOOK_FILE, Book } from '../../src/store/book.ts'
import { seededRandom } from '../power-cut/recording.ts'
import { barTxs, newBar, newId, refill, sale, TestNetwork } from '../test-network.ts'
import { allTxs, blocksOf, rebuild, sealsOf } from './rebuild.ts'

const seed = Number(process.env['FEDOW_SEED'] ?? Date.now() % 1_000_000)

it(`gives the same outcomes, lines and records from the same blocks, whatever made them (seed ${seed})`, async () => {
  using network = new TestNetwork(Date.now() - 1_000)
  const { folder, genesis } = network
  const random = seededRandom(seed)
  const solo = await soloBook(network, random)

  for (const name of ['', '-wal', '-shm']) rmSync(join(folder, BOOK_FILE + name), { force: true })
  const checkpointKey = network.keys.checkpoint
  const { book, engine } = rebuild({ folder, genesis, checkpointKey, random }, solo.blocks)
  expect(outcomesOf(book)).toEqual(solo.outcomes)
  expect(recordsOf(book)).toEqual(solo.records)
  await engine.close()
  expect(readBook(network).sealed).toEqual(solo.sealed)
  expect((await auditFolder(folder)).problem).toBeUndefined()
})

/** A busy bar on the solo engine, with holds that expire between two blocks. */
async function soloBook(network: TestNetwork, random: () => number) {
  const book = new Book({ folder: network.folder, genesis: network.genesis })
  let skewMs = 0
  const clocks = { wall: () => Date.now() + skewMs, monotonic: () => Date.now() + skewMs }
  const fail = (cause: unknown) => {
    throw cause
  }
  const engine = new SoloEngine({
    book,
    checkpointKey: network.keys.checkpoint,
    clocks,
    onFatal: fail,
  })
  const bar = newBar(10)
  for (const tx of barTxs(network, bar)) await engine.submit(tx)
  const notAfter = () => clocks.wall() + 60_000
  for (let round = 0; round < 5; round += 1) {
    const txs = Array.from({ length: 40 }, () => {
      const card = bar.cards[Math.floor(random() * 10)] as CardId
      const amount = BigInt(1 + Math.floor(random() * 400))
      if (random() < 0.2) return refill(network, bar, card, amount)
      return sale(network, bar, { card, amount, notAfter: notAfter() })
    })
    const expiresMs = clocks.wall() + 2_000
    const to = bar.place
    const from = { card: bar.cards[round] as CardId }
    const amount = 1n as never
    const hold = {
      kind: 'hold',
      hold: newId<HoldId>(),
      from,
      to,
      asset: bar.asset,
      amount,
    } as const
    const held = network.sign([{ ...hold, expiresMs }], { notAfter: notAfter() })
    await Promise.all([...txs, held].map((tx) => engine.submit(tx)))
    skewMs += 60_000
    await engine.submit(
      sale(network, bar, { ...from, card: from.card, amount: 1n, notAfter: notAfter() }),
    )
  }
  await engine.close()
  return readBook(network)
}

function readBook({ folder, genesis }: TestNetwork) {
  using book = new Book({ folder, genesis })
  const facts = { outcomes: outcomesOf(book), records: recordsOf(book) }
  return { sealed: sealsOf(book), blocks: blocksOf(book), ...facts }
}

function outcomesOf(book: Book): readonly string[] {
  return allTxs(book).map(({ id, outcome }) => `${id} ${encodeOutcome(outcome)}`)
}

function recordsOf(book: Book): readonly string[] {
  const kinds = ['account', 'asset', 'batch', 'card', 'clock', 'head', 'hold', 'wallet'] as const
  return kinds.flatMap((kind) =>
    book.state
      .list(kind, { limit: 10_000 })
      .map(({ id, record }) => `${kind}/${id} ${encode(record)}`),
  )
}
