/** What somebody tries who wants money, or wants the book to stop. */
import { describe, expect, it } from 'vitest'
import {
  ACCOUNTS_PER_WALLET_MAX,
  type Action,
  AMOUNT_MAX,
  type Amount,
  type AssetId,
  type CardId,
  cardWalletId,
  issuanceWalletId,
  MemoryState,
  type Outcome,
  type PlaceId,
  reserveWalletId,
  type WalletId,
} from '../src/index.ts'
import { toSigner } from './histories.ts'
import { brokenLines, brokenMoney, brokenOutcome, brokenRegistry, brokenShapes } from './laws.ts'
import { START_MS, toId } from './names.ts'
import { fastHash, Play } from './play.ts'

const BAR = toId<PlaceId>('bar')
const TLF = toId<AssetId>('TLF')
const FED = toId<AssetId>('FED')
const SUB = toId<AssetId>('SUB')
const ANA = toId<WalletId>('ana')
const BOB = toId<WalletId>('bob')
const C2 = toId<CardId>('c2')

describe('ids that the ledger derives', () => {
  it('make no asset whose issuance wallet somebody opened before', () => {
    const book = new Attack()
    const wallet = issuanceWalletId(fastHash, toId('trap'))
    const place = toId<PlaceId>('trap place')
    book.by('node', { kind: 'place-open', place, wallet, name: 'Trap', node: toId('node') })
    const asset = toId<AssetId>('trap')
    book.by('node', {
      kind: 'asset-create',
      asset,
      place,
      assetKind: 'TLF',
      name: 'Trap',
      code: 'TRP',
    })
    book.by('node', {
      kind: 'sale',
      card: C2,
      to: place,
      parts: [{ asset: FED, amount: cents(100) }],
    })
    expect(book.broken()).toEqual([])
    expect(book.state.get('wallet', wallet)).toMatchObject({ kind: 'place', place })
  })

  it('load no card whose own wallet somebody opened as theirs', () => {
    const book = new Attack()
    const card = toId<CardId>('far 1')
    const wallet = cardWalletId(fastHash, card, 0)
    book.by('node', { kind: 'wallet-open', wallet, node: toId('node') })
    const loaded = book.by('other node', {
      kind: 'refill',
      asset: toId('far TLF'),
      to: { card },
      amount: cents(100),
    })
    expect(loaded).toBe('wallet_kind_refused')
    expect(book.broken()).toEqual([])
  })

  it('hand no place to whoever links the card whose own wallet it was opened as', () => {
    const book = new Attack()
    const card = toId<CardId>('far 1')
    const place = toId<PlaceId>('trap place')
    const wallet = cardWalletId(fastHash, card, 0)
    book.by('node', { kind: 'place-open', place, wallet, name: 'Trap', node: toId('node') })
    const parts = [{ asset: FED, amount: cents(100) }]
    expect(book.by('node', { kind: 'sale', card: C2, to: place, parts })).toBe('applied')
    expect(book.by('node', { kind: 'card-link', card, wallet: BOB })).toBe('wallet_kind_refused')
    expect(book.by('manager', { kind: 'sale', card, to: BAR, parts })).toBe('wallet_kind_refused')
    expect(book.balance('trap place', FED)).toBe(100n)
  })

  it('put no euros of the reserve in a wallet that somebody opened as theirs', () => {
    const book = new Attack()
    const wallet = reserveWalletId(fastHash, 'bank/other')
    book.by('node', { kind: 'wallet-open', wallet, node: toId('node') })
    expect(book.by('keeper', issue('bank/other', { gross: 100n, fee: 0n, net: 100n }))).toBe(
      'wallet_kind_refused',
    )
    expect(book.broken()).toEqual([])
  })
})

