import {
  type Action,
  type Amount,
  type BatchId,
  type CardId,
  COOPERATIVE_MELTING,
  DAY_MS,
  type Hex32,
  MELTS_PER_BLOCK_MAX,
  NOTICE_DAYS,
} from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { SoloEngine } from '../../src/engine/solo/solo-engine.ts'
import { auditFolder } from '../../src/store/audit.ts'
import { Book } from '../../src/store/book.ts'
import { type Bar, newBar, newId, sale, TestNetwork } from '../test-network.ts'

const CARDS = 3 * MELTS_PER_BLOCK_MAX + 17
const PERIOD_DAYS = 10
const BEGIN_MS = Date.parse('2026-03-01T09:30:00Z')
/** The first day after the notice, and one period. */
const DUE_MS = BEGIN_MS + (1 + NOTICE_DAYS + PERIOD_DAYS) * DAY_MS
/** A hundredth of 10.00. */
const MELTED = 10n

describe('more melts on one day than a block may do', () => {
  it('happen lot by lot without any payment, and a card that pays meanwhile melts before', async () => {
    using network = new TestNetwork(BEGIN_MS)
    const bar = newBar(CARDS)
    const last = await fill(network, bar)
    const book = new Book({ folder: network.folder, genesis: network.genesis })
    const meltedNow = () => book.state.get('melted', bar.asset)?.melted ?? 0n
    const engine = openEngine(network, book, DUE_MS)
    const notAfter = DUE_MS + 300_000
    const tx = sale(network, bar, { card: last, amount: 990n, notAfter })
    // All of what is left once a hundredth has melted, and not a cent more.
    expect(await engine.submit(tx)).toMatchObject({ outcome: { status: 'applied' } })
    expect(meltedNow()).toBeLessThan(BigInt(CARDS) * MELTED)
    const before = book.reader.tip().height
    for await (const { height } of engine.blocks(before)) {
      expect(height).toBeLessThan(before + 10)
      if (meltedNow() === BigInt(CARDS) * MELTED) break
    }
    expect(book.reader.tip().height).toBeGreaterThanOrEqual(before + 2)
    await engine.close()
    const { problem } = await auditFolder(network.folder)
    expect(problem).toBeUndefined()
  })
})

/** Opens a bar whose money melts, and gives each card 10.00. Answers the card that melts last. */
async function fill(network: TestNetwork, bar: Bar): Promise<CardId> {
  const book = new Book({ folder: network.folder, genesis: network.genesis })
  const engine = openEngine(network, book, BEGIN_MS)
  for (const actions of openingOf(network, bar)) {
    const tx = network.sign(actions, { notAfter: BEGIN_MS + 300_000 })
    expect(await engine.submit(tx)).toMatchObject({ outcome: { status: 'applied' } })
  }
  await engine.close()
  return bar.cards.at(-1) as CardId
}

function* openingOf(
  { genesis }: TestNetwork,
  { place, wallet, asset, cards }: Bar,
): Generator<readonly Action[]> {
  const period = { days: PERIOD_DAYS }
  const terms = {
    personToPerson: false,
    spendAt: { accepted: true },
    refund: 'issuer',
    limits: {},
    dayStartUtcMinutes: 0,
    demurrage: { ...COOPERATIVE_MELTING, graceDays: 0, period },
  } as const
  const made = { asset, place, assetKind: 'TNF', name: 'Perle', code: 'PRL', terms } as const
  const batch = newId<BatchId>()
  const root = 'a'.repeat(64) as Hex32
  const ordered = { batch, place, generation: 1, root, count: cards.length, offset: 0 } as const
  yield [{ kind: 'place-open', place, wallet, name: 'Bar', node: genesis.genesis.node.id }]
  yield [{ kind: 'asset-create', ...made }]
  yield [{ kind: 'cards-register', ...ordered, level: 'L0', cards }]
  for (let start = 0; start < cards.length; start += 16) {
    yield cards.slice(start, start + 16).map((card) => {
      return { kind: 'refill', asset, to: { card }, amount: 1_000n as Amount } as const
    })
  }
}

/** No time passes. */
function openEngine(network: TestNetwork, book: Book, timeMs: number): SoloEngine {
  const now = () => timeMs
  return new SoloEngine({
    book,
    checkpointKey: network.keys.checkpoint,
    clocks: { wall: now, monotonic: now },
    onFatal: (cause) => {
      throw cause
    },
  })
}
