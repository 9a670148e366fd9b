import type { PlaceId } from '@fedow/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proposeClearing } from './clearing.ts'

/** Nets of up to 12 places that sum to zero: the last one balances the others. */
const anyNets = fc.array(fc.bigInt(-5_000n, 5_000n), { maxLength: 12 }).map((nets) => {
  const sum = nets.reduce((total, net) => total + net, 0n)
  return new Map([...nets, -sum].map((net, n) => [`place ${n}` as PlaceId, net]))
})

function netsOf(
  places: Iterable<PlaceId>,
  transfers: ReturnType<typeof proposeClearing>,
): Map<PlaceId, bigint> {
  const nets = new Map([...places].map((place) => [place, 0n]))
  for (const { from, to, amount } of transfers) {
    nets.set(from, (nets.get(from) ?? 0n) - amount)
    nets.set(to, (nets.get(to) ?? 0n) + amount)
  }
  return nets
}

describe('a proposed clearing', () => {
  it('gives every place its net to the cent, by fewer transfers than there are places', () => {
    fc.assert(
      fc.property(anyNets, (nets) => {
        const transfers = proposeClearing(nets)
        expect(netsOf(nets.keys(), transfers)).toEqual(nets)
        expect(transfers.length).toBeLessThan(nets.size)
        for (const { from, to, amount } of transfers) {
          expect(amount > 0n && from !== to).toBe(true)
        }
      }),
    )
  })

  it('is the same whatever the order of the places', () => {
    fc.assert(
      fc.property(anyNets, (nets) => {
        const turned = new Map([...nets].toReversed())
        expect(proposeClearing(turned)).toEqual(proposeClearing(nets))
      }),
    )
  })

  it('pays the largest claim from the largest debt', () => {
    const nets = new Map(
      (
        [
          ['bar', 700n],
          ['shop', -1_000n],
          ['far', 500n],
          ['quay', -200n],
        ] as const
      ).map(([name, net]) => [name as PlaceId, net]),
    )
    expect(proposeClearing(nets)).toEqual([
      { from: 'shop', to: 'bar', amount: 700n },
      { from: 'shop', to: 'far', amount: 300n },
      { from: 'quay', to: 'far', amount: 200n },
    ])
  })

  it('has nothing to say where nobody owes anything', () => {
    expect(proposeClearing(new Map())).toEqual([])
    expect(proposeClearing(new Map([['bar' as PlaceId, 0n]]))).toEqual([])
  })
})
