import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient, getStatus, listLines, openPlace, openWallet } from '@fedow/api'
import { DAY_MS } from '@fedow/ledger'
import {
  auditFolder,
  type Clocks,
  type Config,
  initFolder,
  readConfig,
  socketPathOf,
  startNode,
} from '@fedow/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import type { LifeReport } from '../src/demo/life-report.ts'
import { type LifeSpan, readLifeSpan } from '../src/demo/life-span.ts'
import { liveDemo } from '../src/demo/live.ts'
import { DemoStopped } from '../src/demo/script.ts'
import { midnightBefore, seasonDay } from '../src/demo/seasons.ts'
import { VirtualClock } from '../src/demo/virtual-clock.ts'
import { SILENT } from '../src/progress.ts'
import { Folder, launch, type Running, stop } from './fedow.ts'

const SPAN = readLifeSpan('60d')
/** After a festival, so that a short life has one. */
const END_MS = Date.parse('2026-02-15T12:00:00Z')
const BEGIN_MS = END_MS - SPAN.days * DAY_MS
const PEOPLE = 60
/** Several lives in one test, on a slow machine. */
const LONG_MS = 240_000

describe('a demonstration that lives', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'fedow-live-')))
  const founded = join(root, 'founded')
  const whole = join(root, 'whole')
  let report: LifeReport | 'there'

  beforeAll(async () => {
    initFolder(founded, { network: SPAN.network, timeMs: BEGIN_MS })
    report = await live(copyOf('whole'))
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  /** The same beginning once more: the same keys, so the same ids of txs. */
  function copyOf(name: string): string {
    const folder = join(root, name)
    cpSync(founded, folder, { recursive: true })
    return folder
  }

  it('ends with an audit of all of it', async () => {
    const { ok, txs, lines, height } = await auditFolder(whole)
    expect(ok).toBe(true)
    expect(report).toMatchObject({ days: 60, people: PEOPLE, txs, lines, blocks: height })
    expect(lines).toBeGreaterThan(2_000)
  })

  it('spans its days, with a festival in their midst', async () => {
    const days = await daysOf(whole)
    const dates = [...days.keys()].toSorted()
    expect([dates.at(0), dates.at(-1)]).toEqual(['2025-12-17', '2026-02-15'])
    expect(dates.length).toBeGreaterThan(50)
    const festival = days.get('2026-01-17')?.length ?? 0
    expect(festival).toBeGreaterThan(2 * (days.get('2026-01-14')?.length ?? 0))
  })

  it('is there when it is asked for again', async () => {
    const before = await daysOf(whole)
    expect(await live(whole)).toBe('there')
    expect(await daysOf(whole)).toEqual(before)
  })

  it(
    'goes on after a stop at any moment, to the same txs of each day',
    async () => {
      const folder = copyOf('stopped')
      for (const stopAt of [
        { label: 'Founding', updates: 40 },
        { label: 'Founding', updates: 300 },
        { label: 'Living', updates: 1 },
        { label: 'Living', updates: 30 },
        { label: 'Audit', updates: 1 },
      ]) {
        await expect(live(folder, { stopAt }), stopAt.label).rejects.toThrow(DemoStopped)
      }
      expect(await live(folder)).toBe('there')
      expect(await daysOf(folder)).toEqual(await daysOf(whole))
      expect(await countsOf(folder)).toEqual(await countsOf(whole))
    },
    LONG_MS,
  )

  it(
    'goes on after kill -9 in the middle of a day, to the same txs of each day',
    async () => {
      const span = readLifeSpan('30d')
      const timeMs = END_MS - span.days * DAY_MS
      const [killed, other] = [join(root, 'killed'), join(root, 'not-killed')]
      initFolder(killed, { network: span.network, timeMs })
      cpSync(killed, other, { recursive: true })
      for (const lines of [400, 1_300]) {
        const args = ['--demo', '--live', span.text, '--port', '0', '--data', killed]
        const node = launch(['start', ...args])
        await untilLines(killed, { lines, running: node })
        node.child.kill('SIGKILL')
        await node.ended
      }
      // The command line brings as many people as the length asks for.
      await live(killed, { span, people: undefined })
      await live(other, { span, people: undefined })
      expect(await daysOf(killed)).toEqual(await daysOf(other))
      expect(await countsOf(killed)).toEqual(await countsOf(other))
    },
    LONG_MS,
  )

  it('refuses to live another length, and in a book of somebody’s own', async () => {
    const longer = live(whole, { span: readLifeSpan('90d') })
    await expect(longer).rejects.toThrow('lives 60d, not 90d')
    using own = new Folder()
    await own.ask('init')
    await expect(live(own.path)).rejects.toThrow('has a book of its own')
    expect(await own.ask('status')).toMatchObject({ txs: 1 })
    const clocks = new VirtualClock(BEGIN_MS)
    const folder = copyOf('opened')
    const body = { name: 'Chez nous' }
    await asking(folder, { clocks }, (client) => client.call(openPlace, { body }))
    const before = await countsOf(folder)
    await expect(live(folder)).rejects.toThrow('has a book of its own')
    expect(await countsOf(folder)).toEqual(before)
  })

  it('refuses to live the past of a book that has gone on by the clock of the machine', async () => {
    const folder = copyOf('gone-on')
    const stopAt = { label: 'Living', updates: 2 }
    await expect(live(folder, { stopAt })).rejects.toThrow(DemoStopped)
    await asking(folder, {}, (client) => client.call(openWallet, { body: {} }))
    const before = await countsOf(folder)
    await expect(live(folder)).rejects.toThrow('has gone on until')
    expect(await countsOf(folder)).toEqual(before)
  })
})

