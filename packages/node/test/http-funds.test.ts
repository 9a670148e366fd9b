/** Funds over HTTP: what melts comes in, what is voted goes out, and three figures always add up. */
import { getTx, listFunds, listProposals } from '@fedow/api'
import type { Amount, AssetId, ProposalId, TxId, WalletId } from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { FundSums } from '../src/http/fund-sums.ts'
import { VotesWorld } from './votes-world.ts'

async function accountOf(world: VotesWorld, fund: WalletId, asset: AssetId) {
  const { funds } = await world.server.anyone.call(listFunds, {})
  const found = funds.find(({ wallet }) => wallet === fund)
  return found?.accounts.find((account) => account.asset.id === asset)
}

describe('a fund', () => {
  it('gets a share of what melts, and pays what the places have voted', async () => {
    await using world = await VotesWorld.open()
    await world.found()
    const { asset } = await world.meltingMoney(['fund', 'place'])
    const { commons, maintenance } = world.funds
    const bar = world.venue(0)
    expect(await accountOf(world, commons, asset)).toBeUndefined()

    // Public for 90 days, then a month, then the end of the epoch.
    for (const days of [90, 31, 10]) await world.pass(days)
    const full = await accountOf(world, commons, asset)
    // Of 1000.00 a tenth melts: 33.34 to the commons, 33.33 to maintenance; 33.33 have no place, and fall to the commons.
    expect(full).toMatchObject({ ...{ collected: 6_667, other: 0, melted: 0, paid: 0, voted: 0 } })
    expect(full).toMatchObject({ balance: 6_667, grants: [], asset: { code: 'CAD' } })
    expect(await accountOf(world, maintenance, asset)).toMatchObject({ collected: 3_333 })

    const amount = 6_000n as Amount
    const grant = { kind: 'grant', fund: commons, to: bar.wallet, asset, amount } as const
    const first = await world.propose(world.venue(1), grant)
    const second = await world.propose(world.venue(2), { ...grant, amount: 668n as Amount })
    for (const proposal of [first, second]) {
      for (const voter of world.venues.slice(0, 3)) await world.vote(voter, proposal, 'yes')
    }
    expect(await accountOf(world, commons, asset)).toMatchObject({ voted: 0, balance: 6_667 })
    await world.pass(14)
    const voted = await accountOf(world, commons, asset)
    expect(voted).toMatchObject({
      ...{ voted: 6_668, balance: 6_667, paid: 0 },
      grants: [
        { proposal: first, toName: 'Bar', amount: 6_000, covered: true },
        { proposal: second, toName: 'Bar', amount: 668, covered: false },
      ],
    })
    expect(voted?.sentence).toBe(
      'collected 66.67 CAD - paid 0.00 CAD = 66.67 CAD, of which 66.68 CAD are voted; it is not enough for all of them: a grant that the fund does not have when it applies fails, and moves nothing.',
    )
    await world.pass(7)
    expect(await accountOf(world, commons, asset)).toMatchObject({
      ...{ collected: 6_667, other: 0, melted: 0, paid: 6_000, voted: 0, balance: 667, grants: [] },
      sentence: 'collected 66.67 CAD - paid 60.00 CAD = 6.67 CAD.',
    })
    const query = { status: 'failed' as const }
    const { proposals } = await world.server.anyone.call(listProposals, { query })
    expect(proposals).toMatchObject([
      {
        id: second,
        failure: {
          code: 'insufficient_balance',
          detail: expect.stringContaining('0.01'),
          fix: expect.stringContaining('smaller amount'),
        },
      },
    ])
    const [line] = world.server.book.reader.linesOfAction('GRT', { after: 0, upTo: 1_000_000 })
    expect(line).toMatchObject({ from: commons, to: bar.wallet, amount: 6_000n })
    const tx = await world.server.operator.call(getTx, { params: { tx: line?.tx as TxId } })
    const said = tx.lines.map(({ action, proposal }) => [action, proposal])
    expect(said).toContainEqual(['GRT', first])
    expect(said).toContainEqual(['APL', first])
  })

  it('adds up after every step of a random history, also where it melts itself', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    process.stdout.write(`seed of the funds: ${seed}\n`)
    const random = randomFrom(seed)
    await using world = await VotesWorld.open()
    await world.found()
    const { asset, person } = await world.meltingMoney([])
    await world.pass(90)
    const { commons, maintenance } = world.funds
    const seen = { paid: 0, melted: 0, other: 0, failed: 0, short: 0 }
    for (let step = 0; step < 40; step += 1) {
      if (random(5) === 0) await world.give(asset, person, BigInt(1 + random(200_000)))
      if (random(3) > 0) await world.pass(1 + random(40))
      if (random(2) === 0) {
        const has = Number(
          world.server.book.reader.state.get('account', `${commons}/${asset}`)?.balance ?? 0n,
        )
        const [fund, to] =
          random(4) === 0
            ? [maintenance, commons]
            : [commons, random(3) === 0 ? maintenance : world.venue(0).wallet]
        const amount = BigInt(1 + random(Math.max(2, Math.floor(has * 0.8)))) as Amount
        await carry(world, { kind: 'grant', fund, to, asset, amount })
      }
      for (const fund of [commons, maintenance]) {
        const shown = await accountOf(world, fund, asset)
        const counted = countAll(world, fund, asset)
        const { collected = 0, other = 0, melted = 0, paid = 0, balance = 0 } = shown ?? {}
        expect({ collected, other, melted, paid, balance }).toEqual(counted)
        expect(collected + other - melted - paid).toBe(balance)
        const isShort = shown?.grants.some(({ covered }) => !covered) ?? false
        if ((shown?.voted ?? 0) > balance && !isShort) {
          // What another fund pays first covers it.
          expect(fund).toBe(commons)
        }
        const afresh = await new FundSums(world.server.book.reader).of(fund, asset)
        expect(Object.values(afresh).map(Number)).toEqual(Object.values(counted))
        seen.paid += paid
        seen.melted += melted
        seen.other += other
        if (isShort) seen.short += 1
      }
    }
    const query = { status: 'failed' as const }
    const { proposals } = await world.server.anyone.call(listProposals, { query })
    seen.failed = proposals.length
    process.stdout.write(`${JSON.stringify(seen)}\n`)
    expect(seen.paid).toBeGreaterThan(0)
    expect(seen.melted).toBeGreaterThan(0)
  })
})

