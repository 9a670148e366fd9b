import { createClient, getCard } from '@fedow/api'
import { type Account, meltsUntil, ONLY, type StateReader, type Wallet } from '@fedow/ledger'
import { auditFolder, type Config, type RunningNode, readConfig, startNode } from '@fedow/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SocketTransport } from '../src/book/socket-transport.ts'
import { type LifeReport, toLifeText } from '../src/demo/life-report.ts'
import { readLifeSpan } from '../src/demo/life-span.ts'
import { liveDemo } from '../src/demo/live.ts'
import { castOf } from '../src/demo/prepare.ts'
import { DemoStopped } from '../src/demo/script.ts'
import { readStory } from '../src/demo/story.ts'
import type { MotionReport, TogetherReport } from '../src/demo/together-report.ts'
import { VirtualClock } from '../src/demo/virtual-clock.ts'
import { SILENT } from '../src/progress.ts'
import { Folder } from './fedow.ts'
import { balances, HAS_HLEDGER } from './hledger.ts'

const SPAN = readLifeSpan('2y')
const END_MS = Date.parse('2026-02-15T12:00:00Z')
const PEOPLE = 40
/** Days lived before the vote on another rate applies, and after. */
const DAYS_BEFORE = 430
const DAYS_BETWEEN = 30
const LOOK_AHEAD_DAYS = 400
/** Two years of small days, on a slow machine. */
const LONG_MS = 600_000

interface Ahead {
  readonly version: number
  readonly amount: bigint
  readonly dueDay: number
}

describe('two years of the demonstration', () => {
  const folder = new Folder()
  let before: readonly Ahead[] = []
  let after: readonly Ahead[] = []
  let report: LifeReport
  let commons: TogetherReport

  beforeAll(async () => {
    await expect(live(folder.path, DAYS_BEFORE)).rejects.toThrow(DemoStopped)
    before = await scheduleOf(folder.path)
    await expect(live(folder.path, DAYS_BETWEEN)).rejects.toThrow(DemoStopped)
    after = await scheduleOf(folder.path)
    const lived = await live(folder.path)
    if (lived === 'there') throw new Error('there is nothing left to live')
    report = lived
    commons = lived.commons
  }, LONG_MS)

  afterAll(() => folder[Symbol.dispose]())

  it('melt what sleeps, share it out, and pay grants; all of it adds up', () => {
    const { fed, gifts, commons: fund } = commons
    expect(fed.melted).toBeGreaterThan(0)
    expect(Math.min(fed.places, fed.commons, fed.maintenance)).toBeGreaterThan(0)
    expect(fed.places + fed.commons + fed.maintenance + fed.waiting).toBe(fed.melted)
    expect(fed.burnt).toBe(0)
    expect(gifts.melted).toBeGreaterThan(0)
    expect(gifts.burnt + gifts.waiting).toBe(gifts.melted)
    expect(fund.grants).toBeGreaterThan(1)
    expect(fund.collected - fund.paid).toBe(fund.balance)
    expect(fund.paid).toBeGreaterThan(0)
  })

  it('decide by votes: yes, no, abstentions and silence, one rejected, one that failed', () => {
    expect(motion(commons, 'federated euros melt by 1 % a month')).toMatchObject({
      ...{ status: 'applied', votes: { yes: 2, no: 1, abstain: 1 }, silent: 1 },
    })
    expect(motion(commons, 'federated euros melt by 2 % a month')).toMatchObject({
      status: 'applied',
    })
    expect(motion(commons, 'Peaksu melts')).toMatchObject({ status: 'rejected' })
    expect(motion(commons, 'a stage')).toMatchObject({
      ...{ status: 'failed', reason: 'insufficient_balance' },
    })
    const applied = commons.motions.filter(({ status }) => status === 'applied')
    expect(applied.length).toBeGreaterThan(6)
    const text = toLifeText(report)
    expect(text).toContain('Melted while it slept: ')
    expect(text).toContain('the fund had not so much')
    expect(text).toContain('the book holds')
  })

  it('show a wallet another schedule once the rate is voted, from its notice on', () => {
    const [rate1, rate2] = [2, 3]
    expect(before.length).toBeGreaterThan(5)
    expect(new Set(before.map(({ version }) => version))).toEqual(new Set([rate1]))
    const changed = after.find(({ version }) => version === rate2)
    expect(changed).toBeDefined()
    const day = changed?.dueDay ?? 0
    const known = after.filter(({ dueDay }) => dueDay < day)
    expect(known.length).toBeGreaterThan(0)
    expect(before).toEqual(expect.arrayContaining([...known]))
    const then = before.find(({ dueDay }) => dueDay === day)?.amount ?? 0n
    const ratio = Number(changed?.amount ?? 0n) / Number(then)
    expect(ratio).toBeGreaterThan(1.8)
    expect(ratio).toBeLessThan(2.2)
  })

  it(
    'hold in an audit, which gives every root again',
    async () => {
      const { ok, checkpoints, lines, height } = await auditFolder(folder.path)
      expect({ ok, lines }).toEqual({ ok: true, lines: report.lines })
      expect(checkpoints).toBe(height + 1)
    },
    LONG_MS,
  )

  it.skipIf(!HAS_HLEDGER)(
    'give hledger the funds, pools and places that the book has (needs the program hledger)',
    async () => {
      await using node = await startAsOf(folder.path)
      const file = folder.beside('book.journal')
      await folder.ask('export', 'hledger', '--output', file)
      const counted = balances(file)
      const { state } = node
      const { commons: fund, maintenance, fed } = params(state)
      for (const wallet of [fund, maintenance]) {
        const held = state.get('account', `${wallet}/${fed}`)?.balance ?? 0n
        expect(held).toBeGreaterThan(0n)
        const { name } = state.get('wallet', String(wallet)) ?? {}
        const key = `fund:${name} FED ${fed.slice(-8)}`
        expect([key, counted.get(key)]).toEqual([key, Number(held)])
      }
      const pools = [...counted].filter(([key]) => key.startsWith('pool:') && key.includes(' FED '))
      expect(pools.reduce((sum, [, cents]) => sum + cents, 0)).toBe(commons.fed.waiting)
      const total = [...counted].filter(([key]) => key.includes(` FED ${fed.slice(-8)}`))
      expect(total.reduce((sum, [, cents]) => sum + cents, 0)).toBe(0)
    },
    LONG_MS,
  )
})