describe('the largest amounts', () => {
  it.each([
    { gross: 0n, fee: AMOUNT_MAX, net: AMOUNT_MAX },
    { gross: 1n, fee: AMOUNT_MAX, net: AMOUNT_MAX },
    { gross: AMOUNT_MAX, fee: 0n, net: 0n },
    { gross: AMOUNT_MAX, fee: AMOUNT_MAX, net: AMOUNT_MAX },
  ])('in evidence of $gross, $fee and $net are refused with bytes', (amounts) => {
    const book = new Attack()
    expect(book.by('keeper', issue('bank/main', amounts))).toBe('evidence_does_not_add_up')
  })

  it('stop a supply at its limit, and no later sum can leave it', () => {
    const book = new Attack()
    const asset = toId<AssetId>('far TLF')
    const refill = (amount: bigint): Action => ({
      kind: 'refill',
      asset,
      to: { wallet: toId('cy') },
      amount: cents(amount),
    })
    expect(book.by('other node', refill(AMOUNT_MAX))).toBe('supply_limit')
    expect(book.by('other node', refill(AMOUNT_MAX - 300n))).toBe('applied')
    expect(book.by('other node', refill(1n))).toBe('supply_limit')
    const refund: Action = { kind: 'refund', card: toId('far 0'), place: toId('far') }
    expect(book.by('other node', refund)).toBe('applied')
    expect(book.by('other node', refill(300n))).toBe('applied')
    expect(book.broken()).toEqual([])
  })

  it('in two memberships are not merged past their range', () => {
    const book = new Attack()
    const place = toId<PlaceId>('shop')
    const asset = toId<AssetId>('shop SUB')
    for (const to of [{ card: toId<CardId>('c0') }, { wallet: BOB }]) {
      const paid: Action = {
        kind: 'subscribe',
        place,
        to,
        asset,
        amount: cents(AMOUNT_MAX),
        startMs: 0,
      }
      expect(book.by('node', paid)).toBe('applied')
    }
    book.open(90_000_000)
    book.by('node', { kind: 'card-link', card: toId('c0'), wallet: BOB })
    expect(book.broken()).toEqual([])
  })

  it('in sixteen parts are refused one by one, their sum too', () => {
    const book = new Attack()
    const parts = ['FED', 'TLF', 'TNF', 'TIM'].map((name) => ({
      asset: toId<AssetId>(name),
      amount: cents(AMOUNT_MAX),
    }))
    expect(book.by('manager', { kind: 'sale', card: C2, to: BAR, parts })).toBe(
      'insufficient_balance',
    )
    expect(book.by('till', { kind: 'sale', card: C2, to: BAR, parts })).toBe('limit_exceeded')
    expect(book.by('node', { kind: 'sale', card: C2, to: BAR, parts })).toBe('limit_exceeded')
  })
})

describe('counters at their end', () => {
  it('void a card for the millionth time, and once more', () => {
    const book = new Attack()
    const card = book.state.get('card', C2)
    if (card === undefined) throw new Error('the world has the card')
    book.state.put('card', C2, { ...card, counter: 999_999 })
    expect(book.by('node', { kind: 'card-void', card: C2, place: BAR })).toBe('applied')
    book.by('node', { kind: 'card-void', card: C2, place: BAR })
    expect(book.broken()).toEqual([])
  })

  it('count a membership for the millionth time, and once more', () => {
    const book = new Attack()
    const pay: Action = {
      kind: 'subscribe',
      place: BAR,
      to: { wallet: BOB },
      asset: SUB,
      amount: cents(1n),
      startMs: 0,
    }
    expect(book.by('node', pay)).toBe('applied')
    const before = book.state.get('subscription', `${BOB}/${SUB}`)
    if (before === undefined) throw new Error('the membership is there')
    book.state.put('subscription', `${BOB}/${SUB}`, { ...before, count: 1_000_000 })
    book.by('node', pay)
    expect(book.broken()).toEqual([])
  })

  it('remember what a card spent in as many assets as its record holds, and one more', () => {
    const book = new Attack()
    const card = book.state.get('card', toId('c0'))
    if (card === undefined) throw new Error('the world has the card')
    const day = { window: 1, used: 1n as Amount }
    const names = Array.from({ length: ACCOUNTS_PER_WALLET_MAX }, (_, n) => toId(`asset ${n}`))
    const spent = Object.fromEntries(names.map((name) => [name, { day }]))
    book.state.put('card', toId('c0'), { ...card, spent })
    const parts = [{ asset: TLF, amount: cents(1n) }]
    book.by('manager', { kind: 'sale', card: toId('c0'), to: BAR, parts })
    expect(book.broken()).toEqual([])
  })
})

