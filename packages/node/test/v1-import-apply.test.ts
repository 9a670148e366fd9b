/** What a v1 database becomes: every balance and every line, in a folder that is there whole or not at all. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf, type Line, reserveSum } from '@fedow/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditFolder } from '../src/store/audit.ts'
import { Book } from '../src/store/book.ts'
import { readGenesis } from '../src/store/folder.ts'
import { sha256 } from '../src/store/hash.ts'
import { ReserveTooLargeError } from '../src/v1/import/book-parts.ts'
import { FolderInUseError, isImportUnfinished } from '../src/v1/import/import-draft.ts'
import {
  ChangedSinceError,
  ImportBlockedError,
  importV1,
  type V1Import,
} from '../src/v1/import/import-v1.ts'
import { reviewV1 } from '../src/v1/import/review-v1.ts'
import { hyphened } from './imported-v1.ts'
import { ask, bare, type V1FileName, V1Folder } from './v1-file.ts'

const STATEMENT = 'a'.repeat(64) as never

describe.each<V1FileName>(['story', 'storm'])('the %s database of v1', (file) => {
  const source = new V1Folder(file)
  const folder = join(source.folder, 'data')
  let done: V1Import
  let book: Book
  /** One day, or two when it became midnight meanwhile. */
  let importDays: readonly number[]

  beforeAll(async () => {
    const first = dayOf(Date.now())
    done = await apply(source, folder)
    importDays = [first, dayOf(Date.now())]
    book = new Book({ folder, genesis: readGenesis(folder) })
  }, 60_000)
  afterAll(() => {
    book?.[Symbol.dispose]()
    source[Symbol.dispose]()
  })

  it('keeps every balance to the cent', () => {
    const stored = ask(
      source.path,
      `SELECT t.*, a.category FROM fedow_core_token t JOIN fedow_core_asset a ON a.uuid = t.asset_id`,
    )
    expect(stored.length).toBeGreaterThan(40)
    for (const { wallet_id, asset_id, value, category } of stored) {
      const id = `${hyphened(wallet_id)}/${hyphened(asset_id)}`
      const held =
        category === 'SUB'
          ? book.state.get('subscription', id)?.total
          : book.state.get('account', id)?.balance
      expect(held ?? 0n, id).toBe(value)
    }
  })

  it('knows of everybody when they last did something themselves, and keeps their money for 90 days', () => {
    const lines = ask(
      source.path,
      `SELECT t.*, a.category FROM fedow_core_transaction t JOIN fedow_core_asset a ON a.uuid = t.asset_id`,
    )
    const days = new Map<string, number>()
    for (const { action, sender_id, receiver_id, card_id, category, datetime } of lines) {
      const isSender = ['SAL', 'QRS', 'RFD', 'TRF', 'BDG'].includes(String(action))
      const isPaid = action === 'REF' && (card_id !== null || category === 'FED')
      if (!isSender && !isPaid && action !== 'FUS' && action !== 'SUB') continue
      const wallet = hyphened(isSender ? sender_id : receiver_id)
      const day = dayOf(Date.parse(`${String(datetime).slice(0, 10)}T00:00:00Z`))
      days.set(wallet, Math.max(day, days.get(wallet) ?? 0))
    }
    let active = 0
    for (const { uuid } of ask(source.path, 'SELECT uuid FROM fedow_core_wallet')) {
      const record = book.state.get('wallet', hyphened(uuid))
      if (record?.kind !== 'person' && record?.kind !== 'card') continue
      expect(record.activeDay, hyphened(uuid)).toBe(days.get(hyphened(uuid)))
      expect(importDays).toContain((record.keptUntilDay ?? 0) - 90)
      active += record.activeDay === undefined ? 0 : 1
    }
    expect(active).toBeGreaterThan(10)
  })

  it('keeps every line: id, hash, the line before, time, sides and amount, in the order of time', () => {
    const rows = ask(source.path, 'SELECT * FROM fedow_core_transaction ORDER BY datetime, uuid')
    const imported: Line[] = book.reader
      .linesAfter(0, 100_000)
      .filter((line) => line.imported !== undefined)
    expect(imported).toHaveLength(rows.length)
    for (const [index, row] of rows.entries()) {
      const line = imported[index]
      expect(line).toMatchObject({
        id: hyphened(row['uuid']),
        action: row['action'],
        asset: hyphened(row['asset_id']),
        from: hyphened(row['sender_id']),
        to: hyphened(row['receiver_id']),
        amount: row['amount'],
        card: row['card_id'] === null ? null : hyphened(row['card_id']),
        primary: row['primary_card_id'] === null ? null : hyphened(row['primary_card_id']),
        imported: { hash: row['hash'], previous: hyphened(row['previous_transaction_id']) },
      })
      expect(toMoment(line?.timeUs ?? 0)).toBe(String(row['datetime']).padEnd(26, '0'))
      expect(book.reader.lineById(line?.id as never)?.number).toBe(line?.number)
    }
  })

  it('holds under an audit, and backs every federated euro', async () => {
    const { fedIssued, eurIssued } = reserveSum(book.state, sha256)
    expect(fedIssued).toBe(eurIssued)
    expect(await auditFolder(folder)).toMatchObject({ ok: true })
  })

  it('changes nothing when it is run again', async () => {
    const before = readFileSync(join(folder, 'ledger.db'))
    const again = await apply(source, folder)
    expect(again).toEqual({ ...done, isNew: false })
    expect(readFileSync(join(folder, 'ledger.db')).equals(before)).toBe(true)
  })

  it('puts its report beside the book, for its owner alone', () => {
    const report = JSON.parse(readFileSync(done.reportPath, 'utf8'))
    expect(report.findings.length).toBeGreaterThan(3)
    expect(statSync(done.reportPath).mode & 0o777).toBe(0o600)
  })
})