type Grant = Parameters<VotesWorld['propose']>[1]

async function carry(world: VotesWorld, grant: Grant): Promise<ProposalId | undefined> {
  const by = world.venues.find(({ place }) => {
    const open = world.server.book.reader.state.get('agenda', 'network')?.open ?? []
    return open.filter((one) => one.place === place).length < 4
  })
  if (by === undefined) return undefined
  const proposal = await world.propose(by, grant)
  for (const voter of world.venues.slice(0, 3)) await world.vote(voter, proposal, 'yes')
  return proposal
}

/** The same by reading every line of the book. */
function countAll(world: VotesWorld, fund: WalletId, asset: AssetId) {
  const sum = { collected: 0, other: 0, melted: 0, paid: 0, balance: 0 }
  const { reader } = world.server.book
  for (const line of reader.linesAfter(0, 1_000_000)) {
    if (line.asset !== asset) continue
    const amount = Number(line.amount)
    if (line.to === fund) {
      sum.balance += amount
      sum[line.action === 'RDS' ? 'collected' : 'other'] += amount
    }
    if (line.from === fund) {
      sum.balance -= amount
      sum[line.action === 'MLT' ? 'melted' : 'paid'] += amount
    }
  }
  expect(BigInt(sum.balance)).toBe(reader.state.get('account', `${fund}/${asset}`)?.balance ?? 0n)
  return sum
}

/** Whole numbers below a bound, the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}
