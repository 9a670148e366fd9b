/** Reminders before money melts: who gets which, when, and only once. */
import { type Amount, type AssetId, DAY_MS, type WalletId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { MeltsAheadReader } from '../src/store/melts-ahead-reader.ts'
import type { FoundMelt } from '../src/store/melts-ahead-worker.ts'
import { ReminderWorld, TERMS } from './reminder-world.ts'

/** A person with 10.00 who loaded them on 1 January: the first melt is on 2 May. */
async function sleeper(world: ReminderWorld): Promise<{ asset: AssetId; wallet: WalletId }> {
  const asset = await world.money({ code: 'PRL' })
  const wallet = await world.person('ana@example.org')
  await world.refill(wallet, asset, 1_000n)
  return { asset, wallet }
}

describe('the outbox', () => {
  it('has one reminder 30, 7 and 1 days before, by the function that runs', async () => {
    await using world = await ReminderWorld.open()
    const { asset, wallet } = await sleeper(world)
    for (const day of ['04-01', '04-02', '04-03', '04-24', '04-25', '04-26', '04-30']) {
      await world.round(`2026-${day}`)
    }
    expect(world.outbox()).toEqual([
      '2026-05-02 -30 10 waiting', // No mail server: they are listed.
      '2026-05-02 -7 10 waiting',
    ])
    await world.round('2026-05-01')
    await world.round()
    expect(world.outbox()).toHaveLength(3)
    await world.round('2026-05-02')
    const { state } = world.server.book
    expect(state.get('account', `${wallet}/${asset}`)?.balance).toBe(990n)
    expect(world.outbox().map((one) => one.split(' ').at(-1))).toEqual(['over', 'over', 'over'])
  })

  it('is silent before the later melts of a run, and speaks before the next run', async () => {
    await using world = await ReminderWorld.open()
    const { asset, wallet } = await sleeper(world)
    await world.round('2026-05-01')
    for (const day of ['05-02', '05-25', '05-31', '06-01', '06-24', '06-30', '07-01']) {
      await world.round(`2026-${day}`)
    }
    expect(world.outbox().filter((one) => !one.startsWith('2026-05-02'))).toEqual([])
    await world.pay(wallet, asset, 100n)
    // Awake on 1 July, 60 days of grace, a period of 30: 30 September.
    for (const day of ['08-30', '08-31', '09-23', '09-29']) await world.round(`2026-${day}`)
    expect(world.outbox().filter((one) => one.startsWith('2026-09-30'))).toEqual([
      ...['2026-09-30 -30 8 waiting', '2026-09-30 -7 8 waiting', '2026-09-30 -1 8 waiting'],
    ])
  })

  it('does not take what came in from others for the beginning of a run', async () => {
    await using world = await ReminderWorld.open()
    const { asset, wallet } = await sleeper(world)
    const bob = await world.person()
    await world.round('2026-05-02')
    await world.day('2026-05-10')
    await world.refill(bob, asset, 5_000n)
    for (let count = 0; count < 3; count += 1) await world.give(bob, wallet, asset, 100n)
    await world.round('2026-05-25')
    await world.round('2026-05-31')
    const dues = world.server.reminders.page({ wallet, limit: 10 }).map(({ dueDay }) => dueDay)
    expect(dues).toEqual([])
  })

  it('speaks when periods have passed in which nothing melted', async () => {
    await using world = await ReminderWorld.open()
    const terms = { ...TERMS, floor: 500n as Amount }
    const asset = await world.money({ code: 'PRL', terms })
    const ana = await world.person()
    const bob = await world.person()
    await world.refill(ana, asset, 300n)
    await world.round('2026-07-20')
    expect(world.outbox()).toEqual([])
    // What comes in lies above the floor; the period runs since 1 July.
    await world.refill(bob, asset, 5_000n)
    await world.give(bob, ana, asset, 1_000n)
    await world.round('2026-07-24')
    expect(world.outbox()).toEqual(['2026-07-31 -7 13 waiting'])
  })

  it('tells nobody of melts that a gesture has moved, and finds the later day of every account', async () => {
    await using world = await ReminderWorld.open()
    const { wallet } = await sleeper(world)
    const other = await world.money({ code: 'CAF' })
    await world.refill(wallet, other, 500n)
    await world.round('2026-04-02')
    expect(world.outbox()).toEqual(['2026-05-02 -30 10+5 waiting'])
    // A gesture in another asset: the account itself does not change.
    await world.day('2026-04-10')
    await world.pay(wallet, other, 100n)
    await world.round('2026-04-25')
    expect(world.outbox()).toEqual(['2026-05-02 -30 10+5 moved'])
    // 10 April, then 60 days and 30: 10 July, for both accounts in one reminder.
    await world.round('2026-06-09')
    await world.round('2026-06-10')
    expect(world.outbox()).toEqual(['2026-07-10 -30 10+4 waiting'])
  })

  it('sends the closest step alone after a week without the node', async () => {
    await using world = await ReminderWorld.open()
    await sleeper(world)
    await world.round('2026-04-01')
    await world.stop()
    world.nowMs = Date.parse('2026-05-01T08:00:00Z')
    await world.start()
    await world.round()
    await world.round()
    expect(world.outbox()).toEqual(['2026-05-02 -1 10 waiting'])
  })

  it('writes nothing twice when it is interrupted half way', async () => {
    const pages: (readonly FoundMelt[])[] = []
    await using world = await ReminderWorld.open()
    const { asset } = await sleeper(world)
    const bob = await world.person()
    await world.refill(bob, asset, 2_000n)
    await world.day('2026-04-02')
    await world.stop()
    const reader = new MeltsAheadReader(world.network.folder)
    const ahead: Pick<MeltsAheadReader, 'find'> = {
      async *find(days, stop) {
        for await (const found of reader.find(days, stop)) {
          pages.push(found)
          yield found.slice(0, 1)
          throw new Error('the machine went off')
        }
      },
    }
    await world.start({ ahead })
    await expect(world.server.reminders.round()).rejects.toThrow('went off')
    expect(pages[0]).toHaveLength(2)
    expect(world.outbox()).toHaveLength(1)
    await world.stop()
    await world.start()
    await world.server.reminders.round()
    const amounts = world.outbox().map((one) => one.split(' ')[2])
    expect(amounts.toSorted()).toEqual(['10', '20'])
  })

  it('says nothing when the day has passed meanwhile', async () => {
    await using world = await ReminderWorld.open()
    await sleeper(world)
    await world.round('2026-04-01')
    await world.round('2026-05-03')
    expect(world.outbox()).toEqual([])
  })

  it('leaves out who is exempt, who is no person, and amounts of nothing', async () => {
    await using world = await ReminderWorld.open()
    const exempt = { ...TERMS, exempt: ['place', 'fund', 'person'] as const }
    const kept = await world.money({ code: 'KEP', terms: exempt })
    const small = await world.money({ code: 'SML' })
    const ana = await world.person('ana@example.org')
    await world.refill(ana, kept, 1_000n)
    await world.refill(ana, small, 99n)
    const everywhere = { ...TERMS, exempt: [] as const }
    const asset = await world.money({ code: 'ALL', terms: everywhere })
    const bob = await world.person()
    await world.refill(bob, asset, 5_000n)
    await world.pay(bob, asset, 5_000n)
    await world.round('2026-04-02')
    expect(world.server.book.state.get('account', `${world.placeWallet}/${asset}`)?.balance).toBe(
      5_000n,
    )
    expect(world.outbox()).toEqual([])
  })

  it('is silenced by no clock that was a year ahead for a moment', async () => {
    let aheadMs = 365 * DAY_MS
    const now = (): number => world.nowMs + aheadMs
    await using world: ReminderWorld = await ReminderWorld.open({ now })
    await sleeper(world)
    await world.round('2026-04-02')
    expect(world.outbox()).toEqual([])
    aheadMs = 0
    await world.server.reminders.round()
    await world.server.reminders.round()
    expect(world.outbox()).toEqual(['2026-05-02 -30 10 waiting'])
  })

  it('forgets what is long over', async () => {
    await using world = await ReminderWorld.open()
    await sleeper(world)
    await world.round('2026-05-01')
    await world.round('2026-06-01')
    expect(world.outbox()).toHaveLength(1)
    await world.round('2026-06-02')
    expect(world.outbox()).toEqual([])
  })
})
