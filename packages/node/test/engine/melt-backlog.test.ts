import { type CardId, DAY_MS, MELTS_PER_BLOCK_MAX, NOTICE_DAYS } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { auditFolder } from '../../src/store/audit.ts'
import { fillMeltingBar, openBook, openEngineAt } from '../melting-bar.ts'
import { newBar, sale, TestNetwork } from '../test-network.ts'

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
    await fillMeltingBar(network, bar, { beginMs: BEGIN_MS, periodDays: PERIOD_DAYS })
    const last = bar.cards.at(-1) as CardId
    const book = openBook(network)
    const meltedNow = () => book.state.get('melted', bar.asset)?.melted ?? 0n
    const engine = openEngineAt(network, book, DUE_MS)
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
