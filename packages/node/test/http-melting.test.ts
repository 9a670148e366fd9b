/** Melting over HTTP: terms, what is ahead, what then happens, and why; on a clock that the test moves by years. */
import {
  type AnswerOf,
  type BodyOf,
  changePolicy,
  createAsset,
  type DemurrageJson,
  getAsset,
  getAssetMelting,
  getCard,
  getCardMelting,
  getLine,
  getTx,
  getWallet,
  getWalletMelting,
  listLines,
  listMeltingPresets,
  listWalletLines,
  openWallet,
  postQrSale,
  postRefill,
  presetTerms,
  renamePlace,
  toDayText,
  toDecimal,
  toDemurrageText,
} from '@fedow/api'
import {
  type AssetId,
  dayOf,
  fromIsoDay,
  meltDayOf,
  type TxId,
  toIsoDay,
  type WalletId,
} from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './http-server.ts'
import { openBar, problemOf, type World } from './http-world.ts'

const DAY_MS = 86_400_000
const TODAY = '2026-11-23'

type Terms = NonNullable<BodyOf<typeof createAsset>['terms']>
type Line = AnswerOf<typeof listLines>['lines'][number]

let server: TestServer
let bar: World
let fair: World
let nowMs = Date.parse(`${TODAY}T09:00:00Z`)
/** 1 % a month after 30 days; later 2 % a quarter. */
let pearl: AssetId
/** 0.50 a month, never the last 2.00. */
let bloom: AssetId
let ana: WalletId
/** Has money that melts each day. */
let daily: { readonly wallet: WalletId; readonly asset: AssetId }

const THIRDS = { node: 333_333, commons: 333_334, maintenance: 333_333, burnt: 0 }
const MONTHLY: DemurrageJson = {
  basis: 'inactivity',
  graceDays: 30,
  period: { months: 1 },
  form: { ppm: 10_000 },
  floor: 0,
  exempt: ['place', 'fund'],
  shares: THIRDS,
}

function terms(demurrage: DemurrageJson, refund: Terms['refund'] = 'never'): Terms {
  return {
    ...{ personToPerson: false, spendAt: { accepted: true }, refund, limits: {} },
    ...{ dayStartUtcMinutes: 0, demurrage },
  }
}

beforeAll(async () => {
  const clocks = { wall: () => nowMs, monotonic: () => nowMs }
  server = await startServer(undefined, { clocks })
  bar = await openBar(server, 'Bar')
  fair = await openBar(server, 'Fair')
  ana = (await server.operator.call(openWallet, { body: {} })).wallet
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

let names = 0

function assetBody(kind: BodyOf<typeof createAsset>['kind'], demurrage: DemurrageJson) {
  names += 1
  return { place: bar.place, kind, name: `Money ${names}`, code: 'MON', terms: terms(demurrage) }
}

/** Moves the clock, and lets the book see it by changes that touch no money: a block melts 400 parts at most. */
async function moveTo(day: string): Promise<void> {
  nowMs = Date.parse(`${day}T09:00:00Z`)
  do {
    // A block is over after a second.
    nowMs += 2_000
    names += 1
    await bar.manager.call(renamePlace, {
      params: { place: bar.place },
      body: { name: `Bar ${names}` },
    })
  } while (isAnythingDue())
}

function isAnythingDue(): boolean {
  const { reader } = server.book
  const today = dayOf(nowMs)
  const accounts = reader.records('account', { limit: 1_000 })
  return accounts.some(({ id }) => (meltDayOf(reader.state, id) ?? today + 1) <= today)
}

/** Every line of one action in a wallet, oldest first. */
async function linesOf(wallet: WalletId, action: Line['action']): Promise<readonly Line[]> {
  const all: Line[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) }
    const page = await server.operator.call(listWalletLines, { params: { wallet }, query })
    all.push(...page.lines)
    cursor = page.next
  } while (cursor !== undefined)
  return all.filter((line) => line.action === action).toReversed()
}

