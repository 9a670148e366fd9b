import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { startNode } from '../../src/node.ts'
import { KEY_NAMES, keyPath } from '../../src/store/folder.ts'
import { SigningKey } from '../../src/store/key-file.ts'
import { PEOPLE_FILE } from '../../src/store/people-db.ts'
import { seededRandom } from '../power-cut/recording.ts'
import { TestNetwork } from '../test-network.ts'
import { runDay } from './child.ts'
import { contentOf, type Findings, findings, openFile, soundFolder } from './sound-folder.ts'
import { copyFolder, openBook, temporaryFolder } from './verify.ts'

const SEED = Math.floor(Math.random() * 2 ** 32)
console.log(`damage seed: ${SEED}`)

let sound: TestNetwork

beforeAll(async () => {
  sound = await soundFolder()
})

afterAll(() => sound[Symbol.dispose]())

/** Findings on a copy of the sound folder after something happened to it. */
async function after(damage: (folder: string) => void): Promise<Findings & { folder: string }> {
  using copy = copyFolder(sound.folder)
  damage(copy.path)
  return { ...(await findings(copy.path)), folder: copy.path }
}

it('finds nothing in a sound folder', async () => {
  expect(await after(() => {})).toMatchObject({ start: undefined, audit: undefined })
})

it('has nothing to replay or to seal after a stop in good order', () => {
  expect(readdirSync(sound.folder)).not.toContain('ledger.db-wal')
  using copy = copyFolder(sound.folder)
  using book = openBook(copy.path)
  expect(book.interrupted).toBeUndefined()
  expect(book.state.sealedHeight).toBe(book.reader.tip().height)
})

it('takes a journal that was cut for an older book, or refuses it, and invents nothing', async () => {
  const random = seededRandom(SEED)
  using folder = temporaryFolder()
  const crash = { point: 'batch_answered', nth: 30 } as const
  await runDay({ folder: folder.path, seed: SEED, rounds: [500], orders: 1, crash })
  const whole = txsOf(folder.path)
  for (let cut = 0; cut < 10; cut += 1) {
    using copy = copyFolder(folder.path)
    const path = join(copy.path, 'ledger.db-wal')
    truncateSync(path, Math.floor(random() * readFileSync(path).length))
    const { start, audit } = await findings(copy.path)
    if (audit !== undefined || start !== undefined) continue
    const left = txsOf(copy.path)
    expect(left, `seed ${SEED}, cut ${cut}`).toEqual(whole.slice(0, left.length))
  }
})

function txsOf(folder: string): readonly string[] {
  using copy = copyFolder(folder)
  using db = openFile(copy.path)
  return db
    .prepare('SELECT json FROM tx ORDER BY seq')
    .all()
    .map(({ json }) => String(json))
}

it.each([0, 1, 100, 4_095, 4_096, 8_192, 0.3, 0.6, -4_096, -1])(
  'finds that the book was cut at %d, wherever that changes what it says',
  async (at) => {
    using copy = copyFolder(sound.folder)
    const path = join(copy.path, 'ledger.db')
    const { length } = readFileSync(path)
    truncateSync(path, at < 0 ? length + at : at < 1 ? Math.floor(length * at) : at)
    const { start, audit } = await findings(copy.path)
    if (start !== undefined) expect(start).toContain(path)
    // The last byte may be one of a page that is not in use.
    if (at !== -1 || audit !== undefined) expect(audit).toBeDefined()
    else expect(contentOf(copy.path)).toBe(contentOf(sound.folder))
  },
)

it('never takes a lost or emptied book for a new one', async () => {
  const lost = [
    await after((folder) => rmSync(join(folder, 'ledger.db'))),
    await after((folder) => truncateSync(join(folder, 'ledger.db'))),
  ]
  for (const { start, audit, folder } of lost) {
    const said = `${join(folder, 'ledger.db')} is missing or empty`
    expect(start).toContain(said)
    expect(audit).toContain(said)
  }
})

