import { readFileSync, writeFileSync } from 'node:fs'
import { decodeQR } from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFile, Folder, launch, type Running, stop } from './fedow.ts'

const CARD = '9F9984F8'
const NOBODY = '/nonexistent'

const folder = new Folder()
const stranger = new Folder()
let node: Running
let tx: string
let key: string

/** Runs a command far from any book. */
function elsewhere(...args: readonly string[]) {
  return launch([...args, '--data', NOBODY]).ended
}

beforeAll(async () => {
  await folder.ask('init', '--network', 'Archipel')
  node = await folder.node()
  await folder.ask('place', 'create', 'Bar du Port')
  const asset = ['--place', 'Bar du Port', '--kind', 'TLF', '--code', 'PRL']
  await folder.ask('asset', 'create', 'Perle', ...asset)
  const order = ['--place', 'Bar du Port', '--generation', '1', '--apply']
  await folder.ask('cards', 'import', demoFile('cards-raffinerie-1.csv'), ...order)
  await folder.ask('refill', '--asset', 'PRL', '--card', CARD, '--amount', '20')
  const sale = ['--place', 'Bar du Port', '--card', CARD, '--amount', '3.50']
  tx = String((await folder.ask('sale', ...sale)).txId)
  key = (await folder.run('checkpoint', 'key')).stdout.trim()
  await stranger.ask('init', '--network', 'Another')
})

afterAll(async () => {
  await stop(node)
  folder[Symbol.dispose]()
  stranger[Symbol.dispose]()
})

describe('a receipt, on the command line', () => {
  const file = folder.beside('receipt.json')

  it('is written right after the payment, once its block is sealed', async () => {
    const shown = await folder.run('receipt', 'show', tx, '--out', file)
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toBe(
      `The receipt is in ${file}. Anyone checks it: fedow receipt verify ${file}\n`,
    )
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ v: 1, kind: 'receipt' })
  })

  it('is verified with the key on the wall, far from any node', async () => {
    const verified = await elsewhere('receipt', 'verify', file, '--key', key)
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toContain(`The tx (sale) ${tx} was applied in block`)
    expect(verified.stdout).toContain('Line: sale, 3.50')
    const json = (await elsewhere('receipt', 'verify', file, '--key', key, '--json')).json()
    expect(json).toMatchObject({ proven: true, tx, status: 'applied', cosigned: [] })
  })

  it('is verified beside the book without a key', async () => {
    expect(await folder.ask('receipt', 'verify', file)).toMatchObject({ proven: true, tx })
  })

  it('is the same on the standard output, with and without --json', async () => {
    const [plain, json] = await Promise.all([
      folder.run('receipt', 'show', tx),
      folder.run('receipt', 'show', tx, '--json'),
    ])
    expect(plain.stdout).toBe(json.stdout)
    const copy = folder.beside('copy.json')
    writeFileSync(copy, plain.stdout)
    expect(await folder.ask('receipt', 'verify', copy)).toMatchObject({ proven: true, tx })
  })

  it('goes through a QR code: printed, scanned, verified', async () => {
    const { stdout } = await folder.run('receipt', 'show', tx, '--qr')
    const text = scan(stdout.trimEnd().split('\n'))
    const scanned = folder.beside('scanned.txt')
    writeFileSync(scanned, `${text}\n`)
    const verified = await elsewhere('receipt', 'verify', scanned, '--key', key, '--json')
    expect(verified.json()).toMatchObject({ proven: true, tx })

    const picture = folder.beside('receipt.svg')
    const told = await folder.ask('receipt', 'show', tx, '--qr', '--out', picture)
    expect(told).toMatchObject({ tx, file: picture, text })
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg .*<\/svg>$/s)
  })

  it('is refused as a QR code when it is too long for one', async () => {
    const [, , , cardOrder = ''] = await decidedIds()
    const ended = await folder.run('receipt', 'show', cardOrder, '--qr', '--json')
    expect(ended.code).toBe(1)
    expect(ended.json()).toMatchObject({ code: 'too_long_for_qr', max: 4_296 })
    expect(Number(ended.json().length)).toBeGreaterThan(4_296)
  })

  /** Ids of txs in their order, genesis first, as anyone reads them from the history. */
  async function decidedIds(): Promise<readonly string[]> {
    const { size } = await folder.ask('checkpoint', 'show')
    const { address } = JSON.parse(node.text())
    const path = `/api/v2/history/tile/entries/000.p/${size}`
    const bundle = new Uint8Array(await (await fetch(address + path)).arrayBuffer())
    const view = new DataView(bundle.buffer)
    const ids: string[] = []
    for (let at = 0; at < bundle.length; at += 2 + view.getUint16(at)) {
      if (view.getUint16(at) === 80) ids.push(bundle.slice(at + 2, at + 18).toHex())
    }
    return ids.map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))
  }

  it('is not proven to those who trust nobody, who are told how to', async () => {
    const verified = await elsewhere('receipt', 'verify', file, '--json')
    expect(verified.code).toBe(1)
    expect(verified.json()).toMatchObject({ proven: false, reason: { code: 'nobody_trusted' } })
    expect(verified.stderr).toContain('Name it with --key')
  })

  it('is not proven beside the book of another network, nor with its key', async () => {
    const other = (await stranger.run('checkpoint', 'key')).stdout.trim()
    for (const ended of [
      await stranger.run('receipt', 'verify', file, '--json'),
      await elsewhere('receipt', 'verify', file, '--key', other, '--json'),
    ]) {
      expect(ended.code).toBe(1)
      expect(ended.json()).toMatchObject({ proven: false, reason: { code: 'other_chain' } })
    }
  })

  it('is not proven when anything in it was changed', async () => {
    const text = readFileSync(file, 'utf8')
    const changed = folder.beside('changed.json')
    const alterations: readonly (readonly [string, string])[] = [
      ['line_mismatch', text.replace('"amount":350', '"amount":351')],
      ['malformed', `${text}\n\n`],
      ['malformed', 'FEDOW1:BB8'],
    ]
    for (const [code, altered] of alterations) {
      expect(altered).not.toBe(text)
      writeFileSync(changed, altered)
      const ended = await elsewhere('receipt', 'verify', changed, '--key', key, '--json')
      expect(ended.code).toBe(1)
      expect(ended.json()).toMatchObject({ proven: false, reason: { code } })
    }
    writeFileSync(changed, Uint8Array.of(0xff, 0xfe, 0x00))
    expect((await elsewhere('receipt', 'verify', changed, '--key', key)).code).toBe(1)
  })

  it('says what is wrong with the words of a command', async () => {
    const witness = (await folder.ask('witness', 'key')).witness
    for (const wrong of [key.slice(0, -1), String(witness)]) {
      const ended = await elsewhere('receipt', 'verify', file, '--key', wrong)
      expect(ended).toMatchObject({ code: 2, stdout: '' })
    }
    expect((await folder.run('receipt', 'show', tx, '--qr', '--proof')).code).toBe(2)
    expect((await elsewhere('receipt', 'verify', '/nonexistent/file', '--key', key)).code).toBe(1)
    const unknown = await folder.run('receipt', 'show', '0198f3a0-1111-7000-8000-000000000001')
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(unknown.stderr).toContain('No such tx')
  })

  it('has a short form for the tools of transparency logs', async () => {
    const { stdout } = await folder.run('receipt', 'show', tx, '--proof')
    expect(stdout).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex \d+\n/)
    expect(stdout).toMatch(/\n\u2014 fedow\/[0-9a-f]{32} \S+\n$/)
  })
})

