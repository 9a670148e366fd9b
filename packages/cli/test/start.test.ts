import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, listBatches } from '@fedow/api'
import { socketPathOf } from '@fedow/node'
import { describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { COMMANDS } from '../src/main.ts'
import { Folder, launch, stop } from './fedow.ts'

describe('fedow start', () => {
  it('makes a network of one in an empty folder, without demonstration', async () => {
    using folder = new Folder()
    const node = await folder.node()
    const { places } = await folder.ask('place', 'list')
    expect(places).toEqual([])
    const { code, json } = await stop(node)
    expect(code).toBe(0)
    const { address } = json()
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('answers by HTTP where it says', async () => {
    using folder = new Folder()
    const node = folder.start('start', '--port', '0', '--log', 'error')
    await node.says('status   http')
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/api\/v2\/status/.exec(node.text()) ?? []
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ engine: 'solo', height: 0 })
    const { stdout } = await stop(node)
    expect(stdout).toContain('OpenAPI  http')
  })

  it('stops with 0 when a supervisor sends its signal twice', async () => {
    using folder = new Folder()
    const node = await folder.node()
    node.child.kill('SIGTERM')
    node.child.kill('SIGTERM')
    node.child.kill('SIGINT')
    expect(await node.ended).toMatchObject({ code: 0, signal: null })
  })

  it('refuses a folder that another process has, and a port that another program has', async () => {
    using folder = new Folder()
    const node = folder.start('start', '--port', '0', '--log', 'error')
    await node.says('status   http')
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(node.text()) ?? []
    const second = await folder.run('start', '--port', '0')
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('A folder belongs to one process')
    using other = new Folder()
    const onPort = await other.run('start', '--port', port, '--json')
    expect(onPort.code).toBe(1)
    expect(onPort.json().error).toContain(`port ${port}: another program uses it`)
    await stop(node)
  })

  it('refuses settings that cannot be, and names them', async () => {
    using folder = new Folder()
    const port = await folder.run('start', '--port', '70000')
    expect(port).toMatchObject({ code: 2, stderr: expect.stringContaining('--port "70000"') })
    expect(existsSync(folder.path)).toBe(false)
  })

  it('gives a book its genesis back when the first start was interrupted before writing it', async () => {
    using folder = new Folder()
    await folder.ask('init')
    const { place } = await folder.ask('place', 'create', 'La Raffinerie')
    const path = join(folder.path, 'genesis.jws')
    const before = readFileSync(path, 'utf8')
    rmSync(path)
    const node = await folder.node()
    const { places } = await folder.ask('place', 'list')
    expect(places).toMatchObject([{ id: place }])
    await stop(node)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

describe('a command while no node runs', () => {
  it('says that there is no book, and makes none', async () => {
    using folder = new Folder()
    const refused = await folder.run('status', '--json')
    expect(refused.code).toBe(1)
    expect(refused.json().error).toContain('There is no book')
    expect(existsSync(folder.path)).toBe(false)
    expect((await folder.run('audit', '--json')).json()).toMatchObject({ ok: false })
  })

  it('does not make a second book where one is', async () => {
    using folder = new Folder()
    await folder.ask('init', '--network', 'Archipel')
    const before = readFileSync(join(folder.path, 'genesis.jws'), 'utf8')
    expect((await folder.run('init')).code).toBe(1)
    expect(readFileSync(join(folder.path, 'genesis.jws'), 'utf8')).toBe(before)
  })

  it('starts one for the moment; commands at the same time take turns or share it', async () => {
    using folder = new Folder()
    await folder.ask('init')
    const names = ['A', 'B', 'C', 'D']
    await Promise.all(names.map((name) => folder.ask('place', 'create', name)))
    const { places } = await folder.ask('place', 'list')
    expect((places as { name: string }[]).map(({ name }) => name).toSorted()).toEqual(names)
    expect(existsSync(socketPathOf(folder.path))).toBe(false)
  })

  it('stops a long import after its current step, and goes on with it later', async () => {
    using folder = new Folder()
    await folder.ask('init')
    await folder.ask('place', 'create', 'La Raffinerie')
    const file = folder.beside('order.csv')
    const count = 30_000
    writeFileSync(file, Array.from({ length: count }, (_, index) => toCardLine(index)).join(''))
    const order = ['--place', 'La Raffinerie', '--generation', '1', '--apply', '--json']
    const importing = folder.start('card', 'import', file, ...order)
    await untilRegistered(folder, 1)
    importing.child.kill('SIGTERM')
    importing.child.kill('SIGTERM')
    const ended = await importing.ended
    expect(ended.signal).toBe(null)
    // A fast machine may have ended the import within the second that a request under way is given.
    if (ended.code !== 0) expect(ended.stderr).toMatch(/goes on by itself/)
    const node = await folder.node()
    await untilRegistered(folder, count)
    await stop(node)
    expect(await folder.ask('audit')).toMatchObject({ ok: true })
  })
})

describe('audit', () => {
  it('ends with 1 and names what does not hold when a byte of the book is changed', async () => {
    using folder = new Folder()
    await folder.ask('init')
    await folder.ask('place', 'create', 'La Raffinerie')
    const path = join(folder.path, 'genesis.jws')
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text.replace(/.(?=\n$)/, (last) => (last === 'A' ? 'Q' : 'A')),
    )
    const { code, json, stderr } = await folder.run('audit', '--json')
    expect(code).toBe(1)
    expect(json()).toMatchObject({ ok: false, problem: { what: expect.any(String) } })
    expect(stderr).toContain('genesis.jws')
  })
})

describe('help', () => {
  it('has two examples for every command, with options that the command has', () => {
    expect(COMMANDS.length).toBeGreaterThan(40)
    for (const { name, examples, options = {} } of COMMANDS) {
      expect(examples.length, name).toBeGreaterThanOrEqual(2)
      const known = [...Object.keys(options).map(toFlag), '--json', '--data']
      for (const example of examples) {
        expect(example.startsWith(name), example).toBe(true)
        for (const flag of example.match(/--[a-z-]+/g) ?? []) expect(known, example).toContain(flag)
      }
    }
  })

  it('shows them, and ends with 0', async () => {
    const { code, stdout } = await launch(['sale', '--help']).ended
    expect(code).toBe(0)
    expect(stdout.match(/^ {2}fedow sale --place .+$/gm)).toHaveLength(2)
    expect(stdout).toContain('--data <folder>')
  })
})

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function toCardLine(index: number): string {
  const hex = (from: number): string => (from + index).toString(16).toUpperCase()
  const qr = `${hex(0x10000000).toLowerCase()}-0000-4000-8000-000000000000`
  return `https://raffinerie.example/qr/${qr},${hex(0x20000000)},${hex(0x30000000)}\n`
}

async function untilRegistered(folder: Folder, least: number): Promise<void> {
  for (;;) {
    if ((await registered(folder)) >= least) return
  }
}

/** What the node of the folder says, or 0 while none answers. */
async function registered(folder: Folder): Promise<number> {
  using socket = new SocketTransport(socketPathOf(folder.path))
  try {
    const client = createClient({ transport: socket.send })
    const { batches } = await client.call(listBatches, {})
    return batches[0]?.registered ?? 0
  } catch {
    return 0
  }
}
