/** Two operators on two machines: what they type, and what they read. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AnswerOf, type Client, createClient, getWitness, openPlace } from '@fedow/api'
import { socketPathOf } from '@fedow/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { Folder, type Running, stop } from './fedow.ts'

const a = new Folder()
const b = new Folder()
/** A copy of the first folder, from before anything was done: the same genesis, the same keys. */
const forged = new Folder()
let addressOfB = ''
let nodeA: Running
let nodeB: Running

type Asked = AnswerOf<typeof getWitness>['asked'][number]

/** Asks the node of a folder through its socket, as commands do. */
async function through<T>(folder: Folder, work: (client: Client) => Promise<T>): Promise<T> {
  using socket = new SocketTransport(socketPathOf(folder.path))
  return await work(createClient({ transport: socket.send }))
}

function askUntil(isSo: (asked: Asked) => boolean): Promise<void> {
  return through(a, async (client) => {
    for (;;) {
      const { asked } = await client.call(getWitness, {})
      if (asked.some(isSo)) return
    }
  })
}

function openPlaces(folder: Folder, names: readonly string[]): Promise<number> {
  return through(folder, async (client) => {
    const opened = names.map((name) => client.call(openPlace, { body: { name } }))
    return Math.max(...(await Promise.all(opened)).map(({ height }) => height))
  })
}

function heightIs(height: number): (asked: Asked) => boolean {
  return ({ cosigned }) => (cosigned?.height ?? -1) >= height
}

async function startB(port: string): Promise<void> {
  nodeB = await b.node('--port', port)
  addressOfB = /"address":"([^"]+)"/.exec(nodeB.text())?.[1] ?? ''
}

beforeAll(async () => {
  await a.ask('init')
  cpSync(a.path, forged.path, { recursive: true })
  nodeA = await a.node()
  await startB('0')
})

afterAll(async () => {
  await Promise.all([stop(nodeA), stop(nodeB)])
  a[Symbol.dispose]()
  b[Symbol.dispose]()
  forged[Symbol.dispose]()
})

describe('two associations', () => {
  it('watch each other by the commands that each tells the other', async () => {
    const { stdout } = await b.run('witness', 'key')
    const [, vkey = ''] = /fedow witness ask \S+ (\S+)/.exec(stdout) ?? []
    const { log } = await a.ask('witness', 'key')
    expect((await b.run('witness', 'watch', String(log))).stdout).toContain('nothing co-signed yet')
    const asking = await a.run('witness', 'ask', `${addressOfB}/api/v2/witness`, vkey)
    expect(asking).toMatchObject({ code: 0, stdout: expect.stringContaining('Witnesses asked') })
    const height = await openPlaces(a, ['La Raffinerie'])
    await askUntil(heightIs(height))
    expect((await a.run('status')).stdout).toContain(`has co-signed block ${height}`)
    expect((await b.run('witness', 'list')).stdout).toMatch(/co-signed up to \d+ leaves/)
  })

  it('lose nothing that was co-signed when the witness is killed', async () => {
    const { port } = new URL(addressOfB)
    nodeB.child.kill('SIGKILL')
    await nodeB.ended
    await startB(port)
    const { asked } = await a.ask('witness', 'list')
    const { watched } = await b.ask('witness', 'list')
    const { size } = (asked as { size: number }[])[0] ?? {}
    expect(watched).toMatchObject([{ cosigned: { size } }])
    await askUntil(heightIs(await openPlaces(a, ['Bar du Port'])))
  })

  it('are told what is wrong, and what to do', async () => {
    const odd = await a.run('witness', 'watch', 'hello')
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('the key of a log') })
    const gone = await a.run('witness', 'unask', 'nobody')
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('fedow witness list') })
    const { watched } = await b.ask('witness', 'list')
    const [{ origin } = { origin: '' }] = watched as { origin: string }[]
    await b.ask('witness', 'unwatch', origin)
    await openPlaces(a, ['Le Hangar'])
    await askUntil(({ problem }) => problem?.code === 'log_unknown')
    expect((await a.run('status')).stdout).toContain('fedow witness watch there')
  })
})

describe('fedow audit --against', () => {
  const early = a.beside('early.txt')
  const proof = a.beside('proof.json')

  async function keep(path: string, address: string): Promise<string> {
    const answer = await fetch(new URL(address, addressOfA()))
    const text = await answer.text()
    writeFileSync(path, text)
    return text
  }

  const addressOfA = () => /"address":"([^"]+)"/.exec(nodeA.text())?.[1] ?? ''

  it('says that a copy continues what was kept, by whose word, and ends with 0', async () => {
    await keep(early, '/api/v2/history/checkpoint')
    await openPlaces(a, ['La Cale'])
    const { code, stdout } = await a.run('audit', '--against', early)
    expect(code).toBe(0)
    expect(stdout).toContain('This copy continues what that checkpoint saw')
    const told = await a.ask('audit', '--against', early)
    expect(told).toMatchObject({ ok: true, against: { result: 'continues' } })
  })

  it('says that a copy ends before, and with a proof that it is the beginning', async () => {
    using backup = new Folder()
    const { port } = new URL(addressOfA())
    await stop(nodeA)
    cpSync(a.path, backup.path, { recursive: true })
    nodeA = await a.node('--port', port)
    const height = await openPlaces(a, ['Plus tard'])
    let note = ''
    while (!note.includes(`\nheight ${height}\n`)) {
      note = await keep(early, '/api/v2/history/checkpoint')
    }
    const { code, stderr, json } = await backup.run('audit', '--against', early, '--json')
    expect(code).toBe(1)
    expect(stderr).toContain('This copy ends before that checkpoint')
    const { against } = json() as { against: { oursSize: number; size: number } }
    expect(json()).toMatchObject({ ok: false, against: { result: 'ends_before' } })
    const [address = ''] = /\/api\/v2\/history\/consistency\S+?(?=,)/.exec(stderr) ?? []
    expect(address).toContain(`from=${against.oursSize}&to=${against.size}`)
    await keep(proof, address)
    const proven = await backup.run('audit', '--against', early, '--proof', proof)
    expect(proven).toMatchObject({ code: 0, stdout: expect.stringContaining('a true prefix') })
  })

  it('says that a history was rewritten, what it means and what to keep, and ends with 1', async () => {
    const node = await forged.node()
    const names = Array.from({ length: 30 }, (_, index) => `Autre chose ${index}`)
    await openPlaces(forged, names)
    await stop(node)
    expect(await forged.ask('audit')).toMatchObject({ ok: true })
    const { code, stderr, json } = await forged.run('audit', '--against', early, '--json')
    expect(code).toBe(1)
    expect(stderr).toContain('The history was rewritten')
    expect(stderr).toContain('Keep both')
    expect(json()).toMatchObject({ ok: false, against: { result: 'rewritten', part: 'leaves' } })
  })

  it('proves nothing by a file that is not of this book, and ends with 1', async () => {
    const strange = a.beside('strange.txt')
    const note = readFileSync(early, 'utf8')
    writeFileSync(strange, note.replace(/\n(\d+)\n/, '\n1$1\n'))
    for (const file of [strange, join(a.path, 'genesis.jws')]) {
      const { code, stderr } = await a.run('audit', '--against', file)
      expect(code).toBe(1)
      expect(stderr).toContain('proves nothing about this book')
    }
    rmSync(strange)
    expect((await a.run('audit', '--against', strange)).code).toBe(1)
    expect((await a.run('audit', '--proof', early)).code).toBe(2)
  })
})
