/**
 * A small book whose places propose and vote, beside the plain model that says what must come of it. The file is long
 * because every step that a run can take stands here, with what is compared after it.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply } from '../src/apply.ts'
import {
  type Action,
  type Amount,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  endBlock,
  type Hash,
  type Kid,
  ONLY,
  type PlaceId,
  type PolicyTerms,
  type ProposalId,
  type State,
  type TxId,
  toHex,
  type WalletId,
  type What,
} from '../src/index.ts'
import { DELAY_MS, Model, VOTE_MS, type Wish } from './governance-model.ts'
import { START_MS, toId, toKey } from './names.ts'
import { fastHash } from './play.ts'
import { vectorGenesis } from './vector-run.ts'

const VENUES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const MANAGERS = VENUES.map((name) => `${name} manager`)
const SIGNERS = [...MANAGERS, 'operator', 'node', 'stranger'] as const
const FUND_START = 1_000
const TEXT = toHex(fastHash(new Uint8Array())) as Extract<Action, { kind: 'propose' }>['text']
const COMMONS = toId<WalletId>('commons')

const kids = new Map<string, Kid>()
const xs = new Map<string, string>()
for (const name of [...SIGNERS, 'keeper']) {
  const { kid, x } = toKey(name)
  kids.set(name, kid)
  xs.set(name, x)
}

/** The ledger on some state, without signatures: who asks is said. */
export class Book {
  readonly state: State
  readonly #hash: Hash = fastHash
  readonly #genesis = vectorGenesis({ voteMs: VOTE_MS, delayMs: DELAY_MS })
  #block: Block
  #txs = 0
  lines = 0

