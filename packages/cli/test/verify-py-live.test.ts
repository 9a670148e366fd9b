/** What a live book hands out, verified by a stranger's program as people run it: docs/spec/verify.py. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createClient, getConsistency } from '@fedow/api'
import { socketPathOf } from '@fedow/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { demoFile, Folder, type Running, stop } from './fedow.ts'
import { HAS_PYTHON, NEEDS_PYTHON, runVerify } from './verify-py.ts'

const CARD = '9F9984F8'
const PAYING = ['--place', 'La Raffinerie', '--card', CARD, '--amount']

describe('verify.py on a live book', () => {
  const folder = new Folder()
  let node: Running
  let key = ''

  beforeEach(({ skip }) => skip(!HAS_PYTHON, NEEDS_PYTHON))

  beforeAll(async () => {
    if (!HAS_PYTHON) return
    await folder.ask('init', '--network', 'Archipel')
    node = await folder.node()
    key = String((await folder.ask('checkpoint', 'key')).key)
    await folder.ask('place', 'create', 'La Raffinerie')
    await keepCheckpoint('old')
    const asset = ['--place', 'La Raffinerie', '--kind', 'TLF', '--code', 'PKS']
    await folder.ask('asset', 'create', 'Peaksu', ...asset)
    const order = ['--place', 'La Raffinerie', '--generation', '1', '--apply']
    await folder.ask('cards', 'import', demoFile('cards-raffinerie-1.csv'), ...order)
    const refill = await folder.ask('refill', '--asset', 'Peaksu', '--card', CARD, '--amount', '20')
    const sale = await folder.ask('sale', ...PAYING, '3,50')
    const refused = (await folder.run('sale', ...PAYING, '300', '--json')).json()
    for (const [name, { txId }] of Object.entries({ refill, sale, refused })) {
      await folder.ask('receipt', 'show', String(txId), '--out', folder.beside(name))
    }
    await keepCheckpoint('new')
    const { wallet } = await folder.ask('card', 'show', CARD)
    await folder.ask('wallet', 'statement', String(wallet), '--out', folder.beside('statement'))
    // More than a dozen commands, each a program that starts.
  }, 180_000)

  afterAll(async () => {
    if (HAS_PYTHON) await stop(node)
    folder[Symbol.dispose]()
  })

  async function keepCheckpoint(name: string): Promise<void> {
    const { stdout } = await folder.run('checkpoint', 'show')
    writeFileSync(folder.beside(name), stdout)
  }

  function read(name: string): string {
    return readFileSync(folder.beside(name), 'utf8')
  }

  /** Runs a command on files that were kept; answers how it ended and what it said. */
  function verify(command: string, names: readonly string[], ...keys: readonly string[]) {
    const files = names.map((name) => folder.beside(name))
    return runVerify(command, ...files, ...keys.flatMap((one) => ['--key', one]))
  }

  const proven = (text: string) => ({ code: 0, text: expect.stringContaining(text) })
  const notProven = (reason: string) => {
    return { code: 1, text: expect.stringMatching(`^not proven: ${reason}: `) }
  }

  it('proves what was applied and what was rejected', () => {
    const sale = verify('receipt', ['sale'], key)
    expect(sale).toMatchObject(proven('was applied at height'))
    expect(sale.text).toContain('SAL 350 minor units of ')
    expect(sale.text).toContain(`Signed by the log ${key.slice(0, key.indexOf('+'))}, key `)
    expect(verify('receipt', ['refill'], key)).toMatchObject(proven('REF 2000 minor units'))
    expect(verify('receipt', ['refused'], key)).toMatchObject(proven('was rejected'))
    writeFileSync(folder.beside('edited'), `${read('sale')}\n`)
    expect(verify('receipt', ['edited'], key)).toMatchObject({ code: 0 })
  })

  it('proves a balance, a checkpoint, and that the history only grew', async () => {
    expect(verify('statement', ['statement'], key)).toMatchObject(proven('1650 minor units of '))
    expect(verify('checkpoint', ['new'], key)).toMatchObject(proven('leaves with the root'))
    const [from = 0, to = 0] = ['old', 'new'].map((name) => Number(read(name).split('\n')[1]))
    expect(to).toBeGreaterThan(from)
    using socket = new SocketTransport(socketPathOf(folder.path))
    const client = createClient({ transport: socket.send })
    const grown = await client.call(getConsistency, { query: { from, to } })
    writeFileSync(folder.beside('grown'), JSON.stringify(grown))
    expect(verify('consistency', ['old', 'new', 'grown'], key)).toMatchObject(proven('unchanged'))
    const { hashes } = grown
    writeFileSync(folder.beside('other'), JSON.stringify({ ...grown, hashes: hashes.slice(1) }))
    const other = verify('consistency', ['old', 'new', 'other'], key)
    expect(other).toMatchObject(notProven('not_consistent'))
    const back = verify('consistency', ['new', 'old', 'grown'], key)
    expect(back).toMatchObject(notProven('malformed'))
  })

  it('proves nothing to who knows another key, no key, or has a damaged file', async () => {
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    expect(verify('receipt', ['sale'], other)).toMatchObject(notProven('other_chain'))
    expect(verify('receipt', ['sale'])).toMatchObject(notProven('nobody_trusted'))
    expect(verify('statement', ['sale'], key)).toMatchObject(notProven('malformed'))
    writeFileSync(folder.beside('altered'), read('sale').replace('"amount":350', '"amount":340'))
    expect(verify('receipt', ['altered'], key)).toMatchObject(notProven('line_mismatch'))
    writeFileSync(folder.beside('bytes'), Buffer.from([0xff, 0xfe]))
    expect(verify('receipt', ['bytes'], key)).toMatchObject(notProven('malformed'))
    for (const [file, code] of Object.entries({ sale: 0, altered: 1, bytes: 1 })) {
      const ours = await folder.run('receipt', 'verify', folder.beside(file), '--key', key)
      expect(ours.code, file).toBe(code)
    }
  })

  it('ends with 2 when it is called wrongly', () => {
    expect(verify('receipt', ['sale'], `${key}=`).code).toBe(2)
    expect(verify('receipt', ['nowhere'], key).code).toBe(2)
    expect(verify('receipt', ['sale', 'sale'], key).code).toBe(2)
    expect(verify('balance', ['sale'], key).code).toBe(2)
  })
})
