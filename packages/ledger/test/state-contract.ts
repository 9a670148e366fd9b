/** What every State must do. Run with MemoryState here, and by the node with its own. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AMOUNT_MAX,
  type Amount,
  Draft,
  encode,
  type Hold,
  type KeptWhat,
  type Proposal,
  RECORDS,
  type RecordKind,
  type RecordOf,
  type State,
  ZERO,
} from '../src/index.ts'
import { toId, toKey } from './names.ts'

const LARGEST = Number.MAX_SAFE_INTEGER
const TIME_MAX = 9_000_000_000_000
const WHOLE = AMOUNT_MAX as Amount
const SHA = 'f'.repeat(64) as RecordOf<'head'>['hash']
const { x, kid } = toKey('state contract')

/** For each kind, records from the emptiest to the fullest that its shape allows. */
export const SAMPLES: { readonly [K in RecordKind]: readonly RecordOf<K>[] } = {
  account: [
    { balance: 0n, held: ZERO, last: 0 },
    { balance: AMOUNT_MAX, held: WHOLE, last: LARGEST },
    { balance: -AMOUNT_MAX, held: ZERO, last: 1 },
    { balance: 2n ** 31n, held: (2n ** 32n + 1n) as Amount, last: 2 ** 32 },
    { balance: 1n, held: ZERO, last: 1, sinceDay: 104_166, ageMs: TIME_MAX, meltedDay: 0 },
  ],
  agenda: [{ open: [] }, { open: [{ proposal: toId('proposal'), place: toId('place') }] }],
  asset: [
    {
      kind: 'EUR',
      name: 'é',
      code: '€',
      minorPerUnit: 100,
      archived: false,
      sharedIn: [],
      policies: [policy(1)],
      createdUs: 0,
    },
    {
      kind: 'TLF',
      name: 'n'.repeat(100),
      code: '\u{1f600}x',
      issuer: toId('place'),
      minorPerUnit: 100,
      archived: true,
      sharedIn: Array.from({ length: 16 }, (_, n) => toId(`federation ${n}`)),
      policies: Array.from({ length: 32 }, (_, n) => policy(n + 1)),
      createdUs: TIME_MAX * 1_000,
    },
  ],
  ballot: [
    { yes: 0, no: 0, abstain: 0, status: 'open', dueMs: 1 },
    { yes: 1_024, no: 0, abstain: 0, status: 'passed', dueMs: TIME_MAX },
    { yes: 0, no: 1_024, abstain: 0, status: 'rejected' },
    {
      yes: 1,
      no: 0,
      abstain: 3,
      status: 'failed',
      reason: { code: 'insufficient_balance', with: { asset: toId('asset'), missing: LARGEST } },
    },
  ],
  batch: [
    { place: toId('place'), generation: 0, root: SHA, count: 1, registered: 0, level: 'L0' },
    {
      place: toId('place'),
      generation: 1_000_000,
      root: SHA,
      count: 1_000_000,
      registered: 1_000_000,
      level: 'L3',
    },
  ],
  card: [
    { batch: toId('batch'), status: 'live', counter: 0, primary: [] },
    {
      batch: toId('batch'),
      status: 'lost',
      counter: LARGEST,
      person: toId('person'),
      own: toId('own'),
      primary: Array.from({ length: 64 }, (_, n) => toId(`place ${n}`)),
      spent: Object.fromEntries(
        Array.from({ length: 512 }, (_, n) => [
          toId(`asset ${n}`),
          { day: { window: 100_000_000, used: WHOLE } },
        ]),
      ),
    },
  ],
  clock: [
    { line: 0, timeUs: 0 },
    { line: LARGEST, timeUs: TIME_MAX * 1_000 },
  ],
  credit: [
    { limit: ZERO, earned: ZERO },
    { limit: WHOLE, earned: WHOLE },
  ],
  dividend: [
    {
      terms: {
        profile: 'g1-v1',
        ...{ first: 1n as Amount, periodS: 3_600, reevalS: 3_600, cPpb: 1, digits: 1 },
      },
      ...{ ud: 1n as Amount, unitBase: 0, mass: ZERO, massAtReeval: ZERO, members: 0 },
      ...{ nextMs: 0, nextReevalMs: 0, sum: ZERO, made: 0, series: [reeval(0)] },
    },
    {
      terms: {
        profile: 'g1-v2',
        ...{ first: WHOLE, periodS: 630_720_000, reevalS: 630_720_000 },
        cSquaredPpb: 1_000_000_000,
      },
      ...{ ud: WHOLE, unitBase: 15, mass: WHOLE, massAtReeval: WHOLE, members: LARGEST },
      ...{ nextMs: LARGEST, nextReevalMs: LARGEST, sum: WHOLE, made: LARGEST },
      series: Array.from({ length: 40 }, (_, n) => reeval(LARGEST - n)),
      endedMs: TIME_MAX,
    },
  ],
  electorate: [
    { places: [toId('place')] },
    { places: Array.from({ length: 1_024 }, (_, n) => toId(`place ${n}`)) },
  ],
  evidence: [
    { tx: toId('tx'), amount: ZERO },
    { tx: toId('tx'), amount: WHOLE },
  ],
  federation: [
    { name: 'é', places: [], invited: [], assets: [] },
    {
      name: 'n'.repeat(100),
      places: [toId('place')],
      invited: [toId('other')],
      assets: [toId('asset')],
    },
  ],
  grant: [
    { can: [] },
    {
      can: ['sell', 'cards'],
      limits: { perSale: ZERO, perHour: WHOLE, perDay: WHOLE, untilMs: TIME_MAX },
      spent: { hour: { window: 0, used: ZERO }, day: { window: 1, used: WHOLE } },
    },
  ],
  head: [
    { seq: 1, hash: SHA },
    { seq: LARGEST, hash: SHA },
  ],
  hold: [hold(1), { ...hold(TIME_MAX), amount: WHOLE, card: toId('card') }],
  import: [
    { line: 0, timeUs: 0 },
    { line: LARGEST, timeUs: TIME_MAX * 1_000, last: toId('line'), source: SHA },
  ],
  'issue-approval': [
    {
      ...{ card: toId('card'), account: 'bank/main', gross: ZERO, fee: ZERO, net: ZERO },
      ...{ by: kid, atMs: 0 },
    },
    {
      ...{ wallet: toId('wallet'), account: `transit/${'n'.repeat(32)}`, gross: WHOLE },
      ...{ fee: WHOLE, net: WHOLE, by: kid, atMs: TIME_MAX },
    },
  ],
  issuing: [{ day: { window: 0, used: ZERO } }, { day: { window: 100_000_000, used: WHOLE } }],
  key: [
    { x, roles: [] },
    {
      x,
      roles: [
        { on: 'network', can: ['admin'] },
        {
          on: `place/${toId('place')}`,
          can: [],
          limits: { perSale: WHOLE },
          spent: { day: { window: 20_000, used: 1n as Amount } },
        },
      ],
    },
  ],
  melted: [
    { melted: ZERO, places: ZERO, commons: ZERO, maintenance: ZERO, burnt: ZERO },
    { melted: WHOLE, places: WHOLE, commons: WHOLE, maintenance: WHOLE, burnt: WHOLE },
  ],
  member: [
    { place: toId('place'), sinceMs: 0, sum: ZERO },
    { place: toId('place'), sinceMs: TIME_MAX, sum: WHOLE },
  ],
  node: [
    { name: 'n', can: [], keys: [] },
    { name: 'n', can: ['host'], keys: [kid] },
  ],
  offer: [
    {
      place: toId('place'),
      give: toId('a'),
      take: toId('b'),
      rate: { give: 1, take: 1_000_000_000 },
      openedMs: 0,
    },
    {
      place: toId('place'),
      give: toId('a'),
      take: toId('b'),
      rate: { give: 1, take: 1 },
      perPersonDay: WHOLE,
      minimum: WHOLE,
      untilMs: TIME_MAX,
      openedMs: TIME_MAX,
    },
  ],
  'offer-use': [{ spent: {} }, { spent: { day: { window: 1, used: WHOLE } } }],
  params: [
    {
      network: 'n',
      chain: '0'.repeat(32) as RecordOf<'params'>['chain'],
      fed: toId('fed'),
      eur: toId('eur'),
      keeper: toId('keeper'),
      due: toId('due'),
      keys: [kid],
      fedCap: WHOLE,
      dueCap: ZERO,
      placeHourCeiling: 1n as Amount,
      issueDayMax: WHOLE,
      twoKeepersAbove: ZERO,
      voteMs: 86_400_000,
      delayMs: 7_776_000_000,
    },
  ],
  payout: [
    { wallet: toId('from'), amount: ZERO, openedMs: 0 },
    { wallet: toId('from'), amount: WHOLE, openedMs: TIME_MAX },
  ],
  place: [
    {
      name: 'p',
      wallet: toId('wallet'),
      node: toId('node'),
      keys: [kid],
      federations: [toId('federation')],
      suspended: true,
      openedMs: TIME_MAX,
      admittedMs: TIME_MAX,
    },
  ],
  'place-name': [{ place: toId('place') }],
  pool: [
    { amount: ZERO, dueMs: 0 },
    { amount: WHOLE, dueMs: TIME_MAX },
  ],
  proposal: [
    proposal({ kind: 'parameter', name: 'fedCap', value: WHOLE, before: ZERO }),
    proposal({ kind: 'parameter', name: 'voteMs', value: null, before: 86_400_000 }),
    proposal({ kind: 'upgrade', rules: 2, height: LARGEST, before: { rules: 2, height: 1 } }),
  ],
  reserve: [
    { accounts: [{ name: 'bank/main', sinceMs: 0 }] },
    {
      accounts: Array.from({ length: 64 }, (_, n) => ({
        name: `provider/${'n'.repeat(30)}${n}`,
        sinceMs: TIME_MAX,
      })),
    },
  ],
  spending: [{ spent: {} }, { spent: { day: { window: 1, used: WHOLE } } }],
  statement: [
    { balance: -AMOUNT_MAX, book: ZERO, atMs: 0, reference: SHA, postedMs: 0 },
    { balance: AMOUNT_MAX, book: WHOLE, atMs: TIME_MAX, reference: SHA, postedMs: TIME_MAX },
  ],
  subscription: [
    { total: ZERO, startMs: 0, count: 1 },
    { total: WHOLE, startMs: TIME_MAX, count: LARGEST },
  ],
  takings: [{ spent: {} }, { spent: { hour: { window: 1, used: WHOLE } } }],
  till: [{ spent: {} }, { spent: { day: { window: 1, used: WHOLE } } }],
  upgrade: [{ rules: 2, height: LARGEST }],
  vote: [
    { choice: 'yes', timeMs: 0 },
    { choice: 'abstain', timeMs: TIME_MAX },
  ],
  wallet: [
    { kind: 'card', assets: [] },
    {
      kind: 'person',
      node: toId('node'),
      origin: toId('place'),
      keys: [kid],
      assets: Array.from({ length: 512 }, (_, n) => toId(`asset ${n}`)),
    },
    { kind: 'reserve', name: 'bank/main', assets: [] },
    { kind: 'place', place: toId('place'), assets: [] },
    { kind: 'card', activeDay: 104_166, keptUntilDay: 0, assets: [] },
  ],
}

