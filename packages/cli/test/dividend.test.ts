/** Free money from the command line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

const BAR = 'Bar du Port'

let folder: Folder
let node: Running

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', BAR)
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

describe('free money', () => {
  it('is made, joined, shown and left', async () => {
    const make = ['asset', 'create', 'Libre', '--place', BAR, '--kind', 'LIB', '--code', 'LIB']
    expect((await folder.run(...make)).stderr).toContain('Free money (LIB) has the terms')
    const terms = ['--growth', '4.88%', '--period', '24h', '--first', '12.00', '--digits', '5']
    expect((await folder.run(...make, ...terms)).code).toBe(2)
    await folder.ask(...make, '--profile', 'g1-v1', ...terms)
    const { wallet } = await folder.ask('wallet', 'open')
    const who = ['--wallet', String(wallet)]
    const admitted = await folder.run('member', 'admit', 'Libre', '--place', BAR, ...who)
    expect(admitted.stdout).toContain('Bar du Port has admitted')
    const shown = await folder.run('dividend', 'show', 'LIB', ...who)
    expect(shown.stdout).toContain('Each of 1 member makes 12.00 LIB at a time (g1-v1).')
    expect(shown.stdout).toContain('0.00 LIB are due to this wallet now.')
    expect(await folder.ask('dividend', 'show', 'LIB')).toMatchObject({
      ...{ cPpb: 48_800_000, periodS: 86_400, digits: 5, members: 1 },
    })
    const early = await folder.run('dividend', 'claim', 'LIB', ...who)
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('next one falls due')])
    const left = await folder.run('member', 'leave', 'LIB', ...who, '--place', BAR)
    expect(left.stdout).toContain('has left Libre. Nothing was due.')
  })
})

describe('fedow dividend compute', () => {
  it.each([
    [['g1-v1', '1.00', '180.00', '3', '--base', '1', '--reeval', '24h'], 1_020],
    [
      ['g1-v2', '10.00', '90.00', '3', '--growth', '0.1', '--period', '6h', '--reeval', '24h'],
      1_075,
    ],
  ])(
    'gives the published figure: %j',
    async ([profile = '', ud = '', mass = '', members = '', ...more], value) => {
      const figures = ['--profile', profile, '--ud', ud, '--mass', mass, '--members', members]
      expect(await folder.ask('dividend', 'compute', ...figures, ...more)).toMatchObject({ value })
    },
  )

  it.each([
    ['--growth', '0'],
    ['--growth', '1.1'],
    ['--growth', '0.0000000001'],
    ['--period', '0h'],
    ['--digits', '16'],
  ])('refuses %s %s', async (name, value) => {
    const figures = ['--profile', 'g1-v1', '--ud', '1', '--mass', '1', '--members', '1']
    expect((await folder.run('dividend', 'compute', ...figures, name, value)).code).toBe(2)
  })
})
