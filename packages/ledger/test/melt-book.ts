/** Plays stories of money that sleeps on any State, in any blocks. Signatures are not what they are about. */

import type { Amount } from '../src/index.ts'
import {
  type Action,
  applyGenesis,
  applyTx,
  Block,
  beginBlock,
  type CardId,
  cardWalletId,
  encodeGenesis,
  encodePayload,
  endBlock,
  type HoldId,
  type Line,
  Malformed,
  type Outcome,
  type PlaceId,
  parseGenesis,
  type SignedGenesis,
  type State,
  type StateReader,
  type TxId,
  type WalletId,
} from '../src/index.ts'
import type { TxPayload } from '../src/tx.ts'
import { HISTORY_GENESIS } from './histories.ts'
import {
  type Act,
  type Bearing,
  CARDS,
  isPerson,
  MONEYS,
  type Money,
  PERSONS,
  type Story,
} from './melt-story.ts'
import { START_MS, signText, toId, toKey } from './names.ts'
import { fastHash } from './play.ts'

const NODE = toKey('node').kid
const amountOf = (amount: bigint): Amount => amount as Amount

/** The genesis of a story: its funds, its epochs, and a law that allows every rate. */
export function storyGenesis({
  epochDays,
  funds,
}: Pick<Story, 'epochDays' | 'funds'>): SignedGenesis {
  const json = encodeGenesis({
    ...HISTORY_GENESIS,
    network: 'stories',
    funds: funds.map((name) => ({ wallet: toId(name), name })),
    parameters: {
      fedCap: amountOf(20_000n),
      dueCap: amountOf(100n),
      epochDays,
      meltLaw: { graceDays: 0, yearlyPpm: 1_000_000, yearlyFixed: amountOf(1_000_000n) },
    },
  })
  const genesis = parseGenesis(fastHash, signText(toKey('operator'), json))
  if (genesis instanceof Malformed) throw new Error(`${genesis.path}: ${genesis.expected}`)
  return genesis
}

/** Where a book stands between two blocks. */
export interface Mark {
  readonly block: Block
  readonly txs: number
  readonly holds: number
}

/** What was asked of a book, so that another one can be asked the same. */
export type Step =
  | { readonly step: 'open'; readonly timeMs: number }
  | { readonly step: 'submit'; readonly actions: readonly Action[] }
  | { readonly step: 'act'; readonly does: Act }

export class MeltBook {
  readonly state: State
  readonly lines: Line[] = []
  readonly steps: Step[] = []
  readonly #genesis: SignedGenesis
  #block: Block
  #isOpen = false
  #txs = 0
  #holds = 0

  /** A new book in an empty state, or one that goes on where it was. */
  constructor(state: State, genesis: SignedGenesis, from?: Mark) {
    this.state = state
    this.#genesis = genesis
    const { chain } = genesis
    this.#block = from?.block ?? new Block({ chain, height: 0, timeMs: START_MS }, fastHash)
    this.#txs = from?.txs ?? 0
    this.#holds = from?.holds ?? 0
    if (from === undefined) this.lines.push(...applyGenesis(state, fastHash, genesis))
  }