describe('wallets at their limit', () => {
  it('refuse one account more, and a link that would open it', () => {
    const book = new Attack()
    const wallet = book.state.get('wallet', BOB)
    if (wallet === undefined) throw new Error('the world has the wallet')
    fillAccounts(book.state, BOB, ACCOUNTS_PER_WALLET_MAX)
    const asset = toId<AssetId>('shop TLF')
    const refill: Action = { kind: 'refill', asset, to: { wallet: BOB }, amount: cents(1n) }
    expect(book.by('node', refill)).toBe('too_many')
    expect(book.by('node', { ...refill, asset: TLF })).toBe('applied')
    const parts = [{ asset: TLF, amount: cents(100n) }]
    book.by('manager', { kind: 'release', hold: toId('h1') })
    expect(book.by('node', { kind: 'card-link', card: toId('c0'), wallet: BOB })).toBe('too_many')
    expect(book.by('node', { kind: 'qr-sale', from: BOB, to: BAR, parts })).toBe('applied')
    expect(book.broken()).toEqual([])
  })

  it('let places hand in money of any asset, however many assets were handed in before', () => {
    const book = new Attack()
    fillAccounts(book.state, toId('keeper'), ACCOUNTS_PER_WALLET_MAX)
    const parts = [{ asset: TLF, amount: cents(100n) }]
    expect(book.by('manager', { kind: 'sale', card: C2, to: BAR, parts })).toBe('applied')
    const deposit: Action = { kind: 'deposit', place: BAR, asset: TLF, amount: cents(100n) }
    expect(book.by('manager', deposit)).toBe('applied')
  })
})

