/** A clock that jumps a year ahead melts nothing before somebody vouches for it; then it melts what a year melts, to the cent. */
import {
  type Amount,
  type CardId,
  DAY_MS,
  NOTICE_DAYS,
  type StateReader,
  walletOf,
} from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { ClockGapError, type Clocks } from '../src/engine/solo/clock.ts'
import { type OwnTx, startNode } from '../src/node.ts'
import { auditFolder } from '../src/store/audit.ts'
import { sha256 } from '../src/store/hash.ts'
import { fillMeltingBar, openBook } from './melting-bar.ts'
import { type Bar, newBar, newId, TestNetwork } from './test-network.ts'

const BEGIN_MS = Date.parse('2026-11-23T09:30:00Z')
const PERIOD_DAYS = 30
/** Melts of each card in the days that a clock jumps: the last of them is due on its last day. */
const PERIODS = 10
const JUMP_MS = (1 + NOTICE_DAYS + PERIODS * PERIOD_DAYS) * DAY_MS

/** A machine whose wall clock alone is set by hand. */
class TestClocks implements Clocks {
  wallMs = BEGIN_MS

  wall(): number {
    return this.wallMs
  }

  monotonic(): number {
    return 0
  }
}

/** A hundredth of what is left, rounded down, period by period. */
function leftAfter(periods: number): bigint {
  let left = 1_000n
  for (let n = 0; n < periods; n += 1) left -= left / 100n
  return left
}

function balancesOf(state: StateReader, bar: Bar): readonly (bigint | undefined)[] {
  return bar.cards.map((card) => {
    const record = state.get('card', card)
    const wallet = record && walletOf(sha256, card, record)
    return state.get('account', `${wallet}/${bar.asset}`)?.balance
  })
}

function saleOf(bar: Bar, amount: bigint): OwnTx {
  const parts = [{ asset: bar.asset, amount: amount as Amount }]
  const [card] = bar.cards
  return { id: newId(), actions: [{ kind: 'sale', card: card as CardId, to: bar.place, parts }] }
}

describe('a clock that is set a year ahead', () => {
  it('stops a running node from booking anything, and a right one lets it go on', async () => {
    using network = new TestNetwork(BEGIN_MS)
    const bar = newBar(3)
    await fillMeltingBar(network, bar, { beginMs: BEGIN_MS, periodDays: PERIOD_DAYS })
    const clocks = new TestClocks()
    const config = readConfig({ FEDOW_DATA: network.folder })
    await using node = await startNode(config, { listen: 'socket', clocks })
    expect(await node.submitOwn(saleOf(bar, 1n))).toMatchObject({ status: 'decided' })
    clocks.wallMs += JUMP_MS
    expect(await node.submitOwn(saleOf(bar, 1n))).toMatchObject({
      status: 'refused',
      code: 'clock_jumped',
    })
    clocks.wallMs -= JUMP_MS
    expect(await node.submitOwn(saleOf(bar, 1n))).toMatchObject({
      outcome: { status: 'applied' },
    })
    expect(balancesOf(node.state, bar)).toEqual([998n, 1_000n, 1_000n])
    expect(node.state.get('melted', bar.asset)).toBeUndefined()
  })

  it('keeps a node from starting until somebody says that it is right; then a year melts', async () => {
    using network = new TestNetwork(BEGIN_MS)
    const bar = newBar(3)
    await fillMeltingBar(network, bar, { beginMs: BEGIN_MS, periodDays: PERIOD_DAYS })
    const clocks = new TestClocks()
    clocks.wallMs += JUMP_MS
    const options = { listen: 'socket', clocks } as const
    const wary = readConfig({ FEDOW_DATA: network.folder })
    await expect(startNode(wary, options)).rejects.toThrow(ClockGapError)
    {
      using book = openBook(network)
      expect(balancesOf(book.state, bar)).toEqual([1_000n, 1_000n, 1_000n])
    }
    {
      const sure = readConfig({ FEDOW_DATA: network.folder, FEDOW_ACCEPT_CLOCK: 'yes' })
      await using node = await startNode(sure, options)
      const left = leftAfter(PERIODS)
      // The first gesture of that day finds what the year has left, whether or not a block came before it.
      const tooMuch = await node.submitOwn(saleOf(bar, left + 1n))
      expect(tooMuch).toMatchObject({ outcome: { status: 'rejected' } })
      expect(await node.submitOwn(saleOf(bar, left))).toMatchObject({
        outcome: { status: 'applied' },
      })
      expect(balancesOf(node.state, bar)).toEqual([0n, left, left])
      expect(node.state.get('melted', bar.asset)?.melted).toBe(3n * (1_000n - left))
    }
    const { problem } = await auditFolder(network.folder)
    expect(problem).toBeUndefined()
  })

  it('lets nothing melt twice, nor come back, when it is set right again', async () => {
    using network = new TestNetwork(BEGIN_MS)
    const bar = newBar(1)
    await fillMeltingBar(network, bar, { beginMs: BEGIN_MS, periodDays: PERIOD_DAYS })
    const clocks = new TestClocks()
    const config = readConfig({ FEDOW_DATA: network.folder, FEDOW_ACCEPT_CLOCK: 'yes' })
    const left = leftAfter(PERIODS) - 1n
    for (const aheadMs of [JUMP_MS, 0, JUMP_MS]) {
      clocks.wallMs = BEGIN_MS + aheadMs
      await using node = await startNode(config, { listen: 'socket', clocks })
      if (node.state.get('melted', bar.asset) === undefined) {
        expect(await node.submitOwn(saleOf(bar, 1n))).toMatchObject({
          outcome: { status: 'applied' },
        })
      }
      expect(balancesOf(node.state, bar)).toEqual([left])
    }
    const { problem } = await auditFolder(network.folder)
    expect(problem).toBeUndefined()
  })
})
