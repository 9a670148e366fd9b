/** Laws of free money: time, order and silence change nothing. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type Action,
  type AskedDividend,
  type AssetId,
  encode,
  MemoryState,
  type WalletId,
} from '../src/index.ts'
import { HOUR_MS } from '../src/limits.ts'
import { brokenDividends } from './dividend-histories.ts'
import { toId } from './names.ts'
import { fastHash, Play } from './play.ts'

const FREE = toId<AssetId>('asset a')
const PERSONS = ['ana', 'bob', 'cy'] as const
type Person = (typeof PERSONS)[number]

interface Deed {
  readonly afterMs: number
  /** Where this time is cut into blocks, in thousandths. */
  readonly cuts: readonly number[]
  readonly person: Person
  readonly what: 'member-admit' | 'member-leave' | 'dividend' | 'nothing'
}

const anyDeed: fc.Arbitrary<Deed> = fc.record({
  afterMs: fc.oneof(
    fc.integer({ min: 0, max: 6 }).map((hours) => hours * HOUR_MS),
    fc.integer({ min: 0, max: 50 * HOUR_MS }),
  ),
  cuts: fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 3 }),
  person: fc.constantFrom(...PERSONS),
  what: fc.constantFrom('member-admit', 'member-admit', 'member-leave', 'dividend', 'nothing'),
})

const anyStory = fc.record({
  profile: fc.constantFrom('g1-v1' as const, 'g1-v2' as const),
  deeds: fc.array(anyDeed, { minLength: 3, maxLength: 12 }),
  order: fc.shuffledSubarray([...PERSONS], { minLength: PERSONS.length }),
})

it('comes to the same records in any blocks, and pays the same in any order of claims', () => {
  fc.assert(
    fc.property(anyStory, ({ profile, deeds, order }) => {
      const whole = tell({ profile, deeds, order: PERSONS, isCut: false })
      const cut = tell({ profile, deeds, order: PERSONS, isCut: true })
      expect(toText(cut)).toEqual(toText(whole))
      expect(balances(cut)).toEqual(balances(whole))
      const other = tell({ profile, deeds, order, isCut: true })
      expect(balances(other)).toEqual(balances(whole))
      expect(other.get('dividend', FREE)).toEqual(whole.get('dividend', FREE))
    }),
    { numRuns: 60 },
  )
})

it.each(['g1-v1', 'g1-v2'] as const)(
  'pays a member who claims once what it pays who claims each day: %s',
  (profile) => {
    const state = new MemoryState()
    const book = begin(state, profile)
    for (const person of ['ana', 'bob'] as const) ask(book, { what: 'member-admit', person })
    for (let day = 0; day < 40; day += 1) {
      book.open(24 * HOUR_MS + day)
      ask(book, { what: 'dividend', person: 'ana' })
      expect(brokenDividends(state, fastHash)).toEqual([])
    }
    ask(book, { what: 'dividend', person: 'bob' })
    const [ana, bob] = balances(state)
    expect(ana).toBe(bob)
    expect(ana).toBeGreaterThan(40n * 24n * 1_000n)
  },
)

function tell({
  profile,
  deeds,
  order,
  isCut,
}: {
  profile: AskedDividend['profile']
  deeds: readonly Deed[]
  order: readonly Person[]
  isCut: boolean
}): MemoryState {
  const state = new MemoryState()
  const book = begin(state, profile)
  for (const deed of deeds) {
    const cuts = isCut ? deed.cuts.toSorted((a, b) => a - b) : []
    let passedMs = 0
    for (const cut of cuts) {
      const untilMs = Math.floor((deed.afterMs * cut) / 1_000)
      book.open(untilMs - passedMs)
      book.close()
      passedMs = untilMs
    }
    book.open(deed.afterMs - passedMs)
    const { what, person } = deed
    if (what !== 'nothing') ask(book, { what, person })
    expect(brokenDividends(state, fastHash)).toEqual([])
    book.close()
  }
  book.open(0)
  for (const person of order) ask(book, { what: 'dividend', person })
  book.close()
  expect(brokenDividends(state, fastHash)).toEqual([])
  return state
}

/** Small numbers and steep growth, so that every re-evaluation shows. */
function begin(state: MemoryState, profile: AskedDividend['profile']): Play {
  const book = Play.found(state)
  book.open(0)
  const periods = { periodS: 3_600, reevalS: 10_000 }
  const dividend: AskedDividend =
    profile === 'g1-v1'
      ? { profile, ...periods, cPpb: 300_000_000 }
      : { profile, ...periods, cSquaredPpb: 90_000_000 }
  const { outcome } = book.ask({
    by: 'node',
    actions: [
      {
        ...{ kind: 'asset-create', asset: FREE, place: toId('bar'), assetKind: 'LIB' },
        ...{ name: 'Freer', code: 'A', dividend },
      },
    ],
  })
  expect(outcome).toMatchObject({ status: 'applied' })
  return book
}

/** Refusals are part of the story: who is no member gets nothing, whatever the blocks. */
function ask(book: Play, { what, person }: { what: Action['kind']; person: Person }): void {
  const asked = { kind: what, asset: FREE, wallet: toId<WalletId>(person) }
  const action = what === 'member-admit' ? { ...asked, place: toId('bar') } : asked
  book.ask({ by: person === 'cy' ? byOf(what) : 'node', actions: [action as Action] })
}

/** The wallet of cy is kept by the other node; the bar is served by this one. */
function byOf(what: Action['kind']): string {
  return what === 'member-admit' ? 'node' : 'other node'
}

function balances(state: MemoryState): readonly bigint[] {
  return PERSONS.map((name) => {
    const account = state.get('account', `${toId<WalletId>(name)}/${FREE}`)
    return account?.balance ?? 0n
  })
}

/** Records of free money. Lines of what fell due beside it carry the height of their block. */
function toText(state: MemoryState): readonly string[] {
  const records = [...state.all()].filter(([key]) => /^(?:dividend|member)\//.test(key))
  return records.map(([key, record]) => `${key} ${encode(record)}`).sort()
}
