/** Melting from the command line: presets, policies, what is ahead. */
import { writeFileSync } from 'node:fs'
import { type AnswerOf, type getAsset, toDayText } from '@fedow/api'
import { addMonths, dayFrom, dayOf, fromIsoDay, NOTICE_DAYS } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

type Asset = AnswerOf<typeof getAsset>

const BAR = 'Bar du Port'

let folder: Folder
let node: Running
let ana: string

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', BAR)
  ana = String((await folder.ask('wallet', 'open'))['wallet'])
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

function make(name: string, kind: string, ...more: string[]) {
  const code = name.slice(0, 3).toUpperCase()
  return folder.run(
    'asset',
    'create',
    name,
    '--place',
    BAR,
    '--kind',
    kind,
    '--code',
    code,
    ...more,
  )
}

async function shown(name: string): Promise<Asset> {
  return (await folder.ask('asset', 'show', name)) as unknown as Asset
}

describe('fedow melting presets', () => {
  it('names each with its year in words, and for which kinds the law refuses it', async () => {
    const { stdout } = await folder.run('melting', 'presets', '--day', '2031-12-31')
    for (const sentence of [
      'From the day on which it comes, 1 % melts each month: 11.4 % in a year; a third each to the place of origin, the commons and maintenance; not in the wallets of funds.',
      'From the day on which it comes, 2 % melts each quarter: 7.76 % in a year;',
      'After 365 days without a gesture, 1 % melts each month: 11.4 % in a year;',
      'On Wednesday 31 December 2031 all of it melts; it leaves circulation;',
      'Not for TLF: The policy is refused: euros never expire at a date.',
      'Not for FED: The policy is refused: federated euros are never burnt',
      'Not for BDG, SUB, LIB, MUT: The policy is refused: money of this kind never melts.',
      'Not for FED: By the law of this network, federated euros sleep for at least 365 days',
      'euros melt by at most 25 %, or 12.00, in a year; federated ones after 365 days of sleep',
    ]) {
      expect(stdout).toContain(sentence)
    }
    expect((await folder.run('melting', 'presets', '--day', '31.12.2031')).code).not.toBe(0)
  })
})

describe('fedow asset create --melting', () => {
  it('takes a preset, which asset show tells in a sentence', async () => {
    expect((await make('Cerise', 'TLF', '--melting', 'cooperative')).code).toBe(0)
    const { stdout } = await folder.run('asset', 'show', 'CER')
    expect(stdout).toContain('After 365 days without a gesture, 1 % melts each month: 11.4 %')
    const { policy } = await shown('Cerise')
    expect(policy).toMatchObject({
      refund: 'issuer',
      demurrage: { graceDays: 365, form: { ppm: 10_000 }, exempt: ['place', 'fund'] },
      melting: { yearlyPpm: 113_616 },
    })
  })

  it('takes a day for a gift, and is told when the law refuses', async () => {
    const day = ['--melting', 'calendar-day', '--melting-day', '2031-12-31']
    expect((await make('Etoile', 'TNF', ...day)).code).toBe(0)
    expect((await shown('Etoile')).policy.demurrage?.form).toEqual({ allDay: '2031-12-31' })
    const local = await make('Lune', 'TLF', ...day)
    expect([local.code, local.stderr]).toEqual([1, expect.stringContaining('euros never expire')])
    for (const odd of [
      ['--melting', 'calendar-day'],
      ['--melting', 'worgl', '--melting-day', '2031-12-31'],
      ['--melting', 'calendar-day', '--melting-day', '2031-02-30'],
      ['--melting', 'worgll'],
    ]) {
      const refused = await make('Lune', 'TNF', ...odd)
      expect([odd, refused.code, refused.stderr]).toEqual([
        odd,
        2,
        expect.stringContaining('Nothing was sent'),
      ])
    }
  })

  it('takes a file, of which the node says what is wrong', async () => {
    const file = folder.beside('melting.json')
    const { demurrage } = (await shown('Cerise')).policy
    writeFileSync(file, JSON.stringify({ ...demurrage, graceDays: 0, form: { fixed: 100 } }))
    expect((await make('Prune', 'TNF', '--melting', file)).code).toBe(0)
    const { stdout } = await folder.run('asset', 'show', 'Prune')
    expect(stdout).toContain('1.00 PRU melts each month: 12.00 PRU in a year')
    writeFileSync(file, JSON.stringify({ ...demurrage, graceDays: -1 }))
    const wrong = await make('Poire', 'TNF', '--melting', file)
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('graceDays')])
  })
})

describe('fedow asset policy', () => {
  it('announces other rules of melting 90 days ahead, and takes them back at once', async () => {
    await make('Figue', 'TLF')
    const changed = await folder.run('asset', 'policy', 'Figue', '--melting', 'chiemgauer')
    expect(changed.stdout).toMatch(/^Figue \(FIG\) has these terms from \d{4}-/)
    const { policy, announced } = await shown('Figue')
    expect(policy).not.toHaveProperty('melting')
    expect(announced).toMatchObject([{ version: 2, refund: 'issuer', melting: {} }])
    const soon = await folder.run('asset', 'policy', 'Figue', '--melting', 'worgl', '--from', '1h')
    expect(soon.code).toBe(1)
    await folder.ask('asset', 'policy', 'Figue', '--melting', 'none')
    expect((await shown('Figue')).announced.at(-1)).not.toHaveProperty('demurrage')
    expect((await folder.run('asset', 'policy', 'Figue')).code).toBe(2)
  })
})

describe('fedow wallet melting', () => {
  it('tells what is ahead, by the days of this network', async () => {
    await folder.ask('refill', '--asset', 'Prune', '--wallet', ana, '--amount', '3.30')
    const { policy } = await shown('Prune')
    const begin = dayFrom(Date.parse(policy.from)) + NOTICE_DAYS
    const day = addMonths(begin, 1)
    const { accounts, today } = await folder.ask('wallet', 'melting', ana, '--months', '60')
    expect(Math.abs((fromIsoDay(String(today)) ?? 0) - dayOf(Date.now()))).toBeLessThan(2)
    expect(accounts).toMatchObject([{ melts: [{}, {}, {}, { amount: 30, left: 0 }], more: false }])
    const { stdout } = await folder.run('wallet', 'melting', ana, '--months', '60')
    expect(stdout).toContain(
      `Prune: 3.30 PRU. Until ${toDayText(day)} nothing; then 1.00 PRU a month; from ${toDayText(addMonths(begin, 4))} on nothing is left.`,
    )
    const bar = await folder.run('wallet', 'melting', BAR)
    expect(bar.stdout).toContain('Prune does not melt in the wallet of a place')
    expect((await folder.run('wallet', 'melting', ana, '--months', '121')).code).toBe(2)
    expect((await folder.run('wallet', 'melting', 'Nowhere')).code).toBe(1)
  })
})

describe('fedow asset melting', () => {
  it('tells what was collected, and what became of it', async () => {
    const { stdout } = await folder.run('asset', 'melting', 'Cerise')
    expect(stdout).toMatch(/melted so far +0\.00 CER\n +waits to be shared out +0\.00 CER/)
    expect(await folder.ask('asset', 'melting', 'CER')).toMatchObject({ collected: 0, pools: 0 })
  })
})
