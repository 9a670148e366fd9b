/** Meal vouchers, mutual credit and exchange at the command line. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

let folder: Folder
let node: Running
let ana: string

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', 'Bar du Port')
  ana = String((await folder.ask('wallet', 'open'))['wallet'])
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

async function made(name: string, kind: string, code: string, ...more: string[]): Promise<void> {
  const of = ['--place', 'Bar du Port', '--kind', kind, '--code', code]
  await folder.ask('asset', 'create', name, ...of, ...more)
}

describe('fedow asset create', () => {
  it('takes terms from a file', async () => {
    const terms = folder.beside('terms.json')
    const usual = {
      personToPerson: false,
      spendAt: { accepted: true },
      refund: 'never',
      limits: {},
    }
    writeFileSync(
      terms,
      JSON.stringify({ ...usual, dayStartUtcMinutes: 0, days: [0, 4], dayCap: 1_900 }),
    )
    await made('Titres', 'MVO', 'TIT', '--terms', terms)
    const { assets } = await folder.ask('asset', 'list')
    expect(assets).toContainEqual(
      expect.objectContaining({
        code: 'TIT',
        policy: expect.objectContaining({ days: [0, 4], dayCap: 1_900 }),
      }),
    )
    const none = [
      '--place',
      'Bar du Port',
      '--kind',
      'MVO',
      '--code',
      'X',
      '--terms',
      `${terms}.no`,
    ]
    const missing = await folder.run('asset', 'create', 'X', ...none)
    expect([missing.code, missing.stdout]).toEqual([2, ''])
    expect(missing.stderr).toContain('Nothing was sent')
  })
})

describe('fedow credit limit', () => {
  it('lets a place go below zero, and its wallet say how far', async () => {
    await made('Crédit', 'MUT', 'CRQ')
    const bar = ['--asset', 'CRQ', '--wallet', 'Bar du Port', '--limit', '50']
    expect((await folder.run('credit', 'limit', ...bar)).stdout).toContain(
      'may owe up to 50.00 CRQ',
    )
    const pay = ['--from', 'Bar du Port', '--to', ana, '--asset', 'CRQ']
    await folder.ask('transfer', ...pay, '--amount', '20')
    expect((await folder.run('transfer', ...pay, '--amount', '30.01')).code).toBe(1)
    const shown = await folder.run('wallet', 'show', 'Bar du Port')
    expect(shown.stdout).toMatch(/Crédit +-20\.00 CRQ +down to -50\.00 CRQ/)
  })
})

describe('fedow offer and exchange', () => {
  it('open an offer with its warnings, tell what it gives, and take it', async () => {
    await made('Perle', 'TLF', 'PRL')
    await made('Coquille', 'TLF', 'COQ')
    for (const [code, amount] of [
      ['PRL', '100'],
      ['COQ', '60'],
    ] as const)
      await folder.ask('refill', '--asset', code, '--wallet', ana, '--amount', amount)
    const from = ['--place', 'Bar du Port']
    const open = ['offer', 'open', ...from, '--give', 'COQ', '--take', 'PRL', '--rate']
    expect((await folder.run(...open, '3/4')).code).toBe(2)
    const first = await folder.ask(...open, '3:4', '--per-person-day', '30')
    expect(first['warnings']).toEqual([])
    const back = ['offer', 'open', ...from, '--give', 'PRL', '--take', 'COQ', '--rate', '3:2']
    const second = await folder.run(...back)
    expect(second.stdout).toContain('Mind: Whoever takes these offers in turn gains by it')
    const list = await folder.run('offer', 'list', ...from)
    expect(list.stdout).toContain('3 COQ for 4 PRL')
    expect(list.stdout).toContain('30.00 COQ a day')

    const take = ['exchange', '--offer', String(first['offer']), '--wallet', ana, '--take', '10.01']
    const preview = await folder.run(...take, '--preview')
    expect(preview.stdout).toContain('10.01 PRL would become 7.50 COQ')
    const empty = await folder.run(...take)
    expect([empty.code, empty.stdout]).toEqual([1, ''])
    expect(empty.stderr).toContain('7.50 Coquille are missing')
    const { offers } = (await folder.ask('offer', 'list')) as { offers: { offer: string }[] }
    for (const { offer } of offers) await folder.ask('offer', 'close', offer)
    expect((await folder.ask('offer', 'list'))['offers']).toEqual([])
    expect((await folder.run(...take)).code).toBe(1)
  })
})
