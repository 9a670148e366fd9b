/** Laws of melting: a naive model agrees, and neither blocks, queues, silence nor questions change what anybody has. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Draft,
  dayOf,
  dueMelts,
  encode,
  MemoryState,
  meltDayOf,
  meltsUntil,
  sleeperOf,
} from '../src/index.ts'
import { accountOf, walletOfHolder } from './melt-book.ts'
import { brokenMelting, LineSums, toldByHolders } from './melt-laws.ts'
import { anyAges, anyLife, anyStory, MONEYS, type Story } from './melt-story.ts'
import { type Blocks, tell } from './melt-telling.ts'
import { NaiveWorld } from './naive-melting.ts'
import { START_MS, toId } from './names.ts'

const SEED = Number(process.env['FEDOW_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
console.log(`melting seed: ${SEED}`)

const withSeed = (numRuns: number) => ({ numRuns, seed: SEED })

describe('melting', () => {
  it.each([
    ['whatever happens', anyLife],
    ['where ages meet', anyAges],
  ])('is what a naive model makes of the specification, day by day, %s', (_, stories) => {
    let melts = 0
    fc.assert(
      fc.property(stories, (story) => {
        const naive = new NaiveWorld(story, START_MS)
        const state = new MemoryState()
        const { lines } = tell({
          story,
          blocks: 'deed',
          state,
          onDeed: (book, { does }, isApplied) => {
            naive.live(book.timeMs)
            // What a policy may announce has its own tests: here the book's word is taken for it.
            const isAgreed = does.act === 'policy' ? isApplied && naive.act(does) : naive.act(does)
            expect([does, isApplied]).toEqual([does, isAgreed])
          },
        })
        expect(toldByBook(state, naive)).toEqual(toldByModel(naive))
        melts += lines.filter(({ action }) => action === 'MLT').length
      }),
      withSeed(60),
    )
    expect(melts).toBeGreaterThan(20)
  })

  it.each<Blocks>(['shared', 'cuts', 'days', 'slow'])(
    'comes to the same whatever the blocks: %s',
    (blocks) => {
      fc.assert(
        fc.property(anyStory, (story) => {
          expect(holders(story, blocks)).toEqual(holders(story, 'deed'))
        }),
        withSeed(blocks === 'slow' || blocks === 'days' ? 12 : 30),
      )
    },
  )

  it('conserves money at every line: holders and pools have what is issued and not redeemed', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const state = new MemoryState()
        const { lines } = tell({
          story,
          blocks: 'cuts',
          state,
          onDeed: () => expect(brokenMelting(state)).toEqual([]),
        })
        const sums = new LineSums(state)
        for (const line of lines) expect(sums.add(line)).toEqual([])
        expect(sums.brokenBalances(state)).toEqual([])
        expect(brokenMelting(state)).toEqual([])
      }),
      withSeed(25),
    )
  })

  it('is changed by no question: neither by a schedule, nor by a draft that is thrown away', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 0, max: 800 }), (story, days) => {
        const [asked, silent] = [new MemoryState(), new MemoryState()]
        const told = tell({
          story,
          blocks: 'deed',
          state: asked,
          onDeed: (book) => {
            const before = new Map(asked.all())
            ask(asked, dayOf(book.timeMs) + days)
            expect(asked.all()).toEqual(before)
          },
        })
        const quiet = tell({ story, blocks: 'deed', state: silent })
        expect(told.lines).toEqual(quiet.lines)
        expect(texts(asked)).toEqual(texts(silent))
      }),
      withSeed(25),
    )
  })
})

function holders(story: Story, blocks: Blocks): readonly string[] {
  const state = new MemoryState()
  tell({ story, blocks, state })
  return toldByHolders(state)
}

function texts(state: MemoryState): readonly string[] {
  return [...state.all()].map(([key, record]) => `${key} ${encode(record)}`).sort()
}

/** Everything that looks ahead, on the state and on a draft of it. */
function ask(state: MemoryState, untilDay: number): void {
  const draft = new Draft(state)
  for (const { id } of state.entries('account')) {
    meltDayOf(state, id)
    dueMelts(draft, id, untilDay)
    const sleeper = sleeperOf(state, id)
    if (sleeper !== undefined) for (const melt of meltsUntil(sleeper, untilDay)) void melt
  }
}

/** Balances, holds and totals as the book has them, for the holders that the model knows. */
function toldByBook(state: MemoryState, naive: NaiveWorld): readonly string[] {
  const pots = [...naive.pots.values()].map(({ holder, money }) => {
    const { balance, held } = accountOf(state, holder, money)
    return `${holder} ${money} ${balance} ${held}`
  })
  const known = new Set(
    [...naive.pots.values()].map((pot) => `${walletOfHolder(pot.holder)}/${toId(pot.money)}`),
  )
  const others = [...state.entries('account')].flatMap(({ id, record }) => {
    const kind = state.get('wallet', id.slice(0, 36))?.kind
    const isOutside = kind === 'issuance' || kind === 'pool' || record.balance === 0n
    return isOutside || known.has(id) ? [] : [`${id} ${record.balance}`]
  })
  const totals = MONEYS.map((money) => {
    const total = state.get('melted', toId(money))
    return `${money} ${Object.values(total ?? {}).join(' ') || '0 0 0 0 0'}`
  })
  return [...pots, ...others, ...totals].sort()
}

function toldByModel(naive: NaiveWorld): readonly string[] {
  const pots = [...naive.pots].map(([name, { balance }]) => {
    return `${name} ${balance} ${naive.heldOf(name)}`
  })
  const totals = [...naive.shared].map(
    ([money, { melted, places, commons, maintenance, burnt }]) => {
      return `${money} ${[melted, places, commons, maintenance, burnt].join(' ')}`
    },
  )
  return [...pots, ...totals].sort()
}
