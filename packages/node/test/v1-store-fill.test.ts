/** What the import writes down for the clients of v1, from rows that are odd in every way that v1 allows. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AssetId,
  type CardId,
  type LineId,
  merkleRoot,
  type PlaceId,
  toHex,
} from '@fedow/ledger'
import { describe, expect, it } from 'vitest'
import { CardDirectory } from '../src/store/card-directory.ts'
import { cardLeaf } from '../src/store/card-entry.ts'
import { sha256 } from '../src/store/hash.ts'
import { openPeopleDb } from '../src/store/people-db.ts'
import { fillCardDirectory } from '../src/v1/import/card-fill.ts'
import { LINE } from '../src/v1/import/rows.ts'
import { openV1Database } from '../src/v1/import/v1-database.ts'
import { fillV1Store, type StoreFillMeans } from '../src/v1/import/v1-store-fill.ts'
import { V1World } from '../src/v1/import/v1-world.ts'
import { openV1Store, V1_FILE } from '../src/v1/store/v1-store.ts'
import { hyphened, keySql, sha512Of } from './imported-v1.ts'
import { ask, V1Folder } from './v1-file.ts'

const NOW = Date.UTC(2026, 11, 1)

class Filling implements Disposable {
  readonly #stack = new DisposableStack()
  readonly source: V1Folder
  readonly db
  readonly store
  readonly keyFolder: string
  readonly #world: V1World

  constructor(sql: string) {
    this.source = this.#stack.use(new V1Folder('story', sql))
    this.keyFolder = join(this.source.folder, 'keys')
    mkdirSync(this.keyFolder)
    this.db = this.#stack.use(openV1Database(this.source.path))
    this.store = this.#stack.use(openV1Store(join(this.source.folder, V1_FILE)))
    this.#world = new V1World(this.db)
  }

  fill(of: Partial<StoreFillMeans> = {}): Promise<void> {
    const { store, keyFolder } = this
    return fillV1Store(this.db, { store, world: this.#world, nowMs: NOW, keyFolder, ...of })
  }

  cards() {
    const people = openPeopleDb(join(this.source.folder, 'people.db'))
    this.#stack.defer(() => people.close())
    const directory = new CardDirectory(people)
    const random = () => randomBytes(16)
    const means = { directory, hash: sha256, nowMs: NOW, random, world: this.#world }
    return { directory, batches: fillCardDirectory(this.db, means) }
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}

const [TILL, LESPASS] = [`tillAAAA.${'t'.repeat(32)}`, `lespAAAA.${'l'.repeat(32)}`]

describe('keys', () => {
  it('that are revoked or expired stay so', async () => {
    using filling = new Filling(`
      ${keySql('cn2mlygL', TILL)} ${keySql('SkAsNV6U', LESPASS)}
      UPDATE fedow_core_organizationapikey SET revoked = 1 WHERE prefix = 'tillAAAA';
      UPDATE fedow_core_organizationapikey SET expiry_date = '2026-12-01 00:00:00.5' WHERE prefix = 'lespAAAA'`)
    await filling.fill()
    const { keys } = filling.store
    expect(keys.find(TILL, NOW)).toBeUndefined()
    expect(keys.find(LESPASS, NOW + 499)).toMatchObject({ hash: sha512Of(LESPASS) })
    expect(keys.find(LESPASS, NOW + 500)).toBeUndefined()
  })

  it('name the place and the wallet of their admin', async () => {
    using filling = new Filling(keySql('SkAsNV6U', LESPASS))
    await filling.fill()
    const [row] = ask(
      filling.source.path,
      `SELECT place_id, wallet_id, name FROM fedow_core_organizationapikey k
       JOIN fedow_core_fedowuser u ON u.uuid = k.user_id WHERE prefix = 'lespAAAA'`,
    )
    expect(filling.store.keys.find(LESPASS, NOW)).toMatchObject({
      ...{ kind: 'organisation', name: row?.['name'] },
      ...{ place: hyphened(row?.['place_id']), person: hyphened(row?.['wallet_id']) },
    })
  })
})

describe('people', () => {
  it('without a wallet are left out, and of two of one e-mail the older spelling stays', async () => {
    using filling = new Filling(`
      UPDATE fedow_core_fedowuser SET wallet_id = NULL WHERE email LIKE 'u4a7aa1ebd1%';
      UPDATE fedow_core_fedowuser SET email = 'ADA@example.org' WHERE email LIKE 'ueafc651d92%';
      UPDATE fedow_core_fedowuser SET email = 'ada@example.org' WHERE email LIKE 'ubbc5df84e7%'`)
    await filling.fill()
    const { people } = filling.store
    expect(people.byEmail('u4a7aa1ebd1@holdout.test')).toBeUndefined()
    const sql = "SELECT wallet_id FROM fedow_core_fedowuser WHERE email = 'ada@example.org'"
    const [row] = ask(filling.source.path, sql)
    expect(people.byEmail('Ada@example.org')?.wallet).toBe(hyphened(row?.['wallet_id']))
  })
})

describe('the key of the primary wallet', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const openPem = String(publicKey.export({ type: 'spki', format: 'pem' }))

  it.each([
    ['its private half where v1 kept it open', pem, pem],
    ['its public half where the other is closed', 'ENCRYPTED', openPem],
    ['its public half where there is no other', null, openPem],
  ])('is %s', async (_, half, wanted) => {
    const closed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
    const stored = half === 'ENCRYPTED' ? String(privateKey.export(closed)) : half
    using filling = new Filling(`
      UPDATE fedow_core_wallet SET public_pem = '${openPem}',
        private_pem = ${stored === null ? 'NULL' : `'${stored}'`} WHERE name = 'Primary Wallet'`)
    await filling.fill()
    const path = join(filling.keyFolder, 'v1.pem')
    expect(readFileSync(path, 'utf8')).toBe(wanted)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is made later where v1 has none', async () => {
    using filling = new Filling(
      "UPDATE fedow_core_wallet SET public_pem = 'none', private_pem = NULL WHERE name = 'Primary Wallet'",
    )
    await filling.fill()
    expect(existsSync(join(filling.keyFolder, 'v1.pem'))).toBe(false)
  })
})

describe('the filling', () => {
  it('writes no file of Stripe without a key that opens it', async () => {
    using filling = new Filling("UPDATE fedow_core_configuration SET stripe_api_key = 'gAAAAA'")
    await filling.fill()
    expect(existsSync(join(filling.keyFolder, 'stripe.json'))).toBe(false)
  })

  it('tells of each line', async () => {
    using filling = new Filling('')
    let lines = 0
    await filling.fill({
      onLine: () => {
        lines += 1
      },
    })
    expect(lines).toBe(filling.db.count(LINE))
  })

  it('keeps nothing when it fails on its way', async () => {
    using filling = new Filling('')
    const full = new Error('the disk is full')
    let left = 100
    const onLine = () => {
      left -= 1
      if (left === 0) throw full
    }
    await expect(filling.fill({ onLine })).rejects.toBe(full)
    using store = openV1Store(join(filling.source.folder, V1_FILE))
    const [first] = [...filling.db.rows(LINE)]
    expect(store.past.line(hyphened(first?.id) as LineId)).toBeUndefined()
    expect(store.people.byEmail('u4a7aa1ebd1@holdout.test')).toBeUndefined()
    expect(existsSync(join(filling.keyFolder, 'v1.pem'))).toBe(false)
  })

  it('keeps metadata as they stand, and says when the hash is not that of the line', async () => {
    using filling = new Filling(`
      UPDATE fedow_core_transaction SET metadata = '{"a": [1, 2.0, 1e5, 12345678901234567890]}',
        comment = '' WHERE action = 'SAL'`)
    await filling.fill()
    const sql = "SELECT uuid FROM fedow_core_transaction WHERE action = 'SAL' LIMIT 1"
    const [row] = ask(filling.source.path, sql)
    const line = filling.store.past.line(hyphened(row?.['uuid']) as never)
    expect(line).toMatchObject({
      metadata: '{"a": [1, 2.0, 1e5, 12345678901234567890]}',
      ...{ isRight: false, comment: '' },
    })
  })
})

describe('cards', () => {
  it('make one batch of each generation of a place, proven by its root', () => {
    using filling = new Filling(`
      INSERT INTO fedow_core_origin (id, place_id, generation)
        SELECT 70, place_id, 12 FROM fedow_core_origin LIMIT 1;
      INSERT INTO fedow_core_origin (id, place_id, generation)
        SELECT 71, place_id, 12 FROM fedow_core_origin LIMIT 1;
      UPDATE fedow_core_card SET origin_id = 70 WHERE first_tag_id = '36B10A90';
      UPDATE fedow_core_card SET origin_id = 71, first_tag_id = '46f40e80' WHERE first_tag_id = '46F40E80'`)
    const { directory, batches } = filling.cards()
    const counts = ask(
      filling.source.path,
      `SELECT place_id, generation, count(*) n FROM fedow_core_card c
       JOIN fedow_core_origin o ON o.id = c.origin_id GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    expect(batches.map(({ place, generation, count }) => [place, generation, count])).toEqual(
      counts.map((row) => [hyphened(row['place_id']), Number(row['generation']), Number(row['n'])]),
    )
    expect(directory.pending().map(({ batch }) => batch)).toEqual(batches.map(({ batch }) => batch))
    for (const { batch, root, cards } of batches) {
      const leaves = cards.map(({ card }) => {
        const entry = directory.byCard(card)
        const salt = directory.openingOf(card)?.salt ?? new Uint8Array()
        if (entry === undefined) throw new Error(`no card ${card}`)
        return cardLeaf(sha256, { ...entry, salt })
      })
      expect(root).toBe(toHex(merkleRoot(sha256, leaves)))
      expect(directory.leavesOf(batch).map(toHex)).toEqual(leaves.map(toHex))
    }
    expect(directory.byFirstDigits('46F40E80')?.generation).toBe(12)
  })

  it('that are odd are kept as they are', () => {
    using filling = new Filling(
      "UPDATE fedow_core_card SET first_tag_id = 'né', number_printed = '12' WHERE first_tag_id = '36B10A90'",
    )
    const [row] = ask(
      filling.source.path,
      "SELECT uuid FROM fedow_core_card WHERE first_tag_id = 'né'",
    )
    const { directory } = filling.cards()
    const entry = directory.byCard(hyphened(row?.['uuid']) as CardId)
    expect(entry).toMatchObject({ tag: 'NÉ', number: '12' })
  })

  it('name their person, or their own wallet, and the tills that they open', () => {
    using filling = new Filling('')
    const { batches } = filling.cards()
    const rows = ask(
      filling.source.path,
      `SELECT c.uuid, u.wallet_id person, wallet_ephemere_id own, (SELECT group_concat(place_id)
         FROM fedow_core_card_primary_places WHERE card_id = c.uuid) opens
       FROM fedow_core_card c LEFT JOIN fedow_core_fedowuser u ON u.uuid = c.user_id`,
    )
    const wanted = rows.map(({ uuid, person, own, opens }) => ({
      card: hyphened(uuid),
      ...(person !== null && { person: hyphened(person) }),
      ...(person === null && own !== null && { own: hyphened(own) }),
      ...(opens !== null && { primary: String(opens).split(',').map(hyphened) as PlaceId[] }),
    }))
    const byCard = (one: { readonly card: string }, other: { readonly card: string }) =>
      one.card < other.card ? -1 : 1
    expect(batches.flatMap(({ cards }) => cards).toSorted(byCard)).toEqual(wanted.sort(byCard))
  })
})

it('keeps the names of accounts, the memberships and the reward of each key once', async () => {
  using filling = new Filling('')
  await filling.fill()
  const { tokens, past, rewards, places } = filling.store
  for (const row of ask(filling.source.path, 'SELECT * FROM fedow_core_token')) {
    const [wallet, asset] = [hyphened(row['wallet_id']), hyphened(row['asset_id'])]
    expect(tokens.idOf(wallet as never, asset as AssetId)).toBe(hyphened(row['uuid']))
  }
  const paid = ask(
    filling.source.path,
    `SELECT asset_id, wallet_id, value FROM fedow_core_token
     JOIN fedow_core_asset a ON a.uuid = asset_id WHERE category = 'SUB' AND value > 0`,
  )
  expect(paid).toHaveLength(2)
  for (const { asset_id, wallet_id, value } of paid) {
    const asset = hyphened(asset_id) as AssetId
    expect(past.paidBy(hyphened(wallet_id) as never, asset)).toBe(value)
    expect(past.paidFor(asset)).toBe(value)
  }
  // v1 gave this one twice: the first one stands.
  const twice = ask(
    filling.source.path,
    `SELECT t.uuid, p.uuid place FROM fedow_core_transaction t JOIN fedow_core_place p ON p.wallet_id = sender_id
     WHERE metadata LIKE '%76F03467%' AND action = 'REF' ORDER BY datetime`,
  )
  expect(twice).toHaveLength(2)
  const place = hyphened(twice[0]?.['place']) as PlaceId
  const key = { place, name: 'idempotency_key', text: '76F03467' } as const
  expect(rewards.find(key)).toBe(hyphened(twice[0]?.['uuid']))
  expect(places.get(place).place).toBe(place)
})
