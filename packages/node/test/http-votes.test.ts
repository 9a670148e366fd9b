/** Proposals, votes and texts over HTTP, from the first places that vote to what was decided. */
import {
  getElectorate,
  getLine,
  getProposal,
  getText,
  listProposals,
  postText,
  previewProposal,
  TEXT_MAX,
} from '@fedow/api'
import { type Amount, type ProposalId, params } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SigningKey } from '../src/store/key-file.ts'
import { problemOf } from './http-world.ts'
import { newId } from './test-network.ts'
import { DAY_MS, VotesWorld } from './votes-world.ts'

let world: VotesWorld

beforeAll(async () => {
  world = await VotesWorld.open()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const CAP = { kind: 'parameter', name: 'dueCap', value: 75_000n as Amount } as const
const TEXT = '# Why\n\nFees come late.\r\nThe keeper waits for them. é €\n'

function show(proposal: ProposalId) {
  return world.server.anyone.call(getProposal, { params: { proposal } })
}

describe('who votes', () => {
  it('is nobody at first, then those that the operator admits, up to four', async () => {
    const { anyone } = world.server
    expect(await anyone.call(getElectorate, {})).toEqual({
      ...{ founded: false, foundedWith: 4, places: [] },
    })
    const early = { place: world.venue(0).place, what: { ...CAP, value: 1 } }
    expect(await anyone.call(previewProposal, { body: early })).toMatchObject({
      ...{ possible: false, refusal: { code: 'not_in_electorate' } },
    })
    await world.found()
    const electorate = await anyone.call(getElectorate, {})
    expect(electorate.founded).toBe(true)
    expect(electorate.places.map(({ name, suspended }) => [name, suspended])).toEqual(
      world.venues.map(({ name }) => [name, false]),
    )
    const { asset } = await world.meltingMoney(['place'])
    expect(await problemOf(anyone, getElectorate, { query: { asset } })).toMatchObject({
      ...{ status: 409, code: 'asset_not_shared' },
    })
  })
})

describe('a proposal', () => {
  let proposal: ProposalId

  it('is told in words before it opens, with what stands in its way', async () => {
    const { anyone } = world.server
    const { place } = world.venue(0)
    const ask = (what: { readonly kind: string }) =>
      anyone.call(previewProposal, { body: { place, what: what as never } })
    const told = await ask({ ...CAP, value: 75_000 } as never)
    expect(told).toMatchObject({
      possible: true,
      sentence: 'Most that the keeper may owe the reserve (dueCap): from 500.00 FED to 750.00 FED.',
      ...{ electorate: 4, quorum: 2 },
      needs:
        'At least 2 of 4 places must vote; of those that say yes or no, at least 2 of 3 must say yes.',
      closes: new Date(world.nowMs + 14 * DAY_MS).toISOString(),
      applies: new Date(world.nowMs + 21 * DAY_MS).toISOString(),
      effects: ['If it passes, it applies by itself on Monday 14 December 2026 at 09:00 UTC.'],
    })
    const same = await ask({ ...CAP, value: 50_000 } as never)
    expect(same).toMatchObject({ possible: false, refusal: { code: 'nothing_changes' } })
    const { fed } = params(world.server.book.reader.state)
    const grant = { kind: 'grant', fund: world.funds.commons, asset: fed, amount: 100 }
    const short = await ask({ ...grant, to: world.venue(1).wallet } as never)
    expect(short).toMatchObject({
      possible: true,
      sentence: '1.00 FED go from the fund commons to Fair.',
      effects: [
        expect.anything(),
        'In the fund commons there are 0.00 FED now, of which 0.00 FED are voted.',
        expect.stringContaining('1.00 FED are missing today'),
      ],
    })
    const person = { ...grant, to: newId() }
    expect(await ask(person)).toMatchObject({
      ...{ possible: false, refusal: { code: 'wallet_not_found' } },
    })
    expect(await ask({ kind: 'admit', place } as never)).toMatchObject({
      ...{ possible: false, refusal: { code: 'place_already_admitted' } },
    })
    const odd = { body: { place, what: { kind: 'parameter', name: 'dueCap', value: 1.5 } } }
    expect((await problemOf(anyone, previewProposal, odd as never)).status).toBe(400)
    const unknown = { body: { place, what: { kind: 'war' } } }
    expect((await problemOf(anyone, previewProposal, unknown as never)).status).toBe(400)
    expect((await world.server.anyone.call(listProposals, {})).proposals).toEqual([])
  })

  it('opens by the own key of a manager, never by that of the node', async () => {
    const [bar, node] = [world.venue(0), world.server.network.keys.node]
    await expect(world.propose({ ...bar, key: node }, CAP, TEXT)).rejects.toThrow(/may not do this/)
    const add = [{ x: node.x, can: ['vote' as const] }]
    const on = `place/${bar.place}` as const
    await world.submit({ kind: 'keys-change', on, add, remove: [] }, bar.key)
    await expect(world.propose({ ...bar, key: node }, CAP, TEXT)).rejects.toThrow(/may not do this/)
    const stranger = SigningKey.generate()
    await expect(world.propose({ ...bar, key: stranger }, CAP)).rejects.toThrow(/Unknown/)

    proposal = await world.propose(bar, CAP, TEXT)
    const shown = await show(proposal)
    expect(shown).toMatchObject({
      ...{ id: proposal, by: { place: bar.place, name: 'Bar' }, status: 'open', electorate: 4 },
      what: { kind: 'parameter', name: 'dueCap', value: 75_000, before: 50_000 },
      ...{ yes: 0, no: 0, abstain: 0, text: { known: false } },
      standing:
        '0 yes, 0 no, 0 abstain, of 4 places. If nothing changes it is rejected: fewer than 2 places vote.',
    })
    expect(shown).not.toHaveProperty('body')
    expect(shown.voters.map(({ name, choice }) => [name, choice])).toEqual(
      world.venues.map(({ name }) => [name, undefined]),
    )
  })

  it('has a text that anyone may bring, and no other', async () => {
    const { anyone } = world.server
    const bring = (text: string, of = proposal) => ({ body: { proposal: of, text } })
    expect(await problemOf(anyone, postText, bring('Another.'))).toMatchObject({
      ...{ status: 409, code: 'text_of_no_proposal', outcome: 'none' },
    })
    expect((await problemOf(anyone, postText, bring(TEXT, newId()))).code).toBe(
      'proposal_not_found',
    )
    expect((await problemOf(anyone, postText, bring('€'.repeat(TEXT_MAX - 1)))).code).toBe(
      'body_too_large',
    )
    const { sha256 } = await anyone.call(postText, bring(TEXT))
    expect((await anyone.call(postText, bring(TEXT))).sha256).toBe(sha256)
    const file = await fetch(`${world.server.origin}/api/v2/texts/${sha256}`)
    expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await file.text()).toBe(TEXT)
    expect(await show(proposal)).toMatchObject({ text: { sha256, known: true }, body: TEXT })
    const none = { params: { text: 'a'.repeat(64) as typeof sha256 } }
    expect((await problemOf(anyone, getText, none)).code).toBe('text_not_found')
  })

  it('counts each place once, until it closes', async () => {
    const [bar, fair, shop] = world.venues as [never, never, never]
    await world.vote(bar, proposal, 'no')
    expect((await show(proposal)).standing).toContain('rejected: fewer than 2 places vote')
    const cast = await world.vote(fair, proposal, 'yes')
    await world.vote(bar, proposal, 'yes')
    await world.vote(shop, proposal, 'abstain')
    await expect(world.vote(shop, proposal, 'abstain')).rejects.toThrow(/counts once/)
    const shown = await show(proposal)
    expect(shown).toMatchObject({
      ...{ yes: 2, no: 0, abstain: 1 },
      standing: '2 yes, 0 no, 1 abstain, of 4 places. If nothing changes it passes.',
    })
    expect(shown.voters.map(({ choice }) => choice)).toEqual(['yes', 'yes', 'abstain', undefined])
    const [line] = cast.lines
    expect(line).toMatchObject({ action: 'VOT', amount: 0, proposal })
    const again = await world.server.operator.call(getLine, { params: { line: line?.id as never } })
    expect(again).toMatchObject({ action: 'VOT', proposal })
  })

  it('passes, applies by itself, and says so in lists', async () => {
    const { anyone } = world.server
    const second = await world.propose(world.venue(1), { ...CAP, value: 80_000n as Amount })
    for (const voter of world.venues.slice(0, 2)) await world.vote(voter, second, 'yes')
    const lone = await world.propose(world.venue(2), { ...CAP, value: 90_000n as Amount })
    await world.pass(14)
    expect(await show(proposal)).toMatchObject({
      ...{ status: 'passed' },
      standing: '2 yes, 0 no, 1 abstain, of 4 places. It has passed, and applies by itself.',
    })
    expect(await show(lone)).toMatchObject({
      standing: '0 yes, 0 no, 0 abstain, of 4 places. It is rejected: fewer than 2 places vote.',
    })
    await expect(world.vote(world.venue(3), proposal, 'no')).rejects.toThrow(/vote is over/)
    await world.pass(7)
    expect(await show(proposal)).toMatchObject({ status: 'applied' })
    expect(params(world.server.book.reader.state).dueCap).toBe(75_000n)
    expect(await show(second)).toMatchObject({
      status: 'failed',
      failure: {
        code: 'changed_meanwhile',
        detail: expect.stringContaining('Most that the keeper may owe the reserve (dueCap)'),
        fix: expect.stringContaining('propose again'),
      },
    })
    const all = await anyone.call(listProposals, {})
    expect(all.proposals.map(({ id, status }) => [id, status])).toEqual([
      [proposal, 'applied'],
      [second, 'failed'],
      [lone, 'rejected'],
    ])
    const page = await anyone.call(listProposals, { query: { limit: 1, status: 'failed' } })
    expect(page.proposals.map(({ id }) => id)).toEqual([second])
    const rest = await anyone.call(listProposals, {
      query: { status: 'failed', after: page.next ?? '' },
    })
    expect(rest).toEqual({ proposals: [] })
    const dashboard = await (await fetch(`${world.server.origin}/dashboard/`)).text()
    const { last } = JSON.parse(dashboard) as { last: { action: string; from: string }[] }
    const told = last.map(({ action, from }) => `${action} ${from}`)
    expect(told).toEqual(expect.arrayContaining(['VOT Fair', 'APL Bar', 'PRP Shop']))
    const unknown = { params: { proposal: newId<ProposalId>() } }
    expect((await problemOf(anyone, getProposal, unknown)).status).toBe(404)
  })

  it('of new terms says each term that changes, from what to what', async () => {
    const { state } = world.server.book.reader
    const { fed } = params(state)
    const terms = {
      ...{ personToPerson: true, spendAt: { accepted: true }, refund: 'payout', limits: {} },
      ...{ dayStartUtcMinutes: 0 },
      demurrage: {
        ...{ basis: 'inactivity', graceDays: 365, period: { months: 1 }, form: { ppm: 10_000 } },
        ...{ floor: 500, exempt: ['place', 'fund'] },
        shares: { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 },
      },
    }
    const fromMs = world.nowMs + 200 * DAY_MS
    const what = { kind: 'policy' as const, asset: fed, fromMs, terms }
    const told = await world.server.anyone.call(previewProposal, {
      body: { place: world.venue(0).place, what },
    })
    expect(told).toMatchObject({ possible: true })
    expect(told.possible && told.sentence).toMatch(/^Terms of Euro fédéré after version 1, from /)
    expect(told.possible && told.sentence).toContain(
      'melting: from never to After 365 days without a gesture, 1 % melts each month: 11.4 % in a year; a third each to the place of origin, the commons and maintenance; never the last 5.00 FED; not in the wallets of places and funds. from person to person: from no to yes.',
    )
    const soon = { ...what, fromMs: world.nowMs + 22 * DAY_MS }
    const early = await world.server.anyone.call(previewProposal, {
      body: { place: world.venue(0).place, what: soon },
    })
    expect(early).toMatchObject({
      possible: false,
      refusal: { code: 'policy_too_early', fix: expect.stringContaining('after they are voted') },
    })
  })
})
