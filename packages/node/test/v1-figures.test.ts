/** Figures of a book that was brought over from v1, and of what Lespass gives. */
import { randomUUID } from 'node:crypto'
import { type AnswerOf, getAssetFigures } from '@fedow/api'
import { type AssetId, issued, toUuidBytes } from '@fedow/ledger'
import {
  FigureCount,
  type FigureLine,
  type FigureWallet,
  OWN_GESTURES,
  toShownFigures,
} from '@fedow/ledger/figures'
import { describe, expect, it } from 'vitest'
import type { BookReader } from '../src/store/book-reader.ts'
import { sha256 } from '../src/store/hash.ts'
import { openProducts } from '../src/v1/store/products.ts'
import { productsOf } from '../src/v1/v1.ts'
import type { TestServer } from './http-server.ts'
import { hyphened, startImported } from './imported-v1.ts'
import { startV1 } from './v1-world.ts'

type Figures = AnswerOf<typeof getAssetFigures>

async function sealed({ book, engine }: TestServer): Promise<void> {
  const { height } = book.reader.tip()
  for await (const block of engine.blocks(height)) if (block.height >= height) return
}

async function ask(server: TestServer, asset: AssetId): Promise<Figures> {
  await sealed(server)
  return server.operator.call(getAssetFigures, { params: { asset } })
}

/** The same lines, read as everybody reads them. */
function countAgain(book: BookReader, asset: AssetId, { from, to }: Figures) {
  const wallets = new Map<string, FigureWallet>()
  const walletOf = (id: string): FigureWallet => {
    const { kind, place, origin } = book.state.get('wallet', id) ?? { kind: 'card' }
    const wallet = wallets.get(id) ?? { kind, place, origin }
    wallets.set(id, wallet)
    return wallet
  }
  const lines = book.linesAfter(0, 1_000_000)
  const window = { fromUs: Date.parse(from) * 1_000, toUs: Date.parse(to) * 1_000 }
  const openedUs = lines.find(
    ({ number, imported }) => number > 2 && imported === undefined,
  )?.timeUs
  const kind = book.state.get('asset', asset)?.kind ?? 'TLF'
  const count = new FigureCount({ asset, kind, window, hash: sha256, openedUs })
  const gestures = new Map<FigureWallet, number>()
  for (const { imported, product: _, ...line } of lines.map((one) => ({ ...one, product: 0 }))) {
    const [ends, isImported] = [
      { from: walletOf(line.from), to: walletOf(line.to) },
      imported !== undefined,
    ]
    const row: FigureLine = { ...line, ...ends, isImported }
    if (line.asset === asset) count.add(row)
    const [, side] = OWN_GESTURES.find(([code]) => code === line.action) ?? []
    if (side === undefined || line.timeUs >= window.toUs) continue
    gestures.set(row[side], Math.max(line.timeUs, gestures.get(row[side]) ?? 0))
  }
  return toShownFigures(count.finish((wallet) => gestures.get(wallet)))
}

describe('the figures of an imported book', () => {
  it('tell of what v1 wrote, and go on with the balances that were opened', async () => {
    const make = { seed: 5, lines: 4_000, cards: 300, metadataLength: 10 }
    await using old = await startImported({ file: 'storm', make })
    const [row] = old.ask(
      'SELECT asset_id FROM fedow_core_transaction GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
    )
    const asset = hyphened(row?.['asset_id']) as AssetId
    const { server } = old
    const book = server.book.reader
    const figures = await ask(server, asset)
    expect(figures.outstanding).toBe(Number(issued(book.state, sha256, asset)))
    const people = book
      .records('account', { limit: 100_000 })
      .filter(({ id }) => id.endsWith(asset) && isPerson(book, id))
    const held = people.reduce((sum, { record }) => sum + Number(record.balance), 0)
    expect(held).toBeGreaterThan(0)
    expect(figures.dormant.reduce((sum, { amount }) => sum + amount, 0)).toBe(held)
    const [refills] = old.ask(`SELECT sum(amount) AS sum FROM fedow_core_transaction
      WHERE action = 'REF' AND asset_id = '${asset.replaceAll('-', '')}'`)
    const again = countAgain(book, asset, figures)
    expect(figures).toMatchObject({
      averageStock: Number(again.averageStock),
      paid: Number(again.paid),
      survival: again.survival.map((one) =>
        'why' in one
          ? { why: one.why }
          : {
              there: `0.${String(one.therePpm).padStart(6, '0')}`.replace(
                /^0\.1000000$/,
                '1.000000',
              ),
            },
      ),
      dormant: again.dormant.map(({ amount, ...band }) => ({ ...band, amount: Number(amount) })),
    })
    expect(figures.loaded).toBe(Number(refills?.['sum']))
    expect(figures.survival[2]).toHaveProperty('there')
  })

  it('know for which product v1 gave a reward', async () => {
    await using old = await startImported({ file: 'story' })
    const said = old
      .ask(
        "SELECT uuid, metadata FROM fedow_core_transaction WHERE action = 'REF' AND metadata IS NOT NULL",
      )
      .map(({ uuid, metadata }) => ({ id: hyphened(uuid), product: productIn(String(metadata)) }))
    expect(said.filter(({ product }) => product !== undefined).length).toBeGreaterThan(2)
    using products = openProducts(productsOf(old.folder).path)
    for (const { id, product } of said)
      expect(products.productOf(toUuidBytes(id), true)).toBe(product)
  })
})

function isPerson({ state }: BookReader, account: string): boolean {
  const kind = state.get('wallet', account.split('/')[0] ?? '')?.kind
  return kind === 'person' || kind === 'card'
}

function productIn(metadata: string): string | undefined {
  const { product_uuid } = Object(JSON.parse(metadata)) as { product_uuid?: unknown }
  return typeof product_uuid === 'string' ? product_uuid : undefined
}

describe('the figures of a gift', () => {
  it('say for which product of Lespass it was given, and how much of that was used', async () => {
    await using world = await startV1()
    const place = await world.openPlace()
    const gift = await world.asset(place)
    const lespass = world.lespass(place)
    const [membership, ticket] = [randomUUID(), randomUUID()]
    const give = async (product: string | undefined, amount: number) => {
      const person = await world.person()
      const sides = { sender: place.wallet, receiver: person.wallet }
      const scanned = { rewarded_from_ticket_scanned: true, idempotency_key: randomUUID() }
      const ids = {
        ligne_article_uuid: randomUUID(),
        membership_uuid: randomUUID(),
        price_uuid: randomUUID(),
      }
      const metadata = product === undefined ? scanned : { ...ids, product_uuid: product }
      const path = '/transaction/refill_from_lespass_to_user_wallet/'
      const given = await lespass.post(path, { ...sides, asset: gift, amount, metadata }, person)
      const paid = {
        sender: person.wallet,
        receiver: place.wallet,
        asset_type: 'EURO',
        amount: 100,
      }
      const used = await lespass.post('/transaction/qrcodescanpay/', paid, person)
      expect([given.status, used.status]).toEqual([201, 201])
    }
    for (let count = 0; count < 10; count += 1) await give(membership, 500)
    for (let count = 0; count < 4; count += 1) await give(ticket, 300)
    for (let count = 0; count < 6; count += 1) await give(undefined, 200)
    const { products } = await ask(world.server, gift)
    expect(products).toEqual([
      { products: [membership], given: 5_000, used: 1_000 },
      { products: [ticket, 'unknown'], given: 2_400, used: 1_000 },
    ])
  })
})
