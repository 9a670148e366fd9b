/** Melting from the command line: simulated, kept, and simulated again from the file alone. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

let folder: Folder
let node: Running
let kept: string

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', 'Bar du Port')
  kept = folder.beside('simulation.json')
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

const ASK = ['melting', 'simulate', 'FED', '--grace', '365,400']

describe('fedow melting', () => {
  it('simulates each grace with each rate and amount', async () => {
    const terms = ['--rate', '1%, 0.5%', '--fixed', '1.00', '--floor', '5']
    const more = ['--years', '2', '--seed', '9', '--as-it-is', '--fees', '1.5%+0.25', '--out', kept]
    const simulation = await folder.ask(...ASK, ...terms, ...more)
    expect(simulation).toMatchObject({
      ...{ wallets: 0, years: 2, behaviour: 'asleep', seed: 9, resamples: 200 },
      feesOf: { ppm: 15_000, fixed: 25 },
      spending: { payments: 0, amount: 0, fees: 0, left: 0 },
    })
    const candidates = simulation['candidates'] as { readonly demurrage?: object }[]
    expect(candidates.map(({ demurrage }) => demurrage)).toEqual([
      undefined,
      ...[365, 400].flatMap((graceDays) =>
        [{ ppm: 10_000 }, { ppm: 5_000 }, { fixed: 100 }].map((form) =>
          expect.objectContaining({ graceDays, form, floor: 500, period: { months: 1 } }),
        ),
      ),
    ])
  })

  it('says so in sentences', async () => {
    const { stdout } = await folder.run(
      ...ASK,
      '--rate',
      '1%',
      '--every',
      '30d',
      '--exempt',
      'none',
    )
    expect(stdout).toContain('1. After 365 days without a gesture, 1 % melts')
    expect(stdout).toContain('Seed 1, 200 draws of all wallets')
  })

  it('repeats what it has kept, and tells when it was altered', async () => {
    const { stdout, code } = await folder.run('melting', 'check', kept)
    expect([code, stdout]).toEqual([0, expect.stringContaining('The same comes out again')])
    const altered = folder.beside('altered.json')
    writeFileSync(altered, readFileSync(kept, 'utf8').replace('"seed":9', '"seed":8'))
    const other = await folder.run('melting', 'check', altered)
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('Do not rely on it')])
    writeFileSync(altered, '{"question":{}}')
    const broken = await folder.run('melting', 'check', altered)
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringContaining('Nothing was compared'),
    ])
  })

  it('says what is wrong with terms', async () => {
    const wrong = [
      [['--rate', '1'], '"1" is not a rate'],
      [['--rate', '1%', '--every', '1y'], '"1y" is not a period'],
      [['--rate', '1%', '--exempt', 'cards'], '"cards" is not a kind of wallet'],
      [[], 'Give --rate or --fixed'],
    ] as const
    for (const [terms, message] of wrong) {
      const { code, stderr } = await folder.run(...ASK, ...terms)
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    }
    expect((await folder.run(...ASK, '--rate', '50%')).code).toBe(1)
  })
})
