import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, getStatus, getTx } from '@fedow/api'
import { socketPathOf } from '@fedow/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { castOf } from '../src/demo/prepare.ts'
import { Script } from '../src/demo/script.ts'
import { Lot } from '../src/demo/seed.ts'
import { readStory } from '../src/demo/story.ts'
import { Folder, type Running, stop } from './fedow.ts'

interface Demo {
  readonly keys: readonly { readonly place: string; readonly key: string }[]
  readonly keysFile: string
  readonly try: readonly [string, string, string]
}

describe('the demonstration', () => {
  const folder = new Folder()
  let node: Running
  let demo: Demo

  beforeAll(async () => {
    node = await folder.node('--demo')
    demo = JSON.parse(node.text()).demo
  })

  afterAll(async () => {
    await stop(node)
    folder[Symbol.dispose]()
  })

  it('founds four places that accept each other’s money, with both card orders', async () => {
    const { places } = await folder.ask('place', 'list')
    expect(places).toHaveLength(4)
    const { federations } = await folder.ask('federation', 'list')
    expect(federations).toHaveLength(2)
    const { assets } = await folder.ask('asset', 'list', '--place', 'Bar du Port')
    const codes = (assets as { code: string }[]).map(({ code }) => code)
    expect(codes.toSorted()).toEqual(['CAD', 'FED', 'PKS', 'PTS'])
    const last = await folder.ask('card', 'show', '83E0F2A3')
    expect(last).toMatchObject({ status: 'live', generation: 1 })
  })

  it('plays an evening in which all that was issued is somewhere, and some were refused', async () => {
    const report = await folder.ask('audit')
    expect(report).toMatchObject({ ok: true })
    const { txs, lines } = await folder.ask('status')
    expect(txs).toBeGreaterThan(500)
    expect(lines).toBeGreaterThan(800)
    const gestures = await gesturesIn(folder)
    expect(gestures.get('applied')).toBeGreaterThan(200)
    expect(gestures.get('rejected')).toBeGreaterThan(5)
  })

  it('keeps its keys in a file that only the owner reads', () => {
    expect(statSync(demo.keysFile).mode & 0o777).toBe(0o600)
    const text = readFileSync(demo.keysFile, 'utf8')
    expect(demo.keys).toHaveLength(4)
    for (const { place, key } of demo.keys) expect(text).toContain(`${place} = ${key}\n`)
  })

  it('prints commands that work as they are pasted, and pays once when pasted twice', async () => {
    const [show, pay, audit] = demo.try
    const [, card = ''] = /^npx fedow card show (\S+)/.exec(show) ?? []
    const before = await balanceOf(card)
    expect(paste(pay)).toMatchObject({ status: 'applied' })
    expect(paste(pay)).toMatchObject({ status: 'applied' })
    expect(await balanceOf(card)).toBe(before - 150)
    expect(audit).toBe(`npx fedow audit --data ${folder.path}`)

    async function balanceOf(tag: string): Promise<number> {
      const { accounts } = await folder.ask('card', 'show', tag)
      const euros = (accounts as { kind: string; balance: number }[]).filter(
        ({ kind }) => kind !== 'TIM',
      )
      return euros.reduce((sum, { balance }) => sum + balance, 0)
    }
  })

  it('is there at the next start, and nothing is doubled', async () => {
    const before = await folder.ask('status')
    await stop(node)
    node = await folder.node('--demo')
    const again = JSON.parse(node.text()).demo as Demo
    expect(again.keys).toEqual(demo.keys)
    const after = await folder.ask('status')
    expect(after).toMatchObject({ txs: before.txs, lines: before.lines })
  })
})

describe('a demonstration that is ended in the middle', () => {
  it('goes on after kill -9 at any moment, to the same book', async () => {
    const seed = 20_261_122
    const lot = new Lot(seed)
    using whole = new Folder()
    const expected = await booked(whole, await whole.node('--demo'))
    using broken = new Folder()
    let kills = 0
    for (let steps = 1; steps < 560; steps += 120 + lot.below(120)) {
      const node = broken.start('start', '--demo', '--port', '0', '--log', 'error', '--json')
      const reached = await untilTxs(broken, { steps, running: node })
      if (!reached) break
      node.child.kill('SIGKILL')
      await node.ended
      kills += 1
    }
    expect(kills, `seed ${seed}`).toBeGreaterThan(1)
    expect(await booked(broken, await broken.node('--demo')), `seed ${seed}`).toEqual(expected)
    const keys = readFileSync(join(broken.path, 'demo-keys.txt'), 'utf8')
    expect(keys.match(/^.+ = fedow_/gm)).toHaveLength(4)
  })

  it('goes on after a stop, which ends with 0', async () => {
    using folder = new Folder()
    const node = folder.start('start', '--demo', '--port', '0', '--log', 'error')
    await untilTxs(folder, { steps: 20, running: node })
    const ended = await stop(node)
    expect(ended.code).toBe(0)
    const again = await folder.node('--demo')
    expect(JSON.parse(again.text()).demo.keys).toHaveLength(4)
    await stop(again)
  })

  it('leaves a book alone that has places of its own', async () => {
    using folder = new Folder()
    await folder.ask('init')
    await folder.ask('place', 'create', 'Chez nous')
    const node = await folder.node('--demo')
    const { places } = await folder.ask('place', 'list')
    expect(places).toMatchObject([{ name: 'Chez nous' }])
    const { stdout, stderr } = await stop(node)
    expect(JSON.parse(stdout)).not.toHaveProperty('demo')
    expect(stderr).toContain('nothing of the demonstration was added')
  })
})

/** Issued sums, txs and lines of a book; ends its node. */
async function booked(folder: Folder, node: Running): Promise<object> {
  await stop(node)
  const { txs, lines, assets, ok } = await folder.ask('audit')
  const sums = (assets as { name: string; issued: number }[]).map(
    ({ name, issued }) => `${name} ${issued}`,
  )
  return { ok, txs, lines, sums: sums.toSorted() }
}

/** True once the book has so many txs; false when the demonstration is ready before. */
async function untilTxs(
  folder: Folder,
  { steps, running }: { readonly steps: number; readonly running: Running },
): Promise<boolean> {
  using socket = new SocketTransport(socketPathOf(folder.path))
  const client = createClient({ transport: socket.send })
  let isOver = false
  running.says('"address"').then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  while (!isOver) {
    const status = await client.call(getStatus, {}).catch(() => undefined)
    if (status !== undefined && status.txs >= steps) return true
  }
  return false
}

function paste(line: string): unknown {
  const { status, stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
  expect(status).toBe(0)
  return JSON.parse(stdout)
}

/** How many gestures of the evening the book keeps, by their outcome. */
async function gesturesIn(folder: Folder): Promise<Map<string, number>> {
  using socket = new SocketTransport(socketPathOf(folder.path))
  const client = createClient({ transport: socket.send })
  const { chain } = await client.call(getStatus, {})
  const script = new Script({ client, chain, stop: new AbortController().signal, onStep: () => {} })
  const { members, guests } = castOf(readStory())
  const names = [...members, ...guests].flatMap(({ tag, gestures }) =>
    gestures.map((_, index) => `gesture ${index} of ${tag}`),
  )
  const counts = new Map<string, number>()
  for (const name of names) {
    const { status } = await client.call(getTx, { params: { tx: script.idOf(name) } })
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return counts
}
