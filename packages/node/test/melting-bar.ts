/** A bar whose money melts, for tests of the engine. */
import type { Action, Amount, BatchId, Hex32 } from '@fedow/ledger'
import { COOPERATIVE_MELTING } from '@fedow/ledger'
import { expect } from 'vitest'
import { SoloEngine } from '../src/engine/solo/solo-engine.ts'
import { Book } from '../src/store/book.ts'
import { type Bar, newId, type TestNetwork } from './test-network.ts'

/** When the bar opens, and how often a hundredth of its money melts. */
export interface Melting {
  readonly beginMs: number
  readonly periodDays: number
}

/** Opens a bar whose money melts from the first day after the notice, without grace, and gives each card 10.00. */
export async function fillMeltingBar(
  network: TestNetwork,
  bar: Bar,
  melting: Melting,
): Promise<void> {
  const { beginMs } = melting
  const engine = openEngineAt(network, openBook(network), beginMs)
  for (const actions of openingOf(network, bar, melting)) {
    const tx = network.sign(actions, { notAfter: beginMs + 300_000 })
    expect(await engine.submit(tx)).toMatchObject({ outcome: { status: 'applied' } })
  }
  await engine.close()
}

export function openBook({ folder, genesis }: TestNetwork): Book {
  return new Book({ folder, genesis })
}

/** An engine for which no time passes. */
export function openEngineAt(network: TestNetwork, book: Book, timeMs: number): SoloEngine {
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

function* openingOf(
  { genesis }: TestNetwork,
  { place, wallet, asset, cards }: Bar,
  { periodDays }: Melting,
): Generator<readonly Action[]> {
  const period = { days: periodDays }
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
