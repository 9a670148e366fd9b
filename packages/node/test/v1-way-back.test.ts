/** An evening on the new node, then back to v1: its database goes on where clients stand. */
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AssetId, Line, WalletId } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Book } from '../src/store/book.ts'
import { initFolder, readGenesis } from '../src/store/folder.ts'
import { FolderLock, FolderLockedError } from '../src/store/folder-lock.ts'
import { importV1 } from '../src/v1/import/import-v1.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { type WayBack, WayBackError, writeWayBack } from '../src/v1/way-back/way-back.ts'
import { hyphened, type ImportedV1, startImported } from './imported-v1.ts'
import { ask, bare } from './v1-file.ts'
import type { TestCard } from './v1-world.ts'

describe('the way back to v1', () => {
  let imported: ImportedV1
  let target: string
  let done: WayBack
  let evening: Evening

  beforeAll(async () => {
    imported = await startImported({ file: 'story' })
    evening = await liveEvening(imported)
    await imported.server[Symbol.asyncDispose]()
    target = join(imported.source.folder, 'back.sqlite3')
    const { folder, source } = imported
    done = writeWayBack({ folder, original: source.path, target })
  }, 60_000)
  afterAll(() => imported.source[Symbol.dispose]())

  const cell = (sql: string) => Object.values(ask(target, sql)[0] ?? {})[0]

  it('has every line since, with the id, hash and time that clients have seen', () => {
    expect(done.lines).toBe(evening.lines.length)
    for (const line of evening.lines) {
      const [row] = ask(
        target,
        `SELECT hash, datetime, amount, sender_id, receiver_id, action FROM fedow_core_transaction WHERE uuid = '${bare(line.id)}'`,
      )
      expect(row).toMatchObject({
        hash: line.hash,
        amount: line.amount,
        // What v1 does not know is a transfer to it.
        action: line.action === 'EXC' ? 'TRF' : line.action,
        sender_id: bare(line.from),
        receiver_id: bare(line.to),
      })
      const at = Date.parse(`${String(row?.['datetime']).replace(' ', 'T')}Z`)
      expect(at).toBe(Math.floor(line.timeUs / 1_000))
    }
  })

  it('chains the first of them to the last line of v1, and each to the one before', () => {
    const [first, second] = evening.lines.filter(({ asset }) => asset === evening.old)
    const before = (line: Line | undefined) =>
      hyphened(
        cell(
          `SELECT previous_transaction_id FROM fedow_core_transaction WHERE uuid = '${bare(line?.id ?? '')}'`,
        ),
      )
    const last = ask(
      imported.source.path,
      `SELECT uuid FROM fedow_core_transaction WHERE asset_id = '${bare(evening.old)}' ORDER BY datetime DESC, uuid DESC LIMIT 1`,
    )
    expect(before(first)).toBe(hyphened(last[0]?.['uuid']))
    expect(before(second)).toBe(first?.id)
  })

  it('has the balances of the book, of old accounts and new ones', () => {
    using book = new Book({ folder: imported.folder, genesis: readGenesis(imported.folder) })
    const { reader } = book
    let compared = 0
    for (const { id, record } of reader.records('wallet', { limit: 1_000 })) {
      if (!['place', 'person', 'card'].includes(record.kind)) continue
      for (const asset of record.assets) {
        if (asset === evening.meals) continue
        const isMembership = reader.state.get('asset', asset)?.kind === 'SUB'
        const held = isMembership
          ? reader.state.get('subscription', `${id}/${asset}`)?.total
          : reader.state.get('account', `${id}/${asset}`)?.balance
        const sql = `SELECT value FROM fedow_core_token WHERE wallet_id = '${bare(id)}' AND asset_id = '${bare(asset)}'`
        expect(cell(sql) ?? 0n, `${id} ${asset}`).toBe(held ?? 0n)
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(50)
  })

  it('has the people, cards and assets that came, and who took which card', () => {
    expect(done.added).toMatchObject({ people: 1, cards: 2, assets: 2, places: 0 })
    const sql = `SELECT u.email FROM fedow_core_card c JOIN fedow_core_fedowuser u ON u.uuid = c.user_id WHERE c.uuid = '${bare(evening.linked.card)}'`
    expect(cell(sql)).toBe('new@example.org')
    const wallet = cell(
      `SELECT wallet_ephemere_id FROM fedow_core_card WHERE uuid = '${bare(evening.loose.card)}'`,
    )
    expect(hyphened(wallet)).toBe(evening.looseWallet)
    const primary = `SELECT count(*) FROM fedow_core_card_primary_places WHERE card_id = '${bare(evening.linked.card)}'`
    expect(cell(primary)).toBe(0n)
  })

  it('has nothing of an asset of a kind that v1 does not know', () => {
    const { meals, lines } = evening
    expect(lines.map(({ action }) => action).filter((action) => action === 'EXC')).toHaveLength(2)
    for (const table of ['transaction', 'token', 'federation_assets']) {
      const sql = `SELECT count(*) FROM fedow_core_${table} WHERE asset_id = '${bare(meals)}'`
      expect(cell(sql), table).toBe(0n)
    }
    expect(cell(`SELECT count(*) FROM fedow_core_asset WHERE uuid = '${bare(meals)}'`)).toBe(0n)
    const comments = ask(target, `SELECT comment FROM fedow_core_transaction WHERE action = 'TRF'`)
    expect(comments).toContainEqual({ comment: 'Change entre deux monnaies' })
  })

  it('leads nowhere with no reference, and is read by our own review as a sound database of v1', async () => {
    expect(ask(target, 'PRAGMA foreign_key_check')).toEqual([])
    const report = await reviewV1(target, { nowMs: Date.now() })
    const codes = new Set(report.findings.map(({ code }) => code))
    expect(codes).not.toContain('balance_drift')
    expect(codes).not.toContain('chain_fork')
    // v1 would have computed other hashes: those that clients have seen stay.
    const kept = report.findings.filter(({ code }) => code === 'hash_mismatch')
    const firsts = evening.lines.filter(({ action }) => action === 'FST')
    expect(kept).toHaveLength(evening.lines.length - firsts.length)
  })

  it('can be brought over again, with the same balances', async () => {
    const folder = join(imported.source.folder, 'again')
    const report = await reviewV1(target, { nowMs: Date.now() })
    await importV1(target, { folder, report, reserve: { accounts: [] }, nowMs: Date.now() })
    using first = new Book({ folder: imported.folder, genesis: readGenesis(imported.folder) })
    using second = new Book({ folder, genesis: readGenesis(folder) })
    for (const { id, record } of first.reader.records('account', { limit: 1_000 })) {
      if (id.endsWith(evening.meals)) continue
      if (!V1_KINDS.includes(first.state.get('wallet', id.slice(0, 36))?.kind ?? '')) continue
      expect(second.state.get('account', id)?.balance ?? 0n, id).toBe(record.balance)
    }
  })

  it('neither overwrites a file, nor takes another database, nor works beside a running node', () => {
    const { folder, source } = imported
    const there = join(source.folder, 'there.sqlite3')
    writeFileSync(there, 'mine')
    const order = { folder, original: source.path }
    expect(() => writeWayBack({ ...order, target: there })).toThrow(/not overwritten/)
    const altered = join(source.folder, 'altered.sqlite3')
    copyFileSync(target, altered)
    const fresh = join(source.folder, 'fresh.sqlite3')
    expect(() => writeWayBack({ folder, original: altered, target: fresh })).toThrow(WayBackError)
    using _lock = new FolderLock(folder)
    expect(() => writeWayBack({ ...order, target: fresh })).toThrow(FolderLockedError)
    expect(existsSync(fresh)).toBe(false)
  })

  it('has no way to v1 from a book that did not come from there', () => {
    const folder = join(imported.source.folder, 'own')
    initFolder(folder, { network: 'Own', timeMs: Date.now() })
    const order = { folder, original: imported.source.path, target: join(folder, 'back.sqlite3') }
    expect(() => writeWayBack(order)).toThrow(/not imported from v1/)
  })
})

const V1_KINDS: readonly string[] = ['place', 'person', 'card']

interface Evening {
  readonly lines: readonly Line[]
  /** An asset that v1 knew. */
  readonly old: AssetId
  /** An asset that v1 never knows. */
  readonly meals: AssetId
  readonly linked: TestCard
  readonly loose: TestCard
  readonly looseWallet: WalletId
}

/** Two cards, a person, a money and some payments that v1 has not seen. */
async function liveEvening({ world, ...imported }: ImportedV1): Promise<Evening> {
  const [row] = ask(
    imported.source.path,
    `SELECT a.uuid AS asset, p.uuid AS place, p.wallet_id AS wallet, p.name FROM fedow_core_asset a
     JOIN fedow_core_place p ON p.wallet_id = a.wallet_origin_id WHERE a.category = 'TLF' AND a.archive = 0
     ORDER BY a.created_at LIMIT 1`,
  )
  const old = hyphened(row?.['asset']) as AssetId
  const place = {
    name: String(row?.['name']),
    place: hyphened(row?.['place']) as never,
    wallet: hyphened(row?.['wallet']) as WalletId,
  }
  const before = world.means.book.tip().lines
  const [linked, loose] = await world.cards(place, 2)
  if (linked === undefined || loose === undefined) throw new Error('two cards were made')
  await world.refill(old, linked, 1_250)
  await world.refill(old, loose, 500)
  const person = await world.person('new@example.org')
  await world.link(linked, person)
  const sale = { kind: 'sale', to: place.place } as const
  await world.submit({ ...sale, card: linked.card, parts: [{ asset: old, amount: 300n as never }] })
  const gift = await world.asset(place, { kind: 'TNF', name: 'Cadeau du soir', code: 'CAD' })
  await world.refill(gift, loose, 700)
  await world.makePrimary(place, loose)
  const shell = await world.asset(place, { name: 'Coquille', code: 'COQ' })
  await world.refill(shell, loose, 200)
  const meals = await world.asset(place, { kind: 'MVO', name: 'Titres', code: 'TIT' })
  await world.refill(meals, loose, 900)
  const offer = randomUUID() as never
  const rate = { give: 1, take: 1 }
  await world.submit(
    { kind: 'offer-open', offer, place: place.place, give: old, take: shell, rate },
    { kind: 'exchange', offer, bearer: { card: loose.card }, take: 150n as never },
  )
  const looseWallet = world.walletOf(loose)
  const { book } = world.means
  const lines = book.linesAfter(before, 1_000).filter(({ asset }) => asset !== meals)
  return { lines, old, meals, linked, loose, looseWallet }
}