  constructor(state: State) {
    this.state = state
    applyGenesis(state, this.#hash, this.#genesis)
    const { chain } = this.#genesis
    this.#block = new Block({ chain, height: 1, timeMs: START_MS }, this.#hash)
    this.#found()
    this.lines = 0
  }

  #found(): void {
    for (const name of VENUES) {
      const [place, wallet] = [toId<PlaceId>(name), toId<WalletId>(`${name} wallet`)]
      const x = xs.get(`${name} manager`) ?? ''
      this.#demand('node', [
        { kind: 'place-open', place, wallet, name, node: toId('node') },
        { kind: 'keys-change', on: `place/${place}`, add: [{ x, can: ['admin'] }], remove: [] },
      ])
    }
    // A node that gave itself a key of a place: it is a node all the same.
    const x = xs.get('node') ?? ''
    this.#demand('a manager', [
      { kind: 'keys-change', on: `place/${toId('a')}`, add: [{ x, can: ['vote'] }], remove: [] },
    ])
    const amount = BigInt(FUND_START) as Amount
    const evidence = { account: 'bank/main', reference: TEXT, gross: amount, fee: 0n as Amount }
    this.#demand('node', [{ kind: 'wallet-open', wallet: toId('ana'), node: toId('node') }])
    this.#demand('keeper', [
      { kind: 'issue', to: { wallet: toId('ana') }, evidence: { ...evidence, net: amount } },
    ])
    const line = { action: 'RDS', asset: toId<never>('FED'), from: toId<WalletId>('ana') } as const
    const effects = { lines: [{ ...line, to: COMMONS, amount }] }
    const origin = { tx: toId<TxId>('filling'), bytes: 'filling', actionIndex: 0 }
    apply(this.state, { hash: this.#hash, timeMs: START_MS }, { effects, origin })
  }

  #demand(by: string, actions: readonly Action[]): void {
    const code = this.ask(by, actions)
    if (code !== undefined) throw new Error(`${by} is refused: ${code}`)
  }

  /** Decides one tx: the code of its rejection, or nothing. */
  ask(by: string, actions: readonly Action[]): string | undefined {
    this.#txs += 1
    const id = toId<TxId>(`tx ${this.#txs}`)
    const payload = { v: 1 as const, chain: this.#genesis.chain, id, actions, notAfter: 0 }
    const kid = kids.get(by) as Kid
    const bytes = `${by} ${this.#txs}`
    const { outcome } = applyTx(this.state, this.#block, { kid, payload, bytes })
    if (outcome.status === 'rejected') return outcome.rejection.code
    this.lines += outcome.lines.length
    return undefined
  }

  /** Closes the block and opens the next one, so much later. */
  pass(ms: number): void {
    endBlock(this.state, this.#block)
    const { chain, height, timeMs } = this.#block
    this.#block = new Block({ chain, height: height + 1, timeMs: timeMs + ms }, this.#hash)
    for (const { outcome } of beginBlock(this.state, this.#block)) {
      this.lines += outcome.lines.length
    }
  }
}

type Step = fc.Command<Model, Book>

class Pass implements Step {
  readonly ms: number | 'until due' | 'just before'

  constructor(ms: number | 'until due' | 'just before') {
    this.ms = ms
  }

  check = () => true

  run(model: Model, book: Book): void {
    const ms = this.#length(model)
    model.pass(ms)
    book.pass(ms)
    compare(model, book)
  }

  #length(model: Model): number {
    if (typeof this.ms === 'number') return this.ms
    const left = (model.nextMs() ?? model.timeMs + 1) - model.timeMs
    return this.ms === 'until due' ? left : left - 1
  }

  toString = () => `pass ${this.ms}`
}

/** Something asked of both: they must refuse alike, and agree on everything afterwards. */
class Asked implements Step {
  readonly told: string
  readonly by: string
  readonly expect: (model: Model, by: string) => string | undefined
  readonly action: (model: Model) => Action

  constructor(ask: Pick<Asked, 'told' | 'by' | 'expect' | 'action'>) {
    this.told = ask.told
    this.by = ask.by
    this.expect = ask.expect
    this.action = ask.action
  }

  check = () => true

  run(model: Model, book: Book): void {
    const action = this.action(model)
    const by = this.by.replace(' manager', '')
    const wanted = this.expect(model, by)
    const isKnown = this.by !== 'stranger'
    // A key without any role is refused before the order: the ledger is not even asked.
    expect(book.ask(this.by, [action])).toBe(isKnown ? wanted : (wanted ?? 'not_authorised'))
    compare(model, book)
  }

  toString = () => `${this.by}: ${this.told}`
}

function compare(model: Model, { state, lines }: Book): void {
  for (const { id, votes, status, reason, electorate } of model.motions) {
    const ballot = state.get('ballot', toId(id))
    const count = (choice: string) => [...votes.values()].filter((one) => one === choice).length
    const { dueMs: _, reason: why, ...counts } = ballot ?? {}
    const wanted = { yes: count('yes'), no: count('no'), abstain: count('abstain'), status }
    expect({ id, ...counts, reason: why?.code }).toEqual({ id, ...wanted, reason })
    expect(state.get('proposal', toId(id))?.electorate).toEqual(electorate.map((one) => toId(one)))
  }
  const params = state.get('params', ONLY)
  expect(params?.dueCap).toBe(BigInt(model.parameters.get('dueCap') ?? 0))
  const ceiling = model.parameters.get('placeHourCeiling') ?? null
  expect(params?.placeHourCeiling).toBe(ceiling === null ? undefined : BigInt(ceiling))
  const policies = state.get('asset', toId('FED'))?.policies
  expect(policies?.map(({ fromMs, personToPerson }) => ({ fromMs, personToPerson }))).toEqual(
    model.policies,
  )
  expect(state.get('upgrade', ONLY)).toEqual(model.plan)
  expect(state.get('electorate', ONLY)?.places ?? []).toEqual(
    model.admitted.map((one) => toId(one)),
  )
  for (const [name, { isSuspended, isAdmitted, federatedEuros }] of model.venues) {
    const place = state.get('place', toId(name))
    const said = { suspended: isSuspended, admitted: isAdmitted, euros: federatedEuros }
    const euros = state.get('account', `${toId(`${name} wallet`)}/${toId('FED')}`)?.balance ?? 0n
    const admitted = place?.admittedMs !== undefined
    expect({ name, suspended: place?.suspended, admitted, euros: Number(euros) }).toEqual({
      name,
      ...said,
    })
  }
  const fund = state.get('account', `${COMMONS}/${toId('FED')}`)?.balance
  expect(Number(fund)).toBe(model.fund)
  expect(model.fund + model.paid).toBe(FUND_START)
  const open = model.motions.filter(({ status }) => status === 'open' || status === 'passed')
  const agenda = state.get('agenda', ONLY)?.open.map(({ proposal }) => proposal) ?? []
  expect(agenda).toEqual(open.map(({ id }) => toId(id)))
  expect(lines).toBe(model.lines)
}

const TERMS: Omit<PolicyTerms, 'personToPerson'> = {
  spendAt: { accepted: true },
  refund: 'payout',
  limits: {},
  dayStartUtcMinutes: 0,
}

function toWhat(wish: Wish, timeMs: number): What {
  switch (wish.kind) {
    case 'parameter':
      if (wish.value === null) return { ...wish, value: null }
      return { ...wish, value: BigInt(wish.value) as Amount }
    case 'policy': {
      const terms = { ...TERMS, personToPerson: wish.personToPerson }
      return { kind: 'policy', asset: toId('FED'), fromMs: timeMs + wish.inMs, terms }
    }
    case 'grant': {
      const amount = BigInt(wish.amount) as Amount
      const to = toId<WalletId>(`${wish.to} wallet`)
      return { kind: 'grant', fund: COMMONS, to, asset: toId('FED'), amount }
    }
    case 'admit':
      return { kind: 'admit', place: toId(wish.place) }
    case 'suspend':
      return { kind: 'suspend', place: toId(wish.place), suspended: wish.suspended }
    case 'upgrade':
      return wish
  }
}

const DAY_MS = DELAY_MS
const anyVenue = fc.constantFrom(...VENUES)
const anyId = fc.nat(14).map((n) => `p${n}`)
const anyWish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constant('dueCap' as const),
    value: fc.constantFrom(50_000, 1, 2),
  }),
  fc.record({
    kind: fc.constant('parameter' as const),
    name: fc.constant('placeHourCeiling' as const),
    value: fc.constantFrom(null, 900),
  }),
  fc.record({
    kind: fc.constant('policy' as const),
    inMs: fc.constantFrom(0, 3 * DAY_MS, 93 * DAY_MS - 1, 93 * DAY_MS, 100 * DAY_MS),
    personToPerson: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('grant' as const),
    to: anyVenue,
    amount: fc.constantFrom(0, 1, 400, 700, 1_001),
  }),
  fc.record({ kind: fc.constant('admit' as const), place: anyVenue }),
  fc.record({ kind: fc.constant('suspend' as const), place: anyVenue, suspended: fc.boolean() }),
  fc.record({
    kind: fc.constant('upgrade' as const),
    rules: fc.constantFrom(1, 2, 2, 2, 3),
    height: fc.constantFrom(1, 1_000_000, 2_000_000),
  }),
)