describe('keys', () => {
  it('of a stranger open nothing', () => {
    const book = new Attack()
    for (const action of Object.values(HONEST))
      expect(book.by('stranger', action)).toBe('unknown_key')
  })

  it('of a place do nothing at another place, nor for the network', () => {
    const book = new Attack()
    const shop = toId<PlaceId>('shop')
    const refused: readonly Action[] = [
      { kind: 'sale', card: C2, to: shop, parts: [{ asset: FED, amount: cents(1n) }] },
      { kind: 'refill', asset: toId('shop TLF'), to: { card: C2 }, amount: cents(1n) },
      { kind: 'card-primary', place: shop, cards: [C2], primary: true },
      { kind: 'asset-archive', asset: toId('shop TLF') },
      { kind: 'place-update', place: shop, name: 'Mine' },
      { kind: 'keys-change', on: `place/${shop}`, add: [admin('manager')], remove: [] },
      { kind: 'keys-change', on: 'network', add: [admin('spare a')], remove: [] },
      { kind: 'keys-change', on: `node/${toId('node')}`, add: [admin('spare a')], remove: [] },
      { kind: 'grant-to-node', on: `place/${shop}`, node: toId('node'), can: [] },
      { kind: 'transfer', from: BOB, to: ANA, asset: TLF, amount: cents(1n) },
      { kind: 'card-link', card: C2, wallet: BOB },
      issue('bank/main', { gross: 10n, fee: 0n, net: 10n }),
      {
        kind: 'node-open',
        node: toId('new node'),
        name: 'Mine',
        x: toSigner('spare b').x,
        can: [],
      },
      {
        kind: 'place-open',
        place: toId('new place'),
        wallet: toId('new wallet'),
        name: 'Mine',
        node: toId('node'),
      },
      { kind: 'wallet-open', wallet: toId('new person'), node: toId('node') },
    ]
    for (const action of refused) {
      expect([action.kind, book.by('manager', action)]).toEqual([action.kind, 'not_authorised'])
    }
  })

  it('are enrolled by a node once: where an admin is, the node adds none', () => {
    const book = new Attack()
    const enrol = (place: string, name: string): Action => ({
      kind: 'keys-change',
      on: `place/${toId(place)}`,
      add: [admin(name)],
      remove: [],
    })
    expect(book.by('node', enrol('bar', 'spare a'))).toBe('not_authorised')
    expect(book.by('other node', enrol('shop', 'spare a'))).toBe('not_authorised')
    expect(book.by('node', enrol('shop', 'spare a'))).toBe('applied')
    expect(book.by('node', enrol('shop', 'spare b'))).toBe('not_authorised')
    const both = { kind: 'keys-change', on: `place/${toId('far')}`, remove: [] } as const
    const two: Action = { ...both, add: [admin('spare a'), admin('spare b')] }
    expect(book.by('other node', two)).toBe('not_authorised')
  })

  it('leave no subject without its admin, not even by swapping in the same tx', () => {
    const book = new Attack()
    const on = `place/${BAR}` as const
    const manager = toSigner('manager').kid
    const swap = (name: string, can: readonly ('admin' | 'sell')[]): Action => ({
      kind: 'keys-change',
      on,
      add: [{ x: toSigner(name).x, can: [...can] }],
      remove: [manager],
    })
    expect(book.by('manager', { kind: 'keys-change', on, add: [], remove: [manager] })).toBe(
      'last_admin_key',
    )
    expect(book.by('manager', swap('spare a', ['sell']))).toBe('last_admin_key')
    expect(book.by('manager', swap('spare a', ['admin']))).toBe('applied')
    // The manager still has a key of another place.
    expect(book.by('manager', swap('spare b', ['admin']))).toBe('not_authorised')
    expect(book.broken()).toEqual([])
  })

  it('add and remove one key in one action, or twice, only once', () => {
    const book = new Attack()
    const on = `place/${BAR}` as const
    const till = toSigner('till')
    const add = [{ x: till.x, can: ['admin' as const] }]
    expect(book.by('manager', { kind: 'keys-change', on, add, remove: [till.kid] })).toBe(
      'key_already_there',
    )
    const remove = [till.kid, till.kid]
    expect(book.by('manager', { kind: 'keys-change', on, add: [], remove })).toBe(
      'key_already_there',
    )
    const twice = [admin('spare a'), admin('spare a')]
    expect(book.by('manager', { kind: 'keys-change', on, add: twice, remove: [] })).toBe(
      'key_already_there',
    )
    expect(book.broken()).toEqual([])
  })

  it('end at their time, to the millisecond, and a grant taken back is over at once', () => {
    const book = new Attack()
    const sale = HONEST.sale
    book.open(3_600_000 - 2_001)
    expect(book.by('late', sale)).toBe('applied')
    book.open(1)
    expect(book.by('late', sale)).toBe('not_authorised')
    const revoke: Action = {
      kind: 'grant-to-node',
      on: `place/${BAR}`,
      node: toId('node'),
      can: [],
    }
    expect(book.by('manager', revoke)).toBe('applied')
    expect(book.by('node', sale)).toBe('not_authorised')
  })
})

describe('keys of a node', () => {
  it('end at their time, for its grants and for the node itself', () => {
    const book = new Attack()
    const on = `node/${toId('node')}` as const
    const limits = { untilMs: START_MS + 3_600_000 }
    const add = [{ x: toSigner('spare a').x, can: ['spend' as const], limits }]
    expect(book.by('node', { kind: 'keys-change', on, add, remove: [] })).toBe('applied')
    expect(book.by('spare a', HONEST.refill)).toBe('applied')
    book.open(3_600_000)
    expect(book.by('spare a', HONEST.refill)).toBe('not_authorised')
    const remove = [toSigner('node').kid]
    expect(book.by('spare a', { kind: 'keys-change', on, add: [], remove })).toBe('not_authorised')
  })
})