it('finds flipped bytes wherever they change what the book says', {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(SEED)
  const content = contentOf(sound.folder)
  let found = 0
  for (let flip = 0; flip < 60; flip += 1) {
    using copy = copyFolder(sound.folder)
    const path = join(copy.path, 'ledger.db')
    const bytes = readFileSync(path)
    const at = Math.floor(random() * bytes.length)
    for (let index = at; index < at + 1 + random() * 8 && index < bytes.length; index += 1) {
      bytes[index] = (bytes[index] ?? 0) ^ (1 + Math.floor(random() * 255))
    }
    writeFileSync(path, bytes)
    const { audit } = await findings(copy.path)
    if (audit !== undefined) found += 1
    else expect(contentOf(copy.path), `seed ${SEED}, flip ${flip} at ${at}`).toBe(content)
  }
  console.log(`${found} of 60 flips changed something`)
  expect(found, `seed ${SEED}`).toBeGreaterThan(0)
})

it.each<[string, (folder: string) => string]>([
  ['emptied', () => ''],
  ['cut', (text) => text.slice(0, -40)],
  [
    'changed in one character',
    (text) => text.replace(/.(?=.{19}$)/s, (one) => (one === 'A' ? 'B' : 'A')),
  ],
  ['replaced by text', () => 'genesis\n'],
])('finds that the genesis was %s', async (_, change) => {
  const { start, audit, folder } = await after((folder) => {
    const path = join(folder, 'genesis.jws')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  })
  for (const said of [start, audit]) expect(said).toContain(join(folder, 'genesis.jws'))
})

it('finds the genesis of another network', async () => {
  using other = new TestNetwork()
  using copy = copyFolder(sound.folder)
  const path = join(copy.path, 'genesis.jws')
  writeFileSync(path, `${other.genesis.jws}\n`)
  const { start, audit } = await findings(copy.path)
  expect(start).toContain(`${path} names none of the keys in ${join(copy.path, 'keys')}`)
  expect(audit).toContain('another genesis')
  expect(() => openBook(copy.path)).toThrow('its genesis is not the one of this folder')
})

it.each(KEY_NAMES)('names the key file that is damaged or gone: %s', async (name) => {
  const damages = [
    (path: string) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, 60)),
    (path: string) => truncateSync(path),
    (path: string) => rmSync(path),
  ]
  for (const damage of damages) {
    const { start, folder } = await after((folder) => damage(keyPath(folder, name)))
    expect(start).toContain(keyPath(folder, name))
  }
})

const NAMED_KEYS = KEY_NAMES.filter((name) => name !== 'witness')

it.each(NAMED_KEYS)('refuses a key that the genesis does not name: %s', async (name) => {
  using copy = copyFolder(sound.folder)
  const path = keyPath(copy.path, name)
  rmSync(path)
  SigningKey.generate().write(path)
  const said = `${path} is not the ${name} key that the genesis of this folder names. Nothing was`
  const before = readFileSync(join(copy.path, 'ledger.db'))
  const config = readConfig({ FEDOW_DATA: copy.path })
  await expect(startNode(config, { listen: 'socket' })).rejects.toThrow(said)
  expect(readFileSync(join(copy.path, 'ledger.db')).equals(before)).toBe(true)
  expect(readdirSync(copy.path)).not.toContain('ledger.db-wal')
})

it('refuses two keys that were swapped', async () => {
  const { start, folder } = await after((folder) => {
    const [one, two] = [keyPath(folder, 'node'), keyPath(folder, 'checkpoint')]
    const [text, other] = [readFileSync(one), readFileSync(two)]
    writeFileSync(one, other)
    writeFileSync(two, text)
  })
  expect(start).toContain(`${keyPath(folder, 'node')} is not the node key`)
})

it.each<[string, (path: string) => void]>([
  ['cut', (path) => truncateSync(path, 5_000)],
  ['replaced by text', (path) => writeFileSync(path, 'people\n')],
  ['of a newer Fedow', newer],
])('finds that people.db was %s', async (_, damage) => {
  const { start, audit, folder } = await after((folder) => damage(join(folder, PEOPLE_FILE)))
  for (const said of [start, audit]) expect(said).toContain(PEOPLE_FILE)
  expect(start).toContain(folder)
})

function newer(path: string): void {
  using db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 99')
}
