import type { AssetId, OfferId, PlaceId } from '@fedow/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LiveOffer, losingLoops, lossOf, type OfferLoop } from './offer-loops.ts'

/** `bar: 3 B for 4 A`: the bar gives 3 of B for 4 of A. */
function offer(text: string): LiveOffer {
  const [, place, give, given, take, taken] =
    /^(\w+): (\d+) (\w+) for (\d+) (\w+)$/.exec(text) ?? []
  return {
    id: text as OfferId,
    place: place as PlaceId,
    give: given as AssetId,
    take: taken as AssetId,
    rate: { give: Number(give), take: Number(take) },
  }
}

function loops(added: string, ...others: string[]) {
  const live = [added, ...others].map(offer)
  const { own, across } = losingLoops(offer(added), live)
  return { own: own && toText(own), across: across && toText(across) }
}

function toText(loop: OfferLoop): string {
  return `${loop.offers.map(({ id }) => id).join(', ')} loses ${lossOf(loop, 10_000n)}`
}

describe('loops of offers', () => {
  it('are none while no offer gives back what another takes', () => {
    expect(loops('bar: 1 B for 1 A', 'bar: 1 C for 1 B')).toEqual({})
  })

  it('lose nothing when there and back is the same, or less', () => {
    expect(loops('bar: 3 B for 4 A', 'bar: 4 A for 3 B')).toEqual({})
    expect(loops('bar: 3 B for 4 A', 'bar: 1 A for 1 B')).toEqual({})
  })

  it('lose what both rates give together', () => {
    // 100.00 A -> 75.00 B -> 112.50 A.
    expect(loops('bar: 3 B for 4 A', 'bar: 3 A for 2 B').own).toBe(
      'bar: 3 B for 4 A, bar: 3 A for 2 B loses 1250',
    )
  })

  it('are seen however little they lose', () => {
    const found = loops('bar: 1000000000 B for 999999999 A', 'bar: 1 A for 1 B')
    expect(found.own).toContain('loses 0')
  })

  it('go around several assets, of which the worst is told', () => {
    const found = loops(
      'bar: 1 B for 1 A',
      'bar: 1 A for 1 B',
      'bar: 2 C for 1 B',
      'bar: 3 A for 4 C',
      'bar: 4 A for 4 C',
    )
    expect(found.own).toBe('bar: 1 B for 1 A, bar: 2 C for 1 B, bar: 4 A for 4 C loses 10000')
  })

  it('with offers of other places are told apart from those of one', () => {
    expect(loops('bar: 1 B for 1 A', 'shop: 2 A for 1 B')).toEqual({
      across: 'bar: 1 B for 1 A, shop: 2 A for 1 B loses 10000',
    })
    expect(loops('bar: 1 B for 1 A', 'shop: 3 A for 1 B', 'bar: 2 A for 1 B')).toEqual({
      own: 'bar: 1 B for 1 A, bar: 2 A for 1 B loses 10000',
      across: 'bar: 1 B for 1 A, shop: 3 A for 1 B loses 20000',
    })
  })

  it('are no longer than five offers', () => {
    const chain = ['1 C for 1 B', '1 D for 1 C', '1 E for 1 D'].map((one) => `bar: ${one}`)
    expect(loops('bar: 1 B for 1 A', ...chain, 'bar: 2 A for 1 E').own).toBeDefined()
    const longer = [...chain, 'bar: 1 F for 1 E', 'bar: 2 A for 1 F']
    expect(loops('bar: 1 B for 1 A', ...longer)).toEqual({})
  })

  it('are found among many offers without end', () => {
    const names = Array.from({ length: 40 }, (_, n) => `a${n}`)
    const all = names.flatMap((give) =>
      names.flatMap((take) => (give === take ? [] : [`bar: 1 ${give} for 1 ${take}`])),
    )
    expect(losingLoops(offer('bar: 1 a1 for 1 a0'), all.map(offer))).toEqual({})
  })

  it('lose exactly when what comes back is more than what went in', () => {
    const anyRate = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(anyRate, anyRate, ([a, b], [c, d]) => {
        const { own } = loops(`bar: ${a} B for ${b} A`, `bar: ${c} A for ${d} B`)
        expect(own !== undefined).toBe(a * c > b * d)
        if (own === undefined) return
        expect(own).toContain(`loses ${Math.floor((10_000 * (a * c - b * d)) / (b * d))}`)
      }),
    )
  })
})