function motion({ motions }: TogetherReport, name: string): MotionReport | undefined {
  return motions.find((one) => one.name.startsWith(name))
}

/** Lives on; stops after so many more days. */
function live(folder: string, days?: number): Promise<LifeReport | 'there'> {
  const wish = new AbortController()
  const progress = (label: string) => {
    let updates = 0
    const update = () => {
      updates += 1
      if (label === 'Living' && updates === days) wish.abort()
    }
    return { ...SILENT, update, [Symbol.dispose]() {} }
  }
  const about = { config: configOf(folder), span: SPAN, screen: { progress }, stop: wish.signal }
  return liveDemo({ ...about, nowMs: END_MS, people: PEOPLE })
}

function configOf(folder: string): Config {
  return { ...readConfig(), folder, port: 0, logLevel: 'error' }
}

/** A node for whom no time passes: the book stays as it is. */
function startAsOf(folder: string): Promise<RunningNode> {
  return startNode(configOf(folder), { listen: 'socket', clocks: new VirtualClock(0) })
}

/** What will melt of the card of an evening's guest that has most and is never shown again, by the function of the book. */
async function scheduleOf(folder: string): Promise<readonly Ahead[]> {
  await using node = await startAsOf(folder)
  const { state } = node
  const { fed } = params(state)
  using socket = new SocketTransport(node.socketPath)
  const client = createClient({ transport: socket.send })
  const sleepers: { readonly account: Account; readonly wallet: Wallet }[] = []
  for (const { tag } of castOf(readStory()).guests) {
    const { wallet: id } = await client.call(getCard, { params: { card: tag } })
    const account = state.get('account', `${id}/${fed}`)
    const wallet = state.get('wallet', String(id))
    if (account !== undefined && wallet !== undefined) sleepers.push({ account, wallet })
  }
  const [richest] = sleepers.toSorted((a, b) => Number(b.account.balance - a.account.balance))
  const policies = state.get('asset', fed)?.policies ?? []
  if (richest === undefined) throw new Error('no guest has federated euros left')
  const day = (richest.wallet.activeDay ?? 0) + DAYS_BEFORE + LOOK_AHEAD_DAYS
  return [...meltsUntil({ ...richest, policies }, day)].map(({ version, amount, dueDay }) => {
    return { version, amount, dueDay }
  })
}

function params(state: StateReader) {
  const found = state.get('params', ONLY)
  if (found === undefined) throw new Error('a book has its parameters')
  return found
}