describe('a statement, on the command line', () => {
  const file = folder.beside('statement.json')

  it('is written for a wallet and verified far from any node', async () => {
    await folder.ask('wallet', 'statement', 'Bar du Port', '--out', file)
    const verified = await elsewhere('statement', 'verify', file, '--key', key)
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toContain('It held 3.50')
    expect(await folder.ask('statement', 'verify', file)).toMatchObject({
      proven: true,
      isComplete: true,
      accounts: [{ balance: 350, held: 0, isOpen: true }],
    })
  })

  it('shows that the wallet never had an account', async () => {
    await folder.ask('wallet', 'statement', 'Bar du Port', '--asset', 'FED', '--out', file)
    const { accounts } = await folder.ask('statement', 'verify', file)
    expect(accounts).toMatchObject([{ isOpen: true }, { balance: 0, isOpen: false }])
  })

  it('is not proven when it was changed, nor taken for a receipt', async () => {
    const text = readFileSync(file, 'utf8')
    const changed = folder.beside('changed.json')
    writeFileSync(changed, text.replace('\\"balance\\":350', '\\"balance\\":950'))
    expect(readFileSync(changed, 'utf8')).not.toBe(text)
    const ended = await elsewhere('statement', 'verify', changed, '--key', key, '--json')
    expect(ended.code).toBe(1)
    expect(ended.json()).toMatchObject({ proven: false, reason: { code: 'not_in_state' } })
    expect((await elsewhere('receipt', 'verify', file, '--key', key)).code).toBe(1)
  })
})

describe('a checkpoint, on the command line', () => {
  it('is shown at any height, as a note', async () => {
    const last = await folder.ask('checkpoint', 'show')
    const first = await folder.ask('checkpoint', 'show', '0')
    expect(first).toMatchObject({ height: 0, size: 1, chain: last.chain })
    const { stdout } = await folder.run('checkpoint', 'show', '0')
    expect(stdout).toBe(first.checkpoint)
    expect((await folder.run('checkpoint', 'show', 'x')).code).toBe(2)
  })

  it('has a key that is told without a node, and none without a book', async () => {
    expect(await folder.ask('checkpoint', 'key')).toMatchObject({ key })
    expect((await elsewhere('checkpoint', 'key')).code).toBe(1)
  })
})

/** Reads the rows of half blocks of a terminal as a camera does. */
function scan(rows: readonly string[]): string {
  const scale = 3
  const modules = rows.flatMap((row) => [
    [...row].map((sign) => '█▀'.includes(sign)),
    [...row].map((sign) => '█▄'.includes(sign)),
  ])
  const [width, height] = [(modules[0]?.length ?? 0) * scale, modules.length * scale]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [Math.floor((at % width) / scale), Math.floor(at / width / scale)]
    if (modules[y]?.[x] !== true) data.fill(0, at * 4, at * 4 + 3)
  }
  return decodeQR({ width, height, data })
}