/** Mostly the manager of the place; at times of another, the operator, a node with a key of the place, a stranger. */
const bySomebody = fc.record({
  place: anyVenue,
  other: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...SIGNERS) },
  ),
})

function toProposing({ by, place, id, wish }: Asking): Asked {
  return new Asked({
    told: `propose ${id} of ${place}: ${JSON.stringify(wish)}`,
    by,
    expect: (model, signer) => model.propose({ id, by: signer, place, wish }),
    action: ({ timeMs }) => ({
      kind: 'propose',
      proposal: toId<ProposalId>(id),
      place: toId(place),
      what: toWhat(wish, timeMs),
      text: TEXT,
    }),
  })
}

interface Asking {
  readonly by: string
  readonly place: string
  readonly id: string
  readonly wish: Wish
}

const anyProposing = fc
  .record({ who: bySomebody, id: anyId, wish: anyWish })
  .map(({ who: { place, other }, id, wish }) =>
    toProposing({ by: other ?? `${place} manager`, place, id, wish }),
  )

const anyVoting = fc
  .record({
    who: bySomebody,
    id: anyId,
    choice: fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'abstain' as const),
  })
  .map(({ who: { place, other }, id, choice }) => {
    return new Asked({
      told: `vote ${choice} on ${id} for ${place}`,
      by: other ?? `${place} manager`,
      expect: (model, signer) => model.vote({ id, by: signer, place, choice }),
      action: () => ({ kind: 'vote', proposal: toId(id), place: toId(place), choice }),
    })
  })

const anyAdmission = fc
  .record({ place: anyVenue, by: fc.constantFrom('operator', 'operator', 'node', 'a manager') })
  .map(({ place, by }) => {
    return new Asked({
      told: `admit ${place}`,
      by,
      expect: (model, signer) => model.admit(place, signer),
      action: () => ({ kind: 'place-admit', place: toId(place) }),
    })
  })