const KINDS = Object.keys(SAMPLES) as RecordKind[]

/** Runs the contract on fresh, empty states. */
export function stateContract(name: string, open: () => State): void {
  describe(`${name} keeps the State contract`, () => {
    it.each(KINDS)('gives back each record of the kind %s as it was put', (kind) => {
      const state = open()
      for (const [index, record] of SAMPLES[kind].entries()) put(state, kind, `r${index}`, record)
      for (const [index, record] of SAMPLES[kind].entries()) {
        expect(state.get(kind, `r${index}`)).toEqual(record)
      }
    })

    it('knows no record that was not put, or that was removed', () => {
      const state = open()
      for (const kind of KINDS) expect(state.get(kind, 'a')).toBeUndefined()
      state.remove('head', 'a')
      state.put('head', 'a', { seq: 1, hash: SHA })
      state.remove('head', 'a')
      state.remove('head', 'a')
      expect(state.get('head', 'a')).toBeUndefined()
      state.put('head', 'a', { seq: 2, hash: SHA })
      expect(state.get('head', 'a')?.seq).toBe(2)
    })

    it('keeps the last record of an id, and the ids of kinds apart', () => {
      const state = open()
      state.put('place-name', 'a', { place: toId('one') })
      state.put('evidence', 'a', { tx: toId('tx'), amount: 1n as Amount })
      state.put('place-name', 'a', { place: toId('two') })
      expect(state.get('place-name', 'a')).toEqual({ place: toId('two') })
      expect(state.get('evidence', 'a')?.amount).toBe(1n)
      state.remove('evidence', 'a')
      expect(state.get('place-name', 'a')).toBeDefined()
    })

    it('tells ids apart to the letter, long ones with slashes too', () => {
      const state = open()
      const till = `${toId('node')}/place/${toId('place')}/${toId('till')}`
      const ids = ['a', 'A', 'á', 'a/b', 'a/b/c', 'a%', 'a_', till]
      ids.forEach((id, seq) => {
        state.put('head', id, { seq: seq + 1, hash: SHA })
      })
      expect(ids.map((id) => state.get('head', id)?.seq)).toEqual(ids.map((_, seq) => seq + 1))
    })

    it('lists due holds by expiry, then id, up to the time and the number asked for', () => {
      const state = open()
      for (const [id, expiresMs] of [
        ['c', 20],
        ['b', 10],
        ['a', 20],
        ['B', 20],
        ['d', 21],
      ] as const) {
        state.put('hold', id, hold(expiresMs))
      }
      expect(state.due('hold', 9, 10)).toEqual([])
      expect(state.due('hold', 10, 10)).toEqual(['b'])
      expect(state.due('hold', 20, 10)).toEqual(['b', 'B', 'a', 'c'])
      expect(state.due('hold', 20, 3)).toEqual(['b', 'B', 'a'])
      expect(state.due('hold', TIME_MAX, 0)).toEqual([])
      state.remove('hold', 'b')
      state.put('hold', 'c', hold(1))
      expect(state.due('hold', 21, 10)).toEqual(['c', 'B', 'a', 'd'])
    })

    it('shows changes of a draft there alone until they are committed', () => {
      const state = open()
      state.put('hold', 'old', hold(5))
      state.put('head', 'old', { seq: 1, hash: SHA })
      const draft = new Draft(state)
      draft.remove('hold', 'old')
      draft.put('hold', 'new', hold(4))
      draft.put('head', 'old', { seq: 2, hash: SHA })
      expect(draft.due('hold', 9, 9)).toEqual(['new'])
      expect(draft.get('head', 'old')?.seq).toBe(2)
      expect(state.due('hold', 9, 9)).toEqual(['old'])
      expect(state.get('hold', 'new')).toBeUndefined()
      expect(state.get('head', 'old')?.seq).toBe(1)
      draft.commit()
      expect(state.due('hold', 9, 9)).toEqual(['new'])
      expect(state.get('hold', 'old')).toBeUndefined()
      expect(state.get('head', 'old')?.seq).toBe(2)
    })

    it('is the same as a plain map, with drafts over drafts kept or thrown away', () => {
      fc.assert(
        fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
          const layers: State[] = [open()]
          const models = [new Map<string, number>()]
          for (const step of steps) {
            takeStep(step, layers, models)
            const [layer, model] = [layers.at(-1), models.at(-1)]
            const { untilMs, max } = step
            expect(layer?.due('hold', untilMs, max)).toEqual(
              dueIn(model ?? new Map(), untilMs, max),
            )
            expect(layer?.get('hold', step.id)?.expiresMs).toBe(model?.get(step.id))
          }
        }),
        { numRuns: 60 },
      )
    })
  })
}