function ahead(wallet: WalletId, months?: number) {
  const query = months === undefined ? {} : { months }
  return server.operator.call(getWalletMelting, { params: { wallet }, query })
}

describe('terms that make money melt', () => {
  it.each([
    ['a period of zero', { period: { months: 0 } }],
    ['two periods', { period: { months: 1, days: 1 } }],
    ['no rate', { form: { ppm: 0 } }],
    ['a fixed amount of zero', { form: { fixed: 0 } }],
    ['more than all', { form: { ppm: 1_000_001 } }],
    ['a day that does not exist', { form: { allDay: '2027-02-30' } }],
    ['a day as a number', { form: { allDay: 20_000 } }],
    ['a negative floor', { floor: -1 }],
    ['a kind of wallet that is none', { exempt: ['till'] }],
    ['a member that nobody knows', { grace: 3 }],
  ])('are not sent with %s', async (_, odd) => {
    const body = assetBody('TNF', { ...MONTHLY, ...odd } as DemurrageJson)
    const problem = await problemOf(bar.manager, createAsset, { body })
    expect([problem.status, problem.outcome]).toEqual([400, 'none'])
  })

  it.each([
    ['TNF', { shares: { ...THIRDS, commons: 333_333 } }, 'shares_do_not_add_up'],
    ['TLF', { form: { ppm: 30_000 } }, 'rate_above_law'],
    ['TLF', { form: { fixed: 101 } }, 'rate_above_law'],
    ['TLF', { form: { allDay: '2030-12-31' } }, 'demurrage_refused'],
    ['BDG', {}, 'demurrage_refused'],
  ] as const)('are refused by the book for %s with %j: %s', async (kind, odd, code) => {
    const body = assetBody(kind, { ...MONTHLY, ...odd } as DemurrageJson)
    expect((await problemOf(bar.manager, createAsset, { body })).code).toBe(code)
  })

  it('are shown as they were sent, and in a sentence', async () => {
    const made = async (demurrage: DemurrageJson, refund: Terms['refund'], name: string) => {
      const body = { place: bar.place, name, code: name.slice(0, 3).toUpperCase() }
      const kind = refund === 'issuer' ? 'TLF' : 'TNF'
      const answer = await bar.manager.call(createAsset, {
        body: { ...body, kind, terms: terms(demurrage, refund) },
      })
      return answer.asset
    }
    pearl = await made(MONTHLY, 'issuer', 'Pearl')
    const burnt = { node: 0, commons: 0, maintenance: 0, burnt: 1_000_000 }
    const fixed = { ...MONTHLY, form: { fixed: 50 }, floor: 200, shares: burnt }
    bloom = await made(fixed, 'never', 'Bloom')
    const ends = { ...MONTHLY, form: { allDay: '2027-12-31' }, shares: burnt }
    const feast = await made(ends, 'never', 'Feast')
    const policyOf = async (asset: AssetId) =>
      (await server.anyone.call(getAsset, { params: { asset } })).policy
    expect(await policyOf(pearl)).toMatchObject({
      demurrage: MONTHLY,
      melting: {
        yearlyPpm: 113_616,
        sentence:
          'After 30 days without a gesture, 1 % melts each month: 11.4 % in a year; a third each to the place of origin, the commons and maintenance; not in the wallets of places and funds.',
      },
    })
    expect(await policyOf(bloom)).toMatchObject({
      demurrage: fixed,
      melting: {
        yearlyFixed: 600,
        sentence:
          'After 30 days without a gesture, 0.50 BLO melts each month: 6.00 BLO in a year; it leaves circulation; never the last 2.00 BLO; not in the wallets of places and funds.',
      },
    })
    expect(await policyOf(feast)).toMatchObject({
      demurrage: ends,
      melting: {
        sentence:
          'On Friday 31 December 2027 all of it melts; it leaves circulation; not in the wallets of places and funds.',
      },
    })
  })
})

