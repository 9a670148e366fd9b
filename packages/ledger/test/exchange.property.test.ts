/** Exchange at any rate: nothing is made or lost, and no rounding is for the taker. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Action,
  type Amount,
  ASSET_KINDS,
  type Asset,
  type AssetId,
  given,
  issued,
  leastTaken,
  MemoryState,
  type OfferId,
  type PlaceId,
  type WalletId,
} from '../src/index.ts'
import { mayBecome, type Side } from '../src/money/offer.ts'
import { RATE_MAX } from '../src/records.ts'
import { walletOfPlace } from './histories.ts'
import { brokenMoney } from './laws.ts'
import { toId } from './names.ts'
import { fastHash, Play } from './play.ts'

const BAR = walletOfPlace(toId('bar'))
const BOB = toId<WalletId>('bob')
/** Bob has 600 less what is held; the bar is given as much of the other. */
const TLF = toId<AssetId>('TLF')
const TNF = toId<AssetId>('TNF')

const anyRateNumber = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: RATE_MAX }),
  fc.constant(RATE_MAX),
)
const anyRate = fc.record({ give: anyRateNumber, take: anyRateNumber })

describe('a rate', () => {
  it('gives at most its part, less than one minor unit below it, and something from the least on', () => {
    fc.assert(
      fc.property(anyRate, fc.bigInt(0n, 9_007_199_254_740_991n), (rate, take) => {
        const [n, m] = [BigInt(rate.give), BigInt(rate.take)]
        const got = given({ rate }, take)
        expect(got * m <= take * n).toBe(true)
        expect((got + 1n) * m > take * n).toBe(true)
        expect(got > 0n).toBe(take >= leastTaken({ rate }))
      }),
    )
  })

  it('and its inverse, turned any number of times, never leave more than was there', () => {
    fc.assert(
      fc.property(
        anyRate,
        fc.bigInt(1n, 1_000_000n),
        fc.integer({ min: 1, max: 6 }),
        (rate, start, turns) => {
          const back = { give: rate.take, take: rate.give }
          let amount = start
          for (let turn = 0; turn < turns; turn += 1)
            amount = given({ rate: back }, given({ rate }, amount))
          expect(amount <= start).toBe(true)
        },
      ),
    )
  })
})

describe('an exchange', () => {
  it('moves two moneys between two wallets, and nothing else', () => {
    const anyTakes = fc.array(fc.bigInt(1n, 300n), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(anyRate, anyTakes, (rate, takes) => {
        const state = new MemoryState()
        const book = Play.found(state)
        book.open(1_000)
        const offer = toId<OfferId>('an offer')
        ask(book, {
          kind: 'qr-sale',
          from: BOB,
          to: toId('bar'),
          parts: [{ asset: TNF, amount: 600n as Amount }],
        })
        ask(book, { kind: 'offer-open', offer, place: toId('bar'), give: TNF, take: TLF, rate })
        for (const take of takes) {
          const before = [
            balance(BOB, TLF),
            balance(BAR, TLF),
            balance(BOB, TNF),
            balance(BAR, TNF),
          ]
          const [supplyOfTlf, supplyOfTnf] = [
            issued(state, fastHash, TLF),
            issued(state, fastHash, TNF),
          ]
          const action: Action = {
            kind: 'exchange',
            offer,
            bearer: { wallet: BOB },
            take: take as Amount,
          }
          const isDone = ask(book, action) === 'applied'
          const out = isDone ? given({ rate }, take) : 0n
          const away = isDone ? take : 0n
          const [tlf = 0n, barTlf = 0n, tnf = 0n, barTnf = 0n] = before
          expect([balance(BOB, TLF), balance(BAR, TLF)]).toEqual([tlf - away, barTlf + away])
          expect([balance(BOB, TNF), balance(BAR, TNF)]).toEqual([tnf + out, barTnf - out])
          expect(issued(state, fastHash, TLF)).toBe(supplyOfTlf)
          expect(issued(state, fastHash, TNF)).toBe(supplyOfTnf)
          const couldPay = take >= leastTaken({ rate }) && given({ rate }, take) <= barTnf
          expect(isDone).toBe(couldPay && take <= tlf - 100n)
        }
        expect(brokenMoney(state, fastHash)).toEqual([])

        function balance(wallet: WalletId, asset: AssetId): bigint {
          return state.get('account', `${wallet}/${asset}`)?.balance ?? 0n
        }
      }),
      { numRuns: 40 },
    )
  })
})

function ask(book: Play, action: Action): string {
  const { outcome } = book.ask({ by: 'node', actions: [action] })
  return typeof outcome === 'string' ? outcome : outcome.status
}

describe('what may become what', () => {
  it('leads from nothing but euro-backed money to euros or meals, by any chain of offers', () => {
    const issuers = ['bar', 'shop'].map((name) => toId<PlaceId>(name))
    const sides = ASSET_KINDS.flatMap((kind) =>
      issuers.map((issuer) => ({
        id: toId<AssetId>(`${kind} ${issuer}`),
        asset: { kind, issuer } as Asset,
      })),
    )
    const reach = (from: readonly Side[]): readonly Side[] => {
      const more = sides.filter((to) => from.some((one) => one.id !== to.id && mayBecome(one, to)))
      const all = sides.filter((one) => from.includes(one) || more.includes(one))
      return all.length === from.length ? all : reach(all)
    }
    for (const start of sides) {
      const { kind, issuer } = start.asset
      const ends = reach([start]).filter(({ id }) => id !== start.id)
      const kinds = new Set(ends.map(({ asset }) => asset.kind))
      if (kind === 'FED' || kind === 'TLF') expect(kinds.has('FED') && kinds.has('MVO')).toBe(true)
      else expect([...kinds].filter((one) => ['FED', 'TLF', 'MVO'].includes(one))).toEqual([])
      if (['TNF', 'TIM', 'FID'].includes(kind)) {
        expect(ends.every(({ asset }) => asset.issuer === issuer)).toBe(true)
      }
      if (['BDG', 'SUB', 'MVO'].includes(kind)) expect(ends).toEqual([])
      expect(kinds.has('BDG') || kinds.has('SUB')).toBe(false)
    }
  })
})