  get mark(): Mark {
    return { block: this.#block, txs: this.#txs, holds: this.#holds }
  }

  get timeMs(): number {
    return this.#block.timeMs
  }

  /** False while something waits that was due at the opening. */
  get isSettled(): boolean {
    return this.#block.isSettled
  }

  /** Closes the running block and opens the next: how many entries were due. */
  open(timeMs: number): number {
    this.close()
    this.steps.push({ step: 'open', timeMs })
    const { chain } = this.#genesis
    this.#block = new Block({ chain, height: this.#block.height + 1, timeMs }, fastHash)
    this.#isOpen = true
    const entries = beginBlock(this.state, this.#block)
    for (const { outcome } of entries) this.lines.push(...outcome.lines)
    return entries.length
  }

  close(): void {
    if (this.#isOpen) endBlock(this.state, this.#block)
    this.#isOpen = false
  }

  /** Opens blocks at one moment until nothing is left that is due. */
  settle(timeMs: number): void {
    while (this.open(timeMs) > 0);
  }

  /** Decides one tx in the running block. */
  submit(actions: readonly Action[]): Outcome {
    this.steps.push({ step: 'submit', actions })
    return this.#decide(actions)
  }

  #decide(actions: readonly Action[]): Outcome {
    this.#txs += 1
    const kid = NODE
    const { chain } = this.#genesis
    const id = toId<TxId>(`story tx ${this.#txs}`)
    const unsigned = { chain, id, actions, notAfter: this.timeMs + 60_000 }
    const payload: TxPayload = { v: 1, ...unsigned }
    const bytes = encodePayload(unsigned)
    const { before, outcome } = applyTx(this.state, this.#block, { kid, payload, bytes })
    if (before !== undefined) this.lines.push(...before.outcome.lines)
    if (outcome.status === 'applied') this.lines.push(...outcome.lines)
    return outcome
  }

  /** Places, moneys, cards and persons. The first block, at the time of the genesis. */
  found({ terms }: Pick<Story, 'terms'>): void {
    this.open(START_MS)
    for (const actions of foundingOf(terms)) {
      const outcome = this.submit(actions)
      if (outcome.status === 'rejected') throw new Error(JSON.stringify(outcome.rejection))
    }
  }

  /** Does a deed in the running block: true when it was applied. */
  act(act: Act): boolean {
    this.steps.push({ step: 'act', does: act })
    if (act.act === 'hold') this.#holds += 1
    if (act.act === 'nothing') return true
    if (act.act === 'suspend') {
      const place = this.state.get('place', toId<PlaceId>(act.place))
      if (place !== undefined) {
        this.state.put('place', toId(act.place), { ...place, suspended: act.suspended })
      }
      return true
    }
    return (
      this.#decide([toAction(act, { holds: this.#holds, timeMs: this.timeMs })]).status ===
      'applied'
    )
  }
}

function foundingOf(terms: Story['terms']): readonly (readonly Action[])[] {
  const place = (name: string): Action => ({
    ...{ kind: 'place-open', place: toId(name), wallet: toId(`wallet of ${name}`) },
    ...{ name: name === 'bar' ? 'Bar' : 'Shop', node: toId('node') },
  })
  const batch = (name: string, cards: readonly string[]): Action => ({
    ...{ kind: 'cards-register', batch: toId(`batch of ${name}`), place: toId(name), offset: 0 },
    ...{ generation: 1, root: 'a'.repeat(64) as never, count: cards.length, level: 'L0' },
    cards: cards.map((card) => toId<CardId>(card)),
  })
  return [
    [place('bar'), place('shop')],
    MONEYS.map((money) => assetCreate(money, terms[money])),
    [
      batch(
        'bar',
        CARDS.filter((card) => card !== 'far'),
      ),
      batch('shop', ['far']),
    ],
    PERSONS.map((person) => ({ kind: 'wallet-open', wallet: toId(person), node: toId('node') })),
  ]
}

function policyTerms(money: Money, demurrage: Story['terms'][Money]) {
  return {
    personToPerson: true,
    spendAt: { accepted: true as const },
    refund: money === 'TLF' ? ('issuer' as const) : ('never' as const),
    limits: {},
    dayStartUtcMinutes: 0,
    ...(demurrage && { demurrage }),
  }
}

function assetCreate(money: Money, demurrage: Story['terms'][Money]): Action {
  const terms = policyTerms(money, demurrage)
  const named = { asset: toId(money), name: `Bar ${money}`, code: money } as const
  return { kind: 'asset-create', place: toId('bar'), assetKind: money, ...named, terms } as Action
}

function bearer(name: Bearing) {
  return isPerson(name) ? { wallet: toId<WalletId>(name) } : { card: toId<CardId>(name) }
}

function toAction(
  act: Exclude<Act, { act: 'nothing' | 'suspend' }>,
  { holds, timeMs }: { readonly holds: number; readonly timeMs: number },
): Action {
  const bar = toId<PlaceId>('bar')
  const holdOf = (n: number) => toId<HoldId>(`hold ${holds === 0 ? 0 : n % holds}`)
  switch (act.act) {
    case 'refill':
      return {
        kind: 'refill',
        asset: toId(act.money),
        to: bearer(act.to),
        amount: amountOf(act.amount),
      }
    case 'sale': {
      const parts = [{ asset: toId(act.money), amount: amountOf(act.amount) }]
      return isPerson(act.from)
        ? ({ kind: 'qr-sale', from: toId(act.from), to: bar, parts } as Action)
        : ({ kind: 'sale', card: toId(act.from), to: bar, parts } as Action)
    }
    case 'give': {
      const from = toId<WalletId>(act.from === 'bar' ? 'wallet of bar' : act.from)
      const moved = { asset: toId(act.money), amount: amountOf(act.amount) } as const
      return { kind: 'transfer', from, to: toId(act.to), ...moved } as Action
    }
    case 'refund': {
      const parts = [{ asset: toId(act.money), amount: amountOf(act.amount) }]
      return { kind: 'refund', card: toId(act.card), place: bar, parts } as Action
    }
    case 'hold':
      return {
        ...{ kind: 'hold', hold: toId(`hold ${holds - 1}`), from: bearer(act.from), to: bar },
        ...{
          asset: toId(act.money),
          amount: amountOf(act.amount),
          expiresMs: timeMs + act.lastsMs,
        },
      }
    case 'capture': {
      const amount = act.amount === undefined ? {} : { amount: amountOf(act.amount) }
      return { kind: 'capture', hold: holdOf(act.hold), ...amount }
    }
    case 'release':
      return { kind: 'release', hold: holdOf(act.hold) }
    case 'link':
      return { kind: 'card-link', card: toId(act.card), wallet: toId(act.person) }
    case 'lose':
      return { kind: 'card-lost', card: toId(act.card), wallet: toId(act.person) }
    case 'restore':
      return { kind: 'card-restore', card: toId(act.card) }
    case 'policy': {
      const terms = policyTerms(act.money, act.terms)
      return { kind: 'policy-change', asset: toId(act.money), fromMs: timeMs + act.noticeMs, terms }
    }
  }
}

/** The wallet of a holder of the naive model: a place, a card with its counter, a person or a fund. */
export function walletOfHolder(holder: string): WalletId {
  if (holder === 'bar' || holder === 'shop') return toId(`wallet of ${holder}`)
  const [card = '', counter] = holder.split('#')
  return counter === undefined
    ? toId<WalletId>(holder)
    : cardWalletId(fastHash, toId<CardId>(card), Number(counter))
}

/** Balance and held of a holder, as numbers that a person reads. */
export function accountOf(state: StateReader, holder: string, money: Money) {
  const account = state.get('account', `${walletOfHolder(holder)}/${toId(money)}`)
  return { balance: account?.balance ?? 0n, held: (account?.held ?? 0n) as bigint }
}