const anyStep = fc.record({
  what: fc.constantFrom('put', 'put', 'remove', 'draft', 'commit', 'discard'),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  expiresMs: fc.integer({ min: 1, max: 4 }),
  untilMs: fc.integer({ min: 0, max: 5 }),
  max: fc.integer({ min: 0, max: 5 }),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

function takeStep(step: Step, layers: State[], models: Map<string, number>[]): void {
  const [layer, model] = [layers.at(-1), models.at(-1)]
  if (layer === undefined || model === undefined) return
  if (step.what === 'put') {
    layer.put('hold', step.id, hold(step.expiresMs))
    model.set(step.id, step.expiresMs)
  } else if (step.what === 'remove') {
    layer.remove('hold', step.id)
    model.delete(step.id)
  } else if (step.what === 'draft' && layers.length < 3) {
    layers.push(new Draft(layer))
    models.push(new Map(model))
  } else if (step.what === 'commit' && layer instanceof Draft) {
    layer.commit()
    layers.pop()
    models.splice(-2, 1)
  } else if (step.what === 'discard' && layer instanceof Draft) {
    layers.pop()
    models.pop()
  }
}

function dueIn(model: ReadonlyMap<string, number>, untilMs: number, max: number): string[] {
  return [...model]
    .filter(([, expiresMs]) => expiresMs <= untilMs)
    .sort(([a, first], [b, second]) => first - second || (a < b ? -1 : 1))
    .map(([id]) => id)
    .slice(0, max)
}

function put<K extends RecordKind>(state: State, kind: K, id: string, record: RecordOf<K>): void {
  // A sample that its shape refuses would prove nothing.
  expect(RECORDS[kind](JSON.parse(encode(record)), kind)).toEqual(record)
  state.put(kind, id, record)
}

function hold(expiresMs: number): Hold {
  return {
    from: toId('from'),
    place: toId('place'),
    asset: toId('asset'),
    amount: 1n as Amount,
    expiresMs,
  }
}

function reeval(atMs: number): RecordOf<'dividend'>['series'][number] {
  return { atMs, ud: WHOLE, unitBase: 15, mass: WHOLE, members: LARGEST }
}

function policy(version: number): RecordOf<'asset'>['policies'][number] {
  const limits = { balance: WHOLE, sale: ZERO, day: 1n as Amount }
  return {
    version,
    fromMs: version,
    personToPerson: true,
    spendAt: version % 2 === 0 ? { accepted: true } : { only: [toId('place')] },
    refund: 'payer',
    limits: { L0: limits, L2: {}, L3: limits },
    dayStartUtcMinutes: 1_439,
    ...(version % 2 === 0 && {
      days: [0, 6],
      dayCap: WHOLE,
      creditGrowth: { ratePpm: 1_000_000, max: WHOLE },
    }),
  }
}

function proposal(what: KeptWhat): Proposal {
  return {
    place: toId('place'),
    what,
    text: SHA,
    electorate: [toId('place'), toId('other')],
    openedMs: 0,
    closesMs: 1,
    appliesMs: TIME_MAX,
  }
}