describe('cards and holds', () => {
  it('pay once with the same card as payer and primary', () => {
    const book = new Attack()
    const c0 = toId<CardId>('c0')
    const parts = [{ asset: TLF, amount: cents(10n) }]
    expect(book.by('till', { kind: 'sale', card: c0, primary: c0, to: BAR, parts })).toBe('applied')
    expect(book.by('till', { kind: 'sale', card: C2, primary: C2, to: BAR, parts })).toBe(
      'card_not_primary',
    )
    expect(book.broken()).toEqual([])
  })

  it('pay one asset twice in one sale never, and the rest of the tx neither', () => {
    const book = new Attack()
    const part = { asset: TLF, amount: cents(10n) }
    const before = book.balance('bar', TLF)
    expect(book.by('node', HONEST.sale, { ...HONEST.sale, parts: [part, part] } as Action)).toBe(
      'asset_repeated',
    )
    expect(book.balance('bar', TLF)).toBe(before)
  })

  it('spend held money nowhere: not by sale, transfer, refund, link or a second hold', () => {
    const book = new Attack()
    const c0 = toId<CardId>('c0')
    const rest = [{ asset: TLF, amount: cents(501n) }]
    expect(book.by('node', { kind: 'refund', card: c0, place: BAR, parts: rest })).toBe(
      'insufficient_balance',
    )
    expect(book.by('node', { kind: 'card-link', card: c0, wallet: BOB })).toBe('wallet_has_holds')
    expect(book.by('node', { kind: 'refund', card: c0, place: BAR })).toBe('applied')
    const account = book.state.get('account', `${cardWalletId(fastHash, c0, 0)}/${TLF}`)
    expect(account).toMatchObject({ balance: 100n, held: 100n })
  })

  it('capture a hold once, keep its card from being voided, and never after its end', () => {
    const book = new Attack()
    const capture: Action = { kind: 'capture', hold: toId('h0') }
    expect(book.by('node', { kind: 'card-void', card: C2, place: BAR })).toBe('wallet_has_holds')
    expect(book.by('node', { ...capture, amount: cents(101n) } as Action)).toBe('capture_too_large')
    expect(book.by('node', { ...capture, amount: cents(40n) } as Action)).toBe('applied')
    expect(book.by('node', capture)).toBe('hold_not_found')
    book.open(24 * 3_600_000)
    expect(book.by('node', { kind: 'capture', hold: toId('h1') })).toBe('hold_not_found')
    expect(book.broken()).toEqual([])
  })

  it('show a lost card nowhere until its own place restores it, then empty', () => {
    const book = new Attack()
    const c1 = toId<CardId>('c1')
    expect(book.by('ana', { kind: 'card-lost', card: c1, wallet: ANA })).toBe('applied')
    const sale = { ...HONEST.sale, card: c1 } as Action
    expect(book.by('node', sale)).toBe('card_lost')
    expect(book.by('ana', { kind: 'card-link', card: c1, wallet: ANA })).toBe('card_lost')
    expect(book.by('other node', { kind: 'card-restore', card: c1 })).toBe('not_authorised')
    expect(book.by('till', { kind: 'card-restore', card: c1 })).toBe('applied')
    expect(book.by('till', { kind: 'card-restore', card: c1 })).toBe('card_not_lost')
    expect(book.by('node', sale)).toBe('insufficient_balance')
  })
})

describe('names', () => {
  const create = (place: string, name: string): Action => ({
    kind: 'asset-create',
    asset: toId(`${place} ${name}`),
    place: toId(place),
    assetKind: 'TLF',
    name,
    code: 'NEW',
  })
  const join = (kind: string, rest: object): Action =>
    ({ kind, federation: toId('f0'), ...rest }) as Action
  const invite = join('federation-invite', { place: toId('bar'), invited: toId('far') })
  const accept = join('federation-accept', { place: toId('far') })

  it('of two moneys of one till differ, when one is made', () => {
    const book = new Attack()
    expect(book.by('node', create('bar', 'Peaksu'))).toBe('name_taken')
    expect(book.by('node', create('shop', 'Peaksu'))).toBe('name_taken')
    expect(book.by('node', create('shop', 'Euro'))).toBe('name_taken')
    expect(book.by('other node', create('far', 'Peaksu'))).toBe('applied')
  })

  it('of two moneys of one till differ, when a place joins', () => {
    const book = new Attack()
    expect(book.by('other node', create('far', 'Peaksu'))).toBe('applied')
    expect(book.by('manager', invite)).toBe('applied')
    expect(book.by('other node', accept)).toBe('name_taken')
    const archive: Action = { kind: 'asset-archive', asset: toId('far Peaksu') }
    expect(book.by('other node', archive, accept)).toBe('applied')
    expect(book.broken()).toEqual([])
  })

  it('of two moneys of one till differ, when one is shared', () => {
    const book = new Attack()
    expect(book.by('manager', invite)).toBe('applied')
    expect(book.by('other node', accept)).toBe('applied')
    expect(book.by('node', create('bar', 'Farsu'))).toBe('applied')
    const share = join('federation-share', { asset: toId('bar Farsu') })
    expect(book.by('manager', share)).toBe('name_taken')
    const leave = join('federation-leave', { place: toId('far') })
    expect(book.by('other node', leave)).toBe('applied')
    expect(book.by('manager', share)).toBe('applied')
    expect(book.broken()).toEqual([])
  })
})

