/** Mutual credit against a model of a few lines: whoever pays whom, it sums to zero, and nobody spends beyond a limit. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Action,
  type Amount,
  type AssetId,
  issued,
  MemoryState,
  type PlaceId,
  type WalletId,
} from '../src/index.ts'
import { walletOfPlace } from './histories.ts'
import { brokenMoney } from './laws.ts'
import { toId } from './names.ts'
import { fastHash, Play } from './play.ts'

const MUT = toId<AssetId>('MUT')
const BAR = toId<PlaceId>('bar')
const MEMBERS = [toId<WalletId>('ana'), toId<WalletId>('bob'), walletOfPlace(BAR)] as const

/** What the founding of the histories grants, and the terms that it gives. */
const GRANTED = 250n
const GROWTH = { ratePpm: 500_000n, max: 400n }

interface Step {
  readonly from: number
  readonly to: number
  readonly amount: bigint
  /** Grant `from` this amount in place of a payment. */
  readonly isLimit: boolean
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  from: fc.nat(2),
  to: fc.nat(2),
  amount: fc.oneof(fc.bigInt(0n, 120n), fc.bigInt(0n, 700n)),
  isLimit: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
})

class Model {
  readonly balances = [0n, 0n, 0n]
  readonly limits = [GRANTED, GRANTED, GRANTED]
  readonly earned = [0n, 0n, 0n]

  floorOf(member: number): bigint {
    const [granted = 0n, earned = 0n] = [this.limits[member], this.earned[member]]
    if (granted === 0n || granted >= GROWTH.max) return -granted
    const grown = granted + (earned * GROWTH.ratePpm) / 1_000_000n
    return -(grown < GROWTH.max ? grown : GROWTH.max)
  }

  pay({ from, to, amount }: Step): boolean {
    const [payer = 0n, payee = 0n] = [this.balances[from], this.balances[to]]
    if (from === to || amount === 0n || payer - amount < this.floorOf(from)) return false
    this.balances[from] = payer - amount
    this.balances[to] = payee + amount
    this.earned[to] = (this.earned[to] ?? 0n) + amount
    return true
  }
}

describe('mutual credit', () => {
  it('sums to zero, and moves exactly what a model of three accounts moves', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 5, maxLength: 40 }), (steps) => {
        const state = new MemoryState()
        const book = Play.found(state)
        const model = new Model()
        book.open(1_000)
        for (const step of steps) {
          const wanted = step.isLimit ? grant(model, step) : model.pay(step)
          const { outcome } = book.ask({ by: 'node', actions: [toAction(step)] })
          if (typeof outcome === 'string') throw new Error(outcome)
          expect(outcome.status === 'applied').toBe(wanted)
          expect(balancesOf(state)).toEqual(model.balances)
          expect(issued(state, fastHash, MUT)).toBe(0n)
        }
        expect(brokenMoney(state, fastHash)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

function grant(model: Model, { from, amount }: Step): boolean {
  model.limits[from] = amount
  return true
}

/** Persons pay a place by a sale from their phone; all others transfer. */
function toAction({ from, to, amount, isLimit }: Step): Action {
  const [payer, payee] = [MEMBERS[from] as WalletId, MEMBERS[to] as WalletId]
  const minor = amount as Amount
  if (isLimit) return { kind: 'credit-limit', asset: MUT, wallet: payer, limit: minor }
  const isToPlace = to === 2 && from !== 2
  return isToPlace
    ? { kind: 'qr-sale', from: payer, to: BAR, parts: [{ asset: MUT, amount: minor }] }
    : { kind: 'transfer', from: payer, to: payee, asset: MUT, amount: minor }
}

function balancesOf(state: MemoryState): readonly bigint[] {
  return MEMBERS.map((wallet) => state.get('account', `${wallet}/${MUT}`)?.balance ?? 0n)
}