describe('what is ahead of a wallet', () => {
  it('is told by days, by the months that were asked for, and in a sentence', async () => {
    const { asset } = { asset: pearl }
    await bar.manager.call(postRefill, { body: { asset, wallet: ana, amount: 4_000 } })
    await bar.manager.call(postRefill, { body: { asset: bloom, wallet: ana, amount: 1_000 } })
    const shown = await ahead(ana)
    expect(shown).toMatchObject({ wallet: ana, today: TODAY, until: '2027-11-23' })
    const [pearls, blooms] = shown.accounts
    // Public for 90 days on 22 February (its first whole day is 24 November); then a month.
    expect(pearls).toMatchObject({
      ...{ asset: pearl, balance: 4_000, version: 1, quietUntil: '2027-03-22', more: true },
      sentence: 'Until Monday 22 March 2027 nothing; then 0.40 PEA a month at first.',
    })
    expect(pearls?.melts.slice(0, 3)).toEqual([
      { version: 1, begins: '2027-02-22', day: '2027-03-22', amount: 40, left: 3_960 },
      { version: 1, begins: '2027-03-22', day: '2027-04-22', amount: 39, left: 3_921 },
      { version: 1, begins: '2027-04-22', day: '2027-05-22', amount: 39, left: 3_882 },
    ])
    expect(pearls?.melts).toHaveLength(9)
    expect(blooms?.sentence).toBe('Until Monday 22 March 2027 nothing; then 0.50 BLO a month.')
    const [, long] = (await ahead(ana, 36)).accounts
    expect([long?.melts.length, long?.more, long?.melts.at(-1)?.left]).toEqual([16, false, 200])
    expect(long?.sentence).toBe(
      'Until Monday 22 March 2027 nothing; then 0.50 BLO a month; from Thursday 22 June 2028 on 2.00 BLO are left.',
    )
    const [soon] = (await ahead(ana, 1)).accounts
    expect(soon).toMatchObject({ melts: [], more: true, quietUntil: '2027-03-22' })
    expect(soon?.sentence).toBe('Until Monday 22 March 2027 nothing; then 0.40 PEA a month.')
  })

  it('is at most 120 melts of an account, and ten years', async () => {
    for (const months of [0, 121]) {
      const params = { wallet: ana }
      const problem = await problemOf(server.operator, getWalletMelting, {
        params,
        query: { months },
      })
      expect([months, problem.status]).toEqual([months, 400])
    }
    const each = { ...MONTHLY, period: { days: 1 }, form: { ppm: 164 } }
    const { asset } = await bar.manager.call(createAsset, { body: assetBody('TNF', each) })
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    daily = { wallet, asset }
    await bar.manager.call(postRefill, { body: { asset, wallet, amount: 1_000_000 } })
    const [account] = (await ahead(wallet, 120)).accounts
    expect([account?.melts.length, account?.more]).toEqual([120, true])
    expect(account?.sentence).toContain('1.64 MON a day at first')
  })

  it('is read by whoever may read what the wallet has', async () => {
    const params = { wallet: ana }
    const query = {}
    const anyone = await problemOf(server.anyone, getWalletMelting, { params, query })
    expect(anyone.code).toBe('credential_missing')
    const place = await problemOf(bar.manager, getWalletMelting, { params, query })
    expect(place.code).toBe('wallet_out_of_reach')
    const own = await bar.manager.call(getWalletMelting, { params: { wallet: bar.wallet }, query })
    expect(own.accounts.map(({ sentence }) => sentence)).toContain(
      'Nothing melts: Pearl does not melt in the wallet of a place.',
    )
    const [card = ''] = bar.tags
    await bar.manager.call(postRefill, { body: { asset: pearl, card, amount: 1_000 } })
    const till = await server.withKey({ name: 'Till', place: bar.place, can: ['sell'] })
    const shown = await till.call(getCardMelting, { params: { card }, query })
    expect(shown.accounts).toMatchObject([{ asset: pearl, quietUntil: '2027-03-22' }])
    const { wallet } = await bar.manager.call(getCard, { params: { card } })
    expect(shown.wallet).toBe(wallet)
    const elsewhere = await fair.manager.call(getCardMelting, { params: { card }, query })
    expect(elsewhere.accounts).toEqual([])
    const unknown = { params: { card: 'FFFFFFFF' }, query }
    expect((await problemOf(bar.manager, getCardMelting, unknown)).code).toBe('card_unknown')
  })

  it('says what is due and has not melted yet', async () => {
    const beforeMs = nowMs
    nowMs = Date.parse('2027-05-01T09:00:00Z')
    const [pearls] = (await ahead(ana)).accounts
    expect([pearls?.quietUntil, pearls?.melts[0]?.day]).toEqual(['2027-03-22', '2027-03-22'])
    expect(pearls?.sentence).toBe(
      '0.79 PEA fell due on Monday 22 March 2027 and after and will melt before anything else happens to it; from Saturday 22 May 2027 0.39 PEA a month at first.',
    )
    nowMs = beforeMs
  })

  it('is put off by a gesture', async () => {
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    const asset = bar.local
    const body = { asset: pearl, wallet, amount: 1_000 }
    await bar.manager.call(postRefill, { body })
    await moveTo('2027-03-01')
    const first = async () => (await ahead(wallet)).accounts[0]?.quietUntil
    expect(await first()).toBe('2027-03-22')
    const parts = [{ asset: pearl, amount: 1 }]
    await server.operator.call(postQrSale, { body: { place: bar.place, wallet, parts } })
    // Awake on 1 March: 30 days from the 2nd, then a month.
    expect(await first()).toBe('2027-05-01')
    expect(asset).not.toBe(pearl)
  })
})

