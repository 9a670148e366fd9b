import { describe, expect, it } from 'vitest'
import {
  applyGenesis,
  COOPERATIVE_MELTING,
  type Demurrage,
  encodeGenesis,
  Malformed,
  MemoryState,
  parseGenesis,
} from '../src/index.ts'
import { HISTORY_GENESIS } from './histories.ts'
import { signText, toKey } from './names.ts'
import { fastHash } from './play.ts'

describe('a genesis in which federated euros melt', () => {
  it('gives their first policy these terms', () => {
    const parsed = parse(COOPERATIVE_MELTING)
    if (parsed instanceof Malformed) throw new Error(parsed.path)
    const state = new MemoryState()
    applyGenesis(state, fastHash, parsed)
    const { fed, eur } = parsed.genesis
    expect(state.get('asset', fed.id)?.policies).toMatchObject([
      { version: 1, demurrage: COOPERATIVE_MELTING },
    ])
    expect(state.get('asset', eur)?.policies[0]).not.toHaveProperty('demurrage')
  })

  it.each<[string, Partial<Demurrage>]>([
    ['a grace shorter than the law says', { graceDays: 364 }],
    ['a rate above the law', { form: { ppm: 30_000 } }],
    ['shares that do not add up', { shares: { node: 1, commons: 1, maintenance: 1, burnt: 0 } }],
    [
      'burnt federated euros',
      { shares: { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 } },
    ],
  ])('is refused with %s', (_, terms) => {
    expect(parse({ ...COOPERATIVE_MELTING, ...terms })).toMatchObject({ path: 'fed.demurrage' })
  })
})

function parse(demurrage: Demurrage) {
  const fed = { ...HISTORY_GENESIS.fed, demurrage }
  const json = encodeGenesis({ ...HISTORY_GENESIS, fed })
  return parseGenesis(fastHash, signText(toKey('operator'), json))
}
