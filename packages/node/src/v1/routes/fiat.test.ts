import type { Amount, AssetId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { toParts } from './fiat.ts'

function money(asset: string, amount: bigint) {
  return { asset: asset as AssetId, amount: amount as Amount }
}

const moneys = [money('old', 300n), money('young', 200n), money('fed', 1_000n)]

describe('parts of a QR payment', () => {
  it('takes all of the first money before any of the second', () => {
    expect(toParts(moneys, 300n)).toEqual([money('old', 300n)])
    expect(toParts(moneys, 301n)).toEqual([money('old', 300n), money('young', 1n)])
    expect(toParts(moneys, 1_500n)).toEqual(moneys)
  })

  it('refuses one cent more than there is', () => {
    expect(toParts(moneys, 1_501n)).toBeUndefined()
    expect(toParts([], 1n)).toBeUndefined()
  })
})