describe('what then happens', () => {
  it('is what was shown, to the cent, through changes of the policy', async () => {
    const quarterly = { ...MONTHLY, graceDays: 60, period: { months: 3 }, form: { ppm: 20_000 } }
    const from = new Date(nowMs + 100 * DAY_MS).toISOString()
    await bar.manager.call(changePolicy, {
      params: { asset: pearl },
      body: { from, terms: terms(quarterly, 'issuer') },
    })
    const announced = (await server.anyone.call(getAsset, { params: { asset: pearl } })).announced
    expect(announced).toMatchObject([
      { version: 2, demurrage: quarterly, melting: { yearlyPpm: 77_632 } },
    ])
    const shown = await ahead(ana, 48)
    const [pearls, blooms] = shown.accounts
    expect(pearls?.sentence).toMatch(
      /^Until Monday 22 March 2027 nothing; then 0\.40 PEA a month at first; from \w+ \d+ \w+ 2027 0\.\d\d PEA a quarter at first\.$/,
    )
    expect(new Set(pearls?.melts.map(({ version }) => version))).toEqual(new Set([1, 2]))
    for (const day of ['2027-03-21', '2027-03-22', '2027-06-30', '2027-07-01', '2028-02-29']) {
      await moveTo(day)
      // Whatever has melted by now, the rest of what was shown is still ahead.
      const [again] = (await ahead(ana, 36)).accounts
      const rest = pearls?.melts.filter((melt) => melt.day > day) ?? []
      expect(again?.melts.slice(0, rest.length)).toEqual(rest.slice(0, again?.melts.length ?? 0))
    }
    await moveTo('2031-03-01')
    const melted = await linesOf(ana, 'MLT')
    const of = (asset: AssetId) => melted.filter((line) => line.asset.id === asset)
    const lastDay = '2031-03-01'
    const expected = (account: typeof pearls) =>
      account?.melts.filter(({ day }) => day <= lastDay).map(({ amount }) => amount)
    expect(of(pearl).map(({ amount }) => amount)).toEqual(expected(pearls))
    expect(of(bloom).map(({ amount }) => amount)).toEqual(expected(blooms))
    const { accounts } = await server.operator.call(getWallet, { params: { wallet: ana } })
    for (const { asset, balance } of accounts.filter((one) => [pearl, bloom].includes(one.asset))) {
      const before = shown.accounts.find((one) => one.asset === asset)
      const last = before?.melts.filter(({ day }) => day <= lastDay).at(-1)
      expect([asset, balance]).toEqual([asset, last?.left])
    }
  })

  it('is told with the numbers behind it', async () => {
    const melted = await linesOf(ana, 'MLT')
    const [first, ...others] = melted.filter(({ asset }) => asset.id === pearl)
    expect(first?.why).toBe(
      '0.40 PEA melted on Monday 22 March 2027: 1 % of 40.00 PEA, rounded down, for the month from Monday 22 February 2027 on, after 118 days without a gesture, by version 1 of the policy of Pearl.',
    )
    expect(others.at(-1)?.why).toMatch(/2 % of \d+\.\d\d PEA, .* for the quarter from .*version 2/)
    const blooms = melted.filter(({ asset }) => asset.id === bloom)
    expect(blooms[0]?.why).toContain(
      '0.50 BLO melted on Monday 22 March 2027: 0.50 BLO of 10.00 BLO,',
    )
    for (const line of melted) expect(line.why).toContain(` ${line.asset.code} melted on `)
    const line = await server.operator.call(getLine, { params: { line: first?.id as never } })
    expect(line.why).toBe(first?.why)
    const entry = await server.operator.call(getTx, { params: { tx: line.tx as TxId } })
    expect(entry.lines.find(({ id }) => id === line.id)?.why).toBe(first?.why)
    const refills = await linesOf(ana, 'REF')
    expect(refills[0]).not.toHaveProperty('why')
  })

  it('is shared out, and that too is told', async () => {
    const { lines } = await server.operator.call(listLines, { query: { asset: pearl, limit: 200 } })
    const shared = lines.filter(({ action }) => action === 'RDS')
    expect(shared.length).toBeGreaterThan(2)
    for (const { why } of shared) {
      expect(why).toMatch(
        /^0\.\d\d PEA of the 0\.\d\d PEA that melted up to \w+ \d+ \w+ \d{4} from wallets .*: 33\.333[34] % for (the place of origin|the commons|maintenance).*\.$/,
      )
    }
    const places = shared.filter(({ why }) => why?.includes('for the place of origin'))
    const own = places.filter(({ to }) => to === bar.wallet)
    expect(own.length).toBeGreaterThan(0)
    for (const { why } of own) expect(why).toContain('from wallets of Bar')
    const fallen = places.filter(({ to }) => to !== bar.wallet)
    expect(fallen.length).toBeGreaterThan(0)
    for (const { why } of fallen) expect(why).toContain('no place handed out')
  })

  it('adds up: what was collected waits or was shared out', async () => {
    const { lines } = await server.operator.call(listLines, { query: { asset: pearl, limit: 200 } })
    const sum = (action: Line['action']) =>
      lines.filter((line) => line.action === action).reduce((all, { amount }) => all + amount, 0)
    const shown = await server.anyone.call(getAssetMelting, { params: { asset: pearl } })
    const { collected, pools, shared } = shown
    const out = Object.values(shared).reduce((all, amount) => all + amount, 0)
    expect([collected, pools + out]).toEqual([sum('MLT'), sum('MLT')])
    expect(out).toBe(sum('RDS'))
    expect(shown.terms?.sentence).toContain('2 % melts each quarter: 7.76 % in a year')
    const burnt = await server.anyone.call(getAssetMelting, { params: { asset: bloom } })
    expect(burnt).toMatchObject({ collected: 800, pools: 0, shared: { node: 0, burnt: 800 } })
    const none = await server.anyone.call(getAssetMelting, { params: { asset: bar.gift } })
    expect(none).toEqual({
      ...{ asset: bar.gift, collected: 0, pools: 0 },
      shared: { node: 0, commons: 0, maintenance: 0, burnt: 0 },
    })
    const strange = { params: { asset: ana as string as AssetId } }
    expect((await problemOf(server.anyone, getAssetMelting, strange)).code).toBe('asset_not_found')
  })
})