describe('what was used', () => {
  it('is used: one payment neither mints twice nor pays out what it minted', () => {
    const book = new Attack()
    const amounts = { gross: 100n, fee: 0n, net: 100n }
    const first = issue('bank/main', amounts)
    expect(book.by('keeper', first, first)).toBe('evidence_burnt')
    expect(book.by('keeper', first)).toBe('applied')
    expect(book.by('keeper', first)).toBe('evidence_burnt')
    const { evidence } = first as Action & { kind: 'issue' }
    const amount = cents(100)
    const deposit: Action = { kind: 'deposit', place: BAR, asset: FED, amount, evidence }
    expect(book.by('keeper', deposit)).toBe('evidence_burnt')
  })

  it('counts for a place, by cards, keys and holds alike, until the hour is over', () => {
    const book = new Attack()
    const large = issue('bank/main', { gross: 9_000n, fee: 0n, net: 9_000n })
    expect(book.by('second keeper', { ...large, kind: 'issue-approve' } as Action)).toBe('applied')
    expect(book.by('keeper', large)).toBe('applied')
    const pay = (amount: number): Action => ({
      kind: 'sale',
      card: toId('c3'),
      to: BAR,
      parts: [{ asset: FED, amount: cents(amount) }],
    })
    const reserve: Action = {
      kind: 'hold',
      hold: toId('ceiling'),
      from: { wallet: BOB },
      to: BAR,
      asset: FED,
      amount: cents(500),
      expiresMs: START_MS + 10_000,
    }
    // The founding sold 500 in this hour, of 4,000.
    expect(book.by('manager', pay(3_501))).toBe('limit_exceeded')
    expect(book.by('manager', pay(3_000))).toBe('applied')
    expect(book.by('node', reserve)).toBe('applied')
    expect(book.by('manager', pay(1))).toBe('limit_exceeded')
    const parts = [{ asset: FED, amount: cents(1) }]
    expect(book.by('node', { kind: 'qr-sale', from: BOB, to: BAR, parts })).toBe('limit_exceeded')
    book.open(3_600_000)
    expect(book.by('manager', pay(4_000))).toBe('applied')
    expect(book.broken()).toEqual([])
  })

  it('is not registered twice: a card in one part, in two, or in two batches', () => {
    const book = new Attack()
    const order = (names: readonly string[]): Action => ({
      kind: 'cards-register',
      batch: toId('double'),
      place: BAR,
      generation: 1,
      root: 'd'.repeat(64) as (Action & { kind: 'cards-register' })['root'],
      count: 2,
      offset: 0,
      level: 'L0',
      cards: names.map((name) => toId<CardId>(name)),
    })
    expect(book.by('manager', order(['twin', 'twin']))).toBe('id_taken')
    expect(book.by('manager', order(['twin', 'c2']))).toBe('id_taken')
    expect(book.by('manager', order(['twin']))).toBe('applied')
    expect(book.by('manager', { ...order(['twin']), offset: 1 } as Action)).toBe('id_taken')
    expect(book.by('manager', order(['other']))).toBe('batch_part_refused')
    const other: Action = { ...order(['other']), offset: 1, place: toId('shop') } as Action
    expect(book.by('node', other)).toBe('batch_part_refused')
    expect(book.broken()).toEqual([])
  })

  it('stays where it is when an asset is archived: no sale, but refund, hand-in and capture', () => {
    const book = new Attack()
    const parts = [{ asset: TLF, amount: cents(100) }]
    expect(book.by('manager', { kind: 'sale', card: C2, to: BAR, parts })).toBe('applied')
    expect(book.by('manager', { kind: 'asset-archive', asset: TLF })).toBe('applied')
    expect(book.by('manager', { kind: 'sale', card: C2, to: BAR, parts })).toBe('asset_archived')
    expect(book.by('manager', HONEST.refill)).toBe('asset_archived')
    expect(book.by('manager', { kind: 'capture', hold: toId('h0') })).toBe('applied')
    expect(book.by('manager', { kind: 'refund', card: C2, place: BAR, parts })).toBe('applied')
    const deposit: Action = { kind: 'deposit', place: BAR, asset: TLF, amount: cents(200) }
    expect(book.by('manager', deposit)).toBe('applied')
    const share: Action = { kind: 'federation-share', federation: toId('f1'), asset: TLF }
    expect(book.by('manager', share)).toBe('asset_archived')
    expect(book.broken()).toEqual([])
  })
})

