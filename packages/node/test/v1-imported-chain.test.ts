/** The chain of an asset with hundreds of openings between what v1 wrote and what happens here. */
import type { AssetId } from '@fedow/ledger'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importEnd, lastImported, lastImportedOf } from '../src/v1/objects/imported-past.ts'
import { assetLinesUntil } from '../src/v1/routes/asset-lines.ts'
import { hyphened, type ImportedV1, startImported } from './imported-v1.ts'
import { read } from './v1-book.ts'

const FUTURE = '2090-01-01 00:00:00.000001'
const MANY = 'ORDER BY datetime DESC, uuid DESC'

let old: ImportedV1
let asset: AssetId

beforeAll(async () => {
  old = await startImported({
    file: 'storm',
    make: { seed: 11, lines: 700, cards: 300, metadataLength: 10 },
    // The last line of v1 is of a clock that was wrong.
    sql: `UPDATE fedow_core_transaction SET datetime = '${FUTURE}'
      WHERE uuid = (SELECT uuid FROM fedow_core_transaction ${MANY} LIMIT 1)`,
  })
  const [row] = old.ask(
    'SELECT asset_id FROM fedow_core_transaction GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
  )
  asset = hyphened(row?.['asset_id']) as AssetId
})
afterAll(() => old[Symbol.asyncDispose]())

function uuids(condition = '1'): readonly string[] {
  const sql = `SELECT uuid FROM fedow_core_transaction
    WHERE asset_id = '${asset.replaceAll('-', '')}' AND ${condition} ${MANY}`
  return old.ask(sql).map(({ uuid }) => hyphened(uuid))
}

function shownUntil(untilUs: number): readonly string[] {
  const lines = [...assetLinesUntil(old.means.book, asset, untilUs)]
  const shown = lines.filter((line) => old.means.objects.isShown(line) && line.timeUs <= untilUs)
  return shown.map(({ id }) => id)
}

it('knows where the past ends, in the book and in the chain', () => {
  const { book } = old.means
  const [newest] = uuids()
  const opened = book.linesOfAction('OPN', { after: 0, upTo: importEnd(book) })
  expect(opened.length).toBeGreaterThan(100)
  expect(lastImportedOf(book, asset)?.id).toBe(newest)
  const number = lastImported(book)
  expect(book.line(number)?.imported).toBeDefined()
  expect(book.line(number + 1)?.action).toBe('OPN')
})

it('goes on from the last line of v1, over all openings', async () => {
  const [card] = old.means.book.records('card', { limit: 1 })
  const bearer = { card: card?.id as never, tag: '', number: '', qr: '' }
  const line = await old.world.refill(asset, bearer, 500)
  const refill = read(old.means.objects.transaction(line))
  const created = old.means.book.lineById(refill.previous_transaction)
  const [newest, ...others] = uuids()
  expect(read(old.means.objects.transactionSimple(created as never)).previous_transaction).toBe(
    newest,
  )
  expect(shownUntil(Number.MAX_SAFE_INTEGER)).toEqual([line.id, created?.id, newest, ...others])
  // What the wrong clock dated is left out, and what came after it is not.
  expect(shownUntil(line.timeUs)).toEqual([line.id, created?.id, ...others])
})

it('begins anywhere in the past', () => {
  const all = old.ask(`SELECT datetime FROM fedow_core_transaction ${MANY}`)
  for (const index of [1, 2, 50, 333, all.length - 2]) {
    const at = String(all[index]?.['datetime'])
    const untilUs = Date.parse(`${at.slice(0, 19).replace(' ', 'T')}Z`) * 1_000
    const wanted = uuids(`datetime <= '${at.slice(0, 19)}'`)
    expect(shownUntil(untilUs)).toEqual(wanted)
  }
})