describe('an import', () => {
  it('takes no other line before it, nor after its end', async () => {
    using source = new V1Folder('storm')
    const folder = join(source.folder, 'data')
    await apply(source, folder)
    using book = new Book({ folder, genesis: readGenesis(folder) })
    const record = book.state.get('import', 'network')
    expect(record).toMatchObject({ line: book.reader.tip().lines })
    expect(record?.source).toHaveLength(64)
  })

  it('opens federated money against the accounts of a statement, and the rest as owed by the keeper', async () => {
    using source = new V1Folder('story')
    const folder = join(source.folder, 'data')
    const accounts = [
      { account: 'bank/main', amount: 10_000n },
      { account: 'provider/stripe', amount: 1_234n },
    ]
    await apply(source, folder, { accounts, statement: STATEMENT })
    using book = new Book({ folder, genesis: readGenesis(folder) })
    const { eur, due, fed } = book.state.get('params', 'network') ?? {}
    const owed = book.state.get('account', `${due}/${eur}`)?.balance
    const [row] = ask(
      source.path,
      `SELECT sum(value) AS held FROM fedow_core_token WHERE asset_id = '${bare(fed ?? '')}'`,
    )
    expect(owed).toBe(BigInt(Number(row?.['held'])) - 11_234n)
    expect(book.state.get('evidence', STATEMENT)).toBeDefined()
    expect(await auditFolder(folder)).toMatchObject({ ok: true })
  })

  it('refuses a statement of more euros than there is federated money, and leaves no book', async () => {
    using source = new V1Folder('story')
    const folder = join(source.folder, 'data')
    const accounts = [{ account: 'bank/main', amount: 100_000_000n }]
    const applied = apply(source, folder, { accounts, statement: STATEMENT })
    await expect(applied).rejects.toThrow(ReserveTooLargeError)
    expect(existsSync(join(folder, 'genesis.jws'))).toBe(false)
    await apply(source, folder)
    expect(isImportUnfinished(folder)).toBe(false)
  })

  it('stops for what cannot be imported', async () => {
    using source = new V1Folder('storm', 'UPDATE fedow_core_token SET value = -5 WHERE value > 0')
    const folder = join(source.folder, 'data')
    await expect(apply(source, folder)).rejects.toThrow(ImportBlockedError)
    expect(existsSync(folder)).toBe(false)
  })

  it('takes only a folder that is new or empty', async () => {
    using source = new V1Folder('storm')
    const folder = join(source.folder, 'data')
    mkdirSync(folder)
    writeFileSync(join(folder, 'letter.txt'), 'mine')
    await expect(apply(source, folder)).rejects.toThrow(FolderInUseError)
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('mine')
  })

  it('notices that v1 wrote between the look and the import', async () => {
    using source = new V1Folder('storm')
    const folder = join(source.folder, 'data')
    const report = await reviewV1(source.path, { nowMs: Date.now() })
    source.alter("UPDATE fedow_core_place SET name = name || ' bis'")
    const applied = importV1(source.path, { ...PLAIN, folder, report, nowMs: Date.now() })
    await expect(applied).rejects.toThrow(ChangedSinceError)
    expect(existsSync(join(folder, 'genesis.jws'))).toBe(false)
  })

  it('stopped in the middle, leaves no book and begins anew', async () => {
    using source = new V1Folder('storm')
    const folder = join(source.folder, 'data')
    const report = await reviewV1(source.path, { nowMs: Date.now() })
    const controller = new AbortController()
    const onProgress = (lines: number) => {
      if (lines > 1_500) controller.abort()
    }
    const stopped = importV1(source.path, {
      ...{ ...PLAIN, folder, report, nowMs: Date.now() },
      ...{ stop: controller.signal, onProgress },
    })
    await expect(stopped).rejects.toThrow()
    expect(isImportUnfinished(folder)).toBe(true)
    expect(existsSync(join(folder, 'genesis.jws'))).toBe(false)
    await apply(source, folder)
    expect(await auditFolder(folder)).toMatchObject({ ok: true })
  })

  it('keeps names letter by letter, and what a book cannot hold in a form that it can', async () => {
    using source = new V1Folder(
      'storm',
      `UPDATE fedow_core_place SET name = 'Le "Bar" ' || char(9) || ' du' || char(10) || ' Port ' WHERE rowid = 1;
       UPDATE fedow_core_place SET name = 'Le "Bar" du Port' WHERE rowid = 2;`,
    )
    const folder = join(source.folder, 'data')
    await apply(source, folder)
    using book = new Book({ folder, genesis: readGenesis(folder) })
    const names = book.reader.records('place', { limit: 9 }).map(({ record }) => record.name)
    expect(names.sort()).toEqual(['Le "Bar" du Port', 'Le "Bar" du Port (2)'])
  })
})

const PLAIN = { reserve: { accounts: [] } } as const

async function apply(
  source: V1Folder,
  folder: string,
  reserve: Parameters<typeof importV1>[1]['reserve'] = PLAIN.reserve,
): Promise<V1Import> {
  const report = await reviewV1(source.path, { nowMs: Date.now() })
  return importV1(source.path, { folder, report, reserve, nowMs: Date.now() })
}

/** As v1 stores it, to the microsecond. */
function toMoment(timeUs: number): string {
  const text = new Date(Math.floor(timeUs / 1_000)).toISOString().replace('T', ' ')
  return `${text.slice(0, -1)}${String(timeUs % 1_000).padStart(3, '0')}`
}