describe('fedow start --demo --live', () => {
  it('serves with the clock of the machine when the life is over', async () => {
    using folder = new Folder()
    const node = await folder.node('--demo', '--live', '7d')
    const { demo } = JSON.parse(node.text())
    expect(demo.life).toMatchObject({ days: 7, txs: expect.any(Number) })
    expect(demo.keys).toHaveLength(4)
    const [, , card = ''] = /card show (\S+)/.exec(demo.try[0])?.[0].split(' ') ?? []
    const before = Date.now()
    await folder.ask('sale', '--place', 'Bar du Port', '--card', card, '--amount', '1.50')
    const { time } = await folder.ask('status')
    expect(Date.parse(String(time))).toBeGreaterThanOrEqual(before - 1_000)
    const { code, stderr } = await stop(node)
    expect(code).toBe(0)
    expect(stderr).toContain('the book holds')
    const again = await folder.node('--demo', '--live', '7d')
    expect(JSON.parse(again.text()).demo).not.toHaveProperty('life')
    expect((await stop(again)).stderr).toContain('has lived its 7d already')
  })

  it('stops with 0 in the middle, and goes on with the same command', async () => {
    using folder = new Folder()
    const args = ['--demo', '--live', '30d'] as const
    const node = folder.start('start', ...args, '--port', '0', '--log', 'error')
    await untilLines(folder.path, { lines: 1_000, running: node })
    const { code, stdout, stderr } = await stop(node)
    expect(code).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain('--live 30d, goes on')
    const again = await folder.node(...args)
    expect(JSON.parse(again.text()).demo.life).toMatchObject({ days: 30 })
    await stop(again)
  })

  it('starts nothing when the words are wrong', async () => {
    using folder = new Folder()
    const odd = await folder.run('start', '--demo', '--live', '3 years')
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('"3 years" is not') })
    const alone = await folder.run('start', '--live', '3y')
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('add --demo') })
    expect(existsSync(folder.path)).toBe(false)
  })
})

interface Wishes {
  readonly span?: LifeSpan
  readonly people?: number | undefined
  /** Stops soon after so many updates of a bar. */
  readonly stopAt?: { readonly label: string; readonly updates: number }
}

function live(folder: string, wishes: Wishes = {}): Promise<LifeReport | 'there'> {
  const { span = SPAN, stopAt } = wishes
  const people = 'people' in wishes ? wishes.people : PEOPLE
  const wish = new AbortController()
  const progress = (label: string) => {
    let updates = 0
    const update = () => {
      updates += 1
      if (label === stopAt?.label && updates === stopAt.updates) setImmediate(() => wish.abort())
    }
    return { ...SILENT, update, [Symbol.dispose]() {} }
  }
  const about = { config: configOf(folder), span, screen: { progress }, stop: wish.signal }
  return liveDemo({ ...about, nowMs: END_MS, ...(people !== undefined && { people }) })
}

function configOf(folder: string): Config {
  return { ...readConfig(), folder, port: 0, logLevel: 'error' }
}

/** Asks a node that runs for the moment. */
async function asking<T>(
  folder: string,
  { clocks }: { readonly clocks?: Clocks },
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const config = { ...configOf(folder), acceptClock: true }
  await using node = await startNode(config, { listen: 'socket', ...(clocks && { clocks }) })
  using socket = new SocketTransport(node.socketPath)
  return await ask(createClient({ transport: socket.send }))
}

/** No time passes for who only reads: what is due stays so. */
const STILL = { clocks: new VirtualClock(0) }

/** What happens by itself has an id of its height, and a life that was stopped has more blocks. */
const BY_ITSELF: readonly string[] = ['APL', 'GRT', 'MLT', 'RDS']

function countsOf(folder: string): Promise<{ readonly txs: number; readonly lines: number }> {
  return asking(folder, STILL, async (client) => {
    const { txs, lines } = await client.call(getStatus, {})
    return { txs, lines }
  })
}

/** Ids of the txs with lines, and what happened by itself, by their day on the island. */
function daysOf(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  return asking(folder, STILL, async (client) => {
    const days = new Map<string, Set<string>>()
    for (let after = 0; ; ) {
      const { lines } = await client.call(listLines, { query: { after, limit: 200 } })
      for (const { tx, time, number, action, from, amount } of lines) {
        const { date } = seasonDay(0, midnightBefore(Date.parse(time)))
        const what = BY_ITSELF.includes(action) ? `${action} ${from} ${amount}` : tx
        days.set(date, (days.get(date) ?? new Set()).add(what))
        after = number
      }
      if (lines.length === 0) break
    }
    return new Map([...days].map(([date, txs]) => [date, [...txs].toSorted()]))
  })
}

/** Waits until the book of a process has so many lines. */
async function untilLines(
  folder: string,
  { lines, running }: { readonly lines: number; readonly running: Running },
): Promise<void> {
  using socket = new SocketTransport(socketPathOf(folder))
  const client = createClient({ transport: socket.send })
  let isOver = false
  running.ended.then(() => {
    isOver = true
  })
  while (!isOver) {
    const status = await client.call(getStatus, {}).catch(() => undefined)
    if (status !== undefined && status.lines >= lines) return
  }
  throw new Error(`The process ended before its book had ${lines} lines.`)
}