describe('presets', () => {
  it('have their yearly equivalent, and say for which kinds they are not lawful', async () => {
    const { law, presets } = await server.anyone.call(listMeltingPresets, { query: {} })
    expect(law).toEqual({ yearlyPpm: 250_000, yearlyFixed: 1_200, graceDays: 365 })
    const named = new Map(presets.map((one) => [one.preset, one]))
    expect(named.get('worgl')?.terms).toMatchObject({
      yearlyPpm: 113_616,
      sentence: expect.stringContaining('1 % melts each month: 11.4 % in a year; a third each'),
    })
    expect(named.get('chiemgauer')?.terms).toMatchObject({
      yearlyPpm: 77_632,
      sentence: expect.stringContaining('2 % melts each quarter: 7.76 % in a year'),
    })
    expect(named.get('cooperative')?.terms.sentence).toMatch(/^After 365 days without a gesture/)
    const never = {
      kinds: ['BDG', 'SUB', 'LIB', 'MUT'],
      why: expect.stringContaining('never melts'),
    }
    const early = { kinds: ['FED'], why: expect.stringContaining('at least 365 days') }
    expect(named.get('worgl')?.refused).toEqual([early, never])
    expect(named.get('cooperative')?.refused).toEqual([never])
    const reasons = named.get('calendar-day')?.refused.map(({ kinds }) => kinds)
    expect(reasons).toEqual([['FED'], ['TLF'], ['BDG', 'SUB', 'LIB', 'MUT']])
    // Today is 1 March 2031: by 30 May it is public for 90 days.
    expect(named.get('calendar-day')?.demurrage.form).toEqual({ allDay: '2031-12-31' })
    const dated = await server.anyone.call(listMeltingPresets, { query: { day: '2032-06-30' } })
    expect(dated.presets.at(-1)?.demurrage.form).toEqual({ allDay: '2032-06-30' })
    const odd = { query: { day: '2032-06-31' } }
    expect((await problemOf(server.anyone, listMeltingPresets, odd)).status).toBe(400)
  })

  it('are what a place may make an asset of', async () => {
    const day = fromIsoDay('2031-12-31') ?? 0
    const demurrage = toDemurrageText(presetTerms('calendar-day', day))
    const { asset } = await bar.manager.call(createAsset, { body: assetBody('TNF', demurrage) })
    const { wallet } = await server.operator.call(openWallet, { body: {} })
    await bar.manager.call(postRefill, { body: { asset, wallet, amount: 700 } })
    const [account] = (await ahead(wallet)).accounts
    expect(account?.melts).toMatchObject([{ day: '2031-12-31', amount: 700, left: 0 }])
    expect(account?.sentence).toBe(
      `Until ${toDayText(day)} nothing; then 7.00 MON at once, and nothing is left.`,
    )
    await moveTo(toIsoDay(day + 1))
    const [line] = await linesOf(wallet, 'MLT')
    expect(line?.why).toMatch(
      /^7\.00 MON melted on Wednesday 31 December 2031: all of 7\.00 MON, by/,
    )
  })
})

describe('a book that slept for years', () => {
  it('tells of each of many melts in one entry its own numbers', async () => {
    const before = await linesOf(daily.wallet, 'MLT')
    nowMs += 3 * 365 * DAY_MS
    // More is due than a block melts at its opening: the rest melts before this refill.
    await bar.manager.call(postRefill, { body: { ...daily, amount: 1 } })
    const melted = (await linesOf(daily.wallet, 'MLT')).slice(before.length)
    expect(melted.length).toBe(3 * 365)
    const perEntry = [...Map.groupBy(melted, ({ tx }) => tx).values()].map(({ length }) => length)
    expect(Math.max(...perEntry)).toBeGreaterThan(400)
    const firstDay = dayOf(nowMs) - 3 * 365 + 1
    for (const [index, { why, amount }] of melted.entries()) {
      const day = toDayText(firstDay + index)
      expect(why).toContain(`${toDecimal(amount)} MON melted on ${day}: 0.0164 % of `)
    }
  })
})
