/** Money out to venues from the command line: a file for the bank, its attestation, and a point of change. */
import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFile, Folder, type Running, stop } from './fedow.ts'

const CARDS = demoFile('cards-raffinerie-1.csv')
const CARD = '9F9984F8'
const BAR = 'Bar du Port'

let folder: Folder
let node: Running

beforeAll(async () => {
  folder = new Folder()
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', BAR)
  await folder.ask('card', 'import', CARDS, '--place', BAR, '--generation', '1', '--apply')
  await folder.ask(
    ...['issue', '--card', CARD, '--gross', '50.00', '--fee', '0'],
    ...['--account', 'bank/main', '--reference', 'VIR 1'],
  )
  await folder.ask('sale', '--place', BAR, '--card', CARD, '--part', 'FED=40.00')
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
})

describe('fedow venue', { timeout: 180_000 }, () => {
  it('writes a file for the bank, once, and deposits it when it is attested', async () => {
    const missing = await folder.run('venue', 'transfer-file', '--pay', `${BAR}=15.00`)
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('own bank account is not known')
    await folder.ask(
      ...['venue', 'account', '--keeper', '--iban', 'DE89370400440532013000'],
      ...['--holder', 'Coopérative', '--account', 'bank/main'],
    )
    const iban = 'FR14 2004 1010 0505 0001 3M02 606'
    const told = await folder.run(
      ...['venue', 'account', '--place', BAR, '--iban', iban, '--holder', 'Bar SARL'],
    )
    expect(told.stdout).toContain('Bar du Port is paid to FR14 … 2606.')
    const out = folder.beside('transfers.xml')
    const order = ['venue', 'transfer-file', '--pay', `${BAR}=15.00`, '--out', out]
    const { file, sha256 } = await folder.ask(...order)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(readFileSync(out, 'utf8')).toContain('<InstdAmt Ccy="EUR">15.00</InstdAmt>')
    const over = await folder.run('venue', 'transfer-file', '--again', String(file), '--out', out)
    expect(over.code).toBe(2)
    const copy = folder.beside('copy.xml')
    const again = await folder.ask('venue', 'transfer-file', '--again', String(file), '--out', copy)
    expect(again).toMatchObject({ file, sha256, path: copy })
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(out, 'utf8'))
    const listed = await folder.run('venue', 'list')
    expect(listed.stdout).toMatch(/Bar du Port +25\.00 +15\.00 +FR14 … 2606/)
    const done = ['venue', 'transfer-done', String(file), '--reference', 'VIR 2']
    expect((await folder.run(...done)).stdout).toContain('15.00 euros were paid to 1 venue.')
    expect((await folder.run(...done)).code).toBe(0)
    const { fedIssued } = await folder.ask('reserve', 'show')
    expect(fedIssued).toBe(3_500)
    const late = await folder.run('venue', 'transfer-cancel', String(file))
    expect(late.code).toBe(1)
    expect(late.stderr).toContain('done already')
  })

  it('cancels a file that the bank never gets', async () => {
    const out = folder.beside('never.xml')
    const { file } = await folder.ask('venue', 'transfer-file', '--out', out)
    const cancelled = await folder.run('venue', 'transfer-cancel', String(file))
    expect(cancelled.stdout).toContain('Cancelled')
    expect(await folder.ask('venue', 'list')).toMatchObject({ venues: [{ left: 2_500 }] })
  })

  it('says what is wrong before anything is sent', async () => {
    const odd = [
      ['venue', 'account', '--iban', 'DE89370400440532013000', '--holder', 'X'],
      ['venue', 'account', '--place', BAR, '--iban', 'DE89370400440532013000'],
      ['venue', 'account', '--keeper', '--connect', 'acct_1'],
      ['venue', 'transfer-done', 'no-id', '--reference', 'VIR 3'],
    ]
    for (const args of odd) expect((await folder.run(...args)).code).toBe(2)
    const pay = await folder.run('venue', 'pay', '--place', BAR, '--amount', '5')
    expect(pay.code).toBe(1)
  })
})

describe('a point of change', () => {
  it('sells federated euros that it has, and buys them back', async () => {
    const sold = await folder.run(
      ...['refill', '--asset', 'FED', '--place', BAR, '--card', CARD, '--amount', '5.00'],
    )
    expect(sold.stdout).toContain('Refilled with 5.00 FED')
    await folder.ask('refund', '--place', BAR, '--card', CARD, '--part', 'FED=2.00')
    const { fedIssued } = await folder.ask('reserve', 'show')
    expect(fedIssued).toBe(3_500)
  })
})