const HONEST = {
  sale: { kind: 'sale', card: C2, to: BAR, parts: [{ asset: TLF, amount: cents(10n) }] },
  refill: { kind: 'refill', asset: TLF, to: { card: C2 }, amount: cents(10n) },
} as const satisfies Record<string, Action>

/** A book with the founding of histories, and a block open. */
class Attack {
  readonly state = new MemoryState()
  readonly #book = Play.found(this.state)

  constructor() {
    this.#book.open(1_000)
  }

  /** Asks for one tx. Answers `applied`, or the code that refused it. */
  by(name: string, ...actions: readonly Action[]): string {
    const { outcome } = this.#book.ask({ by: name, actions })
    if (typeof outcome === 'string') return outcome
    expect(brokenOutcome(outcome)).toEqual([])
    return codeOf(outcome)
  }

  open(afterMs: number): void {
    this.#book.close()
    this.#book.open(afterMs)
  }

  balance(name: string, asset: AssetId): bigint {
    const wallet = this.state.get('place', toId(name))?.wallet ?? toId<WalletId>(name)
    return this.state.get('account', `${wallet}/${asset}`)?.balance ?? 0n
  }

  /** Everything that is wrong with the book. */
  broken(): readonly string[] {
    return [
      ...brokenShapes(this.state, this.state.all().keys()),
      ...brokenMoney(this.state, fastHash),
      ...brokenRegistry(this.state, fastHash),
      ...brokenLines(this.state, fastHash, this.#book.lines),
    ]
  }
}

function codeOf(outcome: Outcome): string {
  return outcome.status === 'applied' ? 'applied' : outcome.rejection.code
}

function cents(value: bigint | number): Amount {
  return BigInt(value) as Amount
}

function admin(name: string): { x: string; can: ['admin'] } {
  return { x: toSigner(name).x, can: ['admin'] }
}

function issue(
  account: string,
  { gross, fee, net }: { gross: bigint; fee: bigint; net: bigint },
): Action {
  const reference = 'e'.repeat(64) as (Action & { kind: 'issue' })['evidence']['reference']
  const evidence = { account, reference, gross: cents(gross), fee: cents(fee), net: cents(net) }
  return { kind: 'issue', to: { wallet: BOB }, evidence } as Action
}

/** Empty accounts in assets that nobody made, until a wallet has `count`. */
function fillAccounts(state: MemoryState, id: WalletId, count: number): void {
  const wallet = state.get('wallet', id)
  if (wallet === undefined) throw new Error(`no wallet ${id}`)
  const assets = [...wallet.assets]
  while (assets.length < count) {
    const asset = toId<AssetId>(`filler ${assets.length}`)
    assets.push(asset)
    state.put('account', `${id}/${asset}`, { balance: 0n, held: 0n as Amount, last: 0 })
  }
  state.put('wallet', id, { ...wallet, assets })
}
