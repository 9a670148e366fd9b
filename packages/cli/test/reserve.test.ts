/** The reserve from the command line: the keeper books, a second person attests with a key of her own. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Folder, type Running, stop } from './fedow.ts'

let folder: Folder
let node: Running
let wallet: string

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  wallet = String((await folder.ask('wallet', 'open')).wallet)
  await folder.ask(
    ...['issue', '--wallet', wallet, '--gross', '20.00', '--fee', '0.55'],
    ...['--account', 'provider/stripe', '--reference', 'pi_1'],
  )
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

describe('fedow reserve', () => {
  it('moves euros once for each reference, and says why it does not', async () => {
    const move = [
      ...['reserve', 'move', '--from', 'provider/stripe', '--to', 'bank/main'],
      ...['--amount', '19.45', '--why', 'payout'],
    ]
    const moved = await folder.run(...move, '--reference', 'po_1')
    expect(moved.stdout).toContain('Moved 19.45 EUR from provider/stripe to bank/main')
    const again = await folder.run(...move, '--reference', 'po_1')
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('already used')
    const rest = [...move.slice(4), '--reference', 'po_2']
    const odd = await folder.run('reserve', 'move', '--from', 'caisse', ...rest)
    expect(odd.code).toBe(2)
    expect(odd.stderr).toContain('"caisse" is no account of the reserve')
  })

  it('is attested by the key of a second person alone', async () => {
    const file = folder.beside('treasurer.pem')
    await folder.ask('key', 'new', file)
    const paper = folder.beside('statement.pdf')
    writeFileSync(paper, 'statement of November')
    const state = [
      ...['reserve', 'statement', '--account', 'bank/main', '--balance', '19.40'],
      ...['--reference', paper, '--sign', file],
    ]
    const stranger = await folder.run(...state)
    expect(stranger.code).toBe(1)
    expect((await folder.run('reserve', 'show')).stdout).toContain('Not attested')
    await folder.ask('key', 'add', '--network', '--file', file, '--can', 'attest')
    const { keys } = await folder.ask('key', 'list', '--network')
    expect(keys).toHaveLength(3)
    const stated = await folder.run(...state)
    expect(stated.stdout).toContain('bank/main has 19.40; the book has 19.45')
    const shown = await folder.run('reserve', 'show')
    expect(shown.stdout).toMatch(/bank\/main +19\.45 +19\.40/)
    expect(shown.stdout).toContain('Attested until')
    expect(shown.stdout).toContain('Statements minus book: -0.05')
  })
})

describe('fedow payout', () => {
  it('holds, pays a part, and lets go of the rest', async () => {
    const { payout } = await folder.ask('payout', 'open', '--wallet', wallet, '--amount', '15')
    const paid = await folder.run(
      ...['payout', 'pay', String(payout), '--amount', '12.00'],
      ...['--account', 'bank/main', '--reference', 're_1'],
    )
    expect(paid.stdout).toContain('Paid back 12.00 FED')
    const held = await folder.ask('wallet', 'show', wallet)
    expect(held.accounts).toMatchObject([{ balance: 800, held: 0 }])
  })

  it('lets go of all when nothing was paid', async () => {
    const { payout } = await folder.ask('payout', 'open', '--wallet', wallet, '--amount', '8')
    const done = await folder.run('payout', 'cancel', String(payout), '--reference', 're_2 failed')
    expect(done.stdout).toContain('Released 8.00 FED')
    expect((await folder.run('clearing')).stdout).toContain('No place holds local money of another')
  })
})
