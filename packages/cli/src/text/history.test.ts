import { expect, it } from 'vitest'
import { toHistory } from './history.ts'

const names = { label: async (wallet: string) => wallet }

function line(number: number, action: 'MLT' | 'SAL', why?: string) {
  return {
    ...{ id: `l${number}`, number, seq: number, action, from: 'card', to: 'pool', amount: 40 },
    ...{ time: '2027-03-22T00:00:01Z', tx: 't', hash: 'h' },
    asset: { id: 'a', name: 'Pearl', code: 'PEA', kind: 'TLF' },
    ...(why !== undefined && { why }),
  }
}

it('tells why something melted, under its line and no other', async () => {
  const page = { lines: [line(12, 'MLT', 'It slept.'), line(9, 'SAL')] } as never
  expect((await toHistory(page, names as never)).split('\n')).toEqual([
    '12  2027-03-22 00:00:01  melted  0.40 PEA  card -> pool',
    '    It slept.',
    ' 9  2027-03-22 00:00:01  sale    0.40 PEA  card -> pool',
  ])
})
