import { describe, expect, it } from 'vitest'
import type { Amount } from '../amount.ts'
import type { AssetId, PlaceId, WalletId } from '../ids.ts'
import type { Hold } from '../records.ts'
import { Draft } from './draft.ts'
import { inDueOrder } from './due.ts'
import { MemoryState } from './memory.ts'
import type { State } from './reader.ts'

describe('a draft', () => {
  it('leaves no trace when it is thrown away', () => {
    const base = new MemoryState()
    base.put('hold', 'a', hold(1))
    const before = new Map(base.all())
    const draft = new Draft(base)
    draft.put('hold', 'a', hold(2))
    draft.put('hold', 'b', hold(3))
    draft.remove('hold', 'a')
    expect(new Map(base.all())).toEqual(before)
  })

  it('forgets its changes once they are committed', () => {
    const base = new MemoryState()
    const draft = new Draft(base)
    draft.put('hold', 'a', hold(1))
    draft.commit()
    base.remove('hold', 'a')
    draft.commit()
    expect(draft.get('hold', 'a')).toBeUndefined()
    expect(base.get('hold', 'a')).toBeUndefined()
  })

  it('writes each record once, in the order of their first change', () => {
    const written: string[] = []
    const base: State = {
      get: () => undefined,
      due: () => [],
      meltsDue: () => [],
      put: (kind, id) => written.push(`put ${kind}/${id}`),
      remove: (kind, id) => written.push(`remove ${kind}/${id}`),
    }
    const draft = new Draft(base)
    draft.put('hold', 'b', hold(1))
    draft.put('hold', 'a', hold(2))
    draft.remove('hold', 'b')
    draft.put('hold', 'a', hold(3))
    draft.commit()
    expect(written).toEqual(['remove hold/b', 'put hold/a'])
  })
})

describe('the due holds of a draft', () => {
  it('fill the number asked for although the first ones below were removed or put off', () => {
    const base = new MemoryState()
    for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) base.put('hold', id, hold(index))
    const draft = new Draft(base)
    draft.remove('hold', 'a')
    draft.put('hold', 'b', hold(100))
    expect(draft.due('hold', 10, 2)).toEqual(['c', 'd'])
    expect(draft.due('hold', 100, 9)).toEqual(['c', 'd', 'e', 'b'])
  })

  it('take their place among those below by expiry and id', () => {
    const base = new MemoryState()
    base.put('hold', 'b', hold(1))
    base.put('hold', 'd', hold(2))
    const draft = new Draft(base)
    draft.put('hold', 'c', hold(1))
    draft.put('hold', 'a', hold(2))
    expect(draft.due('hold', 2, 9)).toEqual(['b', 'c', 'a', 'd'])
    expect(draft.due('hold', 2, 3)).toEqual(['b', 'c', 'a'])
    expect(draft.due('hold', 1, 9)).toEqual(['b', 'c'])
  })

  it('are those below when the draft changed no hold', () => {
    const base = new MemoryState()
    base.put('hold', 'a', hold(1))
    const draft = new Draft(base)
    draft.put('place-name', 'a', { place: 'p' as PlaceId })
    expect(draft.due('hold', 1, 9)).toEqual(['a'])
  })
})

it('orders equal expiries by UTF-16 code units, not by locale', () => {
  const holds = ['é', 'z', 'a', 'Z', '0'].map((id) => ({ id, dueMs: 1 }))
  expect(inDueOrder(holds)).toEqual(['0', 'Z', 'a', 'z', 'é'])
})

function hold(expiresMs: number): Hold {
  return {
    from: 'w' as WalletId,
    place: 'p' as PlaceId,
    asset: 'a' as AssetId,
    amount: 1n as Amount,
    expiresMs,
  }
}