/** All places that are there vote at once: without it, few proposals would find a quorum. */
class Assembly implements Step {
  readonly id: string
  readonly choices: readonly ('yes' | 'no' | 'abstain')[]

  constructor(id: string, choices: readonly ('yes' | 'no' | 'abstain')[]) {
    this.id = id
    this.choices = choices
  }

  check = (model: Readonly<Model>) => model.motions.some(({ id }) => id === this.id)

  run(model: Model, book: Book): void {
    for (const [index, place] of VENUES.entries()) {
      const choice = this.choices[index] ?? 'yes'
      const { id } = this
      const wanted = model.vote({ id, by: place, place, choice })
      const vote = { kind: 'vote', proposal: toId<ProposalId>(id), choice } as const
      expect(book.ask(`${place} manager`, [{ ...vote, place: toId(place) }])).toBe(wanted)
    }
    compare(model, book)
  }

  toString = () => `all vote on ${this.id}: ${this.choices.join()}`
}

const anyChoices = fc.array(
  fc.constantFrom('yes' as const, 'yes' as const, 'yes' as const, 'no' as const),
  { minLength: VENUES.length, maxLength: VENUES.length },
)

const anyAssembly = fc
  .record({ id: anyId, choices: anyChoices })
  .map(({ id, choices }) => new Assembly(id, choices))

/** Proposed and voted by all at once. */
class Carried implements Step {
  readonly proposing: Asked
  readonly assembly: Assembly

  constructor(proposing: Asked, assembly: Assembly) {
    this.proposing = proposing
    this.assembly = assembly
  }

  check = () => true

  run(model: Model, book: Book): void {
    this.proposing.run(model, book)
    if (this.assembly.check(model)) this.assembly.run(model, book)
  }

  toString = () => `${this.proposing}, then ${this.assembly}`
}

/** Mostly one of the first three places asks, and all want it. */
const anyCarried = fc
  .record({
    id: anyId,
    place: fc.constantFrom(...VENUES.slice(0, 3)),
    wish: anyWish,
    choices: anyChoices,
  })
  .map(({ id, place, wish, choices }) => {
    const proposing = toProposing({ by: `${place} manager`, place, id, wish })
    return new Carried(proposing, new Assembly(id, choices))
  })

const anyPass = fc
  .constantFrom(
    ...([0, 1, DAY_MS / 2, DAY_MS, 'until due', 'until due', 'just before', 30 * DAY_MS] as const),
  )
  .map((ms) => new Pass(ms))

const anySteps = fc.commands(
  [anyCarried, anyProposing, anyCarried, anyVoting, anyAdmission, anyAssembly, anyPass, anyPass],
  { maxCommands: 80, size: 'max' },
)

/** The ledger on this kind of state does what the model says, whoever asks for whatever. */
export function runGovernanceModel(
  name: string,
  { open, numRuns }: { readonly open: () => State & Partial<Disposable>; readonly numRuns: number },
): void {
  describe(`proposals and votes on ${name}`, () => {
    it('are counted, closed and applied as by a plain model', () => {
      const seen = new Map<string, number>()
      const property = fc.property(anySteps, (steps) => {
        const state = open()
        const model = new Model(VENUES)
        model.fund = FUND_START
        for (const place of VENUES.slice(0, 3)) model.join(place)
        const book = new Book(state)
        for (const place of VENUES.slice(0, 3)) {
          book.ask('operator', [{ kind: 'place-admit', place: toId(place) }])
        }
        fc.modelRun(() => ({ model, real: book }), steps)
        for (const { status, reason, wish } of model.motions) {
          const what = reason === undefined ? `${wish.kind} ${status}` : `failed ${reason}`
          seen.set(what, (seen.get(what) ?? 0) + 1)
        }
        state[Symbol.dispose]?.()
      })
      fc.assert(property, { numRuns })
      process.stdout.write(`${JSON.stringify(Object.fromEntries([...seen].sort()))}\n`)
      expect([...seen.keys()]).toEqual(expect.arrayContaining([...REACHED]))
    })
  })
}

/** What enough runs always come to. */
const REACHED: readonly string[] = [
  ...(['parameter', 'policy', 'grant', 'admit', 'suspend', 'upgrade'] as const).flatMap((kind) => [
    `${kind} applied`,
    `${kind} rejected`,
  ]),
  'failed changed_meanwhile',
  'failed insufficient_balance',
]
